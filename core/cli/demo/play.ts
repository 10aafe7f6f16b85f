import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { addConnection, type Connection } from '../../connections/connections.ts'
import { query } from '../../db/client.ts'
import type { MarketplaceSandbox, RunningSandbox, SandboxOrderInput } from '../../sdk/sandbox.ts'
import { enqueueTask } from '../../sync/enqueue.ts'
import { connectorOf } from '../../sync/hub.ts'
import type { RunningHub } from '../../sync/start.ts'

/** One stand-in marketplace with the hub's connection to it. */
export type Stage = { sandbox: RunningSandbox<MarketplaceSandbox>; connection: Connection }

const act = () => ({ actor: 'demo', now: new Date() })
const pollMs = 200

/** Connects the hub to a sandbox, whose limits are the published ones times `rateScale`. */
export async function connectStage(
  hub: RunningHub,
  connectorId: string,
  sandbox: RunningSandbox<MarketplaceSandbox>,
  rateScale: number,
  currency: string,
): Promise<Stage> {
  const connector = connectorOf(hub.connectors, { connector: connectorId, name: connectorId })
  const { settings, credentials } = sandbox.connection(sandbox.url)
  const input = {
    name: connector.name,
    settings,
    credentials,
    isLocal: true,
    rateScale,
    currency,
    ordersFrom: new Date(0),
  }
  const connection = await hub.db.transaction((tx) => addConnection(tx, hub.key, connector, input, act()))
  return { sandbox, connection }
}

export type Pending = { calls: number; dirty: number; listed: number; tickets: number }

/** What the hub still has to do for its connections. */
export async function countPending(hub: RunningHub): Promise<Pending> {
  const [row] = await query<Pending>(
    hub.db,
    sql`
    select (select count(*)::int from once_calls where state in ('waiting', 'running', 'uncertain')) as calls,
           (select count(*)::int from listing_aspects where is_dirty and refused_revision is null) as dirty,
           (select count(*)::int from listings where status = 'live') as listed,
           (select count(*)::int from tickets where settled_at is null) as tickets`,
  )
  return row!
}

/** Waits until nothing is left to push or create. */
export async function waitUntilInStep(
  hub: RunningHub,
  onPending: (pending: Pending) => void,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const pending = await countPending(hub)
    onPending(pending)
    if (pending.calls + pending.dirty + pending.tickets === 0) return
    await wait(pollMs)
  }
}

export type Buyer = { stage: Stage; order: SandboxOrderInput }

/**
 * Lets the buyers order, in waves, while the hub works. Each shop sells only what it shows; a buyer who comes
 * too late is turned away by the shop and counted.
 */
export async function letBuyersOrder(
  hub: RunningHub,
  buyers: readonly Buyer[],
  waveSize: number,
  onPlaced: (placed: number) => void,
  signal: AbortSignal,
): Promise<{ placed: number; turnedAway: number }> {
  let placed = 0
  let turnedAway = 0
  for (let at = 0; at < buyers.length; at += waveSize) {
    signal.throwIfAborted()
    for (const { stage, order } of buyers.slice(at, at + waveSize)) {
      try {
        stage.sandbox.placeOrder(order)
        placed += 1
      } catch {
        // The shop has too few: it says so to its buyer, as a shop does.
        turnedAway += 1
      }
    }
    onPlaced(placed)
    await pullAll(hub, [...new Set(buyers.map((buyer) => buyer.stage))])
    await wait(pollMs)
  }
  return { placed, turnedAway }
}

/** Asks for the orders of every shop now, as a webhook would. */
export async function pullAll(hub: RunningHub, stages: readonly Stage[]): Promise<void> {
  for (const { connection } of stages)
    await enqueueTask(hub.queue, { task: 'orders', connectionId: connection.id })
}

/** Waits until every order of every shop is in the hub. */
export async function waitForOrders(
  hub: RunningHub,
  stages: readonly Stage[],
  onImported: (imported: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const expected = stages.reduce((sum, { sandbox }) => sum + sandbox.orders().length, 0)
  for (let stalled = 0, last = -1; ; ) {
    signal.throwIfAborted()
    const [row] = await query<{ count: number }>(hub.db, sql`select count(*)::int as count from orders`)
    onImported(row!.count)
    stalled = row!.count === last ? stalled + 1 : 0
    last = row!.count
    // What never arrives is reported at the end as missing, not waited for.
    if (row!.count >= expected || stalled > 150) return
    await pullAll(hub, stages)
    await wait(pollMs)
  }
}
