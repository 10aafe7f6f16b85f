import { CsvError, parse } from 'csv-parse'
import { InputError } from 'entrepot/sdk'
import type { InvoiceProfile } from './profile.ts'
import type { Columns } from './read-lines.ts'

export type CsvRow = { cells: readonly string[]; line: number }
type Told = { record: string[]; info: { lines: number } }

/** No row of an invoice is as long: it is a quote that nobody closed. */
const maxRecordBytes = 1024 * 1024

/**
 * Reads a CSV file row by row; memory stays flat. `onBroken` is told where a file ends being CSV: what stands
 * before that place was read. @throws InputError when there is no header.
 */
export async function openInvoiceCsv(
  bytes: AsyncIterable<Uint8Array>,
  profile: Pick<InvoiceProfile, 'delimiter' | 'encoding'>,
  onBroken: (line: number) => void,
): Promise<{ columns: Columns; rows: AsyncGenerator<CsvRow> }> {
  const rows = readRows(bytes, profile, onBroken)
  const first = await rows.next()
  if (first.done) throw new InputError('The file is empty.', 'file')
  if (first.value.cells.some((name) => name.includes('\uFFFD') || name.includes('\0')))
    throw new InputError(`The header is no ${profile.encoding}, which the profile expects.`, 'encoding')
  const columns = new Map<string, number>()
  for (const [index, cell] of first.value.cells.entries()) {
    const name = cell.trim()
    if (name !== '' && columns.has(name)) throw new InputError(`Two columns are named "${name}".`, name)
    columns.set(name, index)
  }
  return { columns, rows }
}

async function* readRows(
  bytes: AsyncIterable<Uint8Array>,
  { delimiter, encoding }: Pick<InvoiceProfile, 'delimiter' | 'encoding'>,
  onBroken: (line: number) => void,
): AsyncGenerator<CsvRow> {
  let told: Told[] = []
  let line = 1
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
    on_record: (record: unknown) => {
      told.push(record as Told)
      return null
    },
  })
  let failure: Error | null = null
  parser.on('error', (error) => {
    failure = error
  })
  const take = (): CsvRow[] => {
    const taken = told.map(({ record, info }) => ({ cells: record, line: info.lines }))
    told = []
    line = taken.at(-1)?.line ?? line
    return taken
  }
  const decoder = new TextDecoder(encoding)
  const write = (text: string, isLast: boolean) =>
    new Promise<void>((resolve) => {
      const done = (error?: Error | null) => {
        failure ??= error ?? null
        resolve()
      }
      if (isLast) parser.end(text, done)
      else parser.write(text, done)
    })
  for await (const chunk of bytes) {
    await write(decoder.decode(chunk, { stream: true }), false)
    yield* take()
    if (failure) break
  }
  if (!failure) {
    await write(decoder.decode(), true)
    yield* take()
  }
  if (!failure) return
  if (!((failure as Error) instanceof CsvError)) throw failure
  onBroken(line + 1)
}
