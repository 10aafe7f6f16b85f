import { sql } from 'drizzle-orm'
import { type Db, query } from '../../core/db/client.ts'
import type { MarketplaceSandbox, SandboxListing, SandboxOrder } from '../../core/sdk/sandbox.ts'
import { findLedgerGaps } from '../../core/stock/levels.ts'

/** A connection and the platform behind it. */
export type Side = {
  connectionId: string
  /** Without listings only the orders are compared. */
  sandbox: Pick<MarketplaceSandbox, 'orders'> & Partial<Pick<MarketplaceSandbox, 'listings'>>
}

/**
 * What is wrong, in words; empty when everything that must hold holds. Reads the sandboxes' own ledgers and the
 * database, and computes by itself what the listings should show.
 */
export async function findViolations(db: Db, sides: readonly Side[]): Promise<string[]> {
  const found = [...(await stockViolations(db)), ...(await lineViolations(db))]
  const shown = await expectedListings(db)
  for (const { connectionId, sandbox } of sides) {
    found.push(...(await orderViolations(db, connectionId, sandbox.orders())))
    if (sandbox.listings) found.push(...listingViolations(shown, connectionId, sandbox.listings()))
  }
  return found
}

type OrderRow = {
  id: string
  externalId: string
  status: string
  total: string
  parts: string
  currency: string
}

/** Every order of the platform is here once, with its money and its lines; and no other is. */
async function orderViolations(
  db: Db,
  connectionId: string,
  theirs: readonly SandboxOrder[],
): Promise<string[]> {
  const ours = await query<OrderRow>(
    db,
    sql`
    select o.id, o.external_id as "externalId", o.status, o.total_minor as total, o.currency,
      (select coalesce(sum(total_minor), 0) from order_lines where order_id = o.id) + (select coalesce(sum(amount_minor), 0) from order_charges where order_id = o.id) as parts
    from orders o where o.connection_id = ${connectionId}`,
  )
  const lines = await query<{ id: string; sku: string; quantity: number }>(
    db,
    sql`
    select line.order_id as id, line.sku, line.quantity from order_lines line join orders o on o.id = line.order_id
    where o.connection_id = ${connectionId}`,
  )
  const wrong: string[] = []
  for (const order of theirs) {
    const held = ours.filter((row) => row.externalId === order.externalId)
    const about = `order ${order.externalId}`
    if (held.length !== 1) {
      wrong.push(`${about} is here ${held.length} times`)
      continue
    }
    const [row] = held
    if (Number(row!.total) !== order.totalMinor || row!.currency !== order.currency)
      wrong.push(`${about} costs ${row!.total} ${row!.currency} here, ${order.totalMinor} there`)
    if (Number(row!.parts) !== order.totalMinor) wrong.push(`${about} has parts that make ${row!.parts}`)
    const isCancelled = row!.status === 'cancelled' || row!.status === 'refunded'
    if (isCancelled !== order.isCancelled) wrong.push(`${about} is ${row!.status} here, not there`)
    const here = describeLines(lines.filter((line) => line.id === row!.id))
    if (here !== describeLines(order.lines)) wrong.push(`${about} has lines ${here}`)
  }
  const known = new Set(theirs.map((order) => order.externalId))
  return [
    ...wrong,
    ...ours.filter((row) => !known.has(row.externalId)).map((row) => `order ${row.id} is not there`),
  ]
}

const describeLines = (lines: readonly { sku: string | null; quantity: number }[]): string =>
  lines
    .map((line) => `${line.quantity} x ${line.sku}`)
    .sort()
    .join(', ')

/** Levels are the sum of their ledger and of their reservations, and never hold more than there is. */
export async function stockViolations(db: Db): Promise<string[]> {
  const gaps = await findLedgerGaps(db)
  const levels = await query<{ sku: string; on_hand: string; reserved: string; held: string }>(
    db,
    sql`
    select variant.sku, level.on_hand, level.reserved, coalesce(held.units, 0) as held
    from stock_levels level join variants variant on variant.id = level.variant_id
    left join (select variant_id, warehouse_id, sum(held) as units from reservations group by 1, 2) held using (variant_id, warehouse_id)
    where level.reserved > level.on_hand or level.on_hand < 0 or level.reserved <> coalesce(held.units, 0)`,
  )
  return [
    ...gaps.map((gap) => `the ledger of ${gap.variantId} is not its level`),
    ...levels.map(
      (row) => `${row.sku}: ${row.on_hand} on hand, ${row.reserved} reserved, ${row.held} held by orders`,
    ),
  ]
}

