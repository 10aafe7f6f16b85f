import {
  CellError,
  oneOf,
  readAmount,
  readBasisPoints,
  readCountry,
  readDay,
  readLength,
  readPostcode,
  readVolume,
  readWeight,
  readWeightUnit,
  type Units,
} from './cells.ts'
import { type Collector, dropTwins, needCell, readCell } from './collect.ts'
import type { Table, TableRow } from './table.ts'

/** Reads the surcharges, one a row. Lists are parted by commas. */
export function readSurcharges(collector: Collector, table: Table, units: Units): unknown[] {
  return dropTwins(collector, table).map((row, index) => {
    collector.places.set(`surcharges/${index}`, { file: table.file, row: row.row, column: 'code' })
    const get = <Value>(column: string, read: (text: string) => Value) =>
      readCell(collector, table, row, column, read)
    return {
      code: needCell(collector, table, row, 'code', (text) => text),
      label: needCell(collector, table, row, 'label', (text) => text),
      kind: get('charge', oneOf(['fuel', 'surcharge', 'tax', 'discount', 'other'])),
      order: needCell(collector, table, row, 'order', readWhole),
      group: get('group', (text) => text),
      rate: readRate(collector, table, row, units),
      when: readWhen(get, units),
      validFrom: get('valid_from', readDay),
      validUntil: get('valid_until', readDay),
    }
  })
}

function readWhole(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new CellError(`"${text}" is no whole number. Write 1, 2 and so on.`)
  return Number(text)
}

const listOf =
  <Value>(read: (text: string) => Value) =>
  (text: string): Value[] =>
    text.split(',').map((part) => read(part.trim()))

function readWhen(
  get: <Value>(column: string, read: (text: string) => Value) => Value | undefined,
  units: Units,
) {
  const length = (text: string) => readLength(text, units.length)
  return {
    weightOver: get('weight_over', (text) => readWeight(text, units.weight)),
    longestSideOverMm: get('longest_over', length),
    secondSideOverMm: get('second_over', length),
    girthOverMm: get('girth_over', length),
    lengthPlusGirthOverMm: get('length_girth_over', length),
    volumeOverMm3: get('volume_over', (text) => readVolume(text, units.length)),
    isResidential: get(
      'residential',
      (text) => oneOf(['yes', 'no', 'true', 'false'])(text) === 'yes' || text.toLowerCase() === 'true',
    ),
    countries: get('countries', listOf(readCountry)),
    postcodes: get('postcodes', listOf(readPostcodes)),
    services: get(
      'services',
      listOf((text) => text),
    ),
    declaredValueOverMinor: get('value_over', (text) => readAmount(text, units.currency)),
  }
}

/** "DE 27498" is a prefix, "GB HS1 to HS9" a range. */
function readPostcodes(text: string) {
  const match = /^([A-Z]{2})\s+(.+?)(?:\s+to\s+(.+))?$/.exec(text)
  if (!match) throw new CellError(`"${text}" is no list of postcodes. Write DE 27498, GB HS1 to HS9.`)
  const from = readPostcode(match[2]!)
  return { country: match[1]!, from, to: match[3] ? readPostcode(match[3]) : from }
}

function readRate(collector: Collector, table: Table, row: TableRow, units: Units): unknown {
  const need = <Value>(column: string, read: (text: string) => Value) =>
    needCell(collector, table, row, column, read)
  const amount = (text: string) => readAmount(text, units.currency)
  const plus =
    readCell(
      collector,
      table,
      row,
      'of',
      listOf((text) => text),
    ) ?? []
  const kind = need('rate', oneOf(['fixed', 'per_piece', 'per_weight', 'percentage', 'fuel']))
  switch (kind) {
    case 'fixed':
      return { kind, amountMinor: need('amount', amount) }
    case 'per_piece':
      return { kind: 'perPiece', amountMinor: need('amount', amount) }
    case 'per_weight':
      return {
        kind: 'perWeight',
        amountMinor: need('amount', amount),
        unit: need('unit', (text) => readWeightUnit(text, units.weight)),
      }
    case 'percentage':
      return { kind, basisPoints: need('percent', readBasisPoints), plus }
    case 'fuel':
      return { kind, table: need('table', (text) => text), plus }
    case undefined:
      return undefined
  }
}
