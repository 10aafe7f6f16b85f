import { formatMoney } from '../lib/money.ts'
import { readActivePlugins } from '../plugins/settings.ts'
import type { Offer, ShippingChoice, ShippingQuestion } from '../sdk/shipping.ts'
import type { Hub } from './hub.ts'

/**
 * Chooses an offer: by the first plugin that has a rule for it, or else the cheapest that can be booked and keeps
 * the deadline. The explanation says what was compared, what was left out and why.
 */
export async function chooseService(hub: Hub, question: ShippingQuestion): Promise<ShippingChoice> {
  for (const { plugin } of await readActivePlugins(hub.db, hub.plugins)) {
    const choice = await plugin.shipping?.choose?.(question, hub.pluginContext(plugin.id))
    if (choice) return { ...choice, explanation: [`Decided by ${plugin.name}.`, ...choice.explanation] }
  }
  return chooseCheapest(question, hub.clock.now())
}

/** The hub's own choice, without any rule. Prices in other currencies than the order's are not compared. */
export function chooseCheapest(question: ShippingQuestion, now: Date): ShippingChoice {
  const { offers, unavailable, deliverBy, order } = question
  const currency = order?.currency ?? mostCommonCurrency(offers)
  const explanation: string[] = []
  const candidates = offers.filter((offer) => {
    const reason = reasonAgainst(offer, currency, deliverBy, now)
    if (reason) explanation.push(`${nameOf(offer)} is left out: ${reason}`)
    return reason === null
  })
  for (const { source, service, reason } of unavailable)
    explanation.push(`${source.name}${service ? ` ${service}` : ''} offers nothing: ${reason}`)
  const [best, ...others] = candidates.sort(
    (a, b) => a.totalMinor - b.totalMinor || daysOf(a) - daysOf(b) || (a.id < b.id ? -1 : 1),
  )
  if (!best) return { offerId: null, explanation: ['No offer can be booked.', ...explanation] }
  const compared = others.map((offer) => `${nameOf(offer)} ${priceOf(offer)}`)
  return {
    offerId: best.id,
    explanation: [
      `${nameOf(best)} is the cheapest of ${candidates.length} that can be booked${deliverBy ? ' and arrive in time' : ''}: ${priceOf(best)}.`,
      ...(compared.length > 0 ? [`Compared with ${compared.join(', ')}.`] : []),
      ...explanation,
    ],
  }
}

const nameOf = (offer: Offer): string => `${offer.source.name} ${offer.serviceName}`
const priceOf = ({ totalMinor: minor, currency }: Offer): string => formatMoney({ minor, currency })
const daysOf = (offer: Offer): number => offer.transitDays ?? Infinity

/** Why an offer is not taken by the hub's own choice; null where nothing speaks against it. */
export function reasonAgainst(
  offer: Offer,
  currency: string | null,
  deliverBy: Date | null,
  now: Date,
): string | null {
  if (offer.connectionId === null) return 'it is a price for comparison; no courier connection books it.'
  if (offer.currency !== currency)
    return `its price is in ${offer.currency}, and nothing compares it with ${currency}.`
  if (offer.expiresAt && new Date(offer.expiresAt) <= now) return 'its price has expired.'
  if (deliverBy && offer.deliverBy && new Date(offer.deliverBy) > deliverBy)
    return `it arrives ${new Date(offer.deliverBy).toISOString().slice(0, 10)}, after ${deliverBy.toISOString().slice(0, 10)}.`
  return null
}

export function mostCommonCurrency(offers: readonly Offer[]): string | null {
  const counts = Map.groupBy(offers, (offer) => offer.currency)
  return [...counts].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))[0]?.[0] ?? null
}
