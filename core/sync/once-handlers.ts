import { sql } from 'drizzle-orm'
import { rows, type Tx } from '../db/client.ts'
import { orderEvents } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { bindingsOf, bindListings } from '../listings/bind.ts'
import { type LoadedDraft, loadDrafts } from '../listings/draft.ts'
import { readActivePlugins } from '../plugins/settings.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import { ConnectorError } from '../sdk/errors.ts'
import { aspects, type CreatedListing } from '../sdk/model/listing.ts'
import { loadConfirmations } from './confirmation-words.ts'
import { createCouponHandler, endCouponHandler } from './coupon-handlers.ts'
import type { Decision } from './decide.ts'
import { emitEvents } from './events.ts'
import { type Hub, systemAct } from './hub.ts'
import { judgeDraft } from './judge-draft.ts'
import type { Lane } from './lane.ts'
import type { OnceCall, OnceOperation } from './once-request.ts'
import { pushProblemKey } from './plan.ts'
import { takeRefund } from './refunds.ts'
import { bookShipmentHandler, cancelShipmentHandler } from './shipment-handlers.ts'

/** What the success of a call was: what was sent, what came back, and whether the platform surely has what was sent. */
export type Success = { call: OnceCall; input: unknown; output: unknown; isExact: boolean }

/** What once-calls need before, and what their success changes here. Both take many calls at once. */
export type Handler = {
  /** The input of each call as it is now, by its id; a call without one is no longer wanted. */
  load(lane: Lane, calls: readonly OnceCall[]): Promise<Map<string, unknown>>
  effect(tx: Tx, lane: Lane, successes: readonly Success[], act: Act): Promise<void>
  /** What follows needs the platform's answer, such as an id: that it happened is not enough. */
  needsAnswer?: true
  /** What follows here when a person has seen that it happened. */
  told?(
    tx: Tx,
    hub: Pick<Hub, 'connectors' | 'plugins' | 'queue'>,
    seen: { call: OnceCall; decision: Decision; connection: { name: string } },
    act: Act,
  ): Promise<void>
  /** What is kept of the output with the call; all of it unless given. */
  summary?(output: unknown): unknown
  /** What a refusal changes here. */
  refused?(tx: Tx, call: OnceCall, act: Act, error: ConnectorError): Promise<void>
  /** The calls, by id, whose time has passed: they are looked for where they may have happened, but not made. */
  tooLate?(lane: Lane, calls: readonly OnceCall[]): Promise<ReadonlySet<string>>
  /** What a person knows the call by; its key unless given. */
  nameOf?(call: OnceCall): string
}

/** An order's call carries its input and leaves a line on the order's timeline. */
const onOrder = (kind: string): Handler => ({
  load: async (_lane, calls) => new Map(calls.map((call) => [call.id, reviveDates(call.input)])),
  effect: async (tx, lane, successes, act) => {
    const detail = `told to ${lane.connection.name}`
    const events = successes.map(({ call }) => ({
      orderId: call.subject,
      kind,
      detail,
      actor: act.actor,
      at: act.now,
    }))
    await tx.insert(orderEvents).values(events)
  },
  told: async (tx, _hub, { call, connection }, act) => {
    const detail = `${act.actor} saw on ${connection.name} that it happened`
    await tx
      .insert(orderEvents)
      .values({ orderId: call.subject, kind, detail, actor: act.actor, at: act.now })
  },
})

/** The one instant in an order's call, back from JSON. */
function reviveDates(input: unknown): unknown {
  const { shippedAt } = input as { shippedAt?: string }
  return shippedAt === undefined ? input : { ...(input as object), shippedAt: new Date(shippedAt) }
}

/** Giving money back: it counts here as soon as the platform did it. */
const refundHandler: Handler = {
  load: onOrder('refunded').load,
  effect: async (tx, lane, successes, act) => {
    for (const { call } of successes)
      await takeRefund(tx, lane.hub, call, `given back by ${lane.connection.name}`, act)
  },
  told: (tx, hub, { call, connection }, act) =>
    takeRefund(tx, hub, call, `given back by ${connection.name}, as ${act.actor} saw there`, act),
}

