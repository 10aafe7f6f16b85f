import { sql } from 'drizzle-orm'
import { query, rows, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { markDirty, type Touched } from '../listings/dirty.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import { InputError } from '../sdk/errors.ts'
import { lockLevels, type Movement, type MovementKind, move } from './levels.ts'
import { reserve } from './reserve.ts'

/** A change of what is on hand: to an absolute count, or by a difference. */
export type StockEdit = {
  variantId: string
  warehouseId: string
  reason: string
  reference?: string | null
} & ({ onHand: number } | { delta: number })

/**
 * Changes what is on hand, fills orders that were short, and marks the listings dirty. A count below what is
 * reserved gives up the latest reservations: the goods are not there, and their orders become problems.
 * Returns the variants whose level changed.
 * @throws InputError for a figure that is no whole number or is negative; nothing is changed then.
 */
export async function changeStock(
  tx: Tx,
  edits: readonly StockEdit[],
  kind: MovementKind,
  act: Act,
): Promise<Set<string>> {
  for (const edit of edits) assertWhole(edit)
  const levels = new Map(
    (await lockLevels(tx, [...new Set(edits.map((edit) => edit.variantId))])).map((level) => [
      `${level.variantId} ${level.warehouseId}`,
      level,
    ]),
  )
  const movements: Movement[] = []
  const touched = new Map<string, Touched>()
  for (const edit of edits) {
    const level = levels.get(`${edit.variantId} ${edit.warehouseId}`) ?? {
      ...edit,
      onHand: 0,
      reserved: 0,
      incoming: 0,
    }
    const next = 'onHand' in edit ? edit.onHand : level.onHand + edit.delta
    if (next < 0) throw new InputError(`The stock would fall to ${next}. It cannot be negative.`, 'onHand')
    const delta = next - level.onHand
    if (delta === 0) continue
    if (next < level.reserved) {
      const given = await giveUpReservations(tx, edit, level.reserved - next, act)
      level.reserved -= given
    }
    movements.push({
      variantId: edit.variantId,
      warehouseId: edit.warehouseId,
      onHand: delta,
      kind,
      reason: edit.reason,
      reference: edit.reference ?? null,
    })
    levels.set(`${edit.variantId} ${edit.warehouseId}`, { ...level, onHand: next })
    touched.set(edit.variantId, {
      variantId: edit.variantId,
      isFalling: delta < 0 || touched.get(edit.variantId)?.isFalling === true,
    })
  }
  await move(tx, movements, act)
  await fillShortfalls(
    tx,
    movements.filter((m) => (m.onHand ?? 0) > 0).map((m) => m.variantId),
    act,
  )
  await markDirty(tx, 'stock', [...touched.values()], act)
  return new Set(touched.keys())
}

function assertWhole(edit: StockEdit): void {
  const value = 'onHand' in edit ? edit.onHand : edit.delta
  if (!Number.isSafeInteger(value)) throw new InputError(`${value} is not a whole number of units.`, 'onHand')
  if ('onHand' in edit && value < 0)
    throw new InputError(`The stock cannot be ${value}: it must be zero or more.`, 'onHand')
}

/** Takes `units` away from the latest reservations of a level; their lines are short from now on. */
async function giveUpReservations(
  tx: Tx,
  place: { variantId: string; warehouseId: string },
  units: number,
  act: Act,
): Promise<number> {
  const held = await query<{ line: string; ordered_variant: string; per_unit: number; held: string }>(
    tx,
    sql`
    select r.order_line_id as line, coalesce(line.variant_id, r.variant_id) as ordered_variant, r.per_unit, r.held
    from reservations r join order_lines line on line.id = r.order_line_id join orders o on o.id = line.order_id
    where r.variant_id = ${place.variantId} and r.warehouse_id = ${place.warehouseId} and r.held > 0
    order by o.placed_at desc, r.order_line_id desc for update of r`,
  )
  let left = units
  const taken: { line: string; variant: string; units: number; missing: number }[] = []
  for (const row of held) {
    if (left <= 0) break
    const part = Math.min(left, Number(row.held))
    left -= part
    taken.push({
      line: row.line,
      variant: row.ordered_variant,
      units: part,
      missing: Math.ceil(part / row.per_unit),
    })
  }
  const columns = 'line text, variant text, units bigint, missing bigint'
  await tx.execute(sql`
    update reservations r set held = r.held - item.units from ${rows(taken, columns)}
    where r.order_line_id = item.line and r.variant_id = ${place.variantId} and r.warehouse_id = ${place.warehouseId}`)
  await move(
    tx,
    taken.map((row) => ({
      ...place,
      reserved: -row.units,
      kind: 'release',
      reason: 'The count found fewer units than were reserved',
      reference: row.line,
    })),
    act,
  )
  await tx.execute(sql`
    insert into shortfalls (order_line_id, variant_id, quantity, since)
    select item.line, item.variant, item.missing, ${act.now.toISOString()}::timestamptz from ${rows(taken, columns)}
    on conflict (order_line_id) do update set quantity = shortfalls.quantity + excluded.quantity`)
  await raiseOversold(
    tx,
    taken.map((row) => row.line),
    act,
  )
  return units - Math.max(0, left)
}

/** Reserves what came in for the lines that wait longest. */
export async function fillShortfalls(tx: Tx, variantIds: readonly string[], act: Act): Promise<void> {
  if (variantIds.length === 0) return
  const waiting = await query<{ line: string; variant_id: string; quantity: string; number: string }>(
    tx,
    sql`
    with item as (select * from ${rows(
      [...new Set(variantIds)].map((id) => ({ id })),
      'id text',
    )})
    select short.order_line_id as line, short.variant_id, short.quantity, o.number
    from shortfalls short join order_lines line on line.id = short.order_line_id join orders o on o.id = line.order_id
    where short.variant_id in (select id from item union select bundle_id from bundle_components where component_id in (select id from item))
    order by short.since, short.order_line_id for update of short`,
  )
  for (const short of waiting) {
    await tx.execute(sql`delete from shortfalls where order_line_id = ${short.line}`)
    const want = {
      orderLineId: short.line,
      variantId: short.variant_id,
      quantity: Number(short.quantity),
      reason: `Order ${short.number} waited for it`,
    }
    const missing = await reserve(tx, [want], act)
    if (missing.length === 0) await settleProblems(tx, [oversoldKey(short.line)], act)
  }
}

const oversoldKey = (orderLineId: string) => `oversold:${orderLineId}`

/** Says of each of these lines that more was sold than there was. */
export async function raiseOversold(tx: Tx, orderLineIds: readonly string[], act: Act): Promise<void> {
  if (orderLineIds.length === 0) return
  const found = await query<{
    line: string
    order_id: string
    number: string
    connection_id: string
    sku: string
    missing: string
    connection: string
  }>(
    tx,
    sql`
    select short.order_line_id as line, o.id as order_id, o.number, o.connection_id, connection.name as connection, coalesce(line.sku, line.external_id) as sku, short.quantity as missing
    from shortfalls short join order_lines line on line.id = short.order_line_id
    join orders o on o.id = line.order_id join connections connection on connection.id = o.connection_id
    where short.order_line_id in (select item.id from ${rows(
      orderLineIds.map((id) => ({ id })),
      'id text',
    )})`,
  )
  await raiseProblems(
    tx,
    found.map((row) => ({
      kind: 'oversold' as const,
      key: oversoldKey(row.line),
      connectionId: row.connection_id,
      subject: row.order_id,
      message: `Order ${row.number} of ${row.connection} wants ${row.missing} more of ${row.sku} than there are.`,
      detail: { sku: row.sku, missing: Number(row.missing) },
    })),
    act,
  )
}

/** The oversell of lines that are no longer short is over. */
export async function settleOversold(tx: Tx, orderLineIds: readonly string[], act: Act): Promise<void> {
  if (orderLineIds.length === 0) return
  const over = await query<{ id: string }>(
    tx,
    sql`
    select item.id from ${rows(
      orderLineIds.map((id) => ({ id })),
      'id text',
    )} where not exists (select 1 from shortfalls where order_line_id = item.id)`,
  )
  await settleProblems(
    tx,
    over.map((row) => oversoldKey(row.id)),
    act,
  )
}
