import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { csvLine } from '../lib/csv.ts'
import { rejectsHeader } from './rejects.ts'

/**
 * A rejects file that is written at places: what a step wrote that was not committed is written over by the next one.
 */
export async function openRejectsAt(path: string) {
  await mkdir(dirname(path), { recursive: true })
  const handle = await open(path, 'a+').then(async (made) => {
    await made.close()
    return open(path, 'r+')
  })
  return {
    /** Writes lines from `at` on, with the header before the first; returns where they end. */
    write: async (at: number, lines: readonly string[]): Promise<number> => {
      if (lines.length === 0) return at
      const text = Buffer.from(`${at === 0 ? `\uFEFF${csvLine(rejectsHeader)}` : ''}${lines.join('')}`)
      await handle.write(text, 0, text.length, at)
      // What the database says is in the file must be there after a power cut too.
      await handle.datasync()
      return at + text.length
    },
    /** Leaves what was committed and nothing else. */
    close: async (end: number): Promise<void> => {
      await handle.truncate(end)
      await handle.close()
    },
  }
}
