import { and, desc, eq, sql } from 'drizzle-orm'
import { query } from '../db/client.ts'
import { leases, proposals } from '../db/schema/index.ts'
import { fingerprint } from '../lib/crypto.ts'
import { wake } from '../listings/dirty.ts'
import { type Applier, type DiffLine, propose } from '../proposals/proposals.ts'
import type { Aspect } from '../sdk/model/listing.ts'
import type { StockValue } from './aspects.ts'
import { pushOf } from './aspects.ts'
import { systemAct } from './hub.ts'
import { count, type Lane } from './lane.ts'
import { callsOf, type Planned, planPush, toBatches } from './plan.ts'
import { approvedSteps } from './price-steps.ts'
import { claimDirty, countDirty } from './push-state.ts'

/** Fewer changes than this are never a disaster. */
const smallestAlarm = 20
const pageSize = 1000
/** How long an approval lets the lane change more than its cap. */
const approvalMs = 3_600_000

/**
 * Whether this run stays within the caps of the connection: the largest share of its listings that may be
 * zeroed or repriced at once. Beyond it nothing is sent and a proposal with the diff waits for a person.
 */
export async function checkCaps(lane: Lane, aspect: Aspect): Promise<boolean> {
  if (aspect === 'content') return true
  const { hub, connection, lease } = lane
  if (lease.approvedUntil && lease.approvedUntil > hub.clock.now()) return true
  const capBasisPoints =
    aspect === 'stock' ? connection.maxZeroedBasisPoints : connection.maxRepricedBasisPoints
  const now = hub.clock.now()
  if ((await countDirty(hub.db, connection.id, aspect, now, smallestAlarm)) < smallestAlarm) return true
  const live = await countLive(lane)
  const allowed = Math.max(smallestAlarm, Math.floor((live * capBasisPoints) / 10_000))
  if ((await countDirty(hub.db, connection.id, aspect, now, allowed + 1)) <= allowed) return true
  const drastic = await findDrastic(lane, aspect)
  if (drastic.length <= allowed) return true
  await proposeRun(lane, aspect, drastic, live, capBasisPoints)
  count(lane, 'held', drastic.length)
  return false
}

async function countLive(lane: Lane): Promise<number> {
  const [row] = await query<{ live: number }>(
    lane.hub.db,
    sql`select count(*)::int as live from listings where connection_id = ${lane.connection.id} and status = 'live'`,
  )
  return row?.live ?? 0
}

/** The dirty listings that would be sold out or repriced, read page by page. */
async function findDrastic(lane: Lane, aspect: Aspect): Promise<Planned[]> {
  const { hub, connection } = lane
  const drastic: Planned[] = []
  for (let after = ''; ; ) {
    const page = await claimDirty(hub.db, connection.id, aspect, hub.clock.now(), pageSize, after)
    if (page.length === 0) return drastic
    const plan = await planPush(lane, aspect, page, await approvedSteps(hub.db, aspect, page))
    drastic.push(
      ...plan.toSend.filter((item) =>
        aspect === 'stock' ? isZeroed(item) : item.acknowledgedValue !== null,
      ),
    )
    after = page.at(-1)!.listingId
  }
}

const isZeroed = (item: Planned): boolean =>
  (item.value as StockValue).quantity === 0 &&
  ((item.acknowledgedValue as StockValue | null)?.quantity ?? 0) > 0

type RunPayload = { connectionId: string; aspect: Aspect; fingerprint: string }

async function proposeRun(
  lane: Lane,
  aspect: Aspect,
  drastic: readonly Planned[],
  live: number,
  capBasisPoints: number,
): Promise<void> {
  const { hub, connection } = lane
  const verb = aspect === 'stock' ? 'sell out' : 'reprice'
  const payload: RunPayload = {
    connectionId: connection.id,
    aspect,
    fingerprint: fingerprint(drastic.map((item) => [item.listingId, item.fingerprint]).sort()),
  }
  const key = `caps:${connection.id}:${aspect}`
  const [last] = await hub.db
    .select()
    .from(proposals)
    .where(and(eq(proposals.key, key), eq(proposals.status, 'rejected')))
    .orderBy(desc(proposals.decidedAt))
    .limit(1)
  if ((last?.payload as RunPayload | undefined)?.fingerprint === payload.fingerprint) return
  const push = pushOf(lane.connector.operations, aspect)!
  const diff: DiffLine[] = drastic.flatMap((item) =>
    item.diff.map((line) => ({ subject: item.ref.sku, ...line })),
  )
  await propose(
    hub.db,
    {
      kind: 'caps_exceeded',
      key,
      connectionId: connection.id,
      title: `${verb[0]!.toUpperCase()}${verb.slice(1)} ${drastic.length} of ${live} listings on ${connection.name}`,
      reason: `One run may ${verb} at most ${capBasisPoints / 100} % of the live listings by itself. Nothing of this run was sent.`,
      diff,
      payload,
      costCalls: callsOf(push, toBatches(push, drastic)),
    },
    systemAct(hub),
  )
}

/** Approved: the lane may go past its cap for an hour. */
export const applyCapsExceeded: Applier = async (tx, proposal, act) => {
  const { connectionId, aspect } = proposal.payload as RunPayload
  await tx
    .update(leases)
    .set({ approvedUntil: new Date(act.now.getTime() + approvalMs) })
    .where(and(eq(leases.connectionId, connectionId), eq(leases.lane, `push:${aspect}`)))
  await wake(tx, [{ task: aspect, connectionId }])
}
