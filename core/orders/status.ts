import type { OrderStatus, RemoteOrderStatus } from '../sdk/model/order.ts'

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
