import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { csvLine, guardFormula } from '../lib/csv.ts'
import type { Place } from './item.ts'

/** A line of the rejects file: a row that was not imported, or one that was with something odd about it. */
export type Finding = Place & {
  outcome: 'rejected' | 'noted'
  column: string | null
  reason: string
  raw: string
}

/** The columns of every rejects file. */
export const rejectsHeader = ['outcome', 'file', 'line', 'column', 'reason', 'row']

/** A finding as a line of the rejects file. The row stands there whole: it is to be corrected and imported again. */
export const findingLine = ({ outcome, file, line, column, reason, raw }: Finding): string => {
  const row = `"${guardFormula(raw).replaceAll('"', '""')}"`
  return `${csvLine([outcome, file, line, column, reason]).trimEnd()},${row}\r\n`
}

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
      stream.write(`\uFEFF${csvLine(rejectsHeader)}`)
    }
    if (failure) throw failure
    if (!stream.write(text)) await Promise.race([once(stream, 'drain'), once(stream, 'close')])
  }
  return {
    add: (finding: Finding) => write(findingLine(finding)),
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
