import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDecimals, equalDecimals, toPlainDecimal } from '../../core/imports/decimal.ts'

test("only plain decimals with the profile's separator are numbers", () => {
  expect(toPlainDecimal('19.90', '.')).toBe('19.90')
  expect(toPlainDecimal('19,90', ',')).toBe('19.90')
  for (const text of [
    '19,90',
    '1,234.50',
    '1e3',
    '.5',
    '5.',
    '',
    'abc',
    '0x10',
    '١٢',
    '--1',
    '1 000',
    '€5',
  ]) {
    expect(toPlainDecimal(text, '.'), text).toBeNull()
  }
  expect(toPlainDecimal('19.90', ',')).toBeNull()
})

test('property: sums are exact and equality is by value', () => {
  const cents = fc.integer({ min: -1e12, max: 1e12 })
  const format = (minor: number) =>
    `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`
  fc.assert(
    fc.property(fc.array(cents, { minLength: 1, maxLength: 20 }), (amounts) => {
      const sum = amounts.reduce((total, amount) => total + amount, 0)
      expect(addDecimals(amounts.map(format))).toBe(format(sum))
      expect(equalDecimals(`${format(sum)}0`, format(sum))).toBe(true)
      expect(equalDecimals(format(sum + 1), format(sum))).toBe(false)
    }),
  )
})
