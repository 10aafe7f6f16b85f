import {
  type Booking,
  type Customs,
  type FieldIssue,
  formatDecimal,
  type Money,
  parseMoney,
} from 'entrepot/sdk'
import { toBerlin } from './berlin-time.ts'
import { alpha3ByAlpha2 } from './countries.ts'
import { toConsignee, toShipper } from './mapping-address.ts'
import { complaint, refuseIf } from './refusal.ts'
import { type DhlService, servicesOf } from './services.ts'
import type { DhlSettings } from './settings.ts'

type BookedParcel = Booking['parcels'][number]

/** The most shipments DHL takes in one request. */
export const maxShipments = 30

/** Ours on the left, DHL's on the right. */
const exportTypes: Record<Customs['contents'], string> = {
  merchandise: 'COMMERCIAL_GOODS',
  gift: 'PRESENT',
  sample: 'COMMERCIAL_SAMPLE',
  documents: 'DOCUMENT',
  return: 'RETURN_OF_GOODS',
}

/**
 * The request for a booking: one shipment of DHL's a parcel, all with the same reference.
 * @throws ConnectorError `rejected` for what DHL would refuse, cut or print wrongly.
 */
export function toOrderRequest(booking: Booking, settings: DhlSettings, now: Date) {
  const service = servicesOf(settings).find(({ code }) => code === booking.service)
  if (!service) {
    const sold = servicesOf(settings).map(({ code }) => code)
    refuseIf([
      complaint(
        'product',
        `no billing number for "${booking.service}"; there is one for ${sold.join(', ') || 'none'}.`,
      ),
    ])
  }
  const shipper = toShipper(booking.from)
  const consignee = toConsignee(booking.to, settings)
  refuseIf([...shipper.issues, ...consignee.issues, ...bookingIssues(booking, service!, settings)])
  const shared = {
    product: service!.product,
    billingNumber: settings[service!.billing],
    refNo: booking.reference,
    ...(booking.orderNumber ? { costCenter: booking.orderNumber } : {}),
    shipDate: shipDate(booking.shipAt, now),
    shipper: shipper.contact,
    consignee: consignee.contact,
  }
  return {
    profile: settings.profile,
    shipments: booking.parcels.map((parcel) => ({
      ...shared,
      details: toDetails(parcel),
      ...(booking.customs ? { customs: toCustoms(booking.customs, parcel, service!, settings) } : {}),
      services: toServices(booking, service!, settings),
    })),
  }
}
export type OrderRequest = ReturnType<typeof toOrderRequest>

function bookingIssues(booking: Booking, service: DhlService, settings: DhlSettings): FieldIssue[] {
  const { reference, orderNumber, parcels, customs, declaredValue } = booking
  const told: [boolean, string, string][] = [
    [reference.length < 8 || reference.length > 35, 'refNo', 'has to have 8 to 35 characters.'],
    [(orderNumber?.length ?? 0) > 50, 'costCenter', 'the order number has more than 50 characters.'],
    [parcels.length === 0, 'shipments', 'there is no parcel.'],
    [parcels.length > maxShipments, 'shipments', `DHL takes ${maxShipments} parcels at once.`],
    [
      booking.isSignatureRequired && !service.canSign,
      'services.signedForByRecipient',
      `${service.name} takes no signature of the recipient.`,
    ],
    [
      settings.isInsured && declaredValue !== null && !service.canInsure,
      'services.additionalInsurance',
      `${service.name} cannot be insured.`,
    ],
    [
      settings.isInsured && declaredValue !== null && parcels.length > 1,
      'services.additionalInsurance',
      'DHL insures each parcel by itself; book insured parcels one by one.',
    ],
    [
      customs?.incoterm === 'DDP' && service.dutyPaidBy === null,
      'customs.shippingConditions',
      `${service.name} cannot be sent duties paid.`,
    ],
    [
      customs !== null && settings.postalCharges === undefined,
      'customs.postalCharges',
      'customs want to know what the recipient paid for shipping; enter it in the connection.',
    ],
    [
      (customs?.invoiceNumber.length ?? 0) > 35,
      'customs.invoiceNo',
      'the invoice number has more than 35 characters.',
    ],
  ]
  const general = told.flatMap(([isWrong, field, words]) => (isWrong ? [complaint(field, words)] : []))
  return customs ? [...general, ...parcels.flatMap(customsIssues)] : general
}