/** A line that waits for shipment holds its units or is short of them; one that does not holds nothing. */
async function lineViolations(db: Db): Promise<string[]> {
  const rows = await query<{ id: string; status: string; wanted: number; held: string; short: string }>(
    db,
    sql`
    select * from (
      select line.id, o.status, coalesce(short.quantity, 0) as short,
        case when o.status in ('paid', 'allocated') or (o.status = 'pending_payment' and o.is_stock_held) then line.quantity - line.cancelled_quantity else 0 end as wanted,
        coalesce((select min(part.units) from (select floor(sum(r.held + r.shipped)::numeric / max(r.per_unit)) as units from reservations r
          where r.order_line_id = line.id group by r.variant_id) part), 0) as held
      from order_lines line join orders o on o.id = line.order_id left join shortfalls short on short.order_line_id = line.id
      where line.variant_id is not null and not o.flags ? 'history' and o.status not in ('shipped', 'delivered', 'completed')
    ) state where state.held + state.short <> state.wanted`,
  )
  return rows.map(
    (row) => `line ${row.id} (${row.status}) wants ${row.wanted}, holds ${row.held}, is short ${row.short}`,
  )
}

type Expected = {
  connectionId: string
  sku: string
  externalId: string | null
  quantity: number
  price: number | null
}

type PoolRow = {
  connection_id: string
  sku: string
  external_id: string | null
  own: string
  parts: { free: number; per: number }[] | null
  share: number | null
  cap: string | null
  buffer: string | null
  price: string | null
}

/** What every bound listing should show, computed from the tables and not by the hub's code. */
async function expectedListings(db: Db): Promise<Expected[]> {
  const rows = await query<PoolRow>(
    db,
    sql`
    with free as (
      select level.variant_id, sum(level.on_hand - level.reserved) as units from stock_levels level
      join warehouses warehouse on warehouse.id = level.warehouse_id where warehouse.is_active group by 1
    )
    select listing.connection_id, variant.sku, listing.external_id, coalesce(own.units, 0) as own,
      (select jsonb_agg(jsonb_build_object('free', coalesce(free.units, 0), 'per', part.quantity))
       from bundle_components part left join free on free.variant_id = part.component_id where part.bundle_id = variant.id) as parts,
      coalesce(special.share_basis_points, case when special.id is null then general.share_basis_points end) as share,
      coalesce(special.cap, case when special.id is null then general.cap end) as cap,
      coalesce(special.buffer, general.buffer) as buffer, base.amount_minor as price
    from listings listing join variants variant on variant.id = listing.variant_id
    join connections connection on connection.id = listing.connection_id
    left join free own on own.variant_id = variant.id
    left join stock_allocations special on special.connection_id = listing.connection_id and special.variant_id = variant.id
    left join stock_allocations general on general.connection_id = listing.connection_id and general.variant_id is null
    left join base_prices base on base.variant_id = variant.id and base.currency = connection.currency
    where listing.status = 'live'`,
  )
  return rows.map((row) => ({
    connectionId: row.connection_id,
    sku: row.sku,
    externalId: row.external_id,
    quantity: expectedQuantity(row),
    price: row.price === null ? null : Number(row.price),
  }))
}

function expectedQuantity(row: PoolRow): number {
  const pool = row.parts
    ? Math.min(...row.parts.map((part) => Math.floor(part.free / part.per)))
    : Number(row.own)
  const shared =
    row.share === null || pool === 0 ? pool : Math.max(1, Math.floor((pool * row.share) / 10_000))
  const buffered = Math.max(0, shared - Number(row.buffer ?? 0))
  return row.cap === null ? buffered : Math.min(buffered, Number(row.cap))
}

/** Each bound SKU stands on the platform once, with the hub's quantity and price. */
function listingViolations(
  expected: readonly Expected[],
  connectionId: string,
  shown: readonly SandboxListing[],
): string[] {
  const wrong: string[] = []
  const bySku = Map.groupBy(shown, (listing) => listing.sku)
  for (const [sku, copies] of bySku) {
    if (sku !== '' && copies.length > 1) wrong.push(`${sku} is listed ${copies.length} times`)
  }
  for (const want of expected.filter((listing) => listing.connectionId === connectionId)) {
    const [listing] = bySku.get(want.sku) ?? []
    if (!listing) wrong.push(`${want.sku} is live here and not listed there`)
    else if (listing.externalId !== want.externalId) wrong.push(`${want.sku} is bound to ${want.externalId}`)
    else if (listing.quantity !== want.quantity)
      wrong.push(`${want.sku} shows ${listing.quantity} instead of ${want.quantity}`)
    else if (listing.price?.minor !== want.price)
      wrong.push(`${want.sku} costs ${listing.price?.minor} instead of ${want.price}`)
  }
  return wrong
}
