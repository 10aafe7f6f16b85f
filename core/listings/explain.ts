import { and, eq } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { connections, listings, products, variants } from '../db/schema/index.ts'
import type { Money } from '../lib/money.ts'
import { NotFoundError } from '../sdk/errors.ts'
import type { Aspect, ListingContent, SalePrice } from '../sdk/model/listing.ts'
import type { Outgoing } from '../sdk/plugin.ts'
import { desiredPrices, desiredQuantities } from './desired.ts'
import { type Facts, loadFacts } from './explain-facts.ts'
import type { Pool, TermEvent } from './explain-pools.ts'
import { type AspectState, loadStates, loadStopped, type Stopped } from './explain-state.ts'
import type { PriceOutcome } from './price.ts'
import type { Term } from './quantity.ts'

export type ExplainedTerm = Term & { events: TermEvent[] }

type Explained<Value> = {
  /** What the hub wants shown now; null when nothing can be, and `message` says why. */
  desired: Value | null
  message: string | null
  terms: ExplainedTerm[]
  /** Null while the listing does not exist on the marketplace. */
  state: AspectState | null
}

export type ListingExplanation = Stopped & {
  listingId: string
  connectionId: string
  connection: string
  status: string
  /** Since when it is to be taken off the shelf; null when it is not. */
  endingSince: Date | null
  externalId: string | null
  externalParentId: string | null
  stock: Explained<{ quantity: number }>
  price: Explained<{ price: Money; sale: SalePrice | null }>
  content: { state: AspectState | null }
}

export type Explanation = {
  sku: string
  variantId: string
  productId: string
  productKey: string
  title: Record<string, string>
  /** Warehouses of the SKU, or the components of a bundle, with their latest movements. */
  stock: Pool[]
  listings: ListingExplanation[]
}

/** A value on its way out, as the sync engine's filters take and return it. */
type Said =
  | {
      ok: true
      value: { quantity: number } | { price: Money; sale: SalePrice | null } | ListingContent
      terms: Term[]
    }
  | {
      ok: false
      problem: 'price_missing' | 'price_below_floor' | 'filter_failed'
      message: string
      terms: Term[]
    }

/** What plugins make of a value before it leaves. */
export type LastWord = (aspect: Aspect, said: Said, about: Outgoing) => Said

const asItIs: LastWord = (_aspect, said) => said

/**
 * Why each listing of a SKU shows what it shows: every term of its quantity and price with the event behind
 * it, and what the marketplace has acknowledged. `connectionId` null explains all connections.
 * @throws NotFoundError when the SKU is not in the catalogue.
 */
export async function explainSku(
  db: DbOrTx,
  sku: string,
  connectionId: string | null,
  now: Date,
  lastWord: LastWord = asItIs,
): Promise<Explanation> {
  const [found] = await db
    .select({ variant: variants, product: products })
    .from(variants)
    .innerJoin(products, eq(products.id, variants.productId))
    .where(eq(variants.sku, sku))
  if (!found) throw new NotFoundError(`There is no SKU "${sku}" in the catalogue.`)
  const bound = await db
    .select({ listing: listings, connection: connections })
    .from(listings)
    .innerJoin(connections, eq(connections.id, listings.connectionId))
    .where(
      and(
        eq(listings.variantId, found.variant.id),
        connectionId === null ? undefined : eq(listings.connectionId, connectionId),
      ),
    )
    .orderBy(connections.name)
  const ids = bound.map(({ listing }) => listing.id)
  const facts = await loadFacts(
    db,
    found.variant.id,
    bound.map(({ connection }) => connection.id),
    now,
  )
  const quantities = await desiredQuantities(db, ids)
  const prices = await desiredPrices(db, ids, now)
  const states = await loadStates(db, ids)
  const stopped = await loadStopped(db, ids, found.product.id)
  return {
    sku,
    variantId: found.variant.id,
    productId: found.product.id,
    productKey: found.product.key,
    title: found.product.title,
    stock: facts.pools,
    listings: bound.map(({ listing, connection }) => {
      const quantity = quantities.get(listing.id)!
      const { connector, locale, currency } = connection
      const about = { sku, connectionId: connection.id, connector, locale, currency }
      const value = { quantity: quantity.quantity }
      return {
        listingId: listing.id,
        connectionId: connection.id,
        connection: connection.name,
        status: listing.status,
        endingSince: listing.endingSince,
        externalId: listing.externalId,
        externalParentId: listing.externalParentId,
        stock: explain(
          lastWord('stock', { ok: true, value, terms: quantity.terms }, about),
          states.get(`${listing.id} stock`),
          (term) => stockEvents(facts, connection.id, term),
        ),
        price: explain(
          lastWord('price', saidOf(prices.get(listing.id)!), about),
          states.get(`${listing.id} price`),
          (term) => priceEvents(facts, connection, term),
        ),
        content: { state: states.get(`${listing.id} content`) ?? null },
        ...stopped(listing.id, connection.id),
      }
    }),
  }
}

const saidOf = (outcome: PriceOutcome): Said =>
  outcome.ok
    ? { ok: true, value: { price: outcome.price, sale: outcome.sale }, terms: outcome.terms }
    : { ok: false, problem: outcome.reason, message: outcome.message, terms: outcome.terms }

function explain<Value>(
  said: Said,
  state: AspectState | undefined,
  eventsOf: (term: Term) => TermEvent[],
): Explained<Value> {
  return {
    desired: said.ok ? (said.value as Value) : null,
    message: said.ok ? null : said.message,
    terms: said.terms.map((term) => ({ ...term, events: eventsOf(term) })),
    state: state ?? null,
  }
}

const isPlugin = (term: Term) => term.label.startsWith('plugin ')
const totals = ['available', 'bundles that the components allow']

/** A pool has its movements; what follows from the pools alone has nothing of its own; the rest is allocation. */
function stockEvents(facts: Facts, connectionId: string, term: Term): TermEvent[] {
  const pool = facts.pools.find(({ label }) => label === term.label)
  if (pool) return pool.events
  if (totals.includes(term.label) || isPlugin(term)) return []
  return [facts.allocations.get(connectionId)].filter((event) => event !== undefined)
}

function priceEvents(facts: Facts, connection: { id: string; currency: string }, term: Term): TermEvent[] {
  if (isPlugin(term)) return []
  if (term.label === 'promotional price')
    return facts.promotions
      .filter((event) => event.currency === connection.currency)
      .filter((event) => event.connectionId === null || event.connectionId === connection.id)
      .map(({ connectionId: _connectionId, currency: _currency, ...event }) => event)
      .slice(0, 1)
  const event =
    term.label === 'base price'
      ? facts.basePrices.get(connection.currency)
      : facts.priceRules.get(connection.id)
  return event ? [event] : []
}
