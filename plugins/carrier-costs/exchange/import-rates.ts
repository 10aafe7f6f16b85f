import { sql } from 'drizzle-orm'
import { InputError, isCurrency, type PluginDb } from 'entrepot/sdk'
import { CellError, readDay, readDecimal } from '../import/cells.ts'
import { createCollector, needCell } from '../import/collect.ts'
import { describeFault } from '../import/report.ts'
import { readCsvTable } from '../import/table.ts'
import { query } from '../part.ts'
import type { RateRow } from './rates.ts'

/** How many rates were not there, differed, or stood so already. */
export type RatesReport = { rates: number; added: number; changed: number; unchanged: number }

const columns = ['date', 'base', 'quote', 'rate']

/** Reads `date,base,quote,rate`: on that day one `base` cost `rate` of `quote`. @throws InputError with every fault */
export function readRatesFile(name: string, text: string): RateRow[] {
  const collector = createCollector()
  const { faults } = collector
  const table = readCsvTable(name, text, faults)
  for (const column of columns)
    if (table && !table.columns.includes(column))
      faults.push({ file: name, row: 1, column, message: 'The column is missing. Add it.' })
  const found = new Map<string, RateRow & { row: number }>()
  for (const row of faults.length === 0 ? table!.rows : []) {
    const day = needCell(collector, table!, row, 'date', readDay)
    const base = needCell(collector, table!, row, 'base', readCurrency)
    const quote = needCell(collector, table!, row, 'quote', readCurrency)
    const rate = needCell(collector, table!, row, 'rate', readRate)
    if (!day || !base || !quote || !rate) continue
    const key = `${day} ${base} ${quote}`
    const earlier = found.get(key)
    const place = { file: name, row: row.row, column: 'rate' }
    if (base === quote)
      faults.push({ ...place, column: 'quote', message: 'It is the base itself. Correct one.' })
    else if (earlier && earlier.rate !== rate)
      faults.push({ ...place, message: `It contradicts row ${earlier.row}. Remove one of them.` })
    else found.set(key, { day, base, quote, rate, row: row.row })
  }
  if (faults.length > 0)
    throw new InputError(`Nothing was imported. ${faults.slice(0, 50).map(describeFault).join('\n')}`)
  return [...found.values()].map(({ row: _row, ...rate }) => rate)
}

function readCurrency(text: string): string {
  if (!isCurrency(text)) throw new CellError(`"${text}" is no ISO 4217 currency code. Write one such as EUR.`)
  return text
}

/** The rate as it stands, without zeros at its end, so that 7.80 and 7.8 are one. */
function readRate(text: string): string {
  const { units, isNegative } = readDecimal(text)
  if (isNegative || units === 0n) throw new CellError(`"${text}" is no rate. Write a number above zero.`)
  const [whole = '', fraction = ''] = text.trim().split('.')
  const decimals = fraction.replace(/0+$/, '')
  return `${BigInt(whole)}${decimals ? `.${decimals}` : ''}`
}

/** So many rates go in one statement. */
const batchSize = 5000

/** Keeps rates; one that is there with another number is corrected. All of them or none. */
export const saveRates = (db: PluginDb, rates: readonly RateRow[]): Promise<RatesReport> =>
  db.transaction(async (tx) => {
    const report: RatesReport = { rates: rates.length, added: 0, changed: 0, unchanged: 0 }
    for (let at = 0; at < rates.length; at += batchSize) {
      const batch = rates.slice(at, at + batchSize)
      const written = await query<{ isNew: boolean }>(
        tx,
        sql`insert into carrier_costs_exchange_rates as known (day, base, quote, rate)
        select day, base, quote, rate from jsonb_to_recordset(${JSON.stringify(batch)}::text::jsonb)
          as item(day date, base text, quote text, rate numeric)
        on conflict (day, base, quote) do update set rate = excluded.rate where known.rate <> excluded.rate
        returning xmax = 0 as "isNew"`,
      )
      const added = written.filter(({ isNew }) => isNew).length
      report.added += added
      report.changed += written.length - added
      report.unchanged += batch.length - written.length
    }
    return report
  })
