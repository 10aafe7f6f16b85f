import { CsvError } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import type { DbOrTx } from '../db/client.ts'
import { csvLine, guardFormula } from '../lib/csv.ts'
import { InputError } from '../sdk/errors.ts'
import { kinds, type MappingKind } from './kinds.ts'
import { listWords, placeAfter, type WordState } from './list.ts'
import type { MappingEntry } from './save.ts'

const columns = [
  'attribute',
  'ours',
  'theirs',
  'name',
  'their name',
  'state',
  'listings',
  'orders',
  'suggestion',
  'confidence',
  'reason',
] as const
const pageSize = 500
const mostRows = 50_000

/** The words of a kind as CSV, those that hold up most first: what is imported is `attribute`, `ours` and `theirs`. */
export async function exportMappings(
  db: DbOrTx,
  connectionId: string,
  kind: MappingKind,
  state: WordState | undefined,
): Promise<string> {
  const isOurs = kinds[kind].word === 'ours'
  const lines = [csvLine(columns)]
  for (let after: string | undefined; ; ) {
    const page = await listWords(db, connectionId, kind, { state, sort: '-weight', after, limit: pageSize })
    for (const row of page.slice(0, pageSize)) {
      const [first] = row.suggestions
      lines.push(
        csvLine([
          row.scope,
          isOurs ? row.word : row.target,
          isOurs ? row.target : row.word,
          row.path === '' ? row.name : `${row.path} > ${row.name}`,
          row.targetName,
          row.state,
          row.listings,
          row.orders,
          first?.target ?? null,
          first?.confidence ?? null,
          first?.reason ?? null,
        ]),
      )
    }
    if (page.length <= pageSize || lines.length > mostRows) return lines.join('')
    after = placeAfter(page[pageSize - 1]!, '-weight')
  }
}

/**
 * The mappings that a CSV file asks for. A row whose other side is empty says nothing, so that an exported file can
 * be filled in and given back; `-` takes a mapping away.
 * @throws InputError naming the line.
 */
export function readMappingsCsv(kind: MappingKind, text: string): MappingEntry[] {
  const isOurs = kinds[kind].word === 'ours'
  const rows = parseCsv(text)
  const header = new Set(Object.keys(rows[0]?.record ?? {}))
  for (const name of kind === 'attribute_value' ? ['attribute', 'ours', 'theirs'] : ['ours', 'theirs'])
    if (!header.has(name)) throw new InputError(`The file has no column "${name}", or no rows.`, 'csv')
  if (rows.length > mostRows) throw new InputError(`The file has more than ${mostRows} rows.`, 'csv')
  return rows.flatMap(({ record, info }) => {
    const cell = (name: string) => unguard(record[name]?.trim() ?? '')
    const word = cell(isOurs ? 'ours' : 'theirs')
    const target = cell(isOurs ? 'theirs' : 'ours')
    const scope = kind === 'attribute_value' ? cell('attribute') : ''
    if (target === '') return []
    if (word === '' || (kind === 'attribute_value' && scope === ''))
      throw new InputError(`Line ${info.lines} names nothing to map.`, 'csv')
    if (word.length > 500 || target.length > 500 || scope.length > 500)
      throw new InputError(`Line ${info.lines} has a text of more than 500 characters.`, 'csv')
    return [{ scope, word, target: target === '-' ? null : target }]
  })
}

type Parsed = { record: Record<string, string>; info: { lines: number } }

function parseCsv(text: string): Parsed[] {
  const delimiter = [',', ';', '\t']
  const options = { columns: true, bom: true, info: true, delimiter, skip_empty_lines: true } as const
  try {
    return parse(text, options) as unknown as Parsed[]
  } catch (error) {
    if (error instanceof CsvError) throw new InputError(`The file is no CSV: ${error.message}`, 'csv')
    throw error
  }
}

/** The apostrophe that keeps a spreadsheet from running a cell is no part of the text. */
const unguard = (text: string): string =>
  text.startsWith("'") && guardFormula(text.slice(1)) === text ? text.slice(1) : text
