/** Where an order stands. `allocated` is set by the hub alone: paid, and every unit reserved. */
export const orderStatuses = [
  'pending_payment',
  'paid',
  'allocated',
  'shipped',
  'delivered',
  'completed',
  'cancelled',
  'refunded',
] as const
export type OrderStatus = (typeof orderStatuses)[number]
export const remoteOrderStatuses = orderStatuses.filter(
  (status): status is RemoteOrderStatus => status !== 'allocated',
)
export type RemoteOrderStatus = Exclude<OrderStatus, 'allocated'>

/** A person or place: either in clear, or an opaque handle where the platform forbids keeping clear data. */
export type Party =
  | {
      kind: 'clear'
      name: string
      company: string | null
      email: string | null
      phone: string | null
      addressLines: readonly string[]
      city: string | null
      region: string | null
      postcode: string | null
      /** ISO 3166-1 alpha-2. */
      country: string | null
    }
  | { kind: 'handle'; handle: string }

/** All amounts are minor units of the order's currency. */
export type RemoteOrderLine = {
  externalId: string
  sku: string | null
  externalListingId: string | null
  title: string
  /** Units ordered, cancelled ones included. */
  quantity: number
  /** Units of those that were cancelled or refunded before they shipped. */
  cancelledQuantity: number
  unitPriceMinor: number
  /** Discounts taken off this line; not negative. */
  discountMinor: number
  taxMinor: number
  /** What the buyer pays for the line: discounts off, tax included. */
  totalMinor: number
}

/** An amount of the order that belongs to no line. Negative where it lowers the total. */
export type RemoteOrderCharge = {
  kind: 'shipping' | 'fee' | 'discount' | 'tax' | 'other'
  label: string
  amountMinor: number
}

export type RemotePayment = {
  method: string
  amountMinor: number
  paidAt: Date | null
  reference: string | null
}

/** An order as a platform tells it, in our words. */
export type RemoteOrder = {
  externalId: string
  /** The number that the buyer and the seller see. */
  number: string
  status: RemoteOrderStatus
  /** The platform's own word for the status. */
  externalStatus: string
  /** Whether the platform has taken the units out of its own stock. */
  isStockHeld: boolean
  placedAt: Date
  /** The version: an order with an older one never overwrites a newer. */
  updatedAt: Date
  paidAt: Date | null
  currency: string
  /** What the buyer pays in all: the sum of line totals and charges. */
  totalMinor: number
  refundedMinor: number
  lines: readonly RemoteOrderLine[]
  charges: readonly RemoteOrderCharge[]
  payments: readonly RemotePayment[]
  buyer: Party | null
  shipTo: Party | null
  shippingService: string | null
  shipBy: Date | null
  deliverBy: Date | null
}

/**
 * An order as a connector hands it over. `status` is null where `externalStatus` means nothing to the connector
 * (a state that somebody added to the platform): a person maps it, and until then the order waits unread.
 */
export type ToldOrder = Omit<RemoteOrder, 'status'> & { status: RemoteOrderStatus | null }

/** An item that could not be read. It is kept as it came and becomes a problem; it holds up nothing. */
export type Unreadable = { externalId: string | null; raw: unknown; reason: string }

/** One unit's worth of proof that an order left: told to the marketplace. */
export type ShipmentConfirmation = {
  externalOrderId: string
  /** The platform's code for the carrier, or our name where it has none. */
  carrier: string
  trackingNumber: string
  service: string | null
  shippedAt: Date
  /** The platform's id of the place it left from, where one is mapped. */
  externalLocationId?: string | null
  lines: readonly { externalLineId: string; quantity: number }[]
}

export type OrderCancellation = { externalOrderId: string; reason: string }

/** Minor units of the order's currency. */
export type RefundRequest = {
  externalOrderId: string
  amountMinor: number
  currency: string
  reason: string
  /** Units whose price is given back, and whether they return to the platform's stock. */
  lines: readonly { externalLineId: string; quantity: number; amountMinor: number }[]
  isRestocked: boolean
}

/** Where a return stands, in the order in which it goes on. */
export const returnStatuses = ['requested', 'approved', 'received', 'refunded', 'closed'] as const
export type ReturnStatus = (typeof returnStatuses)[number]

export type RemoteReturn = {
  externalId: string
  externalOrderId: string
  status: ReturnStatus
  updatedAt: Date
  lines: readonly { externalLineId: string; quantity: number; reason: string }[]
}
