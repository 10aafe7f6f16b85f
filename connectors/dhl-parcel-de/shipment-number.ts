/** The check digit of GS1: the other digits count three and one in turn, from the right. */
export function gs1CheckDigit(digits: string): string {
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0)
  return String((10 - (sum % 10)) % 10)
}

/** That of the postal union, for numbers like CD530123554DE. */
function s10CheckDigit(digits: string): string {
  const weights = [8, 6, 4, 2, 3, 5, 9, 7]
  const rest = 11 - (weights.reduce((total, weight, index) => total + Number(digits[index]) * weight, 0) % 11)
  return String(rest === 10 ? 0 : rest === 11 ? 5 : rest)
}

/** Whether DHL may have given out the number, as far as its form tells: a mistyped one lacks its check digit. */
export function isPlausible(number: string): boolean {
  if (/^(00)?\d{18}$/.test(number)) return gs1CheckDigit(number.slice(0, -1)) === number.at(-1)
  const postal = /^[A-Z]{2}(\d{8})(\d)[A-Z]{2}$/.exec(number)
  return postal === null || s10CheckDigit(postal[1]!) === postal[2]
}
