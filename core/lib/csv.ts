/** A spreadsheet cell holds 32,767 characters. */
const maxCell = 32_000

/**
 * A line of CSV (RFC 4180) for spreadsheets. What is not known is an empty cell; numbers and truth values stand as they are.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export const csvLine = (cells: readonly (string | number | boolean | null)[]): string =>
  `${cells.map((cell) => (typeof cell === 'string' ? toCell(cell) : String(cell ?? ''))).join(',')}\r\n`

/**
 * A text as a CSV cell that no spreadsheet runs: what begins like a formula gets an apostrophe in front.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function toCell(text: string): string {
  const safe = guardFormula(
    text.length > maxCell ? `${text.slice(0, maxCell)}... (${text.length} characters)` : text,
  )
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The text with an apostrophe in front when a spreadsheet would take it for a formula. */
export const guardFormula = (text: string): string => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text)
