import { sql } from 'drizzle-orm'
import { currencyDigits, type Money, type PluginDb } from 'entrepot/sdk'
import { dateOf } from '../days.ts'
import { readDecimal } from '../import/cells.ts'
import { query } from '../part.ts'

/** On that day one `base` cost `rate` of `quote`. The rate is exact decimal text. */
export type RateRow = { day: string; base: string; quote: string; rate: string }

/** An exact rate with the day it is of: of two that were multiplied, the older. `path` names the currencies. */
export type Rate = { numerator: bigint; denominator: bigint; day: string; path: readonly string[] }

/** Money in another currency, with the day of the rate and how it was reached; `day` is null where none was needed. */
export type Converted = Money & { day: string | null; path: readonly string[] }

/** Rates as they were known on a day. */
export type Rates = {
  find(from: string, to: string): Rate | null
  /** The amount in another currency, rounded half away from zero; null where there is no rate. */
  convert(money: Money, to: string): Converted | null
}

/** Makes rates of the newest row of each pair. */
export function createRates(rows: readonly RateRow[]): Rates {
  const direct = new Map<string, Map<string, Rate>>()
  const put = (from: string, to: string, rate: Rate) => {
    const others = direct.get(from) ?? new Map<string, Rate>()
    direct.set(from, others)
    const known = others.get(to)
    if (!known || rate.day > known.day) others.set(to, rate)
  }
  for (const { day, base, quote, rate } of rows) {
    const { units, scale } = readDecimal(rate)
    put(base, quote, { numerator: units, denominator: scale, day, path: [base, quote] })
    put(quote, base, { numerator: scale, denominator: units, day, path: [quote, base] })
  }
  const found = new Map<string, Rate | null>()
  const find = (from: string, to: string) => {
    const key = `${from} ${to}`
    const known = found.get(key)
    if (known !== undefined) return known
    const rate = findRate(direct, from, to)
    found.set(key, rate)
    return rate
  }
  const convert: Rates['convert'] = (money, to) => {
    if (money.currency === to) return { ...money, day: null, path: [] }
    const rate = find(money.currency, to)
    return rate && { minor: applyRate(money, to, rate), currency: to, day: rate.day, path: rate.path }
  }
  return { find, convert }
}

/** The rate itself or the one through a third currency, whichever is newer; of equally old ones the rate itself. */
function findRate(
  direct: ReadonlyMap<string, ReadonlyMap<string, Rate>>,
  from: string,
  to: string,
): Rate | null {
  let best = direct.get(from)?.get(to) ?? null
  const pivots = [...(direct.get(from) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [pivot, first] of pivots) {
    const second = pivot === to ? undefined : direct.get(pivot)?.get(to)
    if (!second) continue
    const day = first.day < second.day ? first.day : second.day
    if (best && best.day >= day) continue
    best = {
      numerator: first.numerator * second.numerator,
      denominator: first.denominator * second.denominator,
      day,
      path: [from, pivot, to],
    }
  }
  return best
}

function applyRate({ minor, currency }: Money, to: string, { numerator, denominator }: Rate): number {
  const up = BigInt(Math.abs(minor)) * numerator * 10n ** BigInt(currencyDigits(to))
  const down = denominator * 10n ** BigInt(currencyDigits(currency))
  const rounded = Number((2n * up + down) / (2n * down))
  if (!Number.isSafeInteger(rounded))
    throw new RangeError(`${minor} ${currency} is too large an amount in ${to}.`)
  return minor < 0 && rounded !== 0 ? -rounded : rounded
}

type Db = Pick<PluginDb, 'execute'>

/** The rates as they were known on the day (UTC) of an instant: of each pair the newest until then. */
export async function readRates(db: Db, at: Date): Promise<Rates> {
  const day = dateOf(Math.floor(at.getTime() / 86_400_000))
  const rows = await query<RateRow>(
    db,
    sql`select distinct on (base, quote) day::text, base, quote, rate::text from carrier_costs_exchange_rates
    where day <= ${day}::date order by base, quote, carrier_costs_exchange_rates.day desc`,
  )
  return createRates(rows)
}

/** Rates by day for a long stretch of days that come nearly in order; a few days are kept. */
export function createRateBook(db: Db): (at: Date) => Promise<Rates> {
  const kept = new Map<number, Promise<Rates>>()
  return (at) => {
    const day = Math.floor(at.getTime() / 86_400_000)
    const known = kept.get(day)
    if (known) return known
    const read = readRates(db, at)
    kept.set(day, read)
    if (kept.size > 32) kept.delete(kept.keys().next().value!)
    return read
  }
}
