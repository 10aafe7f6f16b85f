import { type Address, type Booking, ConnectorError, formatDecimal, type Money } from 'entrepot/sdk'
import type { Order, Settings } from './schemas.ts'

/** Where this interface takes parcels from and to, as SF writes it. */
const regions: Readonly<Record<string, string>> = { CN: 'CN', HK: '852', MO: '853', TW: '886' }

/** A decimal that JSON carries as a number, as SF wants its amounts; it is never reckoned with. */
const asNumber = (money: Money): number => Number(formatDecimal(money))

const kilograms = (grams: number): number => grams / 1000
const centimetres = (millimetres: number): number => millimetres / 10

/** Mobiles of the mainland have eleven digits and begin with 1. */
const isMobile = (phone: string): boolean => /^(?:\+?86)?1\d{10}$/.test(phone.replace(/[\s-]/g, ''))

function contactOf(contactType: 1 | 2, address: Address) {
  const country = regions[address.country]
  if (!country)
    throw new ConnectorError(
      'rejected',
      `SF Express's domestic interface serves the mainland, Hong Kong, Macau and Taiwan, not ${address.country}. Book this shipment with another courier.`,
      { issues: [{ field: 'country', code: null, message: 'not served', severity: 'error' }] },
    )
  const { phone } = address
  return {
    contactType,
    contact: address.name,
    ...(address.company ? { company: address.company } : {}),
    ...(phone ? (isMobile(phone) ? { mobile: phone } : { tel: phone }) : {}),
    country,
    ...(address.region ? { province: address.region } : {}),
    ...(address.city ? { city: address.city } : {}),
    address: address.addressLines.join(' '),
    ...(address.postcode ? { postCode: address.postcode } : {}),
  }
}

function cargoOf({ parcels }: Booking, { goods }: Settings) {
  const items = parcels.flatMap((parcel) => parcel.items)
  if (items.length === 0) return [{ name: goods, count: 1, unit: '件' }]
  return items.map((item) => ({
    name: item.title.slice(0, 128),
    count: item.quantity,
    unit: '件',
    ...(item.weightGrams === null ? {} : { weight: kilograms(item.weightGrams) }),
    amount: asNumber(item.unitValue),
    currency: item.unitValue.currency,
    ...(item.hsCode ? { hsCode: item.hsCode } : {}),
    ...(item.originCountry ? { sourceArea: item.originCountry } : {}),
  }))
}

/** Outer measures belong to the whole order, so only a single parcel's are told. */
function sizeOf({ parcels }: Booking) {
  const [parcel] = parcels
  if (parcels.length > 1 || !parcel) return {}
  const { lengthMm, widthMm, heightMm } = parcel
  if (lengthMm === null || widthMm === null || heightMm === null) return {}
  return {
    totalLength: centimetres(lengthMm),
    totalWidth: centimetres(widthMm),
    totalHeight: centimetres(heightMm),
  }
}

/**
 * The booking as SF takes it: paid by the sender, brought to SF or fetched with the daily round.
 * @throws ConnectorError for a country outside the interface, or a product that the contract lacks.
 */
export function toOrder(booking: Booking, settings: Settings) {
  if (!(booking.service in settings.products))
    throw new ConnectorError(
      'rejected',
      `SF Express has no product "${booking.service}" in this connection. Choose one of ${Object.keys(settings.products).join(', ')}, or add it to the products.`,
    )
  const { declaredValue } = booking
  return {
    language: 'zh-CN',
    orderId: booking.reference,
    cargoDetails: cargoOf(booking, settings),
    contactInfoList: [contactOf(1, booking.from), contactOf(2, booking.to)],
    customsInfo: declaredValue
      ? { declaredValue: asNumber(declaredValue), declaredValueCurrency: declaredValue.currency }
      : {},
    ...(settings.monthlyCard ? { monthlyCard: settings.monthlyCard } : {}),
    payMethod: 1,
    expressTypeId: Number(booking.service),
    parcelQty: booking.parcels.length,
    totalWeight: kilograms(booking.parcels.reduce((sum, parcel) => sum + parcel.weightGrams, 0)),
    ...sizeOf(booking),
    isDocall: 0,
    isOneselfPickup: 0,
    isGenWaybillNo: 1,
    isReturnRoutelabel: 1,
    isUnifiedWaybillNo: 1,
    ...(booking.orderNumber ? { custReferenceNo: booking.orderNumber } : {}),
    extraInfoList: [],
  }
}

/** Whether SF took the order and then declined to carry it; its id is used up all the same. */
export const isDeclined = (order: Order): boolean => order.filterResult === '3'

/**
 * The waybill of each parcel, in order: the shipment's own first, then the further ones.
 * @throws ConnectorError when SF declined the order or gave another number of waybills.
 */
export function toWaybills(order: Order, count: number): string[] {
  if (isDeclined(order))
    throw new ConnectorError(
      'rejected',
      `SF Express does not carry ${order.orderId}: ${order.remark ?? 'no explanation'}. Correct the address, or choose another product or courier.`,
      { vendorMessage: order.remark ?? undefined },
    )
  const ofType = (type: number) =>
    order.waybillNoInfoList.filter((info) => info.waybillType === type).map((info) => info.waybillNo)
  const waybills = [...ofType(1), ...ofType(2)]
  if (waybills.length === count) return waybills
  throw new ConnectorError(
    'unexpected',
    `SF Express has ${order.orderId} with ${waybills.length} waybills for ${count} parcels. Look at it in SF's console.`,
  )
}

/** Labels to print, at most 20 at a time. @param waybills of a whole shipment, its own first. */
export function toPrintJobs(waybills: readonly string[], { partnerId, templateCode }: Settings) {
  const [master] = waybills
  const documents = waybills.map((waybillNo, index) => ({
    masterWaybillNo: master,
    ...(index === 0 ? {} : { branchWaybillNo: waybillNo }),
    ...(waybills.length === 1 ? {} : { seq: String(index + 1), sum: String(waybills.length) }),
  }))
  const batches = []
  for (let start = 0; start < documents.length; start += 20) batches.push(documents.slice(start, start + 20))
  return batches.map((batch) => ({
    templateCode: templateCode || `fm_150_standard_${partnerId}`,
    version: '2.0',
    fileType: 'pdf',
    sync: true,
    documents: batch,
  }))
}
