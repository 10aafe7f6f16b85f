import { and, desc, eq, sql } from 'drizzle-orm'
import { query } from '../db/client.ts'
import { leases, proposals } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import { fingerprint } from '../lib/crypto.ts'
import { wake } from '../listings/dirty.ts'
import { type Applier, type DiffLine, propose } from '../proposals/proposals.ts'
import type { Aspect } from '../sdk/model/listing.ts'
import { filterOf, type PriceValue, pushOf, reviveValue, type StockValue } from './aspects.ts'
import { systemAct } from './hub.ts'
import { count, type Lane } from './lane.ts'
import { noteDrastic } from './leases.ts'
import { callsOf, type Planned, planPush, toBatches } from './plan.ts'
import { approvedSteps } from './price-steps.ts'
import { claimDirty, countDirty, defer } from './push-state.ts'
import { countMaybeSoldOut } from './sold-out.ts'

/** Fewer changes than this are never a disaster. */
const smallestAlarm = 20
const pageSize = 1000
/** How long an approval lets the lane change more than its cap. */
const approvalMs = 3_600_000
const dayMs = 86_400_000

/**
 * Whether this run stays within the caps of the connection: the largest share of its listings that may be
 * zeroed or repriced at once. Beyond it nothing is sent and a proposal with the diff waits for a person. What
 * a person has rejected is put aside, so that it does not hold up the rest.
 */
export async function checkCaps(lane: Lane, aspect: Aspect): Promise<boolean> {
  if (aspect === 'content') return true
  const { hub, connection, lease } = lane
  if (isApproved(lane)) return true
  if (aspect === 'stock' && (await areFewSoldOut(lane, smallestAlarm - lease.drastic))) return true
  const capBasisPoints =
    aspect === 'stock' ? connection.maxZeroedBasisPoints : connection.maxRepricedBasisPoints
  const dirty = await countDirty(hub.db, connection.id, aspect, hub.clock.now())
  const most = lease.drastic + dirty
  const allowedOf = (live: number) => Math.max(smallestAlarm, Math.floor((live * capBasisPoints) / 10_000))
  // Of a large catalogue only so much is counted as makes these changes few.
  const enough = capBasisPoints === 0 ? 0 : Math.ceil((most * 10_000) / capBasisPoints)
  if (most <= smallestAlarm || most <= allowedOf(await countLive(lane, enough))) return true
  const live = await countLive(lane)
  const allowed = allowedOf(live)
  const left = allowed - lease.drastic
  const drastic = await findDrastic(lane, aspect, dirty, left)
  if (drastic.length <= left) return true
  count(lane, 'held', drastic.length)
  const payload = payloadOf(lane, aspect, drastic)
  if (await isRejected(lane, payload)) {
    await putAside(lane, aspect, drastic)
    return true
  }
  await proposeRun(lane, payload, drastic, live, capBasisPoints)
  return false
}

/** Whether at most `allowed` listings can be sold out: told without a plan, unless a plugin has the last word. */
async function areFewSoldOut({ hub, connection }: Lane, allowed: number): Promise<boolean> {
  if (hub.plugins.some((plugin) => plugin.filter?.[filterOf.stock])) return false
  const found = await countMaybeSoldOut(hub.db, connection.id, hub.clock.now(), Math.max(0, allowed) + 1)
  return found <= allowed
}

/** Sent at once when its value changes, looked at again after a day otherwise. */
async function putAside(lane: Lane, aspect: Aspect, drastic: readonly Planned[]): Promise<void> {
  const { hub, lease } = lane
  const until = new Date(hub.clock.now().getTime() + dayMs)
  await transact(hub.db, (tx) =>
    defer(
      tx,
      lease,
      aspect,
      drastic.map(({ listingId, revision }) => ({ listingId, revision, until, isRefused: true })),
    ),
  )
}

/** The live listings of the connection, counted no further than `limit`. */
async function countLive(lane: Lane, limit?: number): Promise<number> {
  const [row] = await query<{ live: number }>(
    lane.hub.db,
    sql`
    select count(*)::int as live from (
      select 1 from listings where connection_id = ${lane.connection.id} and status = 'live' limit ${limit ?? null}::int) counted`,
  )
  return row?.live ?? 0
}

/**
 * Those of the `dirty` listings that would be sold out or repriced, read page by page; no further once they
 * cannot become more than `allowed`.
 */
