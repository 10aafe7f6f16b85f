import { csvLine, formatDecimal } from 'entrepot/sdk'
import { explainFinding } from './explain.ts'
import type { Finding } from './findings.ts'

type Cell = string | number | null
const fixed = (value: number | null, digits = 2): Cell =>
  value === null ? null : Number(value.toFixed(digits))
const money = (minor: number | null, currency: string): Cell =>
  minor === null ? null : formatDecimal({ minor, currency })

const columns: readonly [string, (found: Finding) => Cell][] = [
  ['listing', (found) => found.listingId],
  ['connection', (found) => found.connectionId],
  ['sku', (found) => found.sku],
  ['title', (found) => found.title],
  ['category', (found) => found.categoryKey ?? ''],
  ['verdict', (found) => found.verdict],
  ['reasons', (found) => found.reasons.join(' ')],
  ['slow_since', (found) => found.slowSince],
  ['known_days', (found) => found.knownDays],
  ['days_in_stock', (found) => found.daysInStock],
  ['days_out', (found) => found.daysOut],
  ['units', (found) => found.units],
  ['revenue', (found) => money(found.revenueMinor, found.currency)],
  ['last_sold', (found) => found.lastSoldOn],
  ['units_per_30_days', (found) => fixed(found.velocity === null ? null : found.velocity * 30)],
  ['season_index', (found) => fixed(found.seasonIndex)],
  ['expected_units', (found) => fixed(found.expectedUnits)],
  ['on_hand', (found) => found.onHand],
  ['cover_days', (found) => fixed(found.coverDays, 0)],
  ['stock_age_days', (found) => found.stockAgeDays],
  ['price', (found) => money(found.priceMinor, found.currency)],
  ['floor', (found) => money(found.floorMinor, found.currency)],
  ['margin_percent', (found) => fixed(found.marginPercent)],
  ['return_percent', (found) => fixed(found.returnPercent)],
  ['money_bound', (found) => money(found.boundMinor, found.currency)],
  ['currency', (found) => found.currency],
  ['because', (found) => explainFinding(found).join(' ')],
]

export const csvHeader = csvLine(columns.map(([name]) => name))

/** Findings as lines of CSV. What is not known is empty, never zero. */
export const csvLines = (findings: readonly Finding[]): string =>
  findings.map((found) => csvLine(columns.map(([, read]) => read(found)))).join('')
