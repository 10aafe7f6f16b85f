import type { PluginContext, PluginQuotes, ShippingRequest } from 'entrepot/sdk'
import { type Binding, readBindings } from '../cards/bindings.ts'
import {
  type CardHead,
  openVersion,
  readCards,
  type StoredCard,
  UnreadableCardError,
} from '../cards/in-force.ts'
import type { Compiled } from '../compile.ts'
import { createCalendar, dayOf } from '../days.ts'
import { type Rates, readRates } from '../exchange/rates.ts'
import { renderExplanation } from '../explain.ts'
import { explainPrice } from '../price.ts'
import { versionInForce } from '../versions.ts'
import { priceCard, toPriceRequest } from './price-card.ts'

type Offers = { offers: PluginQuotes['offers'][number][]; unavailable: PluginQuotes['unavailable'][number][] }

/** A binding whose connection is there, with that courier's name in our word. */
type Booker = Binding & { carrier: string }

/** Prices the request by every card in force on its ship date, or by those that it names. */
export async function quoteCards(
  request: ShippingRequest,
  { db, clock, services }: PluginContext,
): Promise<PluginQuotes> {
  const [cards, bindings] = await Promise.all([readCards(db), readBindings(db)])
  const connections = bindings.length > 0 ? await services.listConnections() : []
  const bookers = bindings.flatMap((binding): Booker[] => {
    const connection = connections.find(({ id }) => id === binding.connectionId)
    return connection ? [{ ...binding, carrier: connection.connector }] : []
  })
  const rates = request.declaredValue ? await readRates(db, request.shipAt) : null
  const answer: Offers = { offers: [], unavailable: [] }
  for (const id of request.cards ?? [])
    if (!cards.some((card) => card.id === id))
      answer.unavailable.push({ id, name: id, service: null, reason: `There is no rate card "${id}".` })
  for (const card of cards) {
    if (request.cards && !request.cards.includes(card.id)) continue
    const found = await openInForce(db, card, request.shipAt)
    if ('reason' in found)
      answer.unavailable.push({ id: card.id, name: card.name, service: null, reason: found.reason })
    else addOffers(answer, { request, card, ...found, rates, now: clock.now() }, bookers)
  }
  return answer
}

async function openInForce(
  db: PluginContext['db'],
  card: StoredCard,
  shipAt: Date,
): Promise<{ head: CardHead; compiled: Compiled } | { reason: string }> {
  const head = versionInForce(card, shipAt)
  if (!head) return { reason: 'No version of the card is in force on the ship date.' }
  try {
    return { head, compiled: await openVersion(db, head) }
  } catch (error) {
    if (!(error instanceof UnreadableCardError)) throw error
    return { reason: error.message }
  }
}

type Subject = {
  request: ShippingRequest
  card: StoredCard
  head: CardHead
  compiled: Compiled
  rates: Rates | null
  now: Date
}

function addOffers(answer: Offers, subject: Subject, bookers: readonly Booker[]): void {
  const { request, card, head, compiled, rates, now } = subject
  const asked = toPriceRequest(compiled, request, rates)
  const expiresAt = endOfPrices(card, head, now)
  for (const { service, price, reason } of priceCard(compiled, request, rates)) {
    const { code, name } = service.definition
    const binding = bookers.find((one) => one.cardId === card.id && one.service === code)
    const remote = binding?.remoteService ?? code
    if (request.services && !request.services.includes(remote) && !request.services.includes(code)) continue
    if (reason) {
      answer.unavailable.push({ id: card.id, name: card.name, service: code, reason: reason.text })
      continue
    }
    const lines = renderExplanation(explainPrice(compiled, asked, code))
    answer.offers.push({
      service: remote,
      serviceName: name,
      currency: card.currency,
      totalMinor: price.totalMinor,
      charges: price.charges,
      transitDays: null,
      deliverBy: null,
      expiresAt,
      billedWeightGrams: price.billedWeightGrams,
      source: { id: card.id, name: card.name, version: String(head.number) },
      connectionId: binding?.connectionId ?? null,
      carrier: binding?.carrier ?? card.carrier,
      explanation: [`${card.name}, version ${head.number}, service ${code}.`, ...lines],
    })
  }
}

/** When the version's last day is over in its time zone; null where it is open, or long over. */
function endOfPrices({ timeZone }: StoredCard, { validUntil }: CardHead, now: Date): Date | null {
  if (validUntil === null) return null
  const isOver = createCalendar(timeZone)
  const lastDay = dayOf(validUntil)
  const quarterMs = 900_000
  // No zone is further from UTC than 14 hours.
  let low = (lastDay + 1) * 96 - 56
  let high = low + 112
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isOver(new Date(middle * quarterMs)) > lastDay) high = middle
    else low = middle + 1
  }
  const end = new Date(low * quarterMs)
  return end > now ? end : null
}
