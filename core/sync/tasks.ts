import { and, eq, isNull, sql } from 'drizzle-orm'
import { query } from '../db/client.ts'
import { cursors, tickets } from '../db/schema/index.ts'
import type { ScheduledTask } from '../sdk/connector.ts'
import { type Aspect, aspects } from '../sdk/model/listing.ts'
import { hasToken } from './buckets.ts'
import { runEndings } from './end.ts'
import type { Hub } from './hub.ts'
import { type LaneOutcome, runLane } from './lane.ts'
import { runOnceCalls } from './once.ts'
import { pullOrders, readOrders } from './pull.ts'
import { pushAspect } from './push.ts'
import { countDirty, nextDue } from './push-state.ts'
import { reconcile } from './reconcile.ts'
import { pullReturns } from './returns.ts'
import { pullTerms } from './terms.ts'
import { ticketPollMs } from './tickets.ts'
import { pullTracking } from './track.ts'

/** Everything a lane can be woken for. */
export type Task = ScheduledTask | 'once'

const isAspect = (task: Task): task is Aspect => (aspects as readonly string[]).includes(task)

/** Orders read this recently need no reading right before a stock push. */
const freshOrdersMs = 5_000

/** Runs one task of a connection now, in this process, under its lease. */
export async function runTask(
  hub: Hub,
  task: Task,
  connectionId: string,
  options: { hasNews?: () => boolean; externalIds?: readonly string[] } = {},
): Promise<LaneOutcome> {
  if (isAspect(task)) {
    if (task === 'stock') await pullBeforeStock(hub, connectionId)
    return runLane(hub, connectionId, `push:${task}`, task !== 'content', (lane) =>
      pushAspect(lane, task, options.hasNews),
    )
  }
  if (task === 'orders' && options.externalIds)
    return runLane(hub, connectionId, 'orders', true, async (lane) => {
      await readOrders(lane, options.externalIds!)
    })
  if (task === 'orders') return runLane(hub, connectionId, 'orders', true, pullOrders)
  if (task === 'tracking')
    return runLane(hub, connectionId, 'tracking', false, (lane) => pullTracking(lane, options.externalIds))
  if (task === 'terms') return runLane(hub, connectionId, 'terms', false, pullTerms)
  if (task === 'returns') return runLane(hub, connectionId, 'returns', false, pullReturns)
  if (task === 'once') {
    return runLane(hub, connectionId, 'once', true, async (lane) => {
      await runOnceCalls(lane)
      await runEndings(lane)
    })
  }
  return runLane(hub, connectionId, 'reconcile', false, reconcile)
}

/**
 * Reads orders right before stock is written, so that a sale of the last seconds is in the quantity; unless
 * there is none to write, they were just read, or the platform's limit would make the stock wait.
 */
async function pullBeforeStock(hub: Hub, connectionId: string): Promise<void> {
  if ((await countDirty(hub.db, connectionId, 'stock', hub.clock.now(), 1)) === 0) return
  const [row] = await hub.db
    .select()
    .from(cursors)
    .where(and(eq(cursors.connectionId, connectionId), eq(cursors.stream, 'orders')))
  if (row && hub.clock.now().getTime() - row.updatedAt.getTime() < freshOrdersMs) return
  const [connection] = await query<{ connector: string }>(
    hub.db,
    sql`select connector from connections where id = ${connectionId}`,
  )
  const pull = connection && hub.connectors.get(connection.connector)?.operations.pullOrders
  if (!pull || (pull.bucket && !(await hasToken(hub.db, connectionId, pull.bucket)))) return
  await runLane(hub, connectionId, 'orders', true, pullOrders)
}

/** When a task that has run should run again without a wake-up: a ticket to ask about, an item that rests. */
export async function nextRun(
  hub: Hub,
  task: Task,
  connectionId: string,
  outcome: LaneOutcome,
): Promise<Date | null> {
  if (outcome.state === 'waiting' || outcome.state === 'failed') return outcome.until
  if (outcome.state === 'busy') return new Date(hub.clock.now().getTime() + 1000)
  if (outcome.state === 'paused') return null
  if (task === 'once') {
    const [row] = await query<{ at: string | null }>(
      hub.db,
      sql`
      select min(not_before) as at from once_calls where connection_id = ${connectionId} and state in ('waiting', 'uncertain') and not_before is not null`,
    )
    return row?.at ? new Date(row.at) : null
  }
  if (!isAspect(task)) return null
  const due = await nextDue(hub.db, connectionId, task, hub.clock.now())
  const open = await hub.db
    .select({
      id: tickets.id,
      rateScale: sql<number>`(select rate_scale from connections where id = ${connectionId})`,
    })
    .from(tickets)
    .where(and(eq(tickets.connectionId, connectionId), eq(tickets.aspect, task), isNull(tickets.settledAt)))
    .limit(1)
  const poll = open[0]
    ? new Date(hub.clock.now().getTime() + ticketPollMs / Math.max(1, open[0].rateScale))
    : null
  const dates = [due, poll].filter((date) => date !== null)
  return dates.length === 0 ? null : new Date(Math.min(...dates.map((date) => date.getTime())))
}
