import { eq, inArray } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { connections, listings, variants } from '../db/schema/index.ts'
import { type AspectState, loadStates } from '../listings/explain-state.ts'
import type { ActivePlugin } from '../plugins/settings.ts'
import { type Aspect, aspects, type ListingContent } from '../sdk/model/listing.ts'
import { type AspectValue, applyFilters, loadDesired, type PriceValue, type StockValue } from './aspects.ts'

/** What the hub wants shown of an aspect, plugins having had their word, beside what the marketplace acknowledged. */
export type SideBySide<Value> = {
  desired: Value | null
  /** Why nothing can be shown; null when something can. */
  message: string | null
  acknowledged: Value | null
  /** Null while the listing does not exist on the marketplace. */
  state: Omit<AspectState, 'acknowledgedValue'> | null
}
export type ListingValues = {
  content: SideBySide<ListingContent>
  price: SideBySide<PriceValue>
  stock: SideBySide<StockValue>
}

/** The values of listings side by side, by listing. A fixed number of queries. */
export async function readValues(
  db: DbOrTx,
  listingIds: readonly string[],
  plugins: readonly ActivePlugin[],
  now: Date,
): Promise<Map<string, ListingValues>> {
  const about = await db
    .select({
      id: listings.id,
      sku: variants.sku,
      connectionId: connections.id,
      connector: connections.connector,
      locale: connections.locale,
      currency: connections.currency,
    })
    .from(listings)
    .innerJoin(connections, eq(connections.id, listings.connectionId))
    .innerJoin(variants, eq(variants.id, listings.variantId))
    .where(inArray(listings.id, [...listingIds]))
  const states = await loadStates(db, listingIds)
  const values = new Map<string, Partial<Record<Aspect, SideBySide<AspectValue>>>>()
  for (const aspect of aspects) {
    const desired = await loadDesired(db, aspect, listingIds, now)
    for (const { id, ...outgoing } of about) {
      const said = applyFilters(plugins, aspect, desired.get(id)!, outgoing)
      const { acknowledgedValue = null, ...state } = states.get(`${id} ${aspect}`) ?? {}
      const side: SideBySide<AspectValue> = {
        desired: said.ok ? said.value : null,
        message: said.ok ? null : said.message,
        acknowledged: acknowledgedValue as AspectValue | null,
        state: 'revision' in state ? (state as Omit<AspectState, 'acknowledgedValue'>) : null,
      }
      values.set(id, { ...values.get(id), [aspect]: side })
    }
  }
  return values as Map<string, ListingValues>
}
