import { createRateBook } from './rates.ts'

/** The amount in another currency by the rates as they were known on `day`; null where there is none. */
export type Convert = (amountMinor: number, from: string, to: string, day: string) => Promise<number | null>

/** Converts by the plugin's exchange rates, through a third currency where there is no rate of the pair. */
export function convertByRates(db: Parameters<typeof createRateBook>[0]): Convert {
  const ratesOf = createRateBook(db)
  return async (minor, from, to, day) =>
    from === to
      ? minor
      : ((await ratesOf(new Date(`${day}T00:00:00Z`))).convert({ minor, currency: from }, to)?.minor ?? null)
}
