import type { OrderStatus } from '../sdk/model/order.ts'

/** The connection an order came through, as far as importing needs it. */
export type OrderSource = { id: string; name: string; ordersFrom: Date | null }

/** An order as the hub holds it, before news about it are applied. */
export type KnownOrder = {
  id: string
  externalId: string
  status: OrderStatus
  externalUpdatedAt: Date
  externalFingerprint: string
  isHistory: boolean
}

/** Whether an order left before stock was counted, and so takes nothing from it. */
export const isHistory = (source: OrderSource, placedAt: Date): boolean =>
  source.ordersFrom === null || placedAt < source.ordersFrom
