import {
  type BookedShipment,
  type Booking,
  ConnectorError,
  formatDecimal,
  isCurrency,
  parseMoney,
  type ShippingDocument,
} from 'entrepot/sdk'
import { toCharges } from './mapping-charges.ts'
import { invoiceTypeOf, toDeclaration } from './mapping-customs.ts'
import { refuse, toPackage, toParty, toShippingTime } from './mapping-parties.ts'
import type { Booked, DhlDocument } from './schemas.ts'
import type { DhlSettings } from './settings.ts'

/** Services bought with a booking, by DHL's code. */
const directSignature = 'SF'
const dutiesPaid = 'DD'

/** The body of POST /shipments. */
export function toShipmentRequest(booking: Booking, settings: DhlSettings, now: Date) {
  const { customs } = booking
  const bought = [
    ...(booking.isSignatureRequired ? [directSignature] : []),
    ...(customs?.incoterm === 'DDP' ? [dutiesPaid] : []),
  ]
  const payers = customs?.incoterm === 'DDP' ? ['shipper', 'duties-taxes'] : ['shipper']
  return {
    plannedShippingDateAndTime: toShippingTime(booking.shipAt, now, settings.timeZone),
    pickup: { isRequested: false },
    productCode: booking.service,
    getRateEstimates: true,
    accounts: payers.map((typeCode) => ({ typeCode, number: settings.accountNumber })),
    ...(bought.length > 0 ? { valueAddedServices: bought.map((serviceCode) => ({ serviceCode })) } : {}),
    outputImageProperties: toImageProperties(booking, settings),
    customerReferences: [
      { value: booking.reference, typeCode: 'CU' },
      ...(booking.orderNumber ? [{ value: booking.orderNumber.slice(0, 35), typeCode: 'CO' }] : []),
    ],
    customerDetails: {
      shipperDetails: toParty(booking.from, 'sender', settings.phone),
      receiverDetails: toParty(booking.to, 'recipient', settings.phone),
    },
    content: {
      packages: booking.parcels.map((parcel, index) => ({
        ...toPackage(parcel),
        referenceNumber: index + 1,
      })),
      ...(customs ? toDeclaration(booking, customs) : toDeclaredValue(booking)),
      description: toDescription(booking),
      incoterm: customs?.incoterm ?? 'DAP',
      unitOfMeasurement: 'metric',
    },
    // Without it the labels of all pieces come as one file.
    getAdditionalInformation: [{ typeCode: 'linkLabelsByPieces', isRequested: true }],
  }
}

const toDeclaredValue = ({ declaredValue }: Booking) => ({
  isCustomsDeclarable: false,
  ...(declaredValue
    ? {
        declaredValue: Number(formatDecimal(declaredValue)),
        declaredValueCurrency: declaredValue.currency,
      }
    : {}),
})

function toImageProperties({ labelFormat, customs }: Booking, settings: DhlSettings) {
  if (labelFormat === 'png') throw refuse('DHL Express prints no PNG labels. Choose PDF or ZPL.')
  return {
    printerDPI: Number(settings.printerDpi),
    encodingFormat: labelFormat,
    imageOptions: [
      { typeCode: 'label', templateName: 'ECOM26_84_001' },
      { typeCode: 'waybillDoc', templateName: 'ARCH_8X4', isRequested: true, numberOfCopies: 1 },
      ...(customs
        ? [
            {
              typeCode: 'invoice',
              isRequested: true,
              invoiceType: invoiceTypeOf(customs),
              languageCode: 'eng',
            },
          ]
        : []),
    ],
    splitTransportAndWaybillDocLabels: true,
  }
}

/** What is inside, in the 70 characters of the waybill. */
function toDescription({ parcels }: Booking): string {
  const titles = new Set(parcels.flatMap(({ items }) => items.map(({ title }) => title.trim())))
  return [...titles].join(', ').slice(0, 70).trim() || 'Goods'
}

/** DHL's kind of document on the right. What is neither goes with the shipment as it is. */
const documentKinds: Partial<Record<string, ShippingDocument['kind']>> = {
  label: 'label',
  invoice: 'customs',
  proforma: 'customs',
  receipt: 'receipt',
  shipmentReceipt: 'receipt',
}

const toDocument = ({ typeCode, imageFormat, content }: DhlDocument): ShippingDocument => ({
  kind: documentKinds[typeCode] ?? 'other',
  format: imageFormat,
  base64: content,
})

/**
 * The shipment as it was booked: pieces in the order of the booking, each with its own label. The label of a
 * single piece may come without the piece's number, and the waybill document after it under the name of a label. A
 * file with the labels of several belongs to the shipment.
 * @throws ConnectorError `uncertain` when it was booked otherwise than asked; it names the waybill.
 */
export function toBooked(answer: Booked, booking: Booking): BookedShipment {
  const { shipmentTrackingNumber: waybill, documents } = answer
  const pieces = answer.packages.toSorted((a, b) => (a.referenceNumber ?? 0) - (b.referenceNumber ?? 0))
  if (pieces.length !== booking.parcels.length)
    throw odd(waybill, `${pieces.length} pieces instead of ${booking.parcels.length}`)
  if (!documents.some(({ typeCode }) => typeCode === 'label')) throw odd(waybill, 'no label')
  const isLabel = ({ typeCode }: DhlDocument) => typeCode === 'label'
  const isLinked = documents.some(({ packageReferenceNumber }) => packageReferenceNumber !== undefined)
  const onlyLabel = pieces.length === 1 && !isLinked ? documents.find(isLabel) : undefined
  const pieceOf = (document: DhlDocument): number | null =>
    document.packageReferenceNumber ?? (document === onlyLabel ? 1 : null)
  const of = (piece: number | null) => documents.filter((entry) => pieceOf(entry) === piece).map(toDocument)
  return {
    externalId: waybill,
    parcels: pieces.map(({ trackingNumber }, index) => ({ trackingNumber, documents: of(index + 1) })),
    documents: of(null),
    price: toPrice(answer),
  }
}

const odd = (waybill: string, what: string): ConnectorError =>
  new ConnectorError(
    'uncertain',
    `DHL Express booked waybill ${waybill} with ${what}. Look at it in MyDHL+ before booking again.`,
  )

function toPrice({ shipmentCharges }: Booked): BookedShipment['price'] {
  const charge = shipmentCharges.find(({ currencyType }) => currencyType === 'BILLC')
  if (!charge || !isCurrency(charge.priceCurrency)) return null
  const total = parseMoney(charge.price, charge.priceCurrency)
  if (total.minor <= 0) return null
  const lines = charge.serviceBreakdown.map(({ name, price, typeCode }) => ({
    code: typeCode ?? null,
    label: name,
    price,
  }))
  return { currency: total.currency, totalMinor: total.minor, charges: toCharges(lines, '0', total) }
}
