import { sql } from 'drizzle-orm'
import { query, rows, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { lockLevels, type Movement, move } from './levels.ts'
import { reserve, type Shortage } from './reserve.ts'

/** What a line should hold: units that wait for shipment, and units that have left. In ordered units. */
export type Target = { orderLineId: string; variantId: string; held: number; shipped: number; reason: string }

type Reservation = {
  line: string
  variant_id: string
  warehouse_id: string
  per_unit: number
  held: number
  shipped: number
}

/** What settling came to: lines that wait, and the variants whose free units fell or rose. */
export type Settled = { shortages: Shortage[]; fallen: Set<string>; risen: Set<string> }

/**
 * Brings the stock of order lines to what their orders now say: reserves what is missing, gives back what is
 * too much, ships what has left. May be repeated: a target that is met changes nothing.
 */
export async function settleHoldings(tx: Tx, targets: readonly Target[], act: Act): Promise<Settled> {
  if (targets.length === 0) return { shortages: [], fallen: new Set(), risen: new Set() }
  // In this order: forgetting waits for whoever fills the shortfall now, reading for whoever gives units up.
  const cleared = await clearShortfalls(tx, targets)
  const before = await readReservations(tx, targets)
  const waitsSince = new Map([...(await clearShortfalls(tx, targets)), ...cleared])
  const wants = targets.map((target) => ({
    orderLineId: target.orderLineId,
    variantId: target.variantId,
    quantity:
      target.held + target.shipped - unitsOf(before.get(target.orderLineId), (row) => row.held + row.shipped),
    reason: target.reason,
    waitsSince: waitsSince.get(target.orderLineId),
    hasLeft: target.held === 0,
  }))
  const { shortages, touched: fallen } = await reserve(tx, wants, act)
  const movements: Movement[] = []
  const changed: Reservation[] = []
  const surplus = targets.filter((_, index) => wants[index]!.quantity < 0 || targets[index]!.shipped > 0)
  const after = await readReservations(tx, surplus)
  for (const target of surplus) {
    for (const row of shrinkAndShip(after.get(target.orderLineId) ?? [], target, movements)) changed.push(row)
  }
  await lockLevels(tx, [...new Set(changed.map((row) => row.variant_id))])
  await move(tx, movements, act)
  await writeReservations(tx, changed)
  const released = movements.filter((movement) => movement.kind === 'release')
  return { shortages, fallen, risen: new Set(released.map((movement) => movement.variantId)) }
}

/** Ordered units that these reservations make up: the scarcest part counts. */
function unitsOf(
  reservations: readonly Reservation[] | undefined,
  pick: (row: Reservation) => number,
): number {
  if (!reservations || reservations.length === 0) return 0
  const byPart = new Map<string, number>()
  for (const row of reservations)
    byPart.set(row.variant_id, (byPart.get(row.variant_id) ?? 0) + pick(row) / row.per_unit)
  return Math.floor(Math.min(...byPart.values()))
}

/** The movements and new reservation rows that lead a line from what it holds to its target. */
function shrinkAndShip(
  reservations: readonly Reservation[],
  target: Target,
  movements: Movement[],
): Reservation[] {
  const rowsByPart = Map.groupBy(reservations, (row) => row.variant_id)
  const result: Reservation[] = []
  for (const part of rowsByPart.values()) {
    const per = part[0]!.per_unit
    const held = part.reduce((sum, row) => sum + row.held, 0)
    const shipped = part.reduce((sum, row) => sum + row.shipped, 0)
    let toShip = Math.min(held, Math.max(0, target.shipped * per - shipped))
    let toRelease = Math.max(0, held - toShip - target.held * per)
    for (const row of part) {
      const ship = Math.min(row.held, toShip)
      const release = Math.min(row.held - ship, toRelease)
      toShip -= ship
      toRelease -= release
      if (ship === 0 && release === 0) continue
      const about = {
        variantId: row.variant_id,
        warehouseId: row.warehouse_id,
        reason: target.reason,
        reference: row.line,
      }
      if (ship > 0) movements.push({ ...about, onHand: -ship, reserved: -ship, kind: 'ship' })
      if (release > 0) movements.push({ ...about, reserved: -release, kind: 'release' })
      result.push({ ...row, held: row.held - ship - release, shipped: row.shipped + ship })
    }
  }
  return result
}

async function readReservations(tx: Tx, targets: readonly Target[]): Promise<Map<string, Reservation[]>> {
  if (targets.length === 0) return new Map()
  const found = await query<Omit<Reservation, 'held' | 'shipped'> & { held: string; shipped: string }>(
    tx,
    sql`
    select order_line_id as line, variant_id, warehouse_id, per_unit, held, shipped from reservations
    where order_line_id in (select item.id from ${rows(
      targets.map((target) => ({ id: target.orderLineId })),
      'id text',
    )})
    order by order_line_id, variant_id, warehouse_id for update`,
  )
  return Map.groupBy(
    found.map((row) => ({ ...row, held: Number(row.held), shipped: Number(row.shipped) })),
    (row) => row.line,
  )
}

async function writeReservations(tx: Tx, changed: readonly Reservation[]): Promise<void> {
  if (changed.length === 0) return
  await tx.execute(sql`
    update reservations held_for set held = item.held, shipped = item.shipped
    from ${rows(changed, 'line text, variant_id text, warehouse_id text, held bigint, shipped bigint')}
    where held_for.order_line_id = item.line and held_for.variant_id = item.variant_id and held_for.warehouse_id = item.warehouse_id`)
}

/** Forgets what was missing: `reserve` notes it anew if it still is. Returns since when each line waited. */
async function clearShortfalls(tx: Tx, targets: readonly Target[]): Promise<Map<string, Date>> {
  const gone = await query<{ line: string; since: string }>(
    tx,
    sql`
    delete from shortfalls where order_line_id in (select item.id from ${rows(
      targets.map((target) => ({ id: target.orderLineId })),
      'id text',
    )})
    returning order_line_id as line, since`,
  )
  return new Map(gone.map((row) => [row.line, new Date(row.since)]))
}
