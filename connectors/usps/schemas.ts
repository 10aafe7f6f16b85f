import { z } from 'zod'

/** A price in dollars; USPS sends numbers, and some products of it send them as text. */
const dollars = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]).transform(String)
const optionalText = z.string().nullish()

/** @see https://developers.usps.com/Oauth */
export const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number() })

/** @see https://developers.usps.com/paymentsv3 */
export const paymentSchema = z.object({ paymentAuthorizationToken: z.string().min(1) })
export const accountSchema = z.object({ accountType: z.string() })

const commitment = z
  .object({ name: optionalText, expectedDeliveryDate: optionalText, scheduleDeliveryDate: optionalText })
  .nullish()
const fees = z.array(z.object({ name: optionalText, SKU: optionalText, price: dollars })).nullish()

const rateOption = z.object({
  commitment,
  totalPrice: dollars.nullish(),
  totalBasePrice: dollars,
  rates: z
    .array(
      z.object({
        description: optionalText,
        SKU: optionalText,
        price: dollars,
        fees,
        weight: z.number().nullish(),
        dimWeight: z.number().nullish(),
        processingCategory: optionalText,
        rateIndicator: z.string(),
      }),
    )
    .min(1),
  extraServices: z
    .array(z.object({ name: optionalText, SKU: optionalText, price: dollars, extraService: optionalText }))
    .nullish(),
})
export type RateOption = z.infer<typeof rateOption>

/** @see https://developers.usps.com/shippingoptionsv3 */
export const optionsSchema = z.object({
  pricingOptions: z.array(
    z.object({
      shippingOptions: z
        .array(z.object({ mailClass: z.string(), rateOptions: z.array(rateOption).nullish() }))
        .nullish(),
    }),
  ),
})
export type OptionsAnswer = z.infer<typeof optionsSchema>

/** A label's data, domestic or international: only one of the two tracking numbers is there. */
export const labelSchema = z
  .object({
    trackingNumber: optionalText,
    internationalTrackingNumber: optionalText,
    postage: dollars.nullish(),
    SKU: optionalText,
    fees,
    extraServices: z
      .array(
        z.object({
          name: optionalText,
          serviceName: optionalText,
          SKU: optionalText,
          sku: optionalText,
          price: dollars.nullish(),
        }),
      )
      .nullish(),
  })
  .refine((label) => label.trackingNumber || label.internationalTrackingNumber, 'it has no tracking number')
export type LabelMetadata = z.infer<typeof labelSchema>

/** The two words for it: the label will not be charged, or a refund was asked for. An unknown one is not guessed. */
export const cancelSchema = z.object({ status: z.enum(['CANCELED', 'DISPUTED']) })

const trackingEvent = z.object({
  eventCode: optionalText,
  eventType: optionalText,
  eventTimestamp: optionalText,
  GMTTimestamp: optionalText,
  GMTOffset: optionalText,
  eventCity: optionalText,
  eventState: optionalText,
  eventZIP: optionalText,
  eventCountry: optionalText,
})
export type UspsEvent = z.infer<typeof trackingEvent>

/** @see https://developers.usps.com/trackingv3r2 */
export const trackingSchema = z.object({
  statusCategory: optionalText,
  expectedDeliveryTimeStamp: optionalText,
  guaranteedDeliveryTimeStamp: optionalText,
  trackingEvents: z.array(trackingEvent),
})
export type TrackingAnswer = z.infer<typeof trackingSchema>

/** @see https://developers.usps.com/carrierpickupv3 */
export const pickupSchema = z.object({ confirmationNumber: z.string().min(1) })
