import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson, fingerprint, seal, unseal } from '../../core/lib/crypto.ts'

const key = randomBytes(32)
const plain = Buffer.from('{"apiKey":"s3cret"}')

describe('a sealed value', () => {
  test('opens with the same key and binding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (bytes, boundTo) => {
        const value = Buffer.from(bytes)
        expect(unseal(key, seal(key, value, boundTo), boundTo)).toEqual(value)
      }),
    )
  })

  test('does not hold the plain text, and looks different each time', () => {
    const first = seal(key, plain, 'con_1')
    expect(first.includes(plain)).toBe(false)
    expect(first.equals(seal(key, plain, 'con_1'))).toBe(false)
  })

  test('does not open with another key', () => {
    expect(() => unseal(randomBytes(32), seal(key, plain, 'con_1'), 'con_1')).toThrow()
  })

  test('does not open in another row', () => {
    expect(() => unseal(key, seal(key, plain, 'con_1'), 'con_2')).toThrow()
  })

  test('does not open when any one bit was flipped', () => {
    const sealed = seal(key, plain, 'con_1')
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Buffer.from(sealed)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(() => unseal(key, flipped, 'con_1')).toThrow()
    }
  })

  test('does not open when it was cut short anywhere', () => {
    const sealed = seal(key, plain, 'con_1')
    for (let length = 0; length < sealed.length; length++) {
      expect(() => unseal(key, sealed.subarray(0, length), 'con_1')).toThrow()
    }
  })

  test('of another version says so', () => {
    const sealed = seal(key, plain, 'con_1')
    sealed[0] = 9
    expect(() => unseal(key, sealed, 'con_1')).toThrow(/version 9/)
  })
})

/** The same data with its object keys in another order. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, reversed(inner)]),
  )
}

describe('canonical JSON', () => {
  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value))
        expect(fingerprint(reversed(value))).toBe(fingerprint(value))
      }),
    )
  })

  test('holds the same data', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('keeps the order of lists, leaves out undefined, writes dates as text', () => {
    const at = new Date('2026-03-02T09:00:00Z')
    expect(canonicalJson({ b: [2, 1], a: undefined, at })).toBe('{"at":"2026-03-02T09:00:00.000Z","b":[2,1]}')
  })

  test('different data has a different fingerprint', () => {
    expect(fingerprint({ quantity: 1 })).not.toBe(fingerprint({ quantity: '1' }))
    expect(fingerprint([1, 2])).not.toBe(fingerprint([2, 1]))
    expect(fingerprint({ a: null })).not.toBe(fingerprint({}))
  })
})
