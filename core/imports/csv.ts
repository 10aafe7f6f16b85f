import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { InputError } from '../sdk/errors.ts'
import { readText, type SourceFile } from './source.ts'

/** A row of a file. `line` is where it starts, counted from 1; `raw` is the text it was read from. */
export type Row = { cells: readonly string[]; line: number; raw: string }
export type Columns = ReadonlyMap<string, number>
export type CsvFormat = { encoding: string; delimiter: string }

/** A record beyond this is no row but a quote that nobody closed; reading on would hold the whole file. */
const maxRecordBytes = 16 * 1024 * 1024

/**
 * Opens a CSV file and reads its header.
 * @throws InputError when there is no header, or what is there is no text in the encoding.
 */
export async function openCsv(
  file: SourceFile,
  format: CsvFormat,
  onBytes: (count: number) => void,
): Promise<{ columns: Columns; rows: AsyncGenerator<Row> }> {
  const rows = readRows(file, format, onBytes)
  const first = await rows.next()
  if (first.done) throw new InputError(`${file.name} is empty.`, 'path')
  try {
    return { columns: readHeader(file, first.value, format), rows }
  } catch (error) {
    await rows.return(undefined)
    throw error
  }
}

function readHeader(file: SourceFile, header: Row, format: CsvFormat): Columns {
  if (header.raw.includes('\0')) throw new InputError(`${file.name} is binary, not a CSV text file.`, 'path')
  if (header.raw.includes('\uFFFD')) {
    throw new InputError(
      `The header of ${file.name} is not valid ${format.encoding}, which the profile expects. Set "encoding" in the profile to what the file is (gb18030, windows-1252 ...), or save it as ${format.encoding}.`,
      'encoding',
    )
  }
  const columns = new Map<string, number>()
  header.cells.forEach((cell, index) => {
    const name = cell.trim()
    if (columns.has(name) && name !== '') {
      throw new InputError(`${file.name} has two columns named "${name}".`, name)
    }
    columns.set(name, index)
  })
  return columns
}

async function* readRows(file: SourceFile, format: CsvFormat, onBytes: (count: number) => void): AsyncGenerator<Row> {
  const text = Readable.from(readText(file, format.encoding, onBytes), { objectMode: true, highWaterMark: 2 })
  // Malformed quotes are let through here and told apart by `findQuoteFault`, so that one costs its own row only.
  const parser = parse({
    delimiter: format.delimiter,
    raw: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
  })
  text.on('error', (error) => parser.destroy(error))
  let line = 1
  try {
    for await (const { record, raw } of text.pipe(parser) as AsyncIterable<{ record: string[]; raw: string }>) {
      const start = line + countBreaks(/^[\r\n]*/.exec(raw)![0])
      line += countBreaks(raw)
      yield { cells: record, line: start, raw }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new InputError(
      `${file.name} cannot be read from line ${line} on: a quote that opens there is never closed. What stands before was read; correct the line and import again.`,
      'path',
    )
  } finally {
    text.destroy()
  }
}

/** How many lines end in this text; csv-parse leaves the second half of a CR LF out of `raw`. */
function countBreaks(text: string): number {
  if (text === '\n' || text === '\r') return 1
  let count = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) count += 1
  }
  return count
}

/** What is wrong with the shape of a row, in words, or null when it is sound. */
export function findShapeFault(row: Row, columns: Columns, delimiter: string): string | null {
  if (row.cells.some((cell) => cell.startsWith('"')) && !isWellQuoted(row.raw, delimiter)) {
    return 'a quote is not closed, or text follows the closing quote'
  }
  if (row.cells.length !== columns.size) {
    return `the row has ${row.cells.length} columns, the header ${columns.size}`
  }
  return null
}

/** Whether every field that opens with a quote closes with one; written so that it runs in linear time. */
function isWellQuoted(raw: string, delimiter: string): boolean {
  const d = delimiter.replace(/[\\\]^-]/g, '\\$&')
  const field = `(?:"[^"]*(?:""[^"]*)*"|(?!")[^${d}\\r\\n]*)`
  return new RegExp(`^[\\r\\n]*${field}(?:[${d}]${field})*[\\r\\n]*$`).test(raw)
}
