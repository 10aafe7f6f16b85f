import PQueue from 'p-queue'
import type { ItemResult } from '../sdk/connector.ts'
import { ConnectorError, toConnectorError } from '../sdk/errors.ts'
import { failurePolicy } from '../sdk/failure-policy.ts'
import type { Aspect } from '../sdk/model/listing.ts'
import { type AnyPush, pushOf } from './aspects.ts'
import { checkCaps, spendCap } from './caps.ts'
import { count, type Lane } from './lane.ts'
import { type Planned, planPush, toBatches } from './plan.ts'
import { approvedSteps } from './price-steps.ts'
import { recordPlan, recordTicket } from './push-results.ts'
import { claimDirty, countDirty, type Dirty, noteSending } from './push-state.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import { settleTickets } from './tickets.ts'

/** Calls under way at once in one lane; the rate bucket decides how fast they go out. */
const concurrency = 4
/** Items claimed at once: enough to fill batches, few enough that an urgent change waits seconds at most. */
const claimedBatches = 8
const leastClaimed = 16
const mostClaimed = 2000

/**
 * Closes the difference between wanted and acknowledged for one aspect of a connection: the most urgent first,
 * the newest value always, until nothing is dirty. `hasNews` says whether something changed since the last look.
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
  for (;;) {
    hasNews()
    const form = await chooseForm(lane, aspect, push)
    const dirty = await claimDirty(
      lane.hub.db,
      lane.connection.id,
      aspect,
      lane.hub.clock.now(),
      claimSize(form, lane.connection.rateScale),
    )
    if (dirty.length === 0) {
      if (hasNews()) continue
      return
    }
    if (!(await pushClaimed(lane, aspect, form, dirty))) return
  }
}

/** Where calls go out faster than published (a sandbox), more of them fit into the same seconds. */
function claimSize(form: AnyPush, rateScale: number): number {
  const few = Math.max(form.maxBatch * claimedBatches, leastClaimed) * Math.max(1, rateScale)
  return Math.floor(Math.min(few, Math.max(mostClaimed, form.maxBatch)))
}

/** Single calls for a short queue; the platform's feed for a long one. */
async function chooseForm(lane: Lane, aspect: Aspect, push: AnyPush): Promise<AnyPush> {
  if (!push.bulk) return push
  const { fromItems } = push.bulk
  const dirty = await countDirty(lane.hub.db, lane.connection.id, aspect, lane.hub.clock.now(), fromItems)
  return dirty >= fromItems ? push.bulk : push
}

/** Sends what was claimed. False when the caps of the connection stop the run. */
async function pushClaimed(
  lane: Lane,
  aspect: Aspect,
  form: AnyPush,
  dirty: readonly Dirty[],
): Promise<boolean> {
  const plan = await planPush(lane, aspect, dirty, await approvedSteps(lane.hub.db, aspect, dirty))
  await recordPlan(lane, aspect, plan)
  if (!(await spendCap(lane, aspect, plan.toSend))) return false
  await noteSending(
    lane.hub.db,
    lane.lease,
    aspect,
    plan.toSend.map((item) => item.listingId),
  )
  const queue = new PQueue({ concurrency })
  const recorder = createRecorder(lane, aspect)
  let stop: unknown
  for (const batch of toBatches(form, plan.toSend)) {
    void queue.add(async () => {
      if (stop || recorder.hasFailed()) return
      try {
        await sendBatch(lane, aspect, form, batch, recorder)
      } catch (error) {
        // One failure of the whole run is told once; the batches behind it stay dirty.
        stop ??= error
      }
    })
  }
  await queue.onIdle()
  await recorder.finish()
  if (stop) throw stop
  return true
}

/** Sends one batch. A batch refused whole is halved until the item at fault stands alone. */
async function sendBatch(
  lane: Lane,
  aspect: Aspect,
  form: AnyPush,
  batch: readonly Planned[],
  recorder: Recorder,
): Promise<void> {
  const outcome = await attempt(lane, form, batch)
  if ('ticket' in outcome) {
    await recordTicket(lane, aspect, outcome.ticket, batch)
    count(lane, 'submitted', batch.length)
    return
  }
  if ('error' in outcome) {
    const { error } = outcome
    if (failurePolicy[error.kind].stops !== 'item') throw error
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2)
      await sendBatch(lane, aspect, form, batch.slice(0, middle), recorder)
      await sendBatch(lane, aspect, form, batch.slice(middle), recorder)
      return
    }
    recorder.add(batch, [{ ok: false, error }])
    return
  }
  recorder.add(batch, outcome.results)
  const fatal = outcome.results.find(
    (result) => !result.ok && failurePolicy[result.error.kind].stops !== 'item',
  )
  if (fatal && !fatal.ok) throw fatal.error
}

type Outcome = { results: ItemResult[] } | { ticket: string } | { error: ConnectorError }

async function attempt(lane: Lane, form: AnyPush, batch: readonly Planned[]): Promise<Outcome> {
  count(lane, 'batches', 1)
  try {
    const answer = await form.run(
      lane.client,
      batch.map((item) => item.change),
    )
    if (!Array.isArray(answer)) return answer
    if (answer.length === batch.length) return { results: answer }
    const message = `${lane.connector.name} gave ${answer.length} results for ${batch.length} items: none of them can be trusted.`
    return { error: new ConnectorError('unexpected', message) }
  } catch (error) {
    return { error: toConnectorError(error) }
  }
}
