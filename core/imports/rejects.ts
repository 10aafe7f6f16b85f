import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Place } from './item.ts'

/** A line of the rejects file: a row that was not imported, or one that was with something odd about it. */
export type Finding = Place & {
  outcome: 'rejected' | 'noted'
  column: string | null
  reason: string
  raw: string
}

const header = ['outcome', 'file', 'line', 'column', 'reason', 'row']
/** A spreadsheet cell holds 32,767 characters. */
const maxCell = 32_000

/** Writes findings to a CSV file that is made with the first one. */
export function openRejects(path: string) {
  let stream: WriteStream | undefined
  let failure: Error | undefined
  const write = async (text: string) => {
    if (!stream) {
      await mkdir(dirname(path), { recursive: true })
      stream = createWriteStream(path)
      stream.on('error', (error) => {
        failure = error
      })
      // The mark tells a spreadsheet that the file is UTF-8.
      stream.write(`\uFEFF${header.join(',')}\r\n`)
    }
    if (failure) throw failure
    if (!stream.write(text)) await Promise.race([once(stream, 'drain'), once(stream, 'close')])
  }
  return {
    add: ({ outcome, file, line, column, reason, raw }: Finding) =>
      write(`${[outcome, file, String(line), column ?? '', reason, raw].map(toCell).join(',')}\r\n`),
    /** Ends the file. Returns its path, or null when there was nothing to write. */
    close: async (): Promise<string | null> => {
      if (!stream) return null
      stream.end()
      if (!stream.closed) await once(stream, 'close')
      if (failure) throw failure
      return path
    },
  }
}

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
