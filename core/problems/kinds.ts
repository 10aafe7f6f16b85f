/**
 * How bad a problem is. `critical`: a whole connection stands still. `high`: an order, a buyer or money is at stake.
 * `normal`: one item waits. `notice`: nothing waits.
 */
export const severities = ['critical', 'high', 'normal', 'notice'] as const
export type Severity = (typeof severities)[number]

type Kind = {
  severity: Severity
  /** What has happened, for somebody who sees it the first time. */
  means: string
  holdsUp: string
  /** What to do. */
  remedy: string
  /** Whether "try again" does something: else it heals by itself, or only a person can do what is missing. */
  canRetry?: true
}

/** What can stop, what it holds up and how it is resolved. One place, so that every door and the manual say the same. */
export const problemKinds = {
  auth: {
    severity: 'critical',
    means: 'The platform refused our credentials, so the connection was paused.',
    holdsUp: 'the whole connection',
    remedy: 'Correct the credentials and resume the connection.',
  },
  unavailable: {
    severity: 'critical',
    means: 'The platform has not answered, or let us wait, for several tries in a row.',
    holdsUp: 'syncing with this connection',
    remedy: 'Check that the shop can be reached; the hub goes on by itself when it answers.',
    canRetry: true,
  },
  unexpected: {
    severity: 'normal',
    means: 'The platform answered something that its connector does not understand.',
    holdsUp: 'this item',
    remedy: 'Report it to whoever maintains the connector; it is tried again by itself.',
    canRetry: true,
  },
  push_refused: {
    severity: 'normal',
    means: 'The platform read what was sent and refused it, in the words shown.',
    holdsUp: 'this aspect of the listing',
    remedy: 'Correct the value; a changed value is sent at once.',
    canRetry: true,
  },
  creation_refused: {
    severity: 'normal',
    means: 'The platform refused to list this product.',
    holdsUp: 'publishing this product',
    remedy: 'Correct the product and publish it again.',
    canRetry: true,
  },
  needs_decision: {
    severity: 'high',
    means: 'A call whose answer was lost may or may not have happened, and the hub cannot look.',
    holdsUp: 'this call',
    remedy: 'Look on the platform whether it happened, then say so.',
  },
  filter_failed: {
    severity: 'normal',
    means: 'A plugin that has the last word on a value failed or stopped it.',
    holdsUp: 'this aspect of the listing',
    remedy: 'Correct or disable the plugin.',
    canRetry: true,
  },
  price_missing: {
    severity: 'normal',
    means: 'There is no base price in the currency of the connection.',
    holdsUp: 'publishing a price',
    remedy: 'Set a base price in the currency of the connection.',
    canRetry: true,
  },
  price_below_floor: {
    severity: 'normal',
    means: 'The price would be below cost and margin, so it was not sent.',
    holdsUp: 'publishing a price',
    remedy: 'Raise the price, or lower cost or margin.',
    canRetry: true,
  },
  unknown_sku: {
    severity: 'high',
    means: 'A marketplace sold something under a SKU that the catalogue does not have.',
    holdsUp: 'allocating the orders that name it',
    remedy: 'Create the SKU or map it to one of ours; the orders heal by themselves.',
  },
  oversold: {
    severity: 'high',
    means: 'More was sold than there is: this order line has no stock.',
    holdsUp: 'shipping the order',
    remedy: 'Bring in stock, or cancel the line on the marketplace.',
  },
  unreadable: {
    severity: 'high',
    means: 'An order or another document could not be read; it was kept as it came.',
    holdsUp: 'importing this document',
    remedy: 'Correct it on the platform or report it; it is read again when it changes.',
  },
  listing_missing: {
    severity: 'normal',
    means: 'The platform no longer has a listing that the hub published.',
    holdsUp: 'this listing',
    remedy: 'Publish it again or end it.',
    canRetry: true,
  },
  listing_conflict: {
    severity: 'normal',
    means: 'Two listings on the platform carry the same SKU.',
    holdsUp: 'binding this listing',
    remedy: 'Two remote listings claim one SKU: end one of them.',
  },
  order_gone: {
    severity: 'high',
    means: 'An open order is no longer on the platform.',
    holdsUp: 'the units reserved for the order',
    remedy: 'Restore the order on the platform, or cancel it there before it is deleted.',
  },
  booking_refused: {
    severity: 'high',
    means: 'The courier refused to book this shipment.',
    holdsUp: 'shipping these parcels',
    remedy: 'Correct what the courier complains of, or choose another service; then book again.',
  },
  refund_refused: {
    severity: 'high',
    means: 'The platform refused to give money back, in the words shown.',
    holdsUp: 'giving the money back',
    remedy: 'Correct what the platform complains of and ask again, or give it back there and say so here.',
  },
  coupon_refused: {
    severity: 'normal',
    means: 'The marketplace refused to make this coupon.',
    holdsUp: 'this coupon: buyers cannot use it',
    remedy: 'Correct what the marketplace complains of, or choose a code that is free; then plan it again.',
  },
  coupon_not_ended: {
    severity: 'high',
    means: 'The marketplace refused to end this coupon.',
    holdsUp: 'the end of this coupon: buyers may still use it',
    remedy: 'End it on the marketplace; the hub asks again once a day.',
  },
  not_shippable: {
    severity: 'high',
    means: 'An order was left out of a batch of shipments.',
    holdsUp: 'shipping the order',
    remedy: 'Correct what is named, then ship the order again.',
  },
  parcel_lost: {
    severity: 'high',
    means: 'The courier says that the parcel is lost.',
    holdsUp: 'the delivery',
    remedy: 'Make a claim with the courier in time, and send or refund the goods.',
  },
  parcel_damaged: {
    severity: 'high',
    means: 'The courier says that the parcel is damaged.',
    holdsUp: 'the delivery in good order',
    remedy: 'Ask the recipient for photographs, and make a claim with the courier in time.',
  },
  parcel_returned: {
    severity: 'high',
    means: 'The parcel is on its way back to us.',
    holdsUp: 'the delivery',
    remedy: 'Find out why, then send it again or refund the order.',
  },
  parcel_delayed: {
    severity: 'high',
    means: 'The parcel has had no scan for longer than it should.',
    holdsUp: 'the delivery',
    remedy: 'Ask the courier where it is; make a claim in time if it does not turn up.',
  },
  parcel_unexpected: {
    severity: 'notice',
    means: 'A parcel was scanned whose label had been cancelled.',
    holdsUp: 'nothing',
    remedy: 'A cancelled label is in use: find out who sent it, before the courier charges for it.',
  },
  order_totals: {
    severity: 'notice',
    means: 'The lines and charges of an order do not add up to its total.',
    holdsUp: 'nothing',
    remedy: 'Compare the order on the platform: its lines and charges do not add up.',
  },
  plugin: {
    severity: 'normal',
    means: 'A plugin cannot go on.',
    holdsUp: 'what the plugin does',
    remedy: 'Correct what the plugin complains of.',
  },
} as const satisfies Record<string, Kind>
export type ProblemKind = keyof typeof problemKinds

/** The kinds as a list, each with all that is said of it. */
export const listProblemKinds = (): (Omit<Kind, 'canRetry'> & { kind: ProblemKind; canRetry: boolean })[] =>
  Object.entries(problemKinds as Record<string, Kind>).map(([kind, { canRetry = false, ...rest }]) => ({
    kind: kind as ProblemKind,
    ...rest,
    canRetry,
  }))

/** How bad a problem of this kind is; one that this version does not know stops one thing. */
export const severityOf = (kind: string): Severity =>
  kind in problemKinds ? problemKinds[kind as ProblemKind].severity : 'normal'
