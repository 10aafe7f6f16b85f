import { type BookedShipment, type LabelFormat, parseMoney, type QuoteCharge } from 'entrepot/sdk'
import type { UspsLabel } from './client.ts'
import type { LabelMetadata } from './schemas.ts'

export const currency = 'USD'
export const centsOf = (dollars: string): number => parseMoney(dollars, currency).minor

export const trackingNumberOf = (label: LabelMetadata): string =>
  (label.trackingNumber ?? label.internationalTrackingNumber)!

/** The labels as one shipment. USPS knows no shipment: its id is the tracking number of the first parcel. */
export function bookedShipment(labels: readonly UspsLabel[], format: LabelFormat): BookedShipment {
  return {
    externalId: trackingNumberOf(labels[0]!.metadata),
    parcels: labels.map(({ metadata, image, receipt }) => ({
      trackingNumber: trackingNumberOf(metadata),
      documents: [
        { kind: 'label' as const, format, base64: withoutBreaks(image) },
        ...(receipt ? [{ kind: 'receipt' as const, format, base64: withoutBreaks(receipt) }] : []),
      ],
    })),
    documents: [],
    price: priceOf(labels.map(({ metadata }) => metadata)),
  }
}

const withoutBreaks = (base64: string) => base64.replace(/\s+/g, '')

/** What USPS will take; null as soon as it says no postage of one of the labels. */
function priceOf(labels: readonly LabelMetadata[]): BookedShipment['price'] {
  if (labels.some(({ postage }) => postage == null)) return null
  const charges = labels.flatMap(chargesOf)
  return { currency, totalMinor: charges.reduce((sum, charge) => sum + charge.amountMinor, 0), charges }
}

/** Postage "does not include insurance or other extra service fees", and no `fees` either. */
function chargesOf({ postage, SKU, fees, extraServices }: LabelMetadata): QuoteCharge[] {
  return [
    { kind: 'base', code: SKU ?? null, label: 'Postage', amountMinor: centsOf(postage!) },
    ...(fees ?? []).map((fee) => surcharge(fee.SKU, fee.name, fee.price)),
    ...(extraServices ?? []).map((extra) =>
      surcharge(extra.SKU ?? extra.sku, extra.name ?? extra.serviceName, extra.price ?? '0'),
    ),
  ]
    .filter((charge, index) => index === 0 || charge.amountMinor !== 0)
    .map((charge) => charge as QuoteCharge)
}

export const surcharge = (
  code: string | null | undefined,
  label: string | null | undefined,
  dollars: string,
): QuoteCharge => ({
  kind: 'surcharge',
  code: code ?? null,
  label: label ?? 'Fee',
  amountMinor: centsOf(dollars),
})
