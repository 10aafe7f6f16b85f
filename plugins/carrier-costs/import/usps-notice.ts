import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ZoneRule } from '../rate-card.ts'
import { CellError, readAmount, readDay, readWeight, type WeightUnit } from './cells.ts'
import { type Collector, createCollector, finishCard, needCell } from './collect.ts'
import type { ImportFault, ImportResult } from './report.ts'
import { readCsvTable, type Table } from './table.ts'

const zones = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
const files = [
  'ground_advantage_retail.csv',
  'priority_mail_retail.csv',
  'oversize_ground_advantage.csv',
] as const

export type UspsOptions = {
  /**
   * Which zone a destination is in, seen from where parcels are handed over. The notice has none: USPS publishes a
   * chart for each origin's three digits. @see https://postcalc.usps.com/DomesticZoneChart
   */
  zoneRules?: readonly ZoneRule[]
}

/**
 * Imports the retail prices of USPS Notice 123 for Ground Advantage and Priority Mail.
 *
 * Rows hold for weights "not over" them, in ounces or pounds. Weights are integers of 1/100 000 g, in which a pound
 * is 45 359 237, and a bound that falls between two of them is cut: no parcel lies in the cut-off part. Zone 9 is
 * read as it stands in each file. A Ground Advantage parcel of more than 108 in of length and girth costs the flat
 * price of its zone.
 */
export async function importUspsNotice(folder: string, options: UspsOptions = {}): Promise<ImportResult> {
  const texts = await Promise.all(
    files.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  )
  return readUspsNotice(texts, options)
}

/** The same from files that were read. */
export function readUspsNotice(
  texts: readonly { name: string; text: string }[],
  { zoneRules = [] }: UspsOptions = {},
): ImportResult {
  const collector = createCollector()
  const tables = files.map((name) => tableOf(collector.faults, name, texts))
  const [ground, priority, oversize] = tables
  if (!ground || !priority || !oversize) return { ok: false, faults: collector.faults }
  const flat = readOversize(collector, oversize)
  const inch = (inches: number) => Math.floor((inches * 254) / 10)
  const services = [
    {
      code: 'USPS_GROUND_ADVANTAGE',
      name: 'USPS Ground Advantage',
      ...common(collector, ground, 0, inch(130)),
      overrides: [
        { id: 'OVERSIZED', label: 'Oversized', when: { lengthPlusGirthOverMm: inch(108) }, prices: flat },
      ],
    },
    { code: 'PRIORITY_MAIL', name: 'Priority Mail', ...common(collector, priority, 1, inch(108)) },
  ]
  if (zoneRules.length === 0)
    collector.notes.push(
      'The notice has no zone chart: nothing is priced until rows say which postcodes are in which zone.',
    )
  collector.notes.push(
    'The prices were typed off by a third party. Check some against pe.usps.com before relying on them.',
    'Whether the prices for oversized parcels are published ones is not known; they are of 2025-01-01.',
    'Priority Mail above 40 lb has a row for every fifth pound only: weights between cost as the next row, never less than at USPS.',
    'Weight by volume (above one cubic foot: cubic inches by 166, sides rounded up to inches) and the greatest sizes are of the Domestic Mail Manual, not of the files.',
  )
  const version = {
    validFrom: '2025-10-05',
    validUntil: null,
    partsPerGram: 100_000,
    zoneSets: [
      { id: 'usps', zones: zones.map((zone) => ({ id: zone, name: `Zone ${zone}` })), rules: [...zoneRules] },
    ],
    services,
  }
  const card = {
    id: 'usps-retail',
    name: 'USPS retail',
    carrier: 'USPS',
    currency: 'USD',
    timeZone: 'America/New_York',
  }
  const source = 'USPS Notice 123, retail prices in force from 2025-10-05'
  return finishCard(collector, { ...card, source, versions: [version] }, 'usps')
}

function tableOf(
  faults: ImportFault[],
  name: string,
  texts: readonly { name: string; text: string }[],
): Table | null {
  const found = texts.find((file) => file.name === name)
  if (found) return readCsvTable(found.name, found.text, faults)
  faults.push({ file: name, row: null, column: null, message: 'It is missing. Add it to the folder.' })
  return null
}

const seventyPounds = readWeight('70', 'lb')

/** @see https://pe.usps.com/text/dmm300/101.htm for the greatest weight and sizes, and for weight by volume */
function common(collector: Collector, table: Table, index: number, maxLengthPlusGirthMm: number) {
  return {
    zoneSet: 'usps',
    limits: { maxWeight: seventyPounds, maxLengthPlusGirthMm },
    // A cubic foot is 28 316 846.592 mm3.
    dimensional: {
      unit: 'in3/lb',
      divisor: { numerator: 166, denominator: 1 },
      roundSidesUpTo: 'in',
      overVolumeMm3: 28_316_846,
    },
    prices: zones.map((zone, at) => {
      collector.places.set(`services/${index}/prices/${at}`, {
        file: table.file,
        row: null,
        column: `zone_${zone}`,
      })
      return { zone, steps: readColumn(collector, table, zone, `services/${index}/prices/${at}/steps`) }
    }),
  }
}

function readColumn(collector: Collector, table: Table, zone: string, path: string) {
  let over = 0
  return table.rows.map((row, index) => {
    collector.places.set(`${path}/${index}`, { file: table.file, row: row.row, column: 'not_over_label' })
    const notOver = needCell(collector, table, row, 'not_over_label', readBound) ?? over
    const amountMinor =
      needCell(collector, table, row, `zone_${zone}`, (text) => readAmount(text, 'USD')) ?? 0
    const step = { over, notOver, price: { kind: 'amount' as const, amountMinor } }
    over = notOver
    return step
  })
}

/** The label is exact where the column of pounds is rounded: 15.999 oz is not 0.999938 lb. */
function readBound(label: string): number {
  const match = /^([\d.]+)(oz|lb)$/.exec(label)
  if (!match) throw new CellError(`"${label}" is no weight like 4oz or 1lb.`)
  return readWeight(match[1]!, match[2] as WeightUnit)
}

function readOversize(collector: Collector, table: Table) {
  return table.rows.flatMap((row) => {
    const zone = needCell(collector, table, row, 'zone', (text) => text)
    const amountMinor = needCell(collector, table, row, 'oversize_rate', (text) => readAmount(text, 'USD'))
    needCell(collector, table, row, 'date_from', readDay)
    return zone === undefined || amountMinor === undefined ? [] : [{ zone, amountMinor }]
  })
}
