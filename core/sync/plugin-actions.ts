import { eq, inArray, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { editProduct } from '../catalog/edit.ts'
import { setBasePrices } from '../catalog/prices.ts'
import { addPromotions, endPromotions, removePromotions } from '../catalog/promotions.ts'
import { addCoupons, endCoupons, removeCoupons } from '../coupons/write.ts'
import { query, rows, type Tx } from '../db/client.ts'
import { listings, stockAllocations } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import type { Connector } from '../sdk/connector.ts'
import { NotFoundError } from '../sdk/errors.ts'
import type { HubActions } from '../sdk/goods.ts'
import { setAllocation } from '../stock/allocation.ts'
import { followCoupons, settleCouponRefusals } from './coupons.ts'
import { markEnding, takeBackEnding } from './end.ts'

/** What a plugin may do to goods within a transaction that a person, or the plugin's policy, has approved. */
export function createActions(
  tx: Tx,
  pluginId: string,
  connectors: ReadonlyMap<string, Connector>,
  act: Act,
): HubActions {
  const source = `plugin:${pluginId}`
  return {
    endListings: async (listingIds, reason) => {
      for (const [connectionId, ids] of await byConnection(tx, listingIds))
        await markEnding(tx, { connectionId, listingIds: ids, reason }, act)
    },
    relistListings: async (listingIds) => {
      for (const [connectionId, ids] of await byConnection(tx, listingIds))
        await takeBackEnding(tx, { connectionId, listingIds: ids }, act)
    },
    setBasePrices: async (prices) => {
      const before = await readBasePrices(tx, prices)
      await setBasePrices(
        tx,
        prices.map((entry) => ({ ...entry, source })),
        act,
      )
      await appendAudit(tx, act, { action: 'prices.set', subject: source, before, after: prices })
      return before
    },
    addPromotionalPrices: async (prices) => {
      const ids = await addPromotions(
        tx,
        prices.map((entry) => ({ ...entry, source, approvedBy: act.actor })),
        act,
      )
      await appendAudit(tx, act, {
        action: 'promotions.added',
        subject: source,
        after: { count: ids.length },
      })
      return ids
    },
    removePromotionalPrices: async (ids) => {
      await removePromotions(tx, ids, source, act)
      await appendAudit(tx, act, { action: 'promotions.removed', subject: source, before: { ids } })
    },
    endPromotionalPrices: async (ids, endsAt) => {
      await endPromotions(tx, ids, source, endsAt, act)
      await appendAudit(tx, act, { action: 'promotions.ended', subject: source, after: { ids, endsAt } })
    },
    addCoupons: async (coupons) => {
      const ids = await addCoupons(tx, connectors, coupons, { source, approvedBy: act.actor }, act)
      await followCoupons(tx, act)
      return ids
    },
    endCoupons: async (ids, endsAt) => {
      await endCoupons(tx, { ids, source }, endsAt, act)
      await followCoupons(tx, act)
    },
    removeCoupons: async (ids) => {
      const failed = await removeCoupons(tx, { ids, source }, act)
      await settleCouponRefusals(tx, failed, act)
      await followCoupons(tx, act)
    },
    editProduct: (edit) => editProduct(tx, edit, act),
    setStockBuffer: (connectionId, variantId, units) =>
      setBuffer(tx, { connectionId, variantId, units }, act),
  }
}

async function byConnection(tx: Tx, listingIds: readonly string[]): Promise<Map<string, string[]>> {
  const found = await tx
    .select({ id: listings.id, connectionId: listings.connectionId })
    .from(listings)
    .where(inArray(listings.id, [...listingIds]))
  if (found.length < new Set(listingIds).size)
    throw new NotFoundError('A listing that was to be changed is no longer there. Nothing was changed.')
  return new Map(
    [...Map.groupBy(found, (row) => row.connectionId)].map(([id, mine]) => [id, mine.map((row) => row.id)]),
  )
}

type Priced = Parameters<HubActions['setBasePrices']>[0]

async function readBasePrices(tx: Tx, prices: Priced): ReturnType<HubActions['setBasePrices']> {
  const items = prices.map(({ variantId, price }) => ({ variant_id: variantId, currency: price.currency }))
  const found = await query<{ variantId: string; currency: string; minor: string | null }>(
    tx,
    sql`
    select item.variant_id as "variantId", item.currency, held.amount_minor::text as minor from ${rows(items, 'variant_id text, currency text')}
    left join base_prices held on held.variant_id = item.variant_id and held.currency = item.currency`,
  )
  return found.map(({ variantId, currency, minor }) => ({
    variantId,
    currency,
    price: minor === null ? null : { minor: Number(minor), currency },
  }))
}

type Buffer = { connectionId: string; variantId: string; units: number }

/** Sets the buffer of a SKU and leaves its share and cap as they were. */
async function setBuffer(tx: Tx, { connectionId, variantId, units }: Buffer, act: Act): Promise<number> {
  const found = await tx
    .select()
    .from(stockAllocations)
    .where(eq(stockAllocations.connectionId, connectionId))
  const own = found.find((row) => row.variantId === variantId)
  const general = found.find((row) => row.variantId === null)
  const { shareBasisPoints = null, cap = null, buffer = 0 } = own ?? general ?? {}
  await setAllocation(tx, { connectionId, variantId, shareBasisPoints, cap, buffer: units }, act)
  return buffer
}
