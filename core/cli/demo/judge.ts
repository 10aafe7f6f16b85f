import { sql } from 'drizzle-orm'
import { query } from '../../db/client.ts'
import { desiredQuantities } from '../../listings/desired.ts'
import { findLedgerGaps } from '../../stock/levels.ts'
import type { RunningHub } from '../../sync/start.ts'
import { runTask, type Task } from '../../sync/tasks.ts'
import type { Stage } from './play.ts'

/** The demo's result: what the shops' own ledgers say against what the hub says. */
export type Verdict = {
  products: number
  listingsLive: number
  ordersPlaced: number
  ordersImported: number
  ordersMissing: number
  ordersDuplicated: number
  moneyMismatches: number
  stockMismatches: number
  ledgerGaps: number
  secondSyncChanges: number
  callsMade: number
  callsRefused: number
  seconds: number
}

type OrderRow = {
  connection_id: string
  external_id: string
  total: string
  currency: string
  copies: number
}

/** Compares every shop's ledger with the database. */
export async function judge(
  hub: RunningHub,
  stages: readonly Stage[],
): Promise<Omit<Verdict, 'secondSyncChanges' | 'seconds'>> {
  const imported = await query<OrderRow>(
    hub.db,
    sql`
    select connection_id, external_id, max(total_minor) as total, max(currency) as currency, count(*)::int as copies from orders group by 1, 2`,
  )
  const byKey = new Map(imported.map((row) => [`${row.connection_id} ${row.external_id}`, row]))
  let ordersPlaced = 0
  let ordersMissing = 0
  let moneyMismatches = 0
  for (const { sandbox, connection } of stages) {
    for (const order of sandbox.orders()) {
      ordersPlaced += 1
      const row = byKey.get(`${connection.id} ${order.externalId}`)
      if (!row) ordersMissing += 1
      else if (Number(row.total) !== order.totalMinor || row.currency !== order.currency) moneyMismatches += 1
    }
  }
  const [counts] = await query<{ products: number; live: number; orders: number }>(
    hub.db,
    sql`
    select (select count(*)::int from products) as products, (select count(*)::int from listings where status = 'live') as live, (select count(*)::int from orders) as orders`,
  )
  const calls = stages.flatMap(({ sandbox }) => sandbox.calls)
  return {
    products: counts!.products,
    listingsLive: counts!.live,
    ordersPlaced,
    ordersImported: counts!.orders,
    ordersMissing,
    ordersDuplicated: counts!.orders - byKey.size,
    moneyMismatches,
    stockMismatches: await countStockMismatches(hub, stages),
    ledgerGaps: (await findLedgerGaps(hub.db)).length,
    callsMade: calls.length,
    callsRefused: calls.filter((call) => call.status === 429).length,
  }
}

/** Listings whose quantity in the shop is not what the hub wants there, missing ones included. */
async function countStockMismatches(hub: RunningHub, stages: readonly Stage[]): Promise<number> {
  let mismatches = 0
  for (const { sandbox, connection } of stages) {
    const ours = await query<{ id: string; sku: string }>(
      hub.db,
      sql`
      select listing.id, variant.sku from listings listing join variants variant on variant.id = listing.variant_id where listing.connection_id = ${connection.id}`,
    )
    const wanted = await desiredQuantities(
      hub.db,
      ours.map((row) => row.id),
    )
    const shown = new Map(sandbox.listings().map((listing) => [listing.sku, listing.quantity]))
    mismatches += ours.filter((row) => shown.get(row.sku) !== wanted.get(row.id)?.quantity).length
  }
  return mismatches
}

const everything: readonly Task[] = ['once', 'orders', 'content', 'price', 'stock', 'reconcile']

/** Syncs everything once more and counts the calls that were meant to change something: there should be none. */
export async function countSecondSync(hub: RunningHub, stages: readonly Stage[]): Promise<number> {
  const writes = () =>
    stages.reduce((sum, { sandbox }) => sum + sandbox.calls.filter((call) => call.isWrite).length, 0)
  const before = writes()
  for (const { connection } of stages) {
    for (const task of everything) await runTask(hub, task, connection.id)
    for (const task of everything.slice(2, 5)) await runTask(hub, task, connection.id)
  }
  return writes() - before
}
