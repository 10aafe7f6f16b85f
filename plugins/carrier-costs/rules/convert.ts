import { sql } from 'drizzle-orm'
import { currencyDigits, type PluginDb } from 'entrepot/sdk'
import { rows } from '../invoices/rows.ts'

/** The amount in another currency by the rate of the last day not after `day`; null where there is none. */
export type Convert = (amountMinor: number, from: string, to: string, day: string) => Promise<number | null>

/** Reads `carrier_costs_exchange_rates`: one unit of `base` is `rate` units of `quote`. */
export const convertByRates =
  (db: PluginDb): Convert =>
  async (amountMinor, from, to, day) => {
    if (from === to) return amountMinor
    const [table] = await rows<{ isThere: boolean }>(
      db,
      sql`select to_regclass('carrier_costs_exchange_rates') is not null as "isThere"`,
    )
    if (!table?.isThere) return null
    const [found] = await rows<{ base: string; rate: string }>(
      db,
      sql`
      select base, rate::text from carrier_costs_exchange_rates
      where day <= ${day}::date and ((base = ${from} and quote = ${to}) or (base = ${to} and quote = ${from}))
      order by day desc, base = ${from} desc limit 1`,
    )
    return found
      ? applyRate(amountMinor, { from, to, rate: found.rate, isInverse: found.base !== from })
      : null
  }

type Rate = { from: string; to: string; rate: string; isInverse: boolean }

/** Exact but for the last step, which rounds half away from zero to the minor unit. Null for a rate that is none. */
export function applyRate(amountMinor: number, { from, to, rate, isInverse }: Rate): number | null {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(rate)
  if (!match) return null
  const [units, scale] = [BigInt(match[1]! + (match[2] ?? '')), 10n ** BigInt(match[2]?.length ?? 0)]
  if (units === 0n) return null
  const [times, over] = isInverse ? [scale, units] : [units, scale]
  const top = BigInt(Math.abs(amountMinor)) * times * 10n ** BigInt(currencyDigits(to))
  const bottom = over * 10n ** BigInt(currencyDigits(from))
  const minor = Number((top * 2n + bottom) / (bottom * 2n))
  return amountMinor < 0 ? -minor : minor
}
