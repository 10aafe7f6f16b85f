import {
  CellError,
  oneOf,
  readLength,
  readRatio,
  readVolume,
  readWeight,
  readWeightUnit,
  type Units,
} from './cells.ts'
import type { Collector } from './collect.ts'
import { readCell } from './collect.ts'
import type { Table, TableRow } from './table.ts'

type Steps = { over: unknown; notOver: unknown; price: unknown }[]
/** Services under construction, by code. */
export type Services = Map<
  string,
  Record<string, unknown> & { prices: { zone: string; maxWeight: number | null; steps: Steps }[] }
>

/** What a line of the card may say of a service, or, without one, of all. */
const fields = [
  'name',
  'zone_set',
  'basis',
  'max_weight',
  'max_length',
  'max_length_girth',
  'max_sides',
  'divisor',
  'divisor_unit',
  'round_sides',
  'dimensional_over',
  'weight_step',
  'min_weight',
] as const
const ofCard = [
  'id',
  'carrier',
  'currency',
  'source',
  'time_zone',
  'valid_from',
  'valid_until',
  'weight_unit',
  'length_unit',
]

/** Reads the services that the card's lines name. */
export function readServices(collector: Collector, table: Table, units: Units): Services {
  const lines = sortLines(collector, table)
  const codes = [...new Set(table.rows.map((row) => row.cells.service ?? ''))].filter(Boolean)
  if (codes.length === 0)
    collector.faults.push({
      file: table.file,
      row: null,
      column: 'service',
      message: 'The card has no service. Add a line "name" for each.',
    })
  return new Map(codes.map((code, index) => [code, readService(collector, table, units, lines, code, index)]))
}

const keyOf = (service: string, field: string) => `${service}\n${field}`

function sortLines({ faults }: Collector, table: Table): Map<string, TableRow> {
  const lines = new Map<string, TableRow>()
  for (const row of table.rows) {
    const { field = '', service = '', value } = row.cells
    const isKnown = fields.some((name) => name === field) || (service === '' && ofCard.includes(field))
    if (!isKnown)
      faults.push({
        file: table.file,
        row: row.row,
        column: 'field',
        message: `"${field}" is not known${service ? ' of a service' : ''}. Use ${(service ? fields : [...ofCard, ...fields]).join(', ')}.`,
      })
    const earlier = lines.get(keyOf(service, field))
    if (earlier && service !== '' && earlier.cells.value !== value)
      faults.push({
        file: table.file,
        row: row.row,
        column: 'value',
        message: `${field} contradicts row ${earlier.row}. Remove one of them.`,
      })
    lines.set(keyOf(service, field), row)
  }
  return lines
}

function readService(
  collector: Collector,
  table: Table,
  units: Units,
  lines: ReadonlyMap<string, TableRow>,
  code: string,
  index: number,
) {
  const lineOf = (field: (typeof fields)[number]) =>
    lines.get(keyOf(code, field)) ?? (field === 'name' ? undefined : lines.get(keyOf('', field)))
  const get = <Value>(field: (typeof fields)[number], read: (text: string) => Value): Value | null => {
    const row = lineOf(field)
    return (row && readCell(collector, table, row, 'value', read)) ?? null
  }
  const placeOf = (field: (typeof fields)[number]) => ({
    file: table.file,
    row: lineOf(field)?.row ?? null,
    column: 'value',
  })
  collector.places.set(`services/${index}`, placeOf('name'))
  collector.places.set(`services/${index}/zoneSet`, placeOf('zone_set'))
  collector.places.set(`services/${index}/limits`, placeOf('max_sides'))
  const need = (field: 'name' | 'max_weight', message: string) => {
    if (!lineOf(field)?.cells.value)
      collector.faults.push({ file: table.file, row: lineOf(field)?.row ?? null, column: 'field', message })
  }
  need('name', `The service ${code} has no name. Add a line "name" for it.`)
  need('max_weight', `The service ${code} has no weight limit. Add a line "max_weight" for it or for all.`)
  const weight = (text: string) => readWeight(text, units.weight)
  const length = (text: string) => readLength(text, units.length)
  const divisor = get('divisor', readRatio)
  return {
    code,
    name: get('name', (text) => text),
    zoneSet: get('zone_set', (text) => text) ?? 'zones',
    basis: get('basis', oneOf(['parcel', 'shipment'])) ?? 'parcel',
    limits: {
      maxWeight: get('max_weight', weight),
      maxLengthMm: get('max_length', length),
      maxLengthPlusGirthMm: get('max_length_girth', length),
      maxSidesMm: get('max_sides', (text) => readSides(text, length)),
    },
    dimensional: divisor && {
      divisor,
      unit: get('divisor_unit', oneOf(['cm3/kg', 'in3/lb'])) ?? 'cm3/kg',
      roundSidesUpTo: get('round_sides', oneOf(['cm', 'in'])),
      overVolumeMm3: get('dimensional_over', (text) => readVolume(text, units.length)),
    },
    weightUnit: get('weight_step', (text) => readWeightUnit(text, units.weight)) ?? 1,
    minWeight: get('min_weight', weight) ?? 0,
    prices: [],
  }
}

function readSides(text: string, length: (text: string) => number): number[] {
  const sides = text.split(/[x*]/i).map((side) => length(side))
  if (sides.length !== 3) throw new CellError(`"${text}" is not three sides. Write them as 120x60x60.`)
  return sides
}
