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
    const name = cell.trim() || `column ${index + 1}`
    if (columns.has(name)) {
      throw new InputError(`${file.name} has two columns named "${name}".`, name)
    }
    columns.set(name, index)
  })
  return columns
}

async function* readRows(
  file: SourceFile,
  format: CsvFormat,
  onBytes: (count: number) => void,
): AsyncGenerator<Row> {
  const parser = openParser(format.delimiter)
  let line = 1
  const take = (): Row[] =>
    parser.takeRecords().map(({ cells, raw }) => {
      const start = line + countBreaks(/^[\r\n]*/.exec(raw)![0])
      line += countBreaks(raw)
      return { cells, line: start, raw }
    })
  for await (const text of readText(file, format.encoding, onBytes)) {
    const failure = await parser.write(text)
    yield* take()
    if (failure) throw unreadable(file, failure, line)
  }
  const failure = await parser.end()
  yield* take()
  if (failure) throw unreadable(file, failure, line)
}

/**
 * csv-parse with its records handed over chunk by chunk, so that those before a broken place are not lost.
 * Malformed quotes are let through here and told apart by `findShapeFault`: one costs its own row only.
 */
function openParser(delimiter: string) {
  let records: { cells: string[]; raw: string }[] = []
  let failure: Error | undefined
  const parser = parse({
    delimiter,
    raw: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
    // With `raw`, a record comes together with its text.
    on_record: (told: unknown) => {
      const { record, raw } = told as { record: string[]; raw: string }
      records.push({ cells: record, raw })
      return null
    },
  })
  parser.on('error', (error) => {
    failure = error
  })
  return {
    write: (text: string) =>
      new Promise<Error | undefined>((resolve) => parser.write(text, (error) => resolve(error ?? undefined))),
    end: () =>
      new Promise<Error | undefined>((resolve) =>
        parser.end((error?: Error | null) => resolve(error ?? failure)),
      ),
    takeRecords: () => {
      const taken = records
      records = []
      return taken
    },
  }
}

function unreadable(file: SourceFile, failure: Error, line: number): Error {
  if (!(failure instanceof CsvError)) return failure
  return new InputError(
    `${file.name} cannot be read from line ${line} on: a quote that opens there is never closed. What stands before it was read. Correct the line and import the file again.`,
    'path',
  )
}

/** How many lines end in this text; csv-parse leaves the second half of a CR LF at the end out of `raw`. */
function countBreaks(text: string): number {
  const first = text.search(/[\r\n]/)
  if (first === -1) return 0
  if (first === text.length - 1) return 1
  return (text.match(/\r\n|\r|\n/g) ?? []).length
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
