/** Whether it has the digits of a GTIN: 8, 12, 13 or 14. */
const shape = /^(?:\d{8}|\d{12,14})$/

/** What is wrong with a GTIN; null where nothing is. https://www.gs1.org/services/how-calculate-check-digit-manually */
export function findGtinFault(gtin: string): 'shape' | 'check digit' | 'internal' | null {
  if (!shape.test(gtin)) return 'shape'
  const digits = [...gtin].map(Number)
  const check = digits.pop()!
  const sum = digits.reverse().reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 3 : 1), 0)
  if ((10 - (sum % 10)) % 10 !== check) return 'check digit'
  // GS1 keeps 02 and 20 to 29 (as GTIN-13) for numbers within a shop.
  return gtin.length >= 12 && /^(?:02|2\d)/.test(gtin.padStart(14, '0').slice(1)) ? 'internal' : null
}
