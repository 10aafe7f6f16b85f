import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  readTime,
  toLines,
  toLocalTime,
  toPackage,
  toParty,
  toShippingTime,
} from '../../../connectors/dhl-express/mapping-parties.ts'
import { berlin, newYork } from './support.ts'

describe('a party', () => {
  test('goes with all that DHL prints', () => {
    expect(toParty(newYork, 'recipient', undefined)).toEqual({
      postalAddress: {
        postalCode: '10118',
        cityName: 'New York',
        countryCode: 'US',
        provinceCode: 'NY',
        addressLine1: '350 5th Avenue',
        addressLine2: 'Floor 3',
      },
      contactInformation: { phone: '+1 212 555 0171', companyName: 'Grace Buyer', fullName: 'Grace Buyer' },
      typeCode: 'private',
    })
  })

  test('a region with a name is no province code', () => {
    const { postalAddress } = toParty({ ...newYork, region: 'New York State' }, 'recipient', undefined)
    expect(postalAddress).toMatchObject({ provinceName: 'New York State' })
    expect(postalAddress).not.toHaveProperty('provinceCode')
  })

  test("without a phone number takes the connection's, and is refused where there is none", () => {
    const silent = { ...berlin, phone: null }
    expect(toParty(silent, 'sender', '+49 1').contactInformation.phone).toBe('+49 1')
    expect(() => toParty(silent, 'sender', undefined)).toThrow("the sender's phone number")
  })
})

describe('a street', () => {
  test('stays as it is where it fits', () => {
    expect(toLines([' 9 Rue Simart ', '', 'Floor 3'], 'recipient')).toEqual(['9 Rue Simart', 'Floor 3'])
  })

  test('that is too long is wrapped or refused, and never loses a word', () => {
    const word = fc.stringMatching(/^[a-z]{1,20}$/)
    fc.assert(
      fc.property(
        fc.array(fc.array(word, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
        (lines) => {
          const given = lines.map((words) => words.join(' '))
          const words = (all: readonly string[]) => all.join(' ').replaceAll(',', '').split(/\s+/)
          let printed: string[]
          try {
            printed = toLines(given, 'recipient')
          } catch {
            // Refused: then it truly is more than three lines hold, however it is broken.
            expect(given.join(', ').length).toBeGreaterThan(45 * 3 - 3 * 22)
            return
          }
          expect(printed.length).toBeLessThanOrEqual(3)
          expect(Math.max(...printed.map((line) => line.length))).toBeLessThanOrEqual(45)
          expect(words(printed)).toEqual(words(given))
        },
      ),
    )
  })

  test('that is empty is refused', () => {
    expect(() => toLines(['  '], 'recipient')).toThrow("the recipient's street")
  })
})

test('weights and sizes are never rounded down', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 70_000, noNaN: true }),
      fc.double({ min: 0.1, max: 3000, noNaN: true }),
      (grams, mm) => {
        const { weight, dimensions } = toPackage({
          weightGrams: grams,
          lengthMm: mm,
          widthMm: mm,
          heightMm: mm,
        })
        expect(Math.round(weight * 1000)).toBe(Math.ceil(grams))
        expect(Math.round(dimensions!.length * 10)).toBe(Math.ceil(mm))
      },
    ),
  )
})

test('a parcel without a weight is refused', () => {
  const unknown = { weightGrams: 0, lengthMm: null, widthMm: null, heightMm: null }
  expect(() => toPackage(unknown)).toThrow('weight of each parcel')
})

describe('time', () => {
  test('is told as it is at the warehouse, in winter and in summer', () => {
    expect(toLocalTime(new Date('2026-01-15T23:30:00Z'), 'Europe/Berlin')).toBe(
      '2026-01-16T00:30:00 GMT+01:00',
    )
    expect(toLocalTime(new Date('2026-07-15T23:30:00Z'), 'Europe/Berlin')).toBe(
      '2026-07-16T01:30:00 GMT+02:00',
    )
    expect(toLocalTime(new Date('2026-07-15T00:00:00Z'), 'UTC')).toBe('2026-07-15T00:00:00 GMT+00:00')
    expect(toLocalTime(new Date('2026-07-15T20:00:00Z'), 'Asia/Kolkata')).toBe(
      '2026-07-16T01:30:00 GMT+05:30',
    )
  })

  test('of shipping is never one that has passed when the request arrives', () => {
    const now = new Date('2026-03-02T09:00:00Z')
    expect(toShippingTime(now, now, 'UTC')).toBe('2026-03-02T09:10:00 GMT+00:00')
    expect(toShippingTime(new Date('2026-03-03T09:00:00Z'), now, 'UTC')).toBe('2026-03-03T09:00:00 GMT+00:00')
  })

  test('of DHL is UTC unless it says otherwise, and a bare day is its end', () => {
    expect(readTime('2026-03-06T18:00:00')).toEqual(new Date('2026-03-06T18:00:00Z'))
    expect(readTime('2026-03-06T18:00:00+09:00')).toEqual(new Date('2026-03-06T09:00:00Z'))
    expect(readTime('2026-03-06')).toEqual(new Date('2026-03-06T23:59:59Z'))
    expect(readTime('soon')).toBeNull()
    expect(readTime(undefined)).toBeNull()
  })
})
