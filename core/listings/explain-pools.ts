import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'

/** What happened that made a term what it is. */
export type TermEvent = {
  /** The kind of movement, or what was set. */
  kind: string
  /** By how much, where it is a difference. */
  change: string | null
  reason: string
  reference: string | null
  actor: string | null
  at: Date | null
}

/** A place units come from: a warehouse, or a component of a bundle. `label` is that of its term. */
export type Pool = { label: string; onHand: number; reserved: number; incoming: number; events: TermEvent[] }

/** How many movements of each warehouse an explanation shows. */
const movementsShown = 5

type PoolRow = {
  label: string
  warehouse: string
  level_on_hand: string
  level_reserved: string
  level_incoming: string
  kind: string | null
  on_hand: string
  reserved: string
  incoming: string
  reason: string
  reference: string | null
  actor: string
  at: string
}

/** Where the units of a variant come from. One query. */
export async function loadPools(db: DbOrTx, variantId: string): Promise<Pool[]> {
  const found = await query<PoolRow>(
    db,
    sql`
    with pool as (
      select component.id as variant_id, component.sku from bundle_components part join variants component on component.id = part.component_id
      where part.bundle_id = ${variantId}
      union all
      select ${variantId}, null where not exists (select 1 from bundle_components where bundle_id = ${variantId})
    )
    select coalesce(pool.sku, 'warehouse ' || warehouse.code) as label, warehouse.code as warehouse,
           level.on_hand as level_on_hand, level.reserved as level_reserved, level.incoming as level_incoming,
           m.kind, m.on_hand, m.reserved, m.incoming, m.reason, m.reference, m.actor, m.at
    from pool join stock_levels level on level.variant_id = pool.variant_id
    join warehouses warehouse on warehouse.id = level.warehouse_id and warehouse.is_active
    left join lateral (
      select * from stock_movements where variant_id = level.variant_id and warehouse_id = level.warehouse_id
      order by id desc limit ${movementsShown}
    ) m on true
    order by pool.sku, warehouse.priority, warehouse.code, m.id desc`,
  )
  return [...Map.groupBy(found, (row) => row.label)].map(([label, group]) => {
    const levels = [...new Map(group.map((row) => [row.warehouse, row])).values()]
    const sum = (field: 'level_on_hand' | 'level_reserved' | 'level_incoming') =>
      levels.reduce((total, row) => total + Number(row[field]), 0)
    return {
      label,
      onHand: sum('level_on_hand'),
      reserved: sum('level_reserved'),
      incoming: sum('level_incoming'),
      events: group.filter((row) => row.kind !== null).map(toMovement),
    }
  })
}

const toMovement = (row: PoolRow): TermEvent => ({
  kind: row.kind!,
  change: describeChange(row),
  reason: row.reason,
  reference: row.reference,
  actor: row.actor,
  at: new Date(row.at),
})

function describeChange(row: PoolRow): string {
  const parts = [
    ['on hand', Number(row.on_hand)],
    ['reserved', Number(row.reserved)],
    ['incoming', Number(row.incoming)],
  ] as const
  return parts
    .filter(([, units]) => units !== 0)
    .map(([name, units]) => `${name} ${units > 0 ? '+' : ''}${units} in ${row.warehouse}`)
    .join(', ')
}
