import { type OrderStatus, type RemoteOrderStatus, remoteOrderStatuses } from '../sdk/model/order.ts'

/** Where an order may go from each status. What is not here does not happen, whatever order news arrive in. */
const nextStatuses: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending_payment: ['paid', 'allocated', 'shipped', 'delivered', 'completed', 'cancelled', 'refunded'],
  paid: ['allocated', 'shipped', 'delivered', 'completed', 'cancelled', 'refunded'],
  allocated: ['paid', 'shipped', 'delivered', 'completed', 'cancelled', 'refunded'],
  shipped: ['delivered', 'completed', 'refunded'],
  delivered: ['completed', 'refunded'],
  completed: ['refunded'],
  cancelled: ['paid', 'pending_payment', 'refunded'],
  refunded: [],
}

/** Whether an order may go from one status to another. */
export const canBecome = (from: OrderStatus, to: OrderStatus): boolean => nextStatuses[from].includes(to)

/**
 * The status after news from the platform. `allocated` is our own word for a paid order whose units are all
 * held: the platform's "paid" does not take it back. A status never moves backwards; a cancelled order may be
 * reopened, because shops do that.
 */
export function statusAfter(present: OrderStatus, told: RemoteOrderStatus): OrderStatus {
  if (present === 'allocated' && told === 'paid') return present
  return canBecome(present, told) ? told : present
}

/**
 * What a person may make of a state that the connector itself can read. An order may be held back, or be told to
 * have gone further; nothing paid is cancelled, nothing that left is made to leave again, and nothing ended comes
 * back to life. `paid` only where the platform names the instant of the payment.
 */
const safeReadings: Readonly<Record<RemoteOrderStatus, readonly RemoteOrderStatus[]>> = {
  pending_payment: ['paid', 'cancelled'],
  paid: ['pending_payment', 'shipped', 'delivered', 'completed'],
  shipped: ['delivered', 'completed'],
  delivered: ['shipped', 'completed'],
  completed: ['shipped', 'delivered'],
  cancelled: [],
  refunded: [],
}

/** What a state may be mapped to; one that the connector cannot read, to anything. */
export const safeReadingsOf = (reading: RemoteOrderStatus | null): readonly RemoteOrderStatus[] =>
  reading === null ? remoteOrderStatuses : [reading, ...safeReadings[reading]]

/** The status of an order with what a person says its state means; null: nobody can read it. */
export function statusRead(
  told: { status: RemoteOrderStatus | null; paidAt: Date | null },
  mapped: RemoteOrderStatus | null,
): RemoteOrderStatus | null {
  if (mapped === null || !safeReadingsOf(told.status).includes(mapped)) return told.status
  const isUnproven = told.status === 'pending_payment' && mapped === 'paid' && told.paidAt === null
  return isUnproven ? told.status : mapped
}

/** Whether the goods have left. */
export const hasLeft = (status: OrderStatus): boolean =>
  status === 'shipped' || status === 'delivered' || status === 'completed'

/** What an order's line should hold in stock. Quantities are ordered units. */
export function unitsFor(
  order: { status: OrderStatus; isStockHeld: boolean; isHistory: boolean },
  line: { quantity: number; cancelledQuantity: number; shippedUnits: number },
): { held: number; shipped: number } {
  const open = Math.max(0, line.quantity - line.cancelledQuantity)
  if (order.isHistory) return { held: 0, shipped: 0 }
  if (hasLeft(order.status)) return { held: 0, shipped: Math.max(open, line.shippedUnits) }
  if (order.status === 'cancelled' || order.status === 'refunded')
    return { held: 0, shipped: line.shippedUnits }
  if (order.status === 'pending_payment' && !order.isStockHeld) return { held: 0, shipped: line.shippedUnits }
  return { held: Math.max(0, open - line.shippedUnits), shipped: line.shippedUnits }
}

/** The statuses in which there may still be something to ship. */
export const openStatuses = ['pending_payment', 'paid', 'allocated'] as const satisfies OrderStatus[]
export const isOpen = (status: OrderStatus): boolean =>
  (openStatuses as readonly OrderStatus[]).includes(status)
