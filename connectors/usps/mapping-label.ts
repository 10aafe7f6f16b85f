import { createHash } from 'node:crypto'
import { type Booking, ConnectorError, type LabelFormat, type Money } from 'entrepot/sdk'
import type { LabelApi } from './client.ts'
import { domesticAddress, foreignAddress } from './mapping-address.ts'
import { customsForm, dollarsOf } from './mapping-customs.ts'
import { isDomestic, serviceOf, type UspsService } from './services.ts'
import type { Settings } from './settings.ts'
import { categoryOf, localDate, measuresOrThrow } from './units.ts'

/** Our word on the left, theirs on the right. */
const imageTypes = { pdf: 'PDF', zpl: 'ZPL203DPI', png: 'PNG' } as const satisfies Record<LabelFormat, string>

/** Extra services by USPS's codes. https://postalpro.usps.com/IMPB_Service_Type_Codes */
const extraServices = {
  signature: 921,
  signatureByExpress: 981,
  insurance: 930,
  insuranceAbove500: 931,
} as const

/** One label to buy: where, under which key, and what to send. */
export type LabelRequest = { api: LabelApi; key: string; body: object; reprint: object }

/**
 * The labels of a booking, one a parcel. All of it is checked before the first one is bought, and the same
 * booking always makes the same requests, because USPS compares them.
 * @throws ConnectorError `rejected` in words that say what to correct.
 */
export function labelRequests(booking: Booking, reference: string, settings: Settings): LabelRequest[] {
  const service = serviceOf(booking.service)
  if (!service)
    throw new ConnectorError('rejected', `USPS has no service ${booking.service}. Choose another.`)
  assertFits(booking, service)
  const shares = insuredShares(booking)
  const image = imageInfo(booking)
  return booking.parcels.map((_, index) => ({
    api: service.isAbroad ? 'abroad' : 'home',
    key: idempotencyKey(reference, index),
    reprint: { imageInfo: image },
    body: labelBody(booking, service, { index, insured: shares[index] ?? null, image }, settings),
  }))
}

/** A UUID that the same reference and place always give; USPS wants one that looks random. */
export function idempotencyKey(reference: string, index: number): string {
  const hex = createHash('sha256').update(`${reference}/${index}`).digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function assertFits(booking: Booking, service: UspsService): void {
  const refuse = (message: string): never => {
    throw new ConnectorError('rejected', message)
  }
  if (!isDomestic(booking.from.country)) refuse('USPS carries from the United States only.')
  if (isDomestic(booking.to.country) === service.isAbroad)
    refuse(`${service.name} does not go to ${booking.to.country}. Choose another service.`)
  if (service.isAbroad && !booking.customs) refuse('A parcel that goes abroad needs customs data.')
  if (booking.customs && booking.labelFormat === 'png')
    refuse('USPS prints labels with a customs form as PDF or ZPL only. Choose one of them.')
  if (service.isAbroad && booking.isSignatureRequired)
    refuse('USPS sells no signature abroad. Book without it.')
}

const imageInfo = ({ labelFormat, customs }: Booking) => ({
  imageType: imageTypes[labelFormat],
  ...(customs ? {} : { labelType: '4X6LABEL' }),
})

type ParcelPart = { index: number; insured: Money | null; image: object }

function labelBody(booking: Booking, service: UspsService, part: ParcelPart, settings: Settings) {
  const { from, to, customs } = booking
  const parcel = booking.parcels[part.index]!
  const form = customs ? { customsForm: customsForm(customs, parcel.items, to.country, settings) } : {}
  const sender = domesticAddress(from, 'sender')
  return service.isAbroad
    ? {
        imageInfo: part.image,
        fromAddress: sender,
        toAddress: foreignAddress(to, 'recipient'),
        packageDescription: packageOf(booking, service, part, settings),
        ...form,
      }
    : {
        // Without a receipt, because it is not printed again when the label is asked for.
        imageInfo: { ...part.image, receiptOption: 'NONE' },
        fromAddress: sender,
        toAddress: domesticAddress(to, 'recipient'),
        packageDescription: packageOf(booking, service, part, settings),
        ...form,
      }
}

function packageOf(
  booking: Booking,
  service: UspsService,
  { index, insured }: ParcelPart,
  settings: Settings,
) {
  const measures = measuresOrThrow(booking.parcels[index]!)
  return {
    mailClass: service.mailClass,
    packagingType: service.packaging,
    // Abroad there is no shape.
    ...(service.isAbroad ? {} : { shape: 'RECTANGULAR' }),
    processingCategory: service.category ?? categoryOf(measures),
    destinationEntryFacilityType: 'NONE',
    mailingDate: localDate(booking.shipAt, settings.timeZone),
    weightUOM: 'lb',
    dimensionsUOM: 'in',
    ...measures,
    extraServices: extrasOf(service, booking.isSignatureRequired, insured),
    ...(insured ? { packageOptions: { packageValue: dollarsOf(insured, 'insured value') } } : {}),
    customerReference: referencesOf(booking.reference, service),
  }
}

/** The extra services for a signature and for insurance; used for prices too. */
export function extrasOf({ mailClass }: UspsService, isSigned: boolean, insured: Money | null): number[] {
  const express = mailClass === 'PRIORITY_MAIL_EXPRESS'
  const signature = express ? extraServices.signatureByExpress : extraServices.signature
  return [...(isSigned ? [signature] : []), ...insuranceOf(insured)]
}

export const insuranceOf = (insured: Money | null): number[] =>
  insured === null ? [] : [insured.minor > 50_000 ? extraServices.insuranceAbove500 : extraServices.insurance]

/** A reference takes 30 characters, ours may have 35: the rest stands in the second. */
const referencesOf = (reference: string, { isAbroad }: UspsService) =>
  [reference.slice(0, 30), reference.slice(30)]
    .filter((text) => text !== '')
    .map((referenceNumber) =>
      isAbroad ? { referenceNumber } : { referenceNumber, printReferenceNumber: true },
    )

/** What each parcel is insured for: by the value of its items where that is known, else in equal parts. */
function insuredShares({ declaredValue, parcels }: Booking): Money[] {
  if (!declaredValue || declaredValue.minor <= 0) return []
  const values = parcels.map(({ items }) =>
    items.reduce((sum, { unitValue, quantity }) => sum + unitValue.minor * quantity, 0),
  )
  return shareOut(declaredValue, values.every((value) => value > 0) ? values : parcels.map(() => 1))
}

/** Splits an amount by weights without losing a cent. */
export function shareOut({ minor, currency }: Money, weights: readonly number[]): Money[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const upTo = (count: number) =>
    Math.round((minor * weights.slice(0, count).reduce((sum, weight) => sum + weight, 0)) / total)
  return weights.map((_, index) => ({ minor: upTo(index + 1) - upTo(index), currency }))
}
