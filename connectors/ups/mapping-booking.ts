import {
  type BookedShipment,
  type Booking,
  currencyDigits,
  type LabelFormat,
  type ShippingDocument,
} from 'entrepot/sdk'
import { partyOf } from './mapping-address.ts'
import { priceOf } from './mapping-charges.ts'
import { goodsValue, internationalForms } from './mapping-customs.ts'
import { dayOf, declaredValues, packageOf } from './mapping-parcels.ts'
import type { Image, Recovery, ShipmentResults } from './schemas.ts'
import { serviceName } from './services.ts'
import type { UpsSettings } from './settings.ts'

/** Origins and destinations with the signature (and, in the first, the reference) on each package. */
const unitedStates = ['US', 'PR']
const isWithin = (countries: readonly string[], { from, to }: Booking) =>
  countries.includes(from.country) && countries.includes(to.country)

/** UPS takes a reference on the packages of shipments within the US or within PR, else on the shipment. */
const hasPackageReference = (booking: Booking): boolean =>
  isWithin(['US'], booking) || isWithin(['PR'], booking)

/** The number differs by place: 2 on a package and 1 on a shipment both mean "signature required". */
const hasPackageSignature = (booking: Booking): boolean =>
  isWithin(unitedStates, booking) || isWithin(['CA'], booking)

/** The booking in UPS's words. Our reference is printed, and found again by the label recovery. */
export function toShipRequest(booking: Booking, settings: UpsSettings): object {
  const { reference, from, to, labelFormat } = booking
  const title = booking.parcels.flatMap(({ items }) => items)[0]?.title ?? 'Merchandise'
  return {
    ShipmentRequest: {
      Request: {
        RequestOption: 'validate',
        SubVersion: '2409',
        TransactionReference: { CustomerContext: reference },
      },
      Shipment: {
        Description: title.slice(0, 50),
        ...(booking.customs?.contents === 'documents' ? { DocumentsOnlyIndicator: 'Y' } : {}),
        Shipper: { ...partyOf(from, 'Shipper'), ShipperNumber: settings.accountNumber },
        ShipTo: partyOf(to, 'ShipTo'),
        ShipFrom: partyOf(from, 'ShipFrom'),
        PaymentInformation: { ShipmentCharge: payers(booking, settings) },
        ShipmentRatingOptions: { NegotiatedRatesIndicator: 'Y' },
        TaxInformationIndicator: 'Y',
        ...(hasPackageReference(booking) ? {} : { ReferenceNumber: [{ Value: reference }] }),
        Service: {
          Code: booking.service,
          Description: serviceName(from.country, booking.service).slice(0, 35),
        },
        ...invoiceTotal(booking),
        ShipmentDate: dayOf(booking.shipAt, settings.timeZone),
        ShipmentServiceOptions: {
          ...(booking.isSignatureRequired && !hasPackageSignature(booking)
            ? { DeliveryConfirmation: { DCISType: '1' } }
            : {}),
          ...internationalForms(booking, settings.timeZone),
        },
        Package: packagesOf(booking),
      },
      LabelSpecification: {
        LabelImageFormat: { Code: labelFormat.toUpperCase(), Description: labelFormat.toUpperCase() },
        LabelStockSize: { Height: '6', Width: '4' },
      },
    },
  }
}

/** Transport is billed to the account; duties too where the sender pays them, else to the recipient. */
const payers = ({ customs }: Booking, { accountNumber }: UpsSettings) =>
  (customs?.incoterm === 'DDP' ? ['01', '02'] : ['01']).map((Type) => ({
    Type,
    BillShipper: { AccountNumber: accountNumber },
  }))

/** UPS asks for it from the US to Canada and Puerto Rico, in whole units of at least one. */
function invoiceTotal(booking: Booking): { InvoiceLineTotal?: object } {
  if (booking.from.country !== 'US' || !['CA', 'PR'].includes(booking.to.country)) return {}
  const value = goodsValue(booking)
  if (!value) return {}
  const units = Math.max(1, Math.ceil(value.minor / 10 ** currencyDigits(value.currency)))
  return { InvoiceLineTotal: { CurrencyCode: value.currency, MonetaryValue: String(units) } }
}

