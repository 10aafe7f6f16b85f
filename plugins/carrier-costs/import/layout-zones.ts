import { readCountry, readPostcode } from './cells.ts'
import { type Collector, dropTwins, needCell, readCell } from './collect.ts'
import type { Table, TableRow } from './table.ts'

type Draft = Record<string, unknown>

/** Reads the zone tables. */
export function readZones(collector: Collector, table: Table): Draft[] {
  const sets = new Map<
    string,
    { index: number; zones: Map<string, { name: string; row: number }>; rules: Draft[] }
  >()
  for (const row of dropTwins(collector, table)) {
    const { cells } = row
    const id = cells.zone_set || 'zones'
    const set = sets.get(id) ?? {
      index: sets.size,
      zones: new Map<string, { name: string; row: number }>(),
      rules: [] as Draft[],
    }
    sets.set(id, set)
    const zone = needCell(collector, table, row, 'zone', (text) => text)
    const country = needCell(collector, table, row, 'country', readCountry)
    if (zone === undefined) continue
    const known = set.zones.get(zone)
    const name = cells.zone_name || known?.name || zone
    if (known && cells.zone_name && known.name !== zone && known.name !== name)
      collector.faults.push({
        file: table.file,
        row: row.row,
        column: 'zone_name',
        message: `The zone ${zone} is called "${known.name}" in row ${known.row}. Give it one name.`,
      })
    set.zones.set(zone, { name, row: known?.row ?? row.row })
    collector.places.set(`zoneSets/${set.index}/rules/${set.rules.length}`, {
      file: table.file,
      row: row.row,
      column: 'zone',
    })
    const fromCountry = readCell(collector, table, row, 'from_country', readCountry)
    const fromPostcodes = readRange(collector, table, row, 'from_postcode_from', 'from_postcode_to')
    if (fromPostcodes && !fromCountry)
      collector.faults.push({
        file: table.file,
        row: row.row,
        column: 'from_country',
        message: 'It is empty. Say of which country the origin postcodes are.',
      })
    set.rules.push({
      zone,
      country,
      postcodes: readRange(collector, table, row, 'postcode_from', 'postcode_to'),
      areas: (cells.area ?? '')
        .split('|')
        .map((area) => area.trim())
        .filter(Boolean),
      origin: fromCountry ? { country: fromCountry, postcodes: fromPostcodes } : null,
    })
  }
  return [...sets].map(([id, { zones, rules }]) => ({
    id,
    zones: [...zones].map(([zone, { name }]) => ({ id: zone, name })),
    rules,
  }))
}

/** One bound alone is a prefix. */
function readRange(collector: Collector, table: Table, row: TableRow, lower: string, upper: string) {
  const from = readCell(collector, table, row, lower, readPostcode)
  const to = readCell(collector, table, row, upper, readPostcode)
  if (to !== undefined && from === undefined)
    collector.faults.push({
      file: table.file,
      row: row.row,
      column: lower,
      message: 'It is empty. Give the lower bound too.',
    })
  return from === undefined ? null : { from, to: to ?? from }
}
