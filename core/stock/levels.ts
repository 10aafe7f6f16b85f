import { sql } from 'drizzle-orm'
import { type DbOrTx, query, rows, type Tx } from '../db/client.ts'
import { warehouses } from '../db/schema/index.ts'
import { brokenConstraint } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { InputError } from '../sdk/errors.ts'

export type MovementKind =
  | 'count'
  | 'import'
  | 'adjust'
  | 'reserve'
  | 'release'
  | 'ship'
  | 'return'
  | 'receive'

/** One entry of the ledger: by how much each figure of a level changes, and why. */
export type Movement = {
  variantId: string
  warehouseId: string
  onHand?: number
  reserved?: number
  incoming?: number
  kind: MovementKind
  reason: string
  reference?: string | null
}

/**
 * Writes movements and adds them to their levels: the only way a level changes.
 * @throws InputError when a level would go below zero or below what is reserved; nothing is written then.
 */
export async function move(tx: DbOrTx, movements: readonly Movement[], act: Act): Promise<void> {
  if (movements.length === 0) return
  const items = movements.map((m) => ({
    variant_id: m.variantId,
    warehouse_id: m.warehouseId,
    on_hand: m.onHand ?? 0,
    reserved: m.reserved ?? 0,
    incoming: m.incoming ?? 0,
    kind: m.kind,
    reason: m.reason,
    reference: m.reference ?? null,
  }))
  const columns =
    'variant_id text, warehouse_id text, on_hand bigint, reserved bigint, incoming bigint, kind text, reason text, reference text'
  try {
    await ensureLevels(tx, items)
    await tx.execute(sql`
      with item as materialized (select * from ${rows(items, columns)}),
      total as (
        select variant_id, warehouse_id, sum(on_hand) as on_hand, sum(reserved) as reserved, sum(incoming) as incoming
        from item group by 1, 2
      ),
      changed as (
        update stock_levels level
        set on_hand = level.on_hand + total.on_hand, reserved = level.reserved + total.reserved, incoming = level.incoming + total.incoming
        from total where level.variant_id = total.variant_id and level.warehouse_id = total.warehouse_id
      )
      insert into stock_movements (variant_id, warehouse_id, on_hand, reserved, incoming, kind, reason, reference, actor, at)
      select item.*, ${act.actor}, ${act.now.toISOString()}::timestamptz from item`)
  } catch (error) {
    if (!brokenConstraint(error)?.startsWith('stock_levels_')) throw error
    throw new InputError(
      'The stock would fall below zero or below what is reserved. Nothing was changed.',
      'onHand',
    )
  }
}

/** Makes missing levels and locks all of them, in one order everywhere so that nobody waits in a circle. */
async function ensureLevels(
  tx: DbOrTx,
  items: readonly { variant_id: string; warehouse_id: string }[],
): Promise<void> {
  const keys = rows(items, 'variant_id text, warehouse_id text')
  await tx.execute(sql`
    insert into stock_levels (variant_id, warehouse_id)
    select distinct item.variant_id, item.warehouse_id from ${keys} order by 1, 2 on conflict do nothing`)
  await tx.execute(sql`
    select 1 from stock_levels level join (select distinct item.variant_id, item.warehouse_id from ${keys}) wanted using (variant_id, warehouse_id)
    order by level.variant_id, level.warehouse_id for update of level`)
}

export type Level = {
  variantId: string
  warehouseId: string
  onHand: number
  reserved: number
  incoming: number
}

/** The levels of these variants in all warehouses, locked until the transaction ends. */
export async function lockLevels(tx: Tx, variantIds: readonly string[]): Promise<Level[]> {
  const found = await query<{
    variant_id: string
    warehouse_id: string
    on_hand: string
    reserved: string
    incoming: string
  }>(
    tx,
    sql`
    select level.* from stock_levels level
    where level.variant_id in (select item.id from ${rows(
      variantIds.map((id) => ({ id })),
      'id text',
    )})
    order by level.variant_id, level.warehouse_id for update`,
  )
  return found.map((row) => ({
    variantId: row.variant_id,
    warehouseId: row.warehouse_id,
    onHand: Number(row.on_hand),
    reserved: Number(row.reserved),
    incoming: Number(row.incoming),
  }))
}

/** The warehouse where stock goes when nobody names one; made at first use. */
export async function defaultWarehouse(tx: DbOrTx): Promise<string> {
  await tx
    .insert(warehouses)
    .values({ id: newId('whs'), code: 'MAIN', name: 'Main warehouse' })
    .onConflictDoNothing()
  const [row] = await tx
    .select({ id: warehouses.id })
    .from(warehouses)
    .orderBy(warehouses.priority, warehouses.code)
    .limit(1)
  return row!.id
}

/** Levels whose figures are not the sum of their movements: always empty, unless something wrote past `move`. */
export async function findLedgerGaps(db: DbOrTx): Promise<{ variantId: string; warehouseId: string }[]> {
  return query(
    db,
    sql`
    select coalesce(level.variant_id, ledger.variant_id) as "variantId", coalesce(level.warehouse_id, ledger.warehouse_id) as "warehouseId"
    from stock_levels level
    full join (
      select variant_id, warehouse_id, sum(on_hand) as on_hand, sum(reserved) as reserved, sum(incoming) as incoming
      from stock_movements group by 1, 2
    ) ledger using (variant_id, warehouse_id)
    where (level.on_hand, level.reserved, level.incoming)
      is distinct from (coalesce(ledger.on_hand, 0)::bigint, coalesce(ledger.reserved, 0)::bigint, coalesce(ledger.incoming, 0)::bigint)`,
  )
}