const productOf = (call: OnceCall): string => (call.input as { productId: string }).productId

export const onceHandlers: Record<OnceOperation, Handler> = {
  createListing: {
    needsAnswer: true,
    load: async (lane, calls) => {
      const { hub, connection } = lane
      const { drafts, unlistable } = await loadDrafts(
        hub.db,
        connection.id,
        calls.map(productOf),
        hub.clock.now(),
      )
      const plugins = await readActivePlugins(hub.db, hub.plugins)
      const judged = [...drafts].map(([id, draft]) => ({ id, ...judgeDraft(plugins, connection, draft) }))
      await raiseProblems(
        hub.db,
        [
          ...unlistable.map((one) => ({ ...one, field: 'price' as const })),
          ...judged.flatMap(({ stopped }) => stopped),
        ].map(({ listingId, sku, kind, message, field }) => ({
          kind,
          key: pushProblemKey(listingId, field),
          connectionId: connection.id,
          subject: listingId,
          message: `${sku} on ${connection.name}: ${message}`,
          field,
        })),
        systemAct(hub),
      )
      const ready = new Map(judged.flatMap(({ id, draft }) => (draft ? [[id, draft]] : [])))
      return new Map(
        calls.flatMap((call) => (ready.has(productOf(call)) ? [[call.id, ready.get(productOf(call))]] : [])),
      )
    },
    effect: async (tx, lane, successes, act) => {
      const { id: connectionId } = lane.connection
      const bindings = successes.flatMap(({ input, output, isExact }) =>
        bindingsOf(input as LoadedDraft, output as CreatedListing, isExact),
      )
      const bound = await bindListings(tx, connectionId, bindings, act)
      await emitEvents(
        tx,
        lane.hub,
        bound.map((listingId) => ({
          event: 'listing.published' as const,
          data: { listingId, connectionId },
        })),
      )
      const created = successes.flatMap(({ output }) => (output as CreatedListing).variants)
      await settleProblems(
        tx,
        [
          ...bound.flatMap((listingId) => aspects.map((aspect) => pushProblemKey(listingId, aspect))),
          ...created.flatMap(({ ok, sku }) => (ok ? [refusedKey(connectionId, sku)] : [])),
        ],
        act,
      )
      for (const { call, output } of successes)
        await raiseRefusedVariants(tx, lane, call, output as CreatedListing, act)
    },
  },
  acknowledgeOrder: onOrder('acknowledged'),
  confirmShipment: { ...onOrder('shipment_confirmed'), load: loadConfirmations },
  cancelOrder: onOrder('cancellation_requested'),
  refund: refundHandler,
  bookShipment: bookShipmentHandler,
  cancelShipment: cancelShipmentHandler,
  createCoupon: createCouponHandler,
  endCoupon: endCouponHandler,
}

const refusedKey = (connectionId: string, sku: string) => `create:${connectionId}:${sku}`

/** Some variants of a product may be refused while their siblings are listed. */
async function raiseRefusedVariants(
  tx: Tx,
  lane: Lane,
  call: OnceCall,
  created: CreatedListing,
  act: Act,
): Promise<void> {
  const refused = created.variants.flatMap((variant) => (variant.ok ? [] : [variant]))
  if (refused.length === 0) return
  await raiseProblems(
    tx,
    refused.map(({ sku, error }) => ({
      kind: 'creation_refused' as const,
      key: refusedKey(lane.connection.id, sku),
      connectionId: lane.connection.id,
      subject: call.subject,
      message: `${lane.connection.name} refused to list ${sku}: ${error.message}`,
      vendorMessage: error instanceof ConnectorError ? error.vendorMessage : undefined,
      field: error instanceof ConnectorError ? error.issues[0]?.field : undefined,
    })),
    act,
  )
  await tx.execute(sql`
    update listings set status = 'rejected' from ${rows(
      refused.map(({ sku }) => ({ sku })),
      'sku text',
    )} join variants variant on variant.sku = item.sku
    where listings.connection_id = ${lane.connection.id} and listings.variant_id = variant.id and listings.external_id is null`)
}