async function findDrastic(lane: Lane, aspect: Aspect, dirty: number, allowed: number): Promise<Planned[]> {
  const { hub, connection } = lane
  const drastic: Planned[] = []
  let seen = 0
  for (let after = ''; ; ) {
    const page = await claimDirty(hub.db, connection.id, aspect, hub.clock.now(), pageSize, after)
    if (page.length === 0) return drastic
    const plan = await planPush(
      lane,
      aspect,
      page,
      await approvedSteps(hub.db, aspect, page, hub.clock.now()),
    )
    drastic.push(...drasticOf(aspect, plan.toSend))
    seen += page.length
    if (drastic.length + Math.max(0, dirty - seen) <= allowed) return drastic
    after = page.at(-1)!.listingId
  }
}

/** Those that would be sold out, or whose regular price would change. A dated price was decided when it was made. */
const drasticOf = (aspect: Aspect, items: readonly Planned[]): Planned[] =>
  items.filter((item) => (aspect === 'stock' ? isZeroed(item) : isRepriced(item)))

function isRepriced(item: Planned): boolean {
  const before = reviveValue('price', item.acknowledgedValue) as PriceValue | null
  const { price } = item.value as PriceValue
  return before !== null && (before.price.minor !== price.minor || before.price.currency !== price.currency)
}

const isApproved = ({ lease, hub }: Lane): boolean =>
  lease.approvedUntil !== null && lease.approvedUntil > hub.clock.now()

/**
 * Whether these may still be sold out: what came in since the caps were checked counts too, and so does what the
 * lane has sold out within the hour. Counts what it lets through. Prices are not summed up: who reprices often
 * changes the same listings again and again.
 */
export async function spendCap(lane: Lane, aspect: Aspect, toSend: readonly Planned[]): Promise<boolean> {
  if (aspect !== 'stock' || isApproved(lane)) return true
  const drastic = drasticOf(aspect, toSend).length
  if (drastic === 0) return true
  if (lane.lease.drastic + drastic > smallestAlarm && !(await checkCaps(lane, aspect))) return false
  await noteDrastic(lane.hub.db, lane.lease, drastic)
  return true
}

const isZeroed = (item: Planned): boolean =>
  (item.value as StockValue).quantity === 0 &&
  ((item.acknowledgedValue as StockValue | null)?.quantity ?? 0) > 0

type RunPayload = { connectionId: string; aspect: Aspect; fingerprint: string }

const payloadOf = (lane: Lane, aspect: Aspect, drastic: readonly Planned[]): RunPayload => ({
  connectionId: lane.connection.id,
  aspect,
  fingerprint: fingerprint(drastic.map((item) => [item.listingId, item.fingerprint]).sort()),
})

const keyOf = ({ connectionId, aspect }: RunPayload): string => `caps:${connectionId}:${aspect}`

/** Whether a person has said no to exactly this. */
async function isRejected(lane: Lane, payload: RunPayload): Promise<boolean> {
  const [last] = await lane.hub.db
    .select()
    .from(proposals)
    .where(and(eq(proposals.key, keyOf(payload)), eq(proposals.status, 'rejected')))
    .orderBy(desc(proposals.decidedAt))
    .limit(1)
  return (last?.payload as RunPayload | undefined)?.fingerprint === payload.fingerprint
}

async function proposeRun(
  lane: Lane,
  payload: RunPayload,
  drastic: readonly Planned[],
  live: number,
  capBasisPoints: number,
): Promise<void> {
  const { hub, connection } = lane
  const { aspect } = payload
  const verb = aspect === 'stock' ? 'sell out' : 'reprice'
  const push = pushOf(lane.connector.operations, aspect)!
  const diff: DiffLine[] = drastic.flatMap((item) =>
    item.diff.map((line) => ({ subject: item.ref.sku, ...line })),
  )
  await propose(
    hub.db,
    {
      kind: 'caps_exceeded',
      key: keyOf(payload),
      connectionId: connection.id,
      title: `${verb[0]!.toUpperCase()}${verb.slice(1)} ${drastic.length} of ${live} listings on ${connection.name}`,
      reason: `At most ${capBasisPoints / 100} % of the live listings may ${aspect === 'stock' ? 'sell out' : 'be repriced'} within an hour without approval. None of these was sent.`,
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
