import { and, asc, desc, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import {
  bundleComponents,
  stockAllocations,
  stockLevels,
  stockMovements,
  variants,
  warehouses,
} from '../db/schema/index.ts'

/** All warehouses, in the order reservations are taken from them. */
export async function listWarehouses(db: DbOrTx) {
  return db.select().from(warehouses).orderBy(asc(warehouses.priority), asc(warehouses.code))
}

export type LevelFilter = { prefix?: string | undefined; after?: string | undefined; limit: number }

/** SKUs in their order, with their levels; a SKU without stock is listed too. One SKU more than `limit`. */
export async function listLevels(db: DbOrTx, { prefix, after, limit }: LevelFilter) {
  const page = await db
    .select({ id: variants.id, sku: variants.sku })
    .from(variants)
    .where(
      and(
        after === undefined ? undefined : gt(variants.sku, after),
        prefix === undefined ? undefined : sql`${variants.sku} ^@ ${prefix}`,
      ),
    )
    .orderBy(asc(variants.sku))
    .limit(limit + 1)
  const levels = await readLevels(
    db,
    page.map((row) => row.id),
  )
  return page.map(({ id, sku }) => ({ sku, levels: levels.get(id) ?? [] }))
}

export type ShownLevel = { warehouse: string; onHand: number; reserved: number; incoming: number }

/** The levels of variants by variant, in the order of the warehouses. */
export async function readLevels(
  db: DbOrTx,
  variantIds: readonly string[],
): Promise<Map<string, ShownLevel[]>> {
  const found = await db
    .select({
      variantId: stockLevels.variantId,
      warehouse: warehouses.code,
      onHand: stockLevels.onHand,
      reserved: stockLevels.reserved,
      incoming: stockLevels.incoming,
    })
    .from(stockLevels)
    .innerJoin(warehouses, eq(warehouses.id, stockLevels.warehouseId))
    .where(inArray(stockLevels.variantId, [...variantIds]))
    .orderBy(asc(warehouses.priority), asc(warehouses.code))
  const byVariant = Map.groupBy(found, (row) => row.variantId)
  return new Map(
    [...byVariant].map(([id, rows]) => [id, rows.map(({ variantId: _variantId, ...level }) => level)]),
  )
}

/** The ledger of a variant, newest first, before a movement. One row more than `limit`. */
export async function listMovements(
  db: DbOrTx,
  variantId: string,
  { before, limit }: { before?: number | undefined; limit: number },
) {
  return db
    .select({
      id: stockMovements.id,
      warehouse: warehouses.code,
      onHand: stockMovements.onHand,
      reserved: stockMovements.reserved,
      incoming: stockMovements.incoming,
      kind: stockMovements.kind,
      reason: stockMovements.reason,
      reference: stockMovements.reference,
      actor: stockMovements.actor,
      at: stockMovements.at,
    })
    .from(stockMovements)
    .innerJoin(warehouses, eq(warehouses.id, stockMovements.warehouseId))
    .where(
      and(
        eq(stockMovements.variantId, variantId),
        before === undefined ? undefined : lt(stockMovements.id, before),
      ),
    )
    .orderBy(desc(stockMovements.id))
    .limit(limit + 1)
}

export type AllocationFilter = {
  /** Only what holds for it: the default and its own. */
  sku?: string | undefined
  after?: string | undefined
  limit: number
}

/** The allocations of a connection: its default first (`sku` null), then by SKU. One row more than `limit`. */
export async function listAllocations(
  db: DbOrTx,
  connectionId: string,
  { sku, after, limit }: AllocationFilter,
) {
  return db
    .select({
      sku: variants.sku,
      shareBasisPoints: stockAllocations.shareBasisPoints,
      cap: stockAllocations.cap,
      buffer: stockAllocations.buffer,
      revision: stockAllocations.revision,
      updatedBy: stockAllocations.updatedBy,
      updatedAt: stockAllocations.updatedAt,
    })
    .from(stockAllocations)
    .leftJoin(variants, eq(variants.id, stockAllocations.variantId))
    .where(
      and(
        eq(stockAllocations.connectionId, connectionId),
        sku === undefined ? undefined : or(isNull(stockAllocations.variantId), eq(variants.sku, sku)),
        after === undefined ? undefined : gt(sql`coalesce(${variants.sku}, '')`, after),
      ),
    )
    .orderBy(asc(sql`coalesce(${variants.sku}, '')`))
    .limit(limit + 1)
}

export type Bundle = { sku: string; components: { sku: string; quantity: number }[] }

/** Bundles by SKU. One more than `limit`. */
export async function listBundles(
  db: DbOrTx,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<Bundle[]> {
  const page = await db
    .selectDistinct({ id: variants.id, sku: variants.sku })
    .from(bundleComponents)
    .innerJoin(variants, eq(variants.id, bundleComponents.bundleId))
    .where(after === undefined ? undefined : gt(variants.sku, after))
    .orderBy(asc(variants.sku))
    .limit(limit + 1)
  const parts = await db
    .select({
      bundleId: bundleComponents.bundleId,
      sku: variants.sku,
      quantity: bundleComponents.quantity,
    })
    .from(bundleComponents)
    .innerJoin(variants, eq(variants.id, bundleComponents.componentId))
    .where(
      inArray(
        bundleComponents.bundleId,
        page.map((row) => row.id),
      ),
    )
    .orderBy(asc(variants.sku))
  return page.map(({ id, sku }) => ({
    sku,
    components: parts
      .filter((part) => part.bundleId === id)
      .map((part) => ({ sku: part.sku, quantity: part.quantity })),
  }))
}

/** What a bundle holds; empty for a plain variant. */
export async function readBundle(db: DbOrTx, bundleId: string): Promise<Bundle['components']> {
  return db
    .select({ sku: variants.sku, quantity: bundleComponents.quantity })
    .from(bundleComponents)
    .innerJoin(variants, eq(variants.id, bundleComponents.componentId))
    .where(eq(bundleComponents.bundleId, bundleId))
    .orderBy(asc(variants.sku))
}
