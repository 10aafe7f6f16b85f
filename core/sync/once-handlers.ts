import { sql } from 'drizzle-orm'
import { rows, type Tx } from '../db/client.ts'
import { orderEvents } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { bindCreated } from '../listings/bind.ts'
import { type LoadedDraft, loadDraft } from '../listings/draft.ts'
import { raiseProblems } from '../problems/problems.ts'
import { ConnectorError } from '../sdk/errors.ts'
import type { CreatedListing } from '../sdk/model/listing.ts'
import { emitEvents } from './events.ts'
import { systemAct } from './hub.ts'
import type { Lane } from './lane.ts'
import type { OnceCall, OnceOperation } from './once.ts'

/** What the success of a call was: what was sent, what came back, and whether the platform surely has what was sent. */
export type Success = { input: unknown; output: unknown; isExact: boolean }

/** What a once-call needs before, and what its success changes here. */
type Handler = {
  /** The input as it is now, or null when the call is no longer wanted. */
  load(lane: Lane, call: OnceCall): Promise<unknown>
  effect(tx: Tx, lane: Lane, call: OnceCall, success: Success, act: Act): Promise<void>
}

/** An order's call carries its input and leaves a line on the order's timeline. */
const onOrder = (kind: string): Handler => ({
  load: async (_lane, call) => reviveDates(call.input),
  effect: async (tx, lane, call, _success, act) => {
    await tx.insert(orderEvents).values({
      orderId: call.subject,
      kind,
      detail: `told to ${lane.connection.name}`,
      actor: act.actor,
      at: act.now,
    })
  },
})

/** The one instant in an order's call, back from JSON. */
function reviveDates(input: unknown): unknown {
  const { shippedAt } = input as { shippedAt?: string }
  return shippedAt === undefined ? input : { ...(input as object), shippedAt: new Date(shippedAt) }
}

export const onceHandlers: Record<OnceOperation, Handler> = {
  createListing: {
    load: async (lane, call) => {
      const { productId } = call.input as { productId: string }
      const { draft, unlistable } = await loadDraft(
        lane.hub.db,
        lane.connection.id,
        productId,
        lane.hub.clock.now(),
      )
      await raiseProblems(
        lane.hub.db,
        unlistable.map(({ listingId, sku, kind, message }) => ({
          kind,
          key: `push:${listingId}:price`,
          connectionId: lane.connection.id,
          subject: listingId,
          message: `${sku} on ${lane.connection.name}: ${message}`,
          field: 'price',
        })),
        systemAct(lane.hub),
      )
      return draft
    },
    effect: async (tx, lane, call, { input, output, isExact }, act) => {
      const created = output as CreatedListing
      const bound = await bindCreated(tx, lane.connection.id, input as LoadedDraft, created, isExact, act)
      await emitEvents(
        tx,
        lane.hub,
        bound.map((listingId) => ({
          event: 'listing.published' as const,
          data: { listingId, connectionId: lane.connection.id },
        })),
      )
      await raiseRefusedVariants(tx, lane, call, created, act)
    },
  },
  acknowledgeOrder: onOrder('acknowledged'),
  confirmShipment: onOrder('shipment_confirmed'),
  cancelOrder: onOrder('cancellation_requested'),
  refund: onOrder('refund_requested'),
}

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
      key: `create:${lane.connection.id}:${sku}`,
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
