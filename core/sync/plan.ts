import type { Connection } from '../connections/connections.ts'
import { fingerprint } from '../lib/crypto.ts'
import { formatMoney, type Money } from '../lib/money.ts'
import type { Term } from '../listings/quantity.ts'
import { readActivePlugins } from '../plugins/settings.ts'
import type { NewProblem } from '../problems/problems.ts'
import type { Aspect } from '../sdk/model/listing.ts'
import type { Outgoing } from '../sdk/plugin.ts'
import {
  type AnyPush,
  type AspectValue,
  applyFilters,
  type Change,
  type Desired,
  diffValues,
  effectivePrice,
  type FieldDiff,
  loadDesired,
  type PriceValue,
  reviveValue,
  toChange,
} from './aspects.ts'
import type { Lane } from './lane.ts'
import type { ApprovedSteps } from './price-steps.ts'
import type { Dirty } from './push-state.ts'

/** One item that will be sent. */
export type Planned = Dirty & {
  change: Change
  value: AspectValue
  fingerprint: string
  diff: FieldDiff[]
  terms: Term[]
}
/** A price whose step is larger than the guard rail allows without approval. */
export type StepTooLarge = { item: Planned; from: string; to: string; shareText: string }

/** What pushing these dirty listings comes to: the same plan serves the push, the preview and the proposal. */
export type PushPlan = {
  /** Equal to what is acknowledged: nothing to send. */
  unchanged: Planned[]
  toSend: Planned[]
  steps: StepTooLarge[]
  /** What cannot be sent, with its problem. */
  blocked: { item: Dirty; problem: NewProblem }[]
}

/** Loads what the listings should show and sorts them by what follows. */
export async function planPush(
  lane: Pick<Lane, 'hub' | 'connection'>,
  aspect: Aspect,
  dirty: readonly Dirty[],
  approved: ApprovedSteps,
): Promise<PushPlan> {
  const { hub, connection } = lane
  const desired = await loadDesired(
    hub.db,
    aspect,
    dirty.map((item) => item.listingId),
    hub.clock.now(),
  )
  const plugins = await readActivePlugins(hub.db, hub.plugins)
  const plan: PushPlan = { unchanged: [], toSend: [], steps: [], blocked: [] }
  for (const item of dirty) {
    const found = desired.get(item.listingId)
    if (!found) continue
    const outcome = applyFilters(plugins, aspect, found, outgoing(connection, item.ref.sku))
    if (!outcome.ok) {
      plan.blocked.push({ item, problem: blockedProblem(lane, aspect, item, outcome) })
      continue
    }
    const planned = toPlanned(aspect, item, outcome.value, outcome.terms)
    const step = aspect === 'price' ? stepOf(planned, connection.maxPriceStepBasisPoints, approved) : null
    if (planned.fingerprint === item.acknowledgedFingerprint) plan.unchanged.push(planned)
    else if (step) plan.steps.push(step)
    else plan.toSend.push(planned)
  }
  return plan
}

/** What a filter is told of a listing. */
export const outgoing = ({ id, connector, locale, currency }: Connection, sku: string): Outgoing => ({
  sku,
  connectionId: id,
  connector,
  locale,
  currency,
})

function toPlanned(aspect: Aspect, item: Dirty, value: AspectValue, terms: Term[]): Planned {
  const acknowledged = reviveValue(aspect, item.acknowledgedValue)
  return {
    ...item,
    value,
    terms,
    fingerprint: fingerprint(value),
    change: toChange(aspect, item.ref, value, acknowledged),
    diff: diffValues(aspect, acknowledged, value),
  }
}

function blockedProblem(
  lane: Pick<Lane, 'connection'>,
  aspect: Aspect,
  item: Dirty,
  outcome: Desired & { ok: false },
): NewProblem {
  return {
    kind: outcome.problem,
    key: pushProblemKey(item.listingId, aspect),
    connectionId: lane.connection.id,
    subject: item.listingId,
    message: `${item.ref.sku} on ${lane.connection.name}: ${outcome.message}`,
    field: aspect,
    detail: { sku: item.ref.sku, terms: outcome.terms },
  }
}

/** One open problem a listing and aspect. */
export const pushProblemKey = (listingId: string, aspect: Aspect): string => `push:${listingId}:${aspect}`

/** Whether the price moves further than one step may; an approved amount may, and the regular price after a sale. */
function stepOf(item: Planned, maxBasisPoints: number, approved: ApprovedSteps): StepTooLarge | null {
  const before = reviveValue('price', item.acknowledgedValue) as PriceValue | null
  if (!before) return null
  const { price, sale } = item.value as PriceValue
  const to = effectivePrice(item.value as PriceValue)
  const regular = { from: before.price, to: price }
  // Back to the regular price after a sale is no step of its own, also when that price has changed meanwhile.
  const steps = sale ? [{ from: effectivePrice(before), to }, regular] : [regular]
  const found = steps.find((step) => sizeOf(step) > maxBasisPoints)
  if (!found || approved.get(item.listingId)?.has(to.minor)) return null
  const size = sizeOf(found)
  return {
    item,
    from: formatMoney(found.from),
    to: formatMoney(found.to),
    shareText: Number.isFinite(size) ? `${Math.round(size / 100)} %` : 'another currency',
  }
}

/** How far a price moves, in basis points of where it stands. */
const sizeOf = ({ from, to }: { from: Money; to: Money }): number =>
  from.currency === to.currency
    ? (Math.abs(to.minor - from.minor) * 10_000) / Math.max(1, from.minor)
    : Infinity

/** The batches that a plan goes out in: by what may share a call, then by how many one call takes. */
export function toBatches(
  push: Pick<AnyPush, 'maxBatch' | 'groupBy'>,
  items: readonly Planned[],
): Planned[][] {
  const groups = Map.groupBy(items, (item) => push.groupBy?.(item.change) ?? '')
  return [...groups.values()].flatMap((group) => {
    const batches: Planned[][] = []
    for (let at = 0; at < group.length; at += push.maxBatch) batches.push(group.slice(at, at + push.maxBatch))
    return batches
  })
}

/** How many remote calls these batches make. */
export const callsOf = (push: AnyPush, batches: readonly Planned[][]): number =>
  batches.reduce((sum, batch) => sum + (push.callsFor?.(batch.map((item) => item.change)) ?? 1), 0)
