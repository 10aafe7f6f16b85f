import { isCurrency } from 'entrepot/sdk'
import { CellError, lengthUnits, oneOf, partsPerGramOf, readDay, type Units, weightUnits } from './cells.ts'
import { type Collector, createCollector, finishCard, needCell, readCell } from './collect.ts'
import { readFuel } from './layout-fuel.ts'
import { readPrices } from './layout-prices.ts'
import { readServices } from './layout-services.ts'
import { readSurcharges } from './layout-surcharges.ts'
import { readZones } from './layout-zones.ts'
import type { ImportResult } from './report.ts'
import { readCsvFolder, readXlsx, type Table, type TableRow, type TablesResult } from './table.ts'

/** Imports a rate card laid out as `docs/rate-cards.md` says, from a folder of CSV files. */
export async function importCsvFolder(folder: string): Promise<ImportResult> {
  return importTables(await readCsvFolder(folder))
}

/** Imports a rate card laid out as `docs/rate-cards.md` says, from an Excel workbook. */
export async function importXlsx(name: string, bytes: Uint8Array): Promise<ImportResult> {
  return importTables(await readXlsx(name, bytes))
}

/** Imports tables that were read. All of it, or nothing and every fault. */
export function importTables(read: TablesResult): ImportResult {
  if (!read.ok) return read
  const collector = createCollector()
  const tableOf = (part: string) => read.tables.find((table) => table.part === part)
  const card = tableOf('card')!
  checkColumns(collector, read.tables)
  const said = readCard(collector, card)
  if (said === null) return { ok: false, faults: collector.faults }
  const services = readServices(collector, card, said.units)
  const zoneSets = readZones(collector, tableOf('zones')!)
  readPrices(collector, tableOf('prices')!, services, said.units)
  const surchargeTable = tableOf('surcharges')
  const fuel = tableOf('fuel')
  const version = {
    ...said.validity,
    partsPerGram: partsPerGramOf(said.units.weight),
    zoneSets,
    services: [...services.values()],
    surcharges: surchargeTable ? readSurcharges(collector, surchargeTable, said.units) : [],
    fuelTables: fuel ? readFuel(collector, fuel) : [],
  }
  return finishCard(collector, { ...said.card, versions: [version] }, card.file)
}

const columns: Readonly<Record<string, readonly string[]>> = {
  card: ['field', 'service', 'value'],
  zones: [
    'zone_set',
    'zone',
    'zone_name',
    'country',
    'postcode_from',
    'postcode_to',
    'area',
    'from_country',
    'from_postcode_from',
    'from_postcode_to',
  ],
  prices: ['service', 'zone', 'over', 'not_over', 'kind', 'amount', 'additional', 'unit', 'max_weight'],
  surcharges: [
    'code',
    'label',
    'charge',
    'order',
    'group',
    'rate',
    'amount',
    'unit',
    'percent',
    'of',
    'table',
    'weight_over',
    'longest_over',
    'second_over',
    'girth_over',
    'length_girth_over',
    'volume_over',
    'residential',
    'countries',
    'postcodes',
    'services',
    'value_over',
    'valid_from',
    'valid_until',
  ],
  fuel: ['table', 'from', 'until', 'percent'],
}

/** A misspelt column would otherwise be a condition that is silently not asked. */
function checkColumns({ faults }: Collector, tables: readonly Table[]): void {
  for (const table of tables) {
    const known = columns[table.part]!
    for (const column of table.columns)
      if (column !== '' && !known.includes(column))
        faults.push({
          file: table.file,
          row: 1,
          column,
          message: `The column is not known. Use ${known.join(', ')}, or remove it.`,
        })
  }
}

const cardFields = [
  'id',
  'name',
  'carrier',
  'currency',
  'source',
  'time_zone',
  'valid_from',
  'valid_until',
  'weight_unit',
  'length_unit',
] as const

function readCard(collector: Collector, table: Table) {
  const lines = new Map<string, TableRow>()
  for (const row of table.rows) {
    const field = row.cells.field ?? ''
    if (row.cells.service !== '' || !cardFields.some((name) => name === field)) continue
    const earlier = lines.get(field)
    if (earlier && earlier.cells.value !== row.cells.value)
      collector.faults.push({
        file: table.file,
        row: row.row,
        column: 'value',
        message: `${field} contradicts row ${earlier.row}. Remove one of them.`,
      })
    lines.set(field, row)
  }
  const get = <Value>(
    field: (typeof cardFields)[number],
    read: (text: string) => Value,
  ): Value | undefined => {
    const row = lines.get(field)
    return row && readCell(collector, table, row, 'value', read)
  }
  const need = <Value>(
    field: (typeof cardFields)[number],
    read: (text: string) => Value,
  ): Value | undefined => {
    const row = lines.get(field)
    if (row) return needCell(collector, table, row, 'value', read)
    collector.faults.push({
      file: table.file,
      row: null,
      column: 'field',
      message: `The line "${field}" is missing. Add it.`,
    })
    return undefined
  }
  const asText = (text: string) => text
  const currency = need('currency', (text) => {
    if (!isCurrency(text))
      throw new CellError(`"${text}" is no ISO 4217 currency code. Write one such as EUR.`)
    return text
  })
  const weight = need('weight_unit', oneOf(weightUnits))
  const length = need('length_unit', oneOf(lengthUnits))
  const card = {
    id: need('id', asText),
    name: need('name', asText),
    carrier: need('carrier', asText),
    source: need('source', asText),
    currency,
    timeZone: get('time_zone', asText),
  }
  const validity = { validFrom: need('valid_from', readDay), validUntil: get('valid_until', readDay) ?? null }
  for (const [path, field] of [
    ['validFrom', 'valid_from'],
    ['timeZone', 'time_zone'],
    ['id', 'id'],
    ['name', 'name'],
    ['carrier', 'carrier'],
    ['source', 'source'],
  ] as const) {
    const row = lines.get(field)
    if (row) collector.places.set(path, { file: table.file, row: row.row, column: 'value' })
  }
  if (!currency || !weight || !length) return null
  return { card, validity, units: { currency, weight, length } satisfies Units }
}
