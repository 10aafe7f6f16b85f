import { describe, expect, test } from 'vitest'
import { invoiceProfile } from '../../../plugins/carrier-costs/invoices/profile.ts'
import {
  CellFault,
  readAmount,
  readDay,
  readWeight,
} from '../../../plugins/carrier-costs/invoices/read-cells.ts'

const profileOf = (more: object) =>
  invoiceProfile.parse({
    name: 'test',
    currency: 'EUR',
    columns: { invoiceNumber: 'n', invoiceDate: 'd', reference: ['r'], amount: 'a' },
    ...more,
  })
const faultOf = (read: () => unknown) => {
  try {
    return read()
  } catch (error) {
    return error instanceof CellFault ? `${error.column}: ${error.message}` : error
  }
}

describe('figures as carriers write them', () => {
  const german = profileOf({ decimal: ',', thousands: '.' })
  const plain = profileOf({})
  const amounts: [string, typeof plain, string, unknown][] = [
    ['12.90', plain, 'EUR', 1290],
    ['-0.05', plain, 'EUR', -5],
    ['12', plain, 'EUR', 1200],
    ['12.900', plain, 'EUR', 1290],
    ['500', plain, 'JPY', 500],
    ['1.234,56', german, 'EUR', 123456],
    ['1234,56', german, 'EUR', 123456],
    ['12.901', plain, 'EUR', 'a: 12.901 has more decimals than EUR, which has 2'],
    ['500.5', plain, 'JPY', 'a: 500.5 has more decimals than JPY, which has 0'],
    ['12,90', plain, 'EUR', 'a: "12,90" is no amount like 1234.56'],
    ['12.90', german, 'EUR', 'a: "12.90" is no amount like 1.234,56'],
    ['1.23,45', german, 'EUR', 'a: "1.23,45" is no amount like 1.234,56'],
    ['€ 5', plain, 'EUR', 'a: "€ 5" is no amount like 1234.56'],
    ['1e3', plain, 'EUR', 'a: "1e3" is no amount like 1234.56'],
  ]
  test.each(amounts)('the amount %s', (text, profile, currency, expected) => {
    expect(faultOf(() => readAmount(text, 'a', currency, profile))).toBe(expected)
  })

  test('weights in grams, rounded half up', () => {
    expect(readWeight('1.5', 'w', plain)).toBe(1500)
    expect(readWeight('0.0005', 'w', plain)).toBe(1)
    // 1 lb is 453.59237 g, an ounce 28.349523125 g.
    expect(readWeight('2', 'w', profileOf({ weightUnit: 'lb' }))).toBe(907)
    expect(readWeight('3', 'w', profileOf({ weightUnit: 'oz' }))).toBe(85)
    expect(readWeight('', 'w', plain)).toBeNull()
    expect(faultOf(() => readWeight('-1', 'w', plain))).toBe('w: "-1" is no weight like 1234.56')
  })

  const days: [string, string, string][] = [
    ['YYYY-MM-DD', '2026-03-01', '2026-03-01'],
    ['DD.MM.YYYY', '1.3.2026', '2026-03-01'],
    ['DD/MM/YYYY', '01/03/2026', '2026-03-01'],
    ['MM/DD/YYYY', '03/01/2026', '2026-03-01'],
    ['YYYYMMDD', '20260301', '2026-03-01'],
    ['YYYYMMDD', '2026031', 'd: "2026031" is no day written as YYYYMMDD'],
    ['DD.MM.YYYY', '31.02.2026', 'd: "31.02.2026" is no day written as DD.MM.YYYY'],
    ['DD.MM.YYYY', '01-03-2026', 'd: "01-03-2026" is no day written as DD.MM.YYYY'],
  ]
  test.each(days)('the day %s %s', (dateFormat, text, expected) => {
    expect(faultOf(() => readDay(text, 'd', profileOf({ dateFormat })))).toBe(expected)
  })
})

describe('a profile', () => {
  const columns = { invoiceNumber: 'n', invoiceDate: 'd', reference: ['r'] }
  const bad: [object, string][] = [
    [{ columns, currency: 'EUR' }, 'needs either columns.amount or charges'],
    [{ columns: { ...columns, amount: 'a' } }, 'is needed where no column says it'],
    [
      { columns: { ...columns, amount: 'a' }, currency: 'EUR', thousands: '.' },
      'is the decimal mark already',
    ],
    [{ columns: { ...columns, amount: 'a' }, currency: 'EURO' }, 'is no ISO 4217 currency code'],
  ]
  test.each(bad)('%j is refused', (given, message) => {
    expect(() => invoiceProfile.parse({ name: 'x', ...given })).toThrow(message)
  })
})
