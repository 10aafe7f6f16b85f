import { formatMoney } from 'entrepot/sdk'
import type { Reason } from './analysis.ts'
import type { Finding } from './findings.ts'

const one = (value: number): string => value.toFixed(1).replace(/\.0$/, '')

const reasonWords: Record<Reason, string> = {
  few_sales: 'fewer units than the policy wants in 30 days in stock',
  long_cover: 'the stock lasts longer than the policy allows',
  old_stock: 'the oldest unit lies longer than the policy allows',
  low_return: 'the stock earns less in a year than the policy wants',
  no_sales_figure: 'nobody tells its sales, so it is not judged',
  stock_not_kept:
    'its stock is not kept in the hub, so days without stock are not known and it is not judged',
  short_record: 'its sales are known for too few days to judge it',
  mostly_out: 'it was out of stock for most of the window, which is no fault of its own',
  none_on_hand: 'there is no unit on hand',
  in_grace: 'it has its grace time',
}

/** A verdict in words. */
export const verdictWords = {
  slow: 'slow',
  fine: 'earns its place',
  unknown: 'not known',
  new: 'new',
  out_of_stock: 'out of stock',
  not_goods: 'no goods',
} as const

/** Why, as the codes say. */
export const sayReasons = (codes: readonly Reason[]): string =>
  codes.map((code) => reasonWords[code]).join('; ')

/** How a verdict came to be, a line a figure. */
export function explainFinding(found: Finding): string[] {
  const lines = [
    found.units === null || found.knownDays === null
      ? 'Sales: no data.'
      : `Sales: ${found.units} units in ${found.knownDays} days of which sales are known${found.salesFrom === 'snapshots' ? ' (by a counter: at least that many)' : ''}.`,
    sayPresence(found),
    found.velocity === null
      ? 'Pace: no data.'
      : `Pace: ${one(found.velocity * 30)} units in 30 days in stock (${found.units} / ${found.daysInStock} × 30).`,
    saySeason(found),
    found.coverDays === null
      ? found.onHand === null || found.velocity === null
        ? 'Cover: no data.'
        : 'Cover: nothing sells, so the stock lasts for ever.'
      : `Cover: ${one(found.coverDays)} days (${found.onHand} units at that pace${found.seasonIndex === null ? '' : ' of an average time of year'}).`,
    found.stockAgeDays === null
      ? 'Stock age: no data.'
      : `Stock age: the oldest unit lies ${found.stockAgeDays} days, the average one ${found.meanAgeDays}, first in first out.`,
    found.marginPercent === null
      ? 'Margin: no data (cost or price is not known).'
      : `Margin: ${one(found.marginPercent)} % of the price${found.returnPercent === null ? '' : `; ${one(found.returnPercent)} % of the stock's cost in a year`}.`,
    found.boundMinor === null
      ? 'Money bound: no data (the cost or the stock is not known).'
      : `Money bound: ${formatMoney({ minor: found.boundMinor, currency: found.currency })} (${found.onHand} units at cost).`,
  ]
  const why = sayReasons(found.reasons)
  return [`${verdictWords[found.verdict]}${why ? `: ${why}` : ''}.`, ...lines]
}

function sayPresence({ knownDays, daysInStock, daysOut, salesFrom }: Finding): string {
  if (knownDays === null) return 'Days in stock: no data.'
  if (salesFrom === 'snapshots')
    return `Days in stock: ${daysInStock}, the days on which it was seen with a figure.`
  if (daysOut === null) return 'Days in stock: no data, its stock is not kept in the hub.'
  return `Days in stock: ${daysInStock} (${knownDays} less ${daysOut} without stock).`
}

function saySeason({ seasonIndex, seasonGap, expectedUnits }: Finding): string {
  if (seasonIndex === null)
    return `Season: no data (${seasonGap === 'no_year' ? 'sales are not known for the same weeks of last year' : 'its category sold too little last year'}).`
  const expected =
    expectedUnits === null ? '' : `; by its own last year ${one(expectedUnits)} units were to be expected`
  return `Season: these weeks bring ${one(seasonIndex * 100)} % of an average time of year in its category${expected}.`
}
