import type { Money, ShipmentFacts } from 'entrepot/sdk'
import type { CardPrice } from '../quotes/price-card.ts'

/** A card's prices against what was agreed, over the shipments that have both. */
export type Against = { shipments: number; actualMinor: number; cardMinor: number; differenceMinor: number }

/** What could not be priced, by reason, with the first shipment that it happened to. */
export type Unpriced = { code: string; reason: string; shipments: number; example: string }

/**
 * One line of the answer. `actual`: what was paid, by carrier and service. `service`: what a card's service would
 * have cost. `cheapest`: the cheapest service of a card for each shipment. Amounts are minor units.
 */
export type HistoryRow = {
  kind: 'actual' | 'service' | 'cheapest'
  card: string | null
  carrier: string
  service: string | null
  /** From one country to another: DE>FR. */
  lane: string
  shipments: number
  priced: number
  totalMinor: number
  againstQuoted: Against
  againstBooked: Against
  unpriced: Unpriced[]
}

type Key = Pick<HistoryRow, 'kind' | 'card' | 'carrier' | 'service' | 'lane'>

/** The facts of one shipment in the currency of the answer; null where there is none, or no rate. */
export type Actual = { id: string; lane: string; quoted: Money | null; booked: Money | null }

/** Adds up. It grows with the number of lanes and services, not with the number of shipments. */
export function createTotals() {
  const rows = new Map<string, HistoryRow>()

  function rowOf(key: Key): HistoryRow {
    const name = nameOf(key)
    const known = rows.get(name)
    if (known) return known
    const row = { ...key, shipments: 0, priced: 0, totalMinor: 0, ...noneAgainst(), unpriced: [] }
    rows.set(name, row)
    return row
  }

  /** What a shipment costs by the row's price, beside what it did cost. */
  function addPrice(key: Key, { quoted, booked }: Actual, minor: number): void {
    const row = rowOf(key)
    row.shipments += 1
    row.priced += 1
    row.totalMinor += minor
    if (quoted) add(row.againstQuoted, quoted.minor, minor)
    if (booked) add(row.againstBooked, booked.minor, minor)
  }

  function addUnpriced(key: Key, { id }: Actual, { code, text }: { code: string; text: string }): void {
    const row = rowOf(key)
    row.shipments += 1
    const known = row.unpriced.find((entry) => entry.code === code)
    if (known) known.shipments += 1
    else row.unpriced.push({ code, reason: text, shipments: 1, example: id })
  }

  return { addPrice, addUnpriced, rows: (): HistoryRow[] => [...rows.values()].sort(byKey) }
}
export type Totals = ReturnType<typeof createTotals>

const none = (): Against => ({ shipments: 0, actualMinor: 0, cardMinor: 0, differenceMinor: 0 })
const noneAgainst = () => ({ againstQuoted: none(), againstBooked: none() })

function add(against: Against, actualMinor: number, cardMinor: number): void {
  against.shipments += 1
  against.actualMinor += actualMinor
  against.cardMinor += cardMinor
  against.differenceMinor += cardMinor - actualMinor
}

const order = ['actual', 'cheapest', 'service']
const byKey = (a: HistoryRow, b: HistoryRow): number =>
  order.indexOf(a.kind) - order.indexOf(b.kind) || (nameOf(a) < nameOf(b) ? -1 : 1)
/** No name has the character between them. */
const nameOf = ({ kind, card, carrier, service, lane }: Key): string =>
  `${kind}\0${card ?? ''}\0${carrier}\0${service ?? ''}\0${lane}`

export const laneOf = ({ from, to }: Pick<ShipmentFacts, 'from' | 'to'>): string =>
  `${from.country}>${to.country}`

/** The cheapest of a card's prices; the first of equal ones. */
export function cheapestOf(prices: readonly CardPrice[]): (CardPrice & { reason: null }) | null {
  let best: (CardPrice & { reason: null }) | null = null
  for (const entry of prices)
    if (entry.reason === null && (best === null || entry.price.totalMinor < best.price.totalMinor))
      best = entry
  return best
}
