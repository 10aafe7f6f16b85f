import PQueue from 'p-queue'
import type { ItemResult } from '../sdk/connector.ts'
import { ConnectorError, toConnectorError } from '../sdk/errors.ts'
import { failurePolicy } from '../sdk/failure-policy.ts'
import type { Aspect } from '../sdk/model/listing.ts'
import type { AnyPush } from './aspects.ts'
import { count, type Lane } from './lane.ts'
import type { Planned } from './plan.ts'
import { recordTicket } from './push-results.ts'
import { createRecorder } from './recorder.ts'

/** Calls under way at once in one lane; the rate bucket decides how fast they go out. */
const concurrency = 4
/** The share of what was handed over that may still wait when more is asked for. */
const refillShare = 1 / 4

/** The calls of one run of a push lane. */
export type Sending = {
  /** Listings handed over whose result is not written down yet: they must not be sent a second time beside. */
  readonly underWay: ReadonlySet<string>
  /** Queues the batches; resolves when few of them still wait. @throws what stopped the run. */
  send(form: AnyPush, batches: readonly (readonly Planned[])[]): Promise<void>
  /** Resolves when all that was handed over is sent and written down. @throws what stopped the run. */
  finish(): Promise<void>
}

/** Opens the way out for a run: batches go out a few at a time, their results are written beside the calls. */
export function createSending(lane: Lane, aspect: Aspect): Sending {
  const queue = new PQueue({ concurrency })
  const underWay = new Set<string>()
  const forget = (items: readonly Planned[]) => {
    for (const item of items) underWay.delete(item.listingId)
  }
  const recorder = createRecorder(lane, aspect, forget)
  let stop: { error: unknown } | null = null

  async function sendOne(form: AnyPush, batch: readonly Planned[]): Promise<void> {
    if (stop || recorder.hasFailed()) return
    try {
      lane.run.assertWanted()
      await sendBatch(batch, form)
    } catch (error) {
      // One failure of the whole run is told once; the batches behind it stay dirty.
      stop ??= { error }
    }
  }

  /** A batch refused whole is halved until the item at fault stands alone. */
  async function sendBatch(batch: readonly Planned[], form: AnyPush): Promise<void> {
    const outcome = await attempt(lane, form, batch)
    if ('ticket' in outcome) {
      await recordTicket(lane, aspect, outcome.ticket, batch)
      forget(batch)
      count(lane, 'submitted', batch.length)
      return
    }
    if ('error' in outcome) {
      const { error } = outcome
      if (failurePolicy[error.kind].stops !== 'item') throw error
      if (batch.length === 1) return recorder.add(batch, [{ ok: false, error }])
      const middle = Math.ceil(batch.length / 2)
      await sendBatch(batch.slice(0, middle), form)
      await sendBatch(batch.slice(middle), form)
      return
    }
    recorder.add(batch, outcome.results)
    const fatal = outcome.results.find(
      (result) => !result.ok && failurePolicy[result.error.kind].stops !== 'item',
    )
    if (fatal && !fatal.ok) throw fatal.error
  }

  return {
    underWay,
    async send(form, batches) {
      for (const item of batches.flat()) underWay.add(item.listingId)
      for (const batch of batches) void queue.add(() => sendOne(form, batch))
      await queue.onSizeLessThan(Math.max(1, Math.ceil(batches.length * refillShare)))
      if (stop) throw stop.error
      if (recorder.hasFailed()) await recorder.finish()
    },
    async finish() {
      await queue.onIdle()
      await recorder.finish()
      if (stop) throw stop.error
    },
  }
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
