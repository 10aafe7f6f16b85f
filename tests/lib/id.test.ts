import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId } from '../../core/lib/id.ts'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** The 128 bits behind an id. */
const bitsOf = (id: string) =>
  [...id.slice(id.indexOf('_') + 1)].reduce(
    (bits, letter) => bits * 32n + BigInt(alphabet.indexOf(letter)),
    0n,
  )

const latest = 2 ** 48 - 1

test('an id is a TypeID: prefix, underscore, 26 letters of which the first is at most 7', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: latest }), (ms) => {
      expect(newId('ord', ms)).toMatch(/^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$/)
    }),
  )
})

test('its bits are a UUIDv7 of the instant', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: latest }), (ms) => {
      const bits = bitsOf(newId('con', ms))
      expect(Number(bits >> 80n)).toBe(ms)
      expect((bits >> 76n) & 15n).toBe(7n)
      expect((bits >> 62n) & 3n).toBe(2n)
    }),
  )
})

test('ids sort by the time they were made', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: latest - 1 }),
      fc.integer({ min: 1, max: 10 ** 9 }),
      (ms, later) => {
        expect(newId('shp', ms) < newId('shp', Math.min(ms + later, latest))).toBe(true)
      },
    ),
  )
})

test('100,000 ids of one millisecond are all different', () => {
  const ids = new Set(Array.from({ length: 100_000 }, () => newId('lst', 1_770_000_000_000)))
  expect(ids.size).toBe(100_000)
})

test('the present is the default', () => {
  const before = Date.now()
  const made = Number(bitsOf(newId('prb')) >> 80n)
  expect(made).toBeGreaterThanOrEqual(before)
  expect(made).toBeLessThanOrEqual(Date.now())
})