function customsIssues({ items }: BookedParcel, index: number): FieldIssue[] {
  const at = `shipments[${index}].customs.items`
  const currencies = new Set(items.map((item) => item.unitValue.currency))
  return [
    ...(items.length === 0 ? [complaint(at, 'customs want to know what is in the parcel.')] : []),
    ...(items.length > 99 ? [complaint(at, 'DHL takes 99 kinds of goods a parcel.')] : []),
    ...(currencies.size > 1
      ? [complaint(at, `the goods are in ${[...currencies].join(' and ')}; DHL takes one currency.`)]
      : []),
    ...items.flatMap((item, n) => [
      ...(item.weightGrams === null
        ? [complaint(`${at}[${n}].itemWeight`, `the weight of ${item.sku} is missing.`)]
        : []),
      ...(item.title.length < 1 || item.title.length > 256
        ? [
            complaint(
              `${at}[${n}].itemDescription`,
              `the title of ${item.sku} has to have 1 to 256 characters.`,
            ),
          ]
        : []),
      ...(item.hsCode !== null && !/^.{6,11}$/.test(item.hsCode)
        ? [complaint(`${at}[${n}].hsCode`, `the HS code of ${item.sku} has to have 6 to 11 characters.`)]
        : []),
    ]),
  ]
}

/** DHL takes no day that is over: a booking that waited is handed over today. */
const shipDate = (shipAt: Date, now: Date): string => toBerlin(shipAt < now ? now : shipAt).date

function toDetails({ weightGrams, lengthMm, widthMm, heightMm }: BookedParcel) {
  const weight = { uom: 'g', value: Math.ceil(weightGrams) }
  // DHL takes three measures or none, and counts in full centimetres.
  if (lengthMm === null || widthMm === null || heightMm === null) return { weight }
  const cm = (mm: number) => Math.ceil(mm / 10)
  return { dim: { uom: 'cm', length: cm(lengthMm), width: cm(widthMm), height: cm(heightMm) }, weight }
}

/** An amount as a JSON number, which is what DHL takes. */
const toValue = (money: Money) => ({ currency: money.currency, value: Number(formatDecimal(money)) })

function toServices(
  { isSignatureRequired, declaredValue, customs }: Booking,
  service: DhlService,
  settings: DhlSettings,
) {
  return {
    ...(isSignatureRequired ? { signedForByRecipient: true } : {}),
    ...(settings.isInsured && declaredValue ? { additionalInsurance: toValue(declaredValue) } : {}),
    ...(service.hasEndorsement ? { endorsement: settings.undeliverable } : {}),
    ...(service.isPremium ? { premium: true } : {}),
    ...(customs?.incoterm === 'DDP' && service.dutyPaidBy === 'service'
      ? { postalDeliveryDutyPaid: true }
      : {}),
  }
}

function toCustoms(customs: Customs, { items }: BookedParcel, service: DhlService, settings: DhlSettings) {
  const { currency } = items[0]!.unitValue
  return {
    invoiceNo: customs.invoiceNumber,
    exportType: exportTypes[customs.contents],
    ...(service.dutyPaidBy === 'condition' ? { shippingConditions: customs.incoterm } : {}),
    postalCharges: toValue(parseMoney(settings.postalCharges!, currency)),
    items: items.map((item) => ({
      itemDescription: item.title,
      ...(item.originCountry ? { countryOfOrigin: alpha3ByAlpha2.get(item.originCountry) ?? 'UNKNOWN' } : {}),
      ...(item.hsCode ? { hsCode: item.hsCode } : {}),
      packagedQuantity: item.quantity,
      itemValue: toValue(item.unitValue),
      itemWeight: { uom: 'g', value: Math.ceil(item.weightGrams!) },
    })),
  }
}
