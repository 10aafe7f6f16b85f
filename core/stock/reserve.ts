import { sql } from 'drizzle-orm'
import { query, rows, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { lockLevels } from './levels.ts'

/** Units of a variant wanted for an order line. */
export type Want = {
  orderLineId: string
  variantId: string
  quantity: number
  reason: string
  /** Since when the line waits already; from now on unless given. A line that keeps waiting keeps its place. */
  waitsSince?: Date | undefined
  /** Whether the line has left already: what it lacks then is not waited for. */
  hasLeft?: boolean
}
/** How many of the wanted units a line did not get and waits for. */
export type Shortage = { orderLineId: string; variantId: string; missing: number }
/** Who got too little, and the variants whose free units fell: of a bundle, its components. */
export type Reserved = { shortages: Shortage[]; touched: Set<string> }

type Part = { variantId: string; perUnit: number }

/**
 * Holds stock for order lines. A line takes from the first warehouse that has all of it, else from several;
 * a bundle takes all of its components or none. Never more is held than is on hand: each statement that
 * takes carries its own guard, so any number of importers may run at once.
 */
export async function reserve(tx: Tx, wants: readonly Want[], act: Act): Promise<Reserved> {
  const touched = new Set<string>()
  const positive = wants.filter((want) => want.quantity > 0)
  if (positive.length === 0) return { shortages: [], touched }
  const bundles = await readBundles(tx, positive)
  const parts = [...new Set(positive.flatMap((want) => partsOf(want, bundles).map((part) => part.variantId)))]
  if (parts.length > 1) await lockLevels(tx, parts)
  const plain = positive.filter((want) => !bundles.has(want.variantId))
  const granted = await reserveWhole(tx, plain, act)
  const short: (Shortage & Pick<Want, 'waitsSince'>)[] = []
  for (const want of positive) {
    const missing = granted.has(want.orderLineId)
      ? 0
      : bundles.has(want.variantId)
        ? await reserveBundle(tx, want, bundles, act)
        : await reservePieces(tx, want, { variantId: want.variantId, perUnit: 1 }, act)
    if (missing < want.quantity) for (const part of partsOf(want, bundles)) touched.add(part.variantId)
    if (missing > 0 && !want.hasLeft) short.push({ ...want, missing })
  }
  await noteShortfalls(tx, short, act)
  return {
    shortages: short.map(({ orderLineId, variantId, missing }) => ({ orderLineId, variantId, missing })),
    touched,
  }
}

async function readBundles(tx: Tx, wants: readonly Want[]): Promise<Map<string, Part[]>> {
  const found = await query<{ bundle_id: string; component_id: string; quantity: number }>(
    tx,
    sql`
    select part.bundle_id, part.component_id, part.quantity from bundle_components part
    where part.bundle_id in (select item.id from ${rows(
      wants.map((want) => ({ id: want.variantId })),
      'id text',
    )})
    order by part.component_id`,
  )
  const bundles = new Map<string, Part[]>()
  for (const row of found) {
    bundles.set(row.bundle_id, [
      ...(bundles.get(row.bundle_id) ?? []),
      { variantId: row.component_id, perUnit: row.quantity },
    ])
  }
  return bundles
}

const partsOf = (want: Want, bundles: ReadonlyMap<string, Part[]>): readonly Part[] =>
  bundles.get(want.variantId) ?? [{ variantId: want.variantId, perUnit: 1 }]

/** One statement for all lines whose variant has a warehouse with enough for every one of them. */
async function reserveWhole(tx: Tx, wants: readonly Want[], act: Act): Promise<Set<string>> {
  if (wants.length === 0) return new Set()
  const items = wants.map((want) => ({
    line: want.orderLineId,
    variant_id: want.variantId,
    quantity: want.quantity,
    reason: want.reason,
  }))
  const granted = await query<{ line: string }>(
    tx,
    sql`
    with item as materialized (select * from ${rows(items, 'line text, variant_id text, quantity bigint, reason text')}),
    total as (select variant_id, sum(quantity)::bigint as quantity from item group by 1),
    chosen as (
      select distinct on (level.variant_id) level.variant_id, level.warehouse_id, total.quantity
      from total join stock_levels level using (variant_id)
      join warehouses warehouse on warehouse.id = level.warehouse_id and warehouse.is_active
      where level.on_hand - level.reserved >= total.quantity
      order by level.variant_id, warehouse.priority, warehouse.code
    ),
    taken as (
      update stock_levels level set reserved = level.reserved + chosen.quantity from chosen
      where level.variant_id = chosen.variant_id and level.warehouse_id = chosen.warehouse_id
        and level.on_hand - level.reserved >= chosen.quantity
      returning level.variant_id, level.warehouse_id
    ),
    granted as materialized (select item.*, taken.warehouse_id from item join taken using (variant_id)),
    ledger as (
      insert into stock_movements (variant_id, warehouse_id, reserved, kind, reason, reference, actor, at)
      select variant_id, warehouse_id, quantity, 'reserve', reason, line, ${act.actor}, ${act.now.toISOString()}::timestamptz from granted
    ),
    held as (
      insert into reservations (order_line_id, variant_id, warehouse_id, held)
      select line, variant_id, warehouse_id, sum(quantity) from granted group by 1, 2, 3
      on conflict (order_line_id, variant_id, warehouse_id) do update set held = reservations.held + excluded.held
    )
    select line from granted`,
  )
  return new Set(granted.map((row) => row.line))
}

/** Takes what there is of one part, warehouse by warehouse. Returns how many ordered units are missing. */
async function reservePieces(tx: Tx, want: Want, part: Part, act: Act): Promise<number> {
  let missing = want.quantity * part.perUnit
  const places = await query<{ warehouse_id: string }>(
    tx,
    sql`
    select level.warehouse_id from stock_levels level join warehouses w on w.id = level.warehouse_id and w.is_active
    where level.variant_id = ${part.variantId} and level.on_hand > level.reserved order by w.priority, w.code`,
  )
  for (const { warehouse_id: warehouseId } of places) {
    if (missing === 0) break
    const [taken] = await query<{ quantity: string }>(
      tx,
      sql`
      with free as materialized (
        select least(on_hand - reserved, ${missing}::bigint) as quantity from stock_levels
        where variant_id = ${part.variantId} and warehouse_id = ${warehouseId} for update
      ),
      taken as (
        update stock_levels level set reserved = level.reserved + free.quantity from free
        where level.variant_id = ${part.variantId} and level.warehouse_id = ${warehouseId}
          and free.quantity > 0 and level.on_hand - level.reserved >= free.quantity
        returning free.quantity
      ),
      ledger as (
        insert into stock_movements (variant_id, warehouse_id, reserved, kind, reason, reference, actor, at)
        select ${part.variantId}, ${warehouseId}, quantity, 'reserve', ${want.reason}, ${want.orderLineId}, ${act.actor}, ${act.now.toISOString()}::timestamptz from taken
      ),
      held as (
        insert into reservations (order_line_id, variant_id, warehouse_id, per_unit, held)
        select ${want.orderLineId}, ${part.variantId}, ${warehouseId}, ${part.perUnit}, quantity from taken
        on conflict (order_line_id, variant_id, warehouse_id) do update set held = reservations.held + excluded.held
      )
      select quantity from taken`,
    )
    missing -= Number(taken?.quantity ?? 0)
  }
  return Math.ceil(missing / part.perUnit)
}

class NotWhole extends Error {}

/** All components or none: a half-reserved bundle would hold goods that cannot be sold. */
async function reserveBundle(
  tx: Tx,
  want: Want,
  bundles: ReadonlyMap<string, Part[]>,
  act: Act,
): Promise<number> {
  try {
    await tx.transaction(async (inner) => {
      for (const part of partsOf(want, bundles)) {
        if ((await reservePieces(inner, want, part, act)) > 0) throw new NotWhole()
      }
    })
    return 0
  } catch (error) {
    if (error instanceof NotWhole) return want.quantity
    throw error
  }
}

async function noteShortfalls(
  tx: Tx,
  shortages: readonly (Shortage & Pick<Want, 'waitsSince'>)[],
  act: Act,
): Promise<void> {
  if (shortages.length === 0) return
  const items = shortages.map((short) => ({
    line: short.orderLineId,
    variant_id: short.variantId,
    quantity: short.missing,
    since: short.waitsSince ?? act.now,
  }))
  await tx.execute(sql`
    insert into shortfalls (order_line_id, variant_id, quantity, since)
    select item.line, item.variant_id, item.quantity, item.since
    from ${rows(items, 'line text, variant_id text, quantity bigint, since timestamptz')}
    on conflict (order_line_id) do update set quantity = shortfalls.quantity + excluded.quantity`)
}
