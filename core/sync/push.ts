import type { Aspect } from '../sdk/model/listing.ts'
import { type AnyPush, pushOf } from './aspects.ts'
import { checkCaps, spendCap } from './caps.ts'
import type { Lane } from './lane.ts'
import { planPush, toBatches } from './plan.ts'
import { approvedSteps } from './price-steps.ts'
import { recordPlan } from './push-results.ts'
import { claimDirty, countDirty, type Dirty, noteSending } from './push-state.ts'
import { createSending, type Sending } from './sending.ts'
import { settleTickets } from './tickets.ts'

/** Items claimed at once: enough to fill batches, few enough that an urgent change waits seconds at most. */
const claimedBatches = 8
const leastClaimed = 16
const mostClaimed = 2000

/**
 * Closes the difference between wanted and acknowledged for one aspect of a connection: the most urgent first,
 * the newest value always, until nothing is dirty. `hasNews` says whether something changed since the last look.
 * The next items are claimed and planned while the last ones still go out, so that no token of the rate bucket
 * waits for us.
 */
export async function pushAspect(
  lane: Lane,
  aspect: Aspect,
  hasNews: () => boolean = () => false,
): Promise<void> {
  const push = pushOf(lane.connector.operations, aspect)
  if (!push) return
  await settleTickets(lane, aspect)
  if (!(await checkCaps(lane, aspect))) return
  const sending = createSending(lane, aspect)
  let size = 0
  try {
    for (;;) {
      lane.run.assertWanted()
      hasNews()
      const form = await chooseForm(lane, aspect, push)
      // Taken before the look: what is written down meanwhile may show in it as it stood before.
      const underWay = new Set(sending.underWay)
      const last = size
      size = nextClaim(form, last, lane.connection.rateScale)
      const dirty = await claimNext(lane, aspect, size + underWay.size, underWay)
      const isGrowing = size > last && dirty.length >= size
      if (dirty.length > 0) {
        if (!(await sendClaimed(lane, aspect, form, dirty, sending, isGrowing))) return
      } else if (underWay.size > 0) {
        await sending.finish()
      } else if (!hasNews()) return
    }
  } finally {
    await sending.finish()
  }
}

/** The most urgent dirty listings beside those that are under way. */
async function claimNext(
  lane: Lane,
  aspect: Aspect,
  limit: number,
  underWay: ReadonlySet<string>,
): Promise<Dirty[]> {
  const { hub, connection } = lane
  const dirty = await claimDirty(hub.db, connection.id, aspect, hub.clock.now(), limit)
  return dirty.filter((item) => !underWay.has(item.listingId))
}

/**
 * How many to claim after a claim of `last`: small at first, so that the first call goes out at once. Where calls
 * go out faster than published (a sandbox), more of them fit into the same seconds.
 */
function nextClaim(form: AnyPush, last: number, rateScale: number): number {
  const first = Math.max(form.maxBatch, leastClaimed)
  const usual = Math.max(form.maxBatch * claimedBatches, leastClaimed) * Math.max(1, rateScale)
  const most = Math.floor(Math.min(usual, Math.max(mostClaimed, form.maxBatch)))
  return Math.min(Math.max(first, last * 2), most)
}

/** Single calls for a short queue; the platform's feed for a long one. */
async function chooseForm(lane: Lane, aspect: Aspect, push: AnyPush): Promise<AnyPush> {
  if (!push.bulk) return push
  const { fromItems } = push.bulk
  const dirty = await countDirty(lane.hub.db, lane.connection.id, aspect, lane.hub.clock.now(), fromItems)
  return dirty >= fromItems ? push.bulk : push
}

/**
 * Hands over what was claimed. False when the caps of the connection stop the run. A batch that is not full waits
 * for the larger claim that follows a small one, so that starting small costs no calls.
 */
async function sendClaimed(
  lane: Lane,
  aspect: Aspect,
  form: AnyPush,
  dirty: readonly Dirty[],
  sending: Sending,
  areMoreComing: boolean,
): Promise<boolean> {
  const plan = await planPush(
    lane,
    aspect,
    dirty,
    await approvedSteps(lane.hub.db, aspect, dirty, lane.hub.clock.now()),
  )
  await recordPlan(lane, aspect, plan)
  const batches = toBatches(form, plan.toSend).filter(
    (batch) => !areMoreComing || batch.length === form.maxBatch,
  )
  const toSend = batches.flat()
  if (!(await spendCap(lane, aspect, toSend))) return false
  await noteSending(
    lane.hub.db,
    lane.lease,
    aspect,
    toSend.map((item) => item.listingId),
  )
  await sending.send(form, batches)
  return true
}
