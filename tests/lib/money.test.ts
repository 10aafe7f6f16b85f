import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  currencyDigits,
  formatDecimal,
  formatMoney,
  isCurrency,
  multiplyByBasisPoints,
  parseMoney,
} from '../../core/lib/money.ts'

/** One currency for each number of minor digits in use. */
const currency = fc.constantFrom('JPY', 'EUR', 'KWD')
const minor = fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 })

describe('the minor unit', () => {
  test.each([
    ['JPY', 0],
    ['KRW', 0],
    ['VND', 0],
    ['EUR', 2],
    ['USD', 2],
    ['CNY', 2],
    ['HUF', 2],
    ['IDR', 2],
    ['TWD', 2],
    ['COP', 2],
    ['KWD', 3],
    ['TND', 3],
  ])('%s has the %i digits of ISO 4217', (code, digits) => {
    expect(currencyDigits(code)).toBe(digits)
  })

  test('an unknown currency is refused, in any spelling', () => {
    for (const code of ['ABC', 'eur', '', 'EURO', '€', '__proto__']) {
      expect(isCurrency(code)).toBe(false)
      expect(() => currencyDigits(code)).toThrow(RangeError)
      expect(() => parseMoney('1.00', code)).toThrow(RangeError)
    }
  })
})

describe('reading an amount', () => {
  test('what was written is read back exactly, for 0, 2 and 3 digits', () => {
    fc.assert(
      fc.property(minor, currency, (amount, code) => {
        const money = { minor: amount, currency: code }
        expect(parseMoney(formatDecimal(money), code)).toEqual(money)
      }),
    )
  })

  test('writing what was read gives the same text', () => {
    fc.assert(
      fc.property(minor, currency, (amount, code) => {
        const text = formatDecimal({ minor: amount, currency: code })
        expect(formatDecimal(parseMoney(text, code))).toBe(text)
      }),
    )
  })

  test('is exact where a float is not', () => {
    expect(parseMoney('1.005', 'EUR').minor).toBe(101)
    expect(parseMoney('8.115', 'EUR').minor).toBe(812)
    expect(parseMoney('0.1', 'EUR').minor + parseMoney('0.2', 'EUR').minor).toBe(30)
    expect(parseMoney('90071992547409.91', 'EUR').minor).toBe(Number.MAX_SAFE_INTEGER)
  })

  test.each([
    ['3.333333', 'EUR', 333],
    ['2.344999', 'EUR', 234],
    ['2.345', 'EUR', 235],
    ['-2.345', 'EUR', -235],
    ['-2.3449', 'EUR', -234],
    ['0.5', 'JPY', 1],
    ['-0.5', 'JPY', -1],
    ['0.4999', 'JPY', 0],
    ['1.0005', 'KWD', 1001],
    ['999.995', 'EUR', 100000],
  ])('%s %s is rounded half away from zero', (text, code, expected) => {
    expect(parseMoney(text, code).minor).toBe(expected)
  })

  test('rounding goes to the nearest minor unit, and never past it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 0, max: 999 }), (cents, rest) => {
        const text = `${formatDecimal({ minor: cents, currency: 'EUR' })}${String(rest).padStart(3, '0')}`
        const expected = cents + (rest >= 500 ? 1 : 0)
        expect(parseMoney(text, 'EUR').minor).toBe(expected)
        expect(parseMoney(`-${text}`, 'EUR').minor).toBe(expected === 0 ? 0 : -expected)
      }),
    )
  })

  test('a small negative amount becomes zero, not minus zero', () => {
    expect(Object.is(parseMoney('-0.00', 'EUR').minor, 0)).toBe(true)
    expect(Object.is(parseMoney('-0.001', 'EUR').minor, 0)).toBe(true)
  })

  test.each(['19,90', '1e3', '', ' ', 'NaN', 'Infinity', '1.2.3', '0x10', '1 000.00', '€5', '.', '--1', '٣'])(
    '"%s" is refused',
    (text) => {
      expect(() => parseMoney(text, 'EUR')).toThrow(RangeError)
    },
  )

  test('an amount beyond exact integers is refused', () => {
    expect(() => parseMoney('90071992547409.92', 'EUR')).toThrow(RangeError)
  })
})

describe('writing an amount', () => {
  test.each([
    [{ minor: 1290, currency: 'EUR' }, '12.90 EUR'],
    [{ minor: 5, currency: 'EUR' }, '0.05 EUR'],
    [{ minor: -5, currency: 'EUR' }, '-0.05 EUR'],
    [{ minor: 0, currency: 'KWD' }, '0.000 KWD'],
    [{ minor: 1999, currency: 'JPY' }, '1999 JPY'],
  ])('%j is "%s"', (money, text) => {
    expect(formatMoney(money)).toBe(text)
  })

  test.each([NaN, 12.5, Infinity, 2 ** 53])(
    '%d minor units are refused, for they are no exact amount',
    (amount) => {
      expect(() => formatDecimal({ minor: amount, currency: 'EUR' })).toThrow(RangeError)
    },
  )
})

describe('basis points', () => {
  test.each([
    [1000, 10_000, 1000],
    [1000, 11_900, 1190],
    [5, 5000, 3],
    [-5, 5000, -3],
    [3, 3333, 1],
    [1, 4999, 0],
  ])('%i times %i is %i', (amount, points, expected) => {
    expect(multiplyByBasisPoints(amount, points)).toBe(expected)
  })

  test('a markup and its mirror image differ in sign only', () => {
    fc.assert(
      fc.property(minor, fc.integer({ min: 0, max: 30_000 }), (amount, points) => {
        const mirrored = -multiplyByBasisPoints(-amount, points)
        expect(multiplyByBasisPoints(amount, points) - mirrored).toBe(0)
      }),
    )
  })
})
