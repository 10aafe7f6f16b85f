import { formatDecimal, type Money } from 'entrepot/sdk'

export type OrderItem = {
  id: string
  sku: string
  asin: string
  title: string
  quantity: number
  sent: number
  cancelled: number
  price: Money
}
type Package = {
  packageReferenceId: string
  carrierCode: string
  carrierName?: string | undefined
  shippingMethod?: string | undefined
  trackingNumber: string
  shipDate: string
  orderItems: { orderItemId: string; quantity: number }[]
}
export type SandboxAmazonOrder = {
  id: string
  status: string
  isFulfilledByAmazon: boolean
  createdAt: Date
  updatedAt: Date
  buyerName: string
  currency: string
  shippingMinor: number
  items: OrderItem[]
  packages: Package[]
}

/** Books a package; the same reference edits the one before. Returns what is wrong with it, if anything is. */
export function shipped(order: SandboxAmazonOrder, parcel: Package, now: Date): string | null {
  const known = order.packages.find((other) => other.packageReferenceId === parcel.packageReferenceId)
  if (!known && order.status !== 'UNSHIPPED' && order.status !== 'PARTIALLY_SHIPPED')
    return `The order ${order.id} cannot be shipped: it is ${order.status}.`
  for (const line of parcel.orderItems) {
    const item = order.items.find((candidate) => candidate.id === line.orderItemId)
    const before = known?.orderItems.find((old) => old.orderItemId === line.orderItemId)?.quantity ?? 0
    if (!item) return `The order item ${line.orderItemId} is not in this order.`
    if (line.quantity > item.quantity - item.cancelled - item.sent + before)
      return `The order item ${line.orderItemId} has fewer units to ship than ${line.quantity}.`
  }
  for (const old of known?.orderItems ?? []) itemOf(order, old.orderItemId).sent -= old.quantity
  for (const line of parcel.orderItems) itemOf(order, line.orderItemId).sent += line.quantity
  order.packages = [...order.packages.filter((other) => other !== known), parcel]
  const isAllSent = order.items.every((item) => item.sent + item.cancelled >= item.quantity)
  order.status = isAllSent ? 'SHIPPED' : 'PARTIALLY_SHIPPED'
  order.updatedAt = now > order.updatedAt ? now : new Date(order.updatedAt.getTime() + 1)
  return null
}

const itemOf = (order: SandboxAmazonOrder, id: string): OrderItem =>
  order.items.find((item) => item.id === id)!

/** The order as the Orders API 2026-01-01 tells it, with the data sets asked for. */
export function toOrderJson(order: SandboxAmazonOrder, marketplaceId: string, data: ReadonlySet<string>) {
  // Amazon tells neither amounts nor addresses before the payment is authorised.
  const isOpen = order.status === 'PENDING' || order.status === 'PENDING_AVAILABILITY'
  const goods = order.items.reduce((sum, item) => sum + item.price.minor * item.quantity, 0)
  const total = money(goods + order.shippingMinor, order.currency)
  const has = (name: string) => data.has(name) && !isOpen
  return {
    orderId: order.id,
    createdTime: order.createdAt.toISOString(),
    lastUpdatedTime: order.updatedAt.toISOString(),
    programs: [],
    salesChannel: { channelName: 'AMAZON', marketplaceId, marketplaceName: 'Amazon sandbox' },
    ...(has('BUYER')
      ? { buyer: { buyerName: order.buyerName, buyerEmail: 'buyer-email@marketplace.amazon.example' } }
      : {}),
    ...(has('RECIPIENT') ? { recipient: { deliveryAddress: addressOf(order) } } : {}),
    ...(has('PROCEEDS') ? { proceeds: { grandTotal: total } } : {}),
    ...(has('PAYMENT')
      ? { payment: { paymentExecutions: [{ paymentMethod: 'CreditCard', paymentAmount: total }] } }
      : {}),
    ...(data.has('FULFILLMENT') ? { fulfillment: fulfillmentOf(order) } : {}),
    orderItems: order.items.map((item, index) => itemJson(item, order, index === 0, isOpen, data)),
    ...(data.has('PACKAGES') && order.packages.length > 0
      ? { packages: order.packages.map(packageJson) }
      : {}),
  }
}

const money = (minor: number, currency: string) => ({
  amount: formatDecimal({ minor, currency }),
  currencyCode: currency,
})

function fulfillmentOf(order: SandboxAmazonOrder) {
  const after = (hours: number) => new Date(order.createdAt.getTime() + hours * 3_600_000).toISOString()
  return {
    fulfillmentStatus: order.status,
    fulfilledBy: order.isFulfilledByAmazon ? 'AMAZON' : 'MERCHANT',
    fulfillmentServiceLevel: 'STANDARD',
    shipByWindow: { earliestDateTime: after(0), latestDateTime: after(48) },
    deliverByWindow: { earliestDateTime: after(72), latestDateTime: after(120) },
  }
}

/** Shipping is charged with the first item. */
function itemJson(
  item: OrderItem,
  order: SandboxAmazonOrder,
  isFirst: boolean,
  isOpen: boolean,
  data: ReadonlySet<string>,
) {
  const { currency } = order
  const goods = item.price.minor * item.quantity
  const shipping = isFirst ? order.shippingMinor : 0
  const breakdowns = [
    { type: 'ITEM', subtotal: money(goods, currency) },
    ...(shipping > 0 ? [{ type: 'SHIPPING', subtotal: money(shipping, currency) }] : []),
  ]
  const proceeds = { proceedsTotal: money(goods + shipping, currency), breakdowns }
  const cancellationExecution = { cancelledBy: 'BUYER', cancelReason: 'No longer needed' }
  return {
    orderItemId: item.id,
    quantityOrdered: item.quantity,
    product: {
      asin: item.asin,
      title: item.title,
      sellerSku: item.sku,
      condition: { conditionType: 'NEW', conditionSubtype: 'NEW' },
      ...(isOpen ? {} : { price: { unitPrice: money(item.price.minor, currency) } }),
    },
    ...(data.has('PROCEEDS') && !isOpen ? { proceeds } : {}),
    ...(data.has('CANCELLATION') && item.cancelled > 0 ? { cancellation: { cancellationExecution } } : {}),
    ...(data.has('FULFILLMENT')
      ? {
          fulfillment: {
            quantityFulfilled: item.sent,
            quantityUnfulfilled: item.quantity - item.sent - item.cancelled,
          },
        }
      : {}),
  }
}

const packageJson = (parcel: Package) => ({
  packageReferenceId: parcel.packageReferenceId,
  createdTime: parcel.shipDate,
  packageStatus: { status: 'SHIPPED' },
  carrier: parcel.carrierName ?? parcel.carrierCode,
  shipTime: parcel.shipDate,
  ...(parcel.shippingMethod ? { shippingService: parcel.shippingMethod } : {}),
  trackingNumber: parcel.trackingNumber,
  packageItems: parcel.orderItems,
})

const addressOf = (order: SandboxAmazonOrder) => ({
  name: order.buyerName,
  addressLine1: 'Marienplatz 8',
  city: 'München',
  postalCode: '80331',
  countryCode: 'DE',
  phone: '+49 89 0000000',
  addressType: 'RESIDENTIAL',
})
