import { parse } from 'csv-parse/sync'
import type { DateOrder } from './time.ts'

/** Parts of the cells of a line that files use. */
export const delimiters = [',', ';', '\t', '|'] as const
/** Encodings that people's files have. Others can be named, but are not looked for. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'windows-1252'] as const

/** The encoding of a file by its first bytes, which may end within a character. */
export function detectEncoding(head: Buffer): (typeof encodings)[number] {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const zeros = countZeros(head)
  if (zeros.odd > head.length / 8) return 'utf-16le'
  if (zeros.even > head.length / 8) return 'utf-16be'
  if (isUtf8(head)) return 'utf-8'
  return shareInPairs(head) > 0.8 ? 'gb18030' : 'windows-1252'
}

/** Latin text in UTF-16 has a zero in every second byte. */
function countZeros(head: Buffer): { even: number; odd: number } {
  let even = 0
  let odd = 0
  for (let at = 0; at < head.length; at += 1) {
    if (head[at] !== 0) continue
    if (at % 2 === 0) even += 1
    else odd += 1
  }
  return { even, odd }
}

function isUtf8(head: Buffer): boolean {
  try {
    // `stream`: what is cut off at the end is no error.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/**
 * Which share of the bytes beyond ASCII stands in runs of even length, as in Chinese text of two bytes a character.
 * In Western text an accented letter mostly stands alone.
 */
function shareInPairs(head: Buffer): number {
  let paired = 0
  let all = 0
  for (let at = 0; at < head.length; at += 1) {
    let end = at
    while (end < head.length && head[end]! >= 0x80) end += 1
    const run = end - at
    all += run
    if (run % 2 === 0) paired += run
    at = Math.max(at, end)
  }
  return all === 0 ? 0 : paired / all
}

const linesRead = 30

/** What parts the cells: what gives most lines the same number of cells, more than one. */
export function detectDelimiter(text: string): (typeof delimiters)[number] {
  let best: { delimiter: (typeof delimiters)[number]; score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of delimiters) {
    const score = scoreOf(text, delimiter)
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

function scoreOf(text: string, delimiter: string): number {
  const records = parse(text, {
    delimiter,
    to: linesRead,
    bom: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  }) as string[][]
  const width = records[0]?.length ?? 0
  if (width < 2) return 0
  const same = records.filter((record) => record.length === width).length
  return (same / records.length) * 1000 + width
}

/** Whether amounts are written 12,90: decided by the cells that can only be one of both. */
export function detectDecimal(cells: Iterable<string>): '.' | ',' {
  let commas = 0
  let points = 0
  for (const cell of cells) {
    if (/^[+-]?\d+,\d{1,2}$/.test(cell)) commas += 1
    else if (/^[+-]?\d+\.\d{1,2}$/.test(cell)) points += 1
  }
  return commas > points ? ',' : '.'
}

/** The order of the parts of dates, by the first cell that can only be one. */
export function detectDateOrder(cells: Iterable<string>): DateOrder {
  for (const cell of cells) {
    const [, first, second] = /^(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}\b/.exec(cell) ?? []
    if (!first) continue
    if (Number(first) > 12 || cell.includes('.')) return 'dmy'
    if (Number(second) > 12) return 'mdy'
  }
  return 'ymd'
}
