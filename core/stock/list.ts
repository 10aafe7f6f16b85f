import { and, eq, lte, type SQL, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import {
  countRows,
  type ListCount,
  type ListOrder,
  type ListSorts,
  mostCounted,
  narrow,
  readPage,
} from '../db/keyset.ts'
import { products, stockLevels, variants, warehouses } from '../db/schema/index.ts'
import { isFound } from '../db/search.ts'

const available = sql<number>`(${stockLevels.onHand} - ${stockLevels.reserved})`

/** Most levels have nothing reserved and nothing incoming: they come last, and no index holds them. */
export const levelSorts = {
  by: {
    sku: { by: variants.sku, type: 'text' },
    onHand: { by: stockLevels.onHand, type: 'bigint' },
    reserved: { by: sql`nullif(${stockLevels.reserved}, 0)`, type: 'bigint', isNullable: true },
    available: { by: available, type: 'bigint' },
    incoming: { by: sql`nullif(${stockLevels.incoming}, 0)`, type: 'bigint', isNullable: true },
  },
  keys: [
    { by: stockLevels.variantId, type: 'text' },
    { by: stockLevels.warehouseId, type: 'text' },
  ],
} satisfies ListSorts<string>
export type LevelSort = keyof typeof levelSorts.by

export type LevelFilter = {
  q?: string | undefined
  /** The code of a warehouse. */
  warehouse?: string | undefined
  /** No more units than this are free to sell; 0: sold out. */
  availableUpTo?: number | undefined
  /** Orders wait for units of it that are not there. */
  isShort?: boolean | undefined
  isIncoming?: boolean | undefined
}

/** Levels of stock in an order, one a SKU and warehouse; one row more than its limit. */
export async function listLevels(db: DbOrTx, filter: LevelFilter, order: ListOrder<LevelSort>) {
  const conditions = await conditionsOf(db, filter)
  return readPage(levelSorts, order, ({ place, where, orderBy, limit }) =>
    db
      .select({
        sku: variants.sku,
        productId: products.id,
        title: products.title,
        warehouse: warehouses.code,
        onHand: stockLevels.onHand,
        reserved: stockLevels.reserved,
        available: sql<number>`${available}::float8`,
        incoming: stockLevels.incoming,
        /** Units of the SKU, in whichever warehouse, that orders wait for. */
        short: sql<number>`(select coalesce(sum(quantity), 0)::float8 from shortfalls where variant_id = ${stockLevels.variantId})`,
        place,
      })
      .from(stockLevels)
      .innerJoin(variants, eq(variants.id, stockLevels.variantId))
      .innerJoin(products, eq(products.id, variants.productId))
      .innerJoin(warehouses, eq(warehouses.id, stockLevels.warehouseId))
      .where(and(where, ...conditions))
      .orderBy(...orderBy)
      .limit(limit),
  )
}

export async function countLevels(db: DbOrTx, filter: LevelFilter): Promise<ListCount> {
  const conditions = await conditionsOf(db, filter)
  return countRows(
    db,
    db
      .select({ one: sql`1` })
      .from(stockLevels)
      .where(and(...conditions))
      .limit(mostCounted + 1),
  )
}

async function conditionsOf(db: DbOrTx, filter: LevelFilter): Promise<(SQL | undefined)[]> {
  const { q, warehouse, availableUpTo, isShort, isIncoming } = filter
  const among = (ids: SQL) => narrow(db, stockLevels.variantId, ids)
  const waiting = sql`select variant_id as id from shortfalls`
  return [
    q === undefined
      ? undefined
      : await among(sql`select id from variants where ${isFound(variants.search, q)}`),
    warehouse === undefined
      ? undefined
      : sql`${stockLevels.warehouseId} = (select id from warehouses where code = ${warehouse})`,
    availableUpTo === undefined ? undefined : lte(available, availableUpTo),
    isShort === undefined
      ? undefined
      : isShort
        ? await among(waiting)
        : sql`${stockLevels.variantId} not in (${waiting})`,
    isIncoming === undefined
      ? undefined
      : isIncoming
        ? sql`nullif(${stockLevels.incoming}, 0) is not null`
        : eq(stockLevels.incoming, 0),
  ]
}
