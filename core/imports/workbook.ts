import { createWriteStream } from 'node:fs'
import { readFile, rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { CellValue } from 'read-excel-file/node'
import { InputError } from '../sdk/errors.ts'

/** A workbook is read as a whole; a larger sheet is better sent as CSV. */
export const maxWorkbookBytes = 32 * 1024 * 1024
/** What a workbook may unpack to: beyond it nobody has typed it. */
const maxUnpackedBytes = 1024 * 1024 * 1024

export const isWorkbook = (head: Buffer): boolean => head.subarray(0, 4).toString('hex') === '504b0304'

/** Replaces a workbook by its first sheet as CSV in UTF-8. @throws InputError when it cannot be read. */
export async function writeWorkbookAsCsv(path: string): Promise<void> {
  const content = await readFile(path)
  if (unpackedBytes(content) > maxUnpackedBytes)
    throw new InputError(
      'The workbook unpacks to more than 1 GB: it is not read. Save the sheet as CSV.',
      'body',
    )
  const { InvalidSpreadsheetError, readSheet } = await import('read-excel-file/node')
  const rows = await readSheet(content, { parseNumber: toDecimal, trim: false }).catch((error: unknown) => {
    const says =
      error instanceof InvalidSpreadsheetError ? error.message : 'it is no Excel workbook, or is damaged'
    throw new InputError(`The file cannot be read as a workbook: ${says}. Save the sheet as CSV.`, 'body')
  })
  const partial = `${path}.csv`
  const lines = function* () {
    for (const row of rows) yield `${row.map((cell) => toCell(textOf(cell))).join(',')}\r\n`
  }
  await pipeline(Readable.from(lines()), createWriteStream(partial, { mode: 0o600 }))
  await rename(partial, path)
}

/** A number as a person sees it: Excel keeps 12.3 as 12.300000000000001. */
const toDecimal = (text: string): string => String(Number(Number(text).toPrecision(15)))

function textOf(cell: CellValue<string> | null): string {
  if (cell === null) return ''
  if ((cell as unknown) instanceof Date) return (cell as unknown as Date).toISOString().replace('.000Z', 'Z')
  return String(cell)
}

const toCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const directoryEntry = 0x02014b50
/**
 * What a ZIP file says that it unpacks to, by the entries of its directory.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT section 4.3.12
 */
function unpackedBytes(content: Buffer): number {
  let total = 0
  for (
    let at = content.indexOf('PK\x01\x02', 0, 'latin1');
    at >= 0;
    at = content.indexOf('PK\x01\x02', at + 4, 'latin1')
  ) {
    if (at + 46 <= content.length && content.readUInt32LE(at) === directoryEntry)
      total += content.readUInt32LE(at + 24)
  }
  return total
}
