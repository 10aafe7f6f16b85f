import { sql } from 'drizzle-orm'
import { query, rows, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { lockLevels, move } from './levels.ts'
import { raiseOversold } from './shortfalls.ts'

type Place = { variantId: string; warehouseId: string }
/** Units that a line no longer holds in one place. */
export type GivenUp = Place & { units: number }

type Held = {
  line: string
  ordered_variant: string
  variant_id: string
  warehouse_id: string
  per_unit: number
  held: string
}

/**
 * Takes at least `units` away from the latest reservations of a level; their lines are short from now on. A
 * bundle gives up all of its components: half of one cannot be shipped.
 */
export async function giveUpReservations(tx: Tx, place: Place, units: number, act: Act): Promise<GivenUp[]> {
  const held = await query<Held>(
    tx,
    sql`
    select r.order_line_id as line, coalesce(line.variant_id, r.variant_id) as ordered_variant, r.variant_id, r.warehouse_id, r.per_unit, r.held
    from reservations r join order_lines line on line.id = r.order_line_id join orders o on o.id = line.order_id
    where r.variant_id = ${place.variantId} and r.warehouse_id = ${place.warehouseId} and r.held > 0
    order by o.placed_at desc, r.order_line_id desc for update of r`,
  )
  let left = units
  const taken: (Held & { units: number; missing: number })[] = []
  const bundles: string[] = []
  for (const row of held) {
    if (left <= 0) break
    const isBundle = row.ordered_variant !== place.variantId
    const part = isBundle ? Number(row.held) : Math.min(left, Number(row.held))
    left -= part
    if (isBundle) bundles.push(row.line)
    else taken.push({ ...row, units: part, missing: part })
  }
  taken.push(...(await readBundles(tx, bundles)))
  await release(tx, taken, act)
  return taken.map((row) => ({
    variantId: row.variant_id,
    warehouseId: row.warehouse_id,
    units: row.units,
  }))
}

/** All that these bundle lines hold, with how many bundles that is. */
async function readBundles(
  tx: Tx,
  lines: readonly string[],
): Promise<(Held & { units: number; missing: number })[]> {
  if (lines.length === 0) return []
  const found = await query<Held>(
    tx,
    sql`
    select r.order_line_id as line, line.variant_id as ordered_variant, r.variant_id, r.warehouse_id, r.per_unit, r.held
    from reservations r join order_lines line on line.id = r.order_line_id
    where r.held > 0 and r.order_line_id in (select item.id from ${rows(
      lines.map((id) => ({ id })),
      'id text',
    )})
    order by r.order_line_id, r.variant_id, r.warehouse_id for update of r`,
  )
  await lockLevels(tx, [...new Set(found.map((row) => row.variant_id))])
  return [...Map.groupBy(found, (row) => row.line).values()].flatMap((parts) => {
    const byPart = [...Map.groupBy(parts, (row) => row.variant_id).values()]
    const missing = Math.min(
      ...byPart.map((part) => part.reduce((sum, row) => sum + Number(row.held), 0) / part[0]!.per_unit),
    )
    return parts.map((row) => ({ ...row, units: Number(row.held), missing: Math.ceil(missing) }))
  })
}

async function release(
  tx: Tx,
  taken: readonly (Held & { units: number; missing: number })[],
  act: Act,
): Promise<void> {
  await tx.execute(sql`
    update reservations r set held = r.held - item.units
    from ${rows(taken, 'line text, variant_id text, warehouse_id text, units bigint')}
    where r.order_line_id = item.line and r.variant_id = item.variant_id and r.warehouse_id = item.warehouse_id`)
  await move(
    tx,
    taken.map((row) => ({
      variantId: row.variant_id,
      warehouseId: row.warehouse_id,
      reserved: -row.units,
      kind: 'release',
      reason: 'The count found fewer units than were reserved',
      reference: row.line,
    })),
    act,
  )
  const short = [...new Map(taken.map((row) => [row.line, row])).values()]
  await tx.execute(sql`
    insert into shortfalls (order_line_id, variant_id, quantity, since)
    select item.line, item.ordered_variant, item.missing, ${act.now.toISOString()}::timestamptz
    from ${rows(short, 'line text, ordered_variant text, missing bigint')}
    on conflict (order_line_id) do update set quantity = shortfalls.quantity + excluded.quantity`)
  await raiseOversold(
    tx,
    short.map((row) => row.line),
    act,
  )
}
