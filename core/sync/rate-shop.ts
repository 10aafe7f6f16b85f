import { type Connection, listConnections } from '../connections/connections.ts'
import { readActivePlugins } from '../plugins/settings.ts'
import { ConnectorError, toConnectorError } from '../sdk/errors.ts'
import { isCurrency } from '../sdk/model/money.ts'
import type { Quote, QuoteAnswer } from '../sdk/model/shipment.ts'
import type { PluginDefinition } from '../sdk/plugin.ts'
import type { Offer, OfferSource, PluginQuotes, ShippingRequest, Unavailable } from '../sdk/shipping.ts'
import type { Hub } from './hub.ts'

export type Offers = { offers: Offer[]; unavailable: Unavailable[] }

/** A courier that has not answered by then offers nothing this time. */
const patienceMs = 15_000

/**
 * Asks every courier and every plugin for prices, all at once: it takes as long as the slowest, and one that
 * fails or is slow hides nobody else. What is not offered has its reason.
 */
export async function rateShop(hub: Hub, request: ShippingRequest, timeoutMs = patienceMs): Promise<Offers> {
  const connections = request.cards
    ? []
    : (await listConnections(hub.db)).filter((one) => one.status === 'active')
  const asked = [
    ...connections.flatMap((connection) => askCourier(hub, connection, request, timeoutMs)),
    ...(await readActivePlugins(hub.db, hub.plugins)).flatMap(({ plugin }) =>
      askPlugin(hub, plugin, request, timeoutMs),
    ),
  ]
  const answers = await Promise.all(asked)
  return {
    offers: answers.flatMap((answer) => answer.offers).sort((a, b) => (a.id < b.id ? -1 : 1)),
    unavailable: answers.flatMap((answer) => answer.unavailable),
  }
}

function askCourier(
  hub: Hub,
  connection: Connection,
  request: ShippingRequest,
  timeoutMs: number,
): Promise<Offers>[] {
  const connector = hub.connectors.get(connection.connector)
  const quote = connector?.operations.quote
  if (!connector || !quote) return []
  const source: OfferSource = { kind: 'courier', connectionId: connection.id, name: connection.name }
  const { cards: _cards, ...plain } = request
  const ask = async (): Promise<Offers> => {
    const client = await hub.openClient(connection, true)
    const answer = (await quote(client, plain)) as QuoteAnswer
    return fromCourier(hub, connection, source, answer)
  }
  return [within(ask(), source, timeoutMs)]
}

function fromCourier(hub: Hub, connection: Connection, source: OfferSource, answer: QuoteAnswer): Offers {
  const unavailable: Unavailable[] = answer.notOffered.map((entry) => ({ source, ...entry }))
  const offers: Offer[] = []
  for (const quote of answer.quotes) {
    const fault = faultOf(quote, hub.clock.now())
    if (fault) unavailable.push({ source, service: quote.service, reason: fault })
    else
      offers.push({
        ...quote,
        id: `${connection.id}:${quote.service}`,
        source,
        connectionId: connection.id,
        carrier: connection.connector,
        explanation: [`${connection.name} says so at ${hub.clock.now().toISOString()}`],
      })
  }
  return { offers, unavailable }
}

function askPlugin(
  hub: Hub,
  plugin: PluginDefinition,
  request: ShippingRequest,
  timeoutMs: number,
): Promise<Offers>[] {
  const quote = plugin.shipping?.quote
  if (!quote) return []
  const source: OfferSource = {
    kind: 'plugin',
    pluginId: plugin.id,
    id: plugin.id,
    name: plugin.name,
    version: null,
  }
  const ask = async (): Promise<Offers> =>
    fromPlugin(hub, plugin, await quote(request, hub.pluginContext(plugin.id)))
  return [within(ask(), source, timeoutMs)]
}

function fromPlugin(hub: Hub, plugin: PluginDefinition, answer: PluginQuotes): Offers {
  const sourceOf = (
    of: Omit<Extract<OfferSource, { kind: 'plugin' }>, 'kind' | 'pluginId'>,
  ): OfferSource => ({
    kind: 'plugin',
    pluginId: plugin.id,
    ...of,
  })
  const unavailable: Unavailable[] = answer.unavailable.map(({ id, name, service, reason }) => ({
    source: sourceOf({ id, name, version: null }),
    service,
    reason,
  }))
  const offers: Offer[] = []
  for (const offered of answer.offers) {
    const source = sourceOf(offered.source)
    const fault = faultOf(offered, hub.clock.now())
    if (fault) unavailable.push({ source, service: offered.service, reason: fault })
    else offers.push({ ...offered, source, id: `${plugin.id}:${offered.source.id}:${offered.service}` })
  }
  return { offers, unavailable }
}

/** Why a price cannot be offered although it was given. */
function faultOf(quote: Quote, now: Date): string | null {
  const sum = quote.charges.reduce((total, charge) => total + charge.amountMinor, 0)
  if (!isCurrency(quote.currency)) return `Its currency "${quote.currency}" is unknown.`
  if (!(quote.totalMinor > 0)) return 'No price was given.'
  if (sum !== quote.totalMinor)
    return `Its parts make ${sum} and its total is ${quote.totalMinor}: it is not to be trusted.`
  if (quote.expiresAt && quote.expiresAt <= now) return 'The price has expired already.'
  return null
}

/** The answer, or why there is none; never an exception. */
async function within(asked: Promise<Offers>, source: OfferSource, timeoutMs: number): Promise<Offers> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const error = new ConnectorError('unavailable', `No answer within ${timeoutMs / 1000} s.`)
    timer = setTimeout(() => reject(error), timeoutMs)
  })
  try {
    return await Promise.race([asked, late])
  } catch (error) {
    const failure = toConnectorError(error)
    const reason =
      failure.vendorMessage && !failure.message.includes(failure.vendorMessage)
        ? `${failure.message} ${failure.vendorMessage}`
        : failure.message
    return { offers: [], unavailable: [{ source, service: null, reason }] }
  } finally {
    clearTimeout(timer)
  }
}
