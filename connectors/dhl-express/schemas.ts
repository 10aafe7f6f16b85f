import type { LabelFormat } from 'entrepot/sdk'
import { z } from 'zod'

/** A decimal as JSON number or text; kept as text, so that no amount is ever a float. */
const decimal = z
  .union([z.number(), z.string()])
  .transform(String)
  .pipe(z.string().regex(/^-?\d+(\.\d+)?$/, 'is no plain decimal'))
/** Numbers of shipments come as text, and now and then as a number. */
const number = z.union([z.string(), z.int()]).transform(String).pipe(z.string().min(1))
const days = z.coerce.number().int().nonnegative()

const breakdownLine = z.object({
  name: z.string().optional(),
  typeCode: z.string().optional(),
  serviceCode: z.string().optional(),
  price: decimal.optional(),
  priceBreakdown: z
    .array(z.object({ priceType: z.string().optional(), price: decimal.optional() }))
    .optional(),
})

/** One product of a rate answer. `currencyType` BILLC is what the account pays; the others are for comparison. */
export const product = z.object({
  productCode: z.string().min(1),
  productName: z.string().optional(),
  weight: z.object({ volumetric: z.number().optional(), provided: z.number().optional() }).optional(),
  totalPrice: z
    .array(
      z.object({
        currencyType: z.string().optional(),
        priceCurrency: z.string().optional(),
        price: decimal.optional(),
      }),
    )
    .default([]),
  totalPriceBreakdown: z
    .array(
      z.object({
        currencyType: z.string().optional(),
        priceBreakdown: z.array(z.object({ typeCode: z.string(), price: decimal })).default([]),
      }),
    )
    .default([]),
  detailedPriceBreakdown: z
    .array(z.object({ currencyType: z.string().optional(), breakdown: z.array(breakdownLine).default([]) }))
    .default([]),
  deliveryCapabilities: z
    .object({ estimatedDeliveryDateAndTime: z.string().optional(), totalTransitDays: days.optional() })
    .optional(),
})
export type Product = z.infer<typeof product>
export const rates = z.object({ products: z.array(product), warnings: z.array(z.string()).default([]) })
export type Rates = z.infer<typeof rates>

const imageFormat = z
  .string()
  .transform((format) => format.toLowerCase())
  .pipe(z.enum(['pdf', 'zpl', 'png']) satisfies z.ZodType<LabelFormat>)
const document = z.object({
  imageFormat,
  content: z.base64().min(1),
  // Absent from some answers; what it is then is told by its being there at all.
  typeCode: z.string().default('label'),
  packageReferenceNumber: z.int().optional(),
})
export type DhlDocument = z.infer<typeof document>

/** The answer to a booking. */
export const booked = z.object({
  shipmentTrackingNumber: number,
  packages: z.array(z.object({ referenceNumber: z.int().optional(), trackingNumber: number })).min(1),
  documents: z.array(document).default([]),
  shipmentCharges: z
    .array(
      z.object({
        currencyType: z.string(),
        priceCurrency: z.string(),
        price: decimal,
        serviceBreakdown: z
          .array(z.object({ name: z.string(), price: decimal, typeCode: z.string().optional() }))
          .default([]),
      }),
    )
    .default([]),
})
export type Booked = z.infer<typeof booked>

const event = z.object({
  date: z.iso.date(),
  time: z
    .string()
    .regex(/^\d{2}:\d{2}(:\d{2})?$/)
    .optional(),
  GMTOffset: z
    .string()
    .regex(/^[+-]\d{2}:\d{2}$/)
    .optional(),
  typeCode: z.string().optional(),
  description: z.string().default(''),
  serviceArea: z.array(z.object({ description: z.string().optional() })).default([]),
})
export type DhlEvent = z.infer<typeof event>

/** One shipment of a tracking answer. */
export const trackedShipment = z.object({
  shipmentTrackingNumber: number,
  events: z.array(event).default([]),
  pieces: z.array(z.object({ trackingNumber: number, events: z.array(event).default([]) })).default([]),
  estimatedDeliveryDate: z.string().optional(),
})
export type TrackedShipment = z.infer<typeof trackedShipment>
/** The rows as they came: one that cannot be read must not spoil the others. */
export const tracking = z.object({ shipments: z.array(z.unknown()) })

/** How MyDHL refuses. */
export const problem = z.object({
  detail: z.string().optional(),
  title: z.string().optional(),
  message: z.string().optional(),
  additionalDetails: z.array(z.string()).optional(),
})
