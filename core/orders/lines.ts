import { type SQL, sql } from 'drizzle-orm'
import { type Db, query, rows, type Tx } from '../db/client.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import { allocateOrders } from './allocate.ts'
import type { OrderSource } from './source.ts'

/** The variant that a row names: by its listing, by a mapping of its SKU, by the SKU itself; null when by none. */
export const variantNamedBy = (connectionId: string, row: 'line' | 'item'): SQL => sql`(
  select coalesce(
    (select variant_id from listings where listings.connection_id = ${connectionId} and listings.external_id = ${sql.raw(row)}.external_listing_id),
    (select variants.id from mappings join variants on variants.sku = mappings.ours
     where mappings.connection_id = ${connectionId} and mappings.kind = 'sku'
       and mappings.word = coalesce(nullif(${sql.raw(row)}.sku, ''), 'id:' || ${sql.raw(row)}.external_listing_id) limit 1),
    (select variants.id from variants where variants.sku = ${sql.raw(row)}.sku)) as variant_id)`

/**
 * Binds lines to variants, as far as they are not bound. A line that finds none stays, and its SKU becomes a
 * problem.
 */
export async function bindLines(
  tx: Tx,
  source: OrderSource,
  orderIds: readonly string[],
  act: Act,
): Promise<void> {
  if (orderIds.length === 0) return
  await tx.execute(sql`
    update order_lines line set variant_id = found.variant_id
    from (
      select line.id, named.variant_id
      from order_lines line, lateral ${variantNamedBy(source.id, 'line')} named
      where line.variant_id is null and line.order_id in (select item.id from ${rows(
        orderIds.map((id) => ({ id })),
        'id text',
      )})
    ) found
    where found.id = line.id and found.variant_id is not null`)
  const unknown = await query<{ sku: string | null; orders: string[]; title: string }>(
    tx,
    sql`
    select line.sku, array_agg(distinct o.number) as orders, min(line.title) as title
    from order_lines line join orders o on o.id = line.order_id
    where line.variant_id is null and not o.flags ? 'history' and line.order_id in (select item.id from ${rows(
      orderIds.map((id) => ({ id })),
      'id text',
    )})
    group by line.sku`,
  )
  await raiseProblems(
    tx,
    unknown.map((row) => ({
      kind: 'unknown_sku' as const,
      key: unknownSkuKey(source.id, row.sku),
      connectionId: source.id,
      subject: row.sku,
      message: row.sku
        ? `${source.name} sold "${row.title}" as SKU ${row.sku}, which is not in the catalogue (order ${row.orders.slice(0, 5).join(', ')}).`
        : `${source.name} sold "${row.title}" without a SKU (order ${row.orders.slice(0, 5).join(', ')}).`,
      detail: { sku: row.sku, orders: row.orders.slice(0, 50) },
    })),
    act,
  )
}

const unknownSkuKey = (connectionId: string, sku: string | null) => `unknown_sku:${connectionId}:${sku ?? ''}`

/**
 * Heals the orders whose lines name what exists by now: a SKU here, a mapping, a listing that was bound. Their
 * stock is reserved and the problem closes. Called after imports and mappings, and by the sweep. Returns how
 * many lines.
 */
export async function healUnknownSkus(db: Db, act: Act): Promise<number> {
  const healable = await query<{ order_id: string; connection_id: string; name: string }>(
    db,
    sql`
    select line.order_id, o.connection_id, connection.name
    from order_lines line join orders o on o.id = line.order_id join connections connection on connection.id = o.connection_id
    where line.variant_id is null and (
      exists (select 1 from variants where variants.sku = line.sku)
      or exists (select 1 from mappings m join variants v on v.sku = m.ours where m.connection_id = o.connection_id and m.kind = 'sku'
        and m.word = coalesce(nullif(line.sku, ''), 'id:' || line.external_listing_id))
      or exists (select 1 from listings l where l.connection_id = o.connection_id and l.external_id = line.external_listing_id))
    limit 10000`,
  )
  for (const [connectionId, found] of Map.groupBy(healable, (row) => row.connection_id)) {
    const orderIds = [...new Set(found.map((row) => row.order_id))].sort()
    await transact(db, async (tx) => {
      await bindLines(tx, { id: connectionId, name: found[0]!.name, ordersFrom: null }, orderIds, act)
      await allocateOrders(tx, orderIds, act)
      await settleKnown(tx, connectionId, orderIds, act)
    })
  }
  return healable.length
}

/** The SKUs of these orders that no line of the connection lacks any more are no problem any more. */
async function settleKnown(
  tx: Tx,
  connectionId: string,
  orderIds: readonly string[],
  act: Act,
): Promise<void> {
  const known = await query<{ sku: string | null }>(
    tx,
    sql`
    select distinct line.sku from order_lines line
    where line.order_id in (select item.id from ${rows(
      orderIds.map((id) => ({ id })),
      'id text',
    )}) and not exists (
      select 1 from order_lines other join orders o on o.id = other.order_id
      where o.connection_id = ${connectionId} and other.variant_id is null and other.sku is not distinct from line.sku and not o.flags ? 'history')`,
  )
  await settleProblems(
    tx,
    known.map((row) => unknownSkuKey(connectionId, row.sku)),
    act,
  )
}
