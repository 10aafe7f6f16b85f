import type { RemoteOrderStatus } from './order.ts'

/** Kinds of words that a platform may have its own terms for. */
export const termKinds = [
  'category',
  'attribute',
  'attribute_value',
  'carrier',
  'location',
  'tax',
  'order_state',
] as const
export type TermKind = (typeof termKinds)[number]

/** A term that a platform offers, such as one of its categories. */
export type RemoteTerm = {
  kind: TermKind
  /** What the operations of the connector take; unique within the kind, for a value within its attribute. */
  id: string
  /** What people there call it. */
  name: string
  /** The category above it; for a value, the attribute it belongs to. */
  parentId: string | null
  /** Whether goods may be put there: false for a category that only groups others. */
  isAssignable: boolean
  /** Whether a listing without it is refused. */
  isRequired: boolean
  /** Of an order state: how the connector reads it by itself; left out where only a person can say. */
  reading?: RemoteOrderStatus
}