function packagesOf(booking: Booking): object[] {
  const { parcels, declaredValue, from, reference } = booking
  const values = declaredValues(declaredValue, parcels.length)
  return parcels.map((parcel, n) => {
    const options = {
      ...(booking.isSignatureRequired && hasPackageSignature(booking)
        ? { DeliveryConfirmation: { DCISType: '2' } }
        : {}),
      ...values[n],
    }
    return {
      Description: (parcel.items[0]?.title ?? 'Merchandise').slice(0, 35),
      Packaging: { Code: '02', Description: 'Customer supplied package' },
      ...packageOf(parcel, from.country),
      ...(hasPackageReference(booking) ? { ReferenceNumber: [{ Value: reference }] } : {}),
      ...(Object.keys(options).length > 0 ? { PackageServiceOptions: options } : {}),
    }
  })
}

const label = (format: LabelFormat, base64: string): ShippingDocument => ({ kind: 'label', format, base64 })

/** A further paper; one in a format that the hub cannot hand on is left out. */
function paper(kind: ShippingDocument['kind'], image: Image | undefined): ShippingDocument[] {
  const format = (['pdf', 'png', 'zpl'] as const).find(
    (name) => name === image?.ImageFormat.Code.toLowerCase(),
  )
  return image && format ? [{ kind, format, base64: image.GraphicImage }] : []
}

export const toBookedShipment = (results: ShipmentResults): BookedShipment => ({
  externalId: results.ShipmentIdentificationNumber,
  parcels: results.PackageResults.map(({ TrackingNumber, ShippingLabel }) => ({
    trackingNumber: TrackingNumber,
    documents: [label(ShippingLabel.ImageFormat.Code, ShippingLabel.GraphicImage)],
  })),
  documents: [
    ...paper('customs', results.Form?.Image),
    ...results.ControlLogReceipt.flatMap((image) => paper('other', image)),
  ],
  price: results.ShipmentCharges ? priceOf(results.ShipmentCharges, results.NegotiatedRateCharges) : null,
})

/**
 * UPS recovers a label as ZPL or PDF, never as PNG: an image comes back as PDF.
 */
export const toRecoveryRequest = (
  of: { reference: string; accountNumber: string } | { trackingNumber: string },
  format: LabelFormat,
): object => ({
  LabelRecoveryRequest: {
    Request: { SubVersion: '1903', TransactionReference: { CustomerContext: 'entrepot' } },
    LabelSpecification: {
      LabelImageFormat: { Code: format === 'zpl' ? 'ZPL' : 'PDF' },
      LabelStockSize: { Height: '6', Width: '4' },
    },
    ...('reference' in of
      ? { ReferenceValues: { ReferenceNumber: { Value: of.reference }, ShipperNumber: of.accountNumber } }
      : { TrackingNumber: of.trackingNumber }),
  },
})

/** A shipment from its recovered labels, the leading package first. UPS tells no price again. */
export function toRecovered(recovery: Recovery): BookedShipment | null {
  const { LabelResults: labels } = recovery
  const externalId = recovery.ShipmentIdentificationNumber ?? labels[0]?.TrackingNumber
  if (externalId === undefined || labels.length === 0) return null
  const isLead = ({ TrackingNumber }: { TrackingNumber: string }) => TrackingNumber === externalId
  return {
    externalId,
    parcels: [...labels.filter(isLead), ...labels.filter((other) => !isLead(other))].map(
      ({ TrackingNumber, LabelImage }) => ({
        trackingNumber: TrackingNumber,
        documents: [label(LabelImage.LabelImageFormat.Code, LabelImage.GraphicImage)],
      }),
    ),
    documents: [],
    price: null,
  }
}
