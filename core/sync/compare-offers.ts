import type { DbOrTx } from '../db/client.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import type { Offer, ShippingChoice } from '../sdk/shipping.ts'
import {
  keepQuote,
  readKeptQuote,
  readOrderFacts,
  readPlannedRequest,
  readShippingFacts,
} from '../shipments/request.ts'
import { chooseService, mostCommonCurrency, reasonAgainst } from './choose-service.ts'
import type { Hub } from './hub.ts'
import { rateShop } from './rate-shop.ts'

/** Asks for prices of a shipment as it is planned, and keeps them. Returns the quote's id. @throws NotFoundError */
export async function quoteShipment(hub: Hub, shipmentId: string, act: Act): Promise<string> {
  const request = await transact(hub.db, (tx) => readPlannedRequest(tx, shipmentId))
  const found = await rateShop(hub, request)
  return transact(hub.db, async (tx) => {
    const { order } = await readOrderFacts(tx, shipmentId)
    return keepQuote(tx, request, found, order?.id ?? null, act)
  })
}

/**
 * A quote as a person compares its offers now: what speaks against each, and which one the rules take and why.
 * @throws NotFoundError
 */
export async function compareOffers(hub: Hub, quoteId: string) {
  const quote = await readKeptQuote(hub.db, quoteId)
  const facts = await readFacts(hub.db, quote.orderId)
  const { request, offers, unavailable } = quote
  const choice: ShippingChoice = await chooseService(hub, { request, offers, unavailable, ...facts })
  const now = hub.clock.now()
  const currency = facts.order?.currency ?? mostCommonCurrency(offers)
  const verdicts = offers.map((offer) => ({
    offerId: offer.id,
    reasonAgainst: reasonAgainst(offer, currency, facts.deliverBy, now),
    isBookable: offer.connectionId !== null && !hasExpired(offer, now),
    isInTime: arrivesBy(offer, facts.deliverBy),
  }))
  const { request: asked, ...rest } = quote
  return { ...rest, parcels: asked.parcels, deliverBy: facts.deliverBy, verdicts, choice }
}

const hasExpired = (offer: Offer, now: Date): boolean =>
  offer.expiresAt !== null && new Date(offer.expiresAt) <= now

const arrivesBy = (offer: Offer, deliverBy: Date | null): boolean | null =>
  offer.deliverBy === null || deliverBy === null ? null : new Date(offer.deliverBy) <= deliverBy

const readFacts = async (db: DbOrTx, orderId: string | null) =>
  orderId === null ? { shipBy: null, deliverBy: null, order: null } : readShippingFacts(db, orderId)
