import {
  ConnectorError,
  type CreatedListing,
  formatDecimal,
  type ItemResult,
  type ListingDraft,
  parseMoney,
  type RemoteListing,
  type RemoteOrder,
} from 'entrepot/sdk'
import type { SimpleListing, SimpleOrder, SimpleProduct } from './schemas.ts'

/** Their order states -> ours. */
const orderStatuses = {
  unpaid: 'pending_payment',
  paid: 'paid',
  shipped: 'shipped',
  cancelled: 'cancelled',
} as const

export const toListing = (theirs: SimpleListing, currency: string): RemoteListing => ({
  externalId: theirs.id,
  externalParentId: theirs.productId,
  sku: theirs.sku,
  title: theirs.title,
  status: theirs.state,
  price: parseMoney(theirs.price, currency),
  quantity: theirs.quantity,
  issues: [],
})

export const fromDraft = (draft: ListingDraft, reference: string) => ({
  reference,
  variants: draft.variants.map(({ sku, content, price, quantity }) => ({
    sku,
    title: content.title,
    price: formatDecimal(price),
    quantity,
  })),
})

export const toCreated = (theirs: SimpleProduct): CreatedListing => ({
  externalParentId: theirs.productId,
  variants: theirs.listings.map(({ id, sku }) => ({ sku, ok: true, externalId: id })),
})

export const toResult = (theirs: { id: string; error: string | null }): ItemResult =>
  theirs.error === null
    ? { ok: true, externalId: theirs.id }
    : {
        ok: false,
        error: new ConnectorError(
          theirs.error === 'unknown' ? 'not_found' : 'rejected',
          `Simple Shop refused listing ${theirs.id}: ${theirs.error}.`,
          { vendorCode: theirs.error },
        ),
      }

export function toOrder(theirs: SimpleOrder, currency: string): RemoteOrder {
  const minor = (amount: string) => parseMoney(amount, currency).minor
  const isPaid = theirs.state === 'paid' || theirs.state === 'shipped'
  return {
    externalId: theirs.id,
    number: theirs.number,
    status: orderStatuses[theirs.state],
    externalStatus: theirs.state,
    isStockHeld: theirs.state !== 'cancelled',
    placedAt: new Date(theirs.placedAt),
    updatedAt: new Date(theirs.changedAt),
    paidAt: isPaid ? new Date(theirs.placedAt) : null,
    currency,
    totalMinor: minor(theirs.total),
    refundedMinor: theirs.refunds.reduce((total, refund) => total + minor(refund.amount), 0),
    lines: theirs.lines.map((line) => ({
      externalId: line.id,
      sku: line.sku,
      externalListingId: line.listingId,
      title: line.title,
      quantity: line.quantity,
      cancelledQuantity: theirs.state === 'cancelled' ? line.quantity : 0,
      unitPriceMinor: minor(line.price),
      discountMinor: 0,
      taxMinor: 0,
      totalMinor: minor(line.price) * line.quantity,
    })),
    charges: [{ kind: 'shipping', label: 'Shipping', amountMinor: minor(theirs.shipping) }],
    payments: [],
    buyer: null,
    shipTo: null,
    shippingService: null,
    shipBy: null,
    deliverBy: null,
  }
}
