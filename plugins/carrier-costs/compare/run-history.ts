import { InputError, isCurrency, type PluginContext, type ShipmentFacts } from 'entrepot/sdk'
import { type CardHead, openVersion, readCards, type StoredCard } from '../cards/in-force.ts'
import type { Compiled } from '../compile.ts'
import { createRateBook, type Rates } from '../exchange/rates.ts'
import { type CardPrice, priceCard, type Reason } from '../quotes/price-card.ts'
import { versionInForce } from '../versions.ts'
import {
  type Actual,
  cheapestOf,
  createTotals,
  type HistoryRow,
  laneOf,
  type Totals,
} from './history-totals.ts'

export type HistoryWish = {
  from: Date
  to: Date
  currency: string
  /** Only these cards; all if left out. */
  cards?: readonly string[] | undefined
}

export type HistoryAnswer = {
  from: string
  to: string
  currency: string
  shipments: number
  cancelled: number
  rows: HistoryRow[]
}

/** How far it is: the time of booking of the last shipment that was read. */
export type HistoryProgress = { shipments: number; at: Date }

/** After so many shipments it is said how far it is. */
const saidEvery = 500

/**
 * What the shipments of a period would have cost with our cards, at the prices and exchange rates of their ship
 * dates. Shipments are read page by page and none is kept: only sums by carrier, service and lane are. Gives
 * progress, and the answer in the end.
 * @throws InputError
 */
export async function* runHistory(
  { db, services }: PluginContext,
  wish: HistoryWish,
): AsyncGenerator<HistoryProgress, HistoryAnswer> {
  const { from, to, currency } = wish
  if (!isCurrency(currency)) throw new InputError(`"${currency}" is no ISO 4217 currency code.`, 'currency')
  if (!(from < to)) throw new InputError('The period ends before it begins.', 'to')
  const cards = await readWished(db, wish.cards)
  const ratesAt = createRateBook(db)
  const totals = createTotals()
  const counts = { shipments: 0, cancelled: 0 }
  for await (const shipment of services.streamShipments({ from, to })) {
    if (shipment.isCancelled) counts.cancelled += 1
    else {
      counts.shipments += 1
      const rates = await ratesAt(shipment.shipAt)
      const actual = addActual(totals, shipment, currency, rates)
      for (const card of cards) {
        const head = versionInForce(card, shipment.shipAt)
        const compiled = head && (await openOnce(db, card, head))
        addCard(totals, { card, compiled, shipment, actual, currency, rates })
      }
    }
    if ((counts.shipments + counts.cancelled) % saidEvery === 0)
      yield { shipments: counts.shipments + counts.cancelled, at: shipment.bookedAt }
  }
  return { from: from.toISOString(), to: to.toISOString(), currency, ...counts, rows: totals.rows() }
}

/** A card with the versions that this run has opened. */
type OpenCard = StoredCard & { opened: Map<number, Compiled> }

async function readWished(
  db: PluginContext['db'],
  wished: readonly string[] | undefined,
): Promise<OpenCard[]> {
  const cards = await readCards(db)
  const unknown = wished?.find((id) => !cards.some((card) => card.id === id))
  if (unknown !== undefined) throw new InputError(`There is no rate card "${unknown}".`, 'cards')
  return cards
    .filter(({ id }) => !wished || wished.includes(id))
    .map((card) => ({ ...card, opened: new Map<number, Compiled>() }))
}

async function openOnce(db: PluginContext['db'], { opened }: OpenCard, head: CardHead): Promise<Compiled> {
  const known = opened.get(head.number)
  if (known) return known
  const compiled = await openVersion(db, head)
  opened.set(head.number, compiled)
  return compiled
}

function addActual(totals: Totals, shipment: ShipmentFacts, currency: string, rates: Rates): Actual {
  const convert = (money: { currency: string; totalMinor: number } | null) =>
    money && rates.convert({ minor: money.totalMinor, currency: money.currency }, currency)
  const quoted = convert(shipment.quoted)
  const booked = convert(shipment.booked)
  const actual = { id: shipment.id, lane: laneOf(shipment), quoted, booked }
  const { carrier, service } = shipment
  const key = { kind: 'actual', card: null, carrier: carrier ?? '', service, lane: actual.lane } as const
  const paid = booked ?? quoted
  const agreed = shipment.booked ?? shipment.quoted
  if (paid) totals.addPrice(key, actual, paid.minor)
  else totals.addUnpriced(key, actual, agreed ? noRate(agreed.currency, currency) : noPrice)
  return actual
}

type Subject = {
  card: StoredCard
  compiled: Compiled | undefined
  shipment: ShipmentFacts
  actual: Actual
  currency: string
  rates: Rates
}

function addCard(totals: Totals, { card, compiled, shipment, actual, currency, rates }: Subject): void {
  const key = { card: card.id, carrier: card.carrier, lane: actual.lane }
  const cheapestKey = { ...key, kind: 'cheapest', service: null } as const
  if (!compiled) {
    totals.addUnpriced(cheapestKey, actual, notInForce)
    return
  }
  const prices = priceCard(compiled, shipment, rates)
  for (const entry of prices) {
    const serviceKey = { ...key, kind: 'service', service: entry.service.definition.code } as const
    addEntry(totals, serviceKey, entry)
  }
  const best = cheapestOf(prices)
  if (best) addEntry(totals, cheapestKey, best)
  else totals.addUnpriced(cheapestKey, actual, prices.length === 1 ? prices[0]!.reason! : noService)

  function addEntry(to: Totals, row: Parameters<Totals['addPrice']>[0], entry: CardPrice): void {
    if (entry.reason) {
      to.addUnpriced(row, actual, entry.reason)
      return
    }
    const money = rates.convert({ minor: entry.price.totalMinor, currency: card.currency }, currency)
    if (money) to.addPrice(row, actual, money.minor)
    else to.addUnpriced(row, actual, noRate(card.currency, currency))
  }
}

const noPrice: Reason = {
  code: 'no_actual_price',
  text: 'Neither a quote nor the courier said what it costs.',
}
const notInForce: Reason = {
  code: 'no_card_in_force',
  text: 'No version of the card was in force on the ship date.',
}
const noService: Reason = { code: 'no_service', text: 'No service of the card takes it; see each for why.' }
const noRate = (from: string, to: string): Reason => ({
  code: `no_exchange_rate_${from}`,
  text: `There is no exchange rate from ${from} to ${to} for the ship date.`,
})
