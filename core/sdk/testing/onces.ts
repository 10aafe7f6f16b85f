import assert from 'node:assert/strict'
import type { Once } from '../connector.ts'
import type { ToldOrder } from '../model/order.ts'
import type { SandboxOrder } from '../sandbox.ts'
import type { Shop } from './shop.ts'

export const orderOnces = ['acknowledgeOrder', 'confirmShipment', 'cancelOrder', 'refund'] as const
export type OrderOnce = (typeof orderOnces)[number]
export type AnyOnce = Once<unknown, unknown, unknown>

/** How the suite asks for an operation on an order, and how the platform's ledger shows it. */
type OrderOnceSpec = {
  input(shop: Shop, order: ToldOrder): unknown
  hasHappened?(order: SandboxOrder): boolean
}

export const orderOnceSpecs: Record<OrderOnce, OrderOnceSpec> = {
  acknowledgeOrder: {
    input: (_shop, order) => ({ externalOrderId: order.externalId, number: 'SO-1001' }),
  },
  confirmShipment: {
    input: (shop, order) => ({
      externalOrderId: order.externalId,
      carrier: shop.subject.carrier ?? 'DHL',
      trackingNumber: '00340434161094042557',
      service: null,
      shippedAt: shop.clock.now(),
      lines: order.lines.map((line) => ({ externalLineId: line.externalId, quantity: line.quantity })),
    }),
    hasHappened: (order) => order.isShipped,
  },
  cancelOrder: {
    input: (shop, order) => ({
      externalOrderId: order.externalId,
      reason: shop.subject.cancelReason ?? 'Out of stock',
    }),
    hasHappened: (order) => order.isCancelled,
  },
  refund: {
    input: (_shop, order) => {
      const [line] = order.lines
      const amountMinor = Math.floor(line!.totalMinor / line!.quantity)
      return {
        externalOrderId: order.externalId,
        amountMinor,
        currency: order.currency,
        reason: 'Arrived broken',
        lines: [{ externalLineId: line!.externalId, quantity: 1, amountMinor }],
        isRestocked: false,
      }
    },
  },
}

export const onceOf = (shop: Shop, operation: OrderOnce | 'createListing'): AnyOnce =>
  (shop.operations[operation] as unknown as AnyOnce | undefined) ??
  assert.fail(`The connector has no ${operation}.`)
