import { z } from '@hono/zod-openapi'
import { labelFormats } from '../../sdk/model/shipment.ts'
import { trackingIncidents, trackingStates } from '../../sdk/model/tracking.ts'
import { givenInstant, instant } from '../shapes.ts'

const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be two letters, such as DE')
  .openapi({ example: 'DE', description: 'ISO 3166-1 alpha-2.' })
const text = (most: number) => z.string().max(most).nullable().default(null)

export const place = z
  .strictObject({
    country,
    postcode: text(20),
    city: text(100),
    region: text(100),
    isResidential: z.boolean().nullable().default(null),
  })
  .openapi('Place')

export const address = z
  .strictObject({
    name: z.string().min(1).max(100),
    company: text(100),
    email: text(200),
    phone: text(40),
    addressLines: z.array(z.string().min(1).max(200)).min(1).max(4).readonly(),
    city: text(100),
    region: text(100),
    postcode: text(20),
    country,
    isResidential: z.boolean().nullable().default(null),
  })
  .openapi('Address')

const edge = z.int().min(1).max(100_000).nullable().default(null)
const measures = {
  weightGrams: z.int().min(1).max(10_000_000).openapi({ example: 1530 }),
  lengthMm: edge,
  widthMm: edge,
  heightMm: edge,
}
export const parcel = z.strictObject(measures).openapi('Parcel')

const lineUnits = z.strictObject({ lineId: z.string().max(100), quantity: z.int().min(1) })

export const planInput = z
  .strictObject({
    orderId: z.string().max(100).openapi({ example: 'ord_01k5' }),
    lines: z
      .array(lineUnits)
      .min(1)
      .max(1000)
      .optional()
      .openapi({ description: 'What goes; everything that is open, if left out.' }),
    parcels: z
      .array(z.strictObject({ ...measures, lines: z.array(lineUnits).min(1).max(1000) }))
      .min(1)
      .max(100)
      .optional()
      .openapi({ description: 'As a person packed them; packed by rule, if left out.' }),
    warehouseId: z.string().max(100).optional(),
    shipAt: givenInstant.optional(),
    isSignatureRequired: z.boolean().optional(),
    customs: z
      .strictObject({
        contents: z.enum(['merchandise', 'gift', 'sample', 'documents', 'return']),
        incoterm: z.enum(['DAP', 'DDP']),
      })
      .optional(),
  })
  .openapi('ShipmentPlan')

export const recordInput = z
  .strictObject({
    orderId: z.string().max(100),
    carrier: z
      .string()
      .min(1)
      .max(60)
      .openapi({ example: 'yuantong', description: 'As the one who tracks knows it.' }),
    trackingConnectionId: z
      .string()
      .max(100)
      .optional()
      .openapi({ description: 'Who is asked where the parcels are; nobody, if left out.' }),
    warehouseId: z.string().max(100).optional(),
    parcels: z
      .array(
        z.strictObject({
          ...measures,
          trackingNumber: z.string().min(1).max(60),
          lines: z.array(lineUnits).min(1).max(1000),
        }),
      )
      .min(1)
      .max(100),
  })
  .openapi('RecordedShipment')

export const bookingInput = z
  .strictObject({
    quoteId: z
      .string()
      .max(100)
      .optional()
      .openapi({ description: 'With `offerId`: the price that is taken.' }),
    offerId: z.string().max(300).optional(),
    connectionId: z
      .string()
      .max(100)
      .optional()
      .openapi({ description: 'With `service`: a courier without a price.' }),
    service: z.string().max(100).optional(),
    labelFormat: z.enum(labelFormats).optional(),
  })
  .openapi('BookingInput', { description: 'An empty object lets the rules choose.' })

export const quoteInput = z
  .strictObject({
    from: place,
    to: place,
    parcels: z.array(parcel).min(1).max(100),
    shipAt: givenInstant.optional(),
    declaredValue: z
      .strictObject({ minor: z.int().min(0), currency: z.string().length(3) })
      .nullable()
      .default(null),
    services: z.array(z.string().max(100)).max(100).optional(),
    cards: z
      .array(z.string().max(100))
      .max(100)
      .optional()
      .openapi({ description: 'Only these rate cards, and no courier.' }),
  })
  .openapi('QuoteInput')

const source = z.union([
  z.object({ kind: z.literal('courier'), connectionId: z.string(), name: z.string() }),
  z.object({
    kind: z.literal('plugin'),
    pluginId: z.string(),
    id: z.string(),
    name: z.string(),
    version: z.string().nullable(),
  }),
])
const charge = z.object({
  kind: z.enum(['base', 'fuel', 'surcharge', 'tax', 'discount', 'other']),
  code: z.string().nullable(),
  label: z.string(),
  amountMinor: z.number(),
})
export const offer = z
  .object({
    id: z.string(),
    source,
    connectionId: z.string().nullable(),
    carrier: z.string(),
    service: z.string(),
    serviceName: z.string(),
    currency: z.string(),
    totalMinor: z.number(),
    charges: z.array(charge).readonly(),
    transitDays: z.number().nullable(),
    deliverBy: instant.nullable(),
    expiresAt: instant.nullable(),
    billedWeightGrams: z.number().nullable(),
    explanation: z.array(z.string()).readonly(),
  })
  .openapi('Offer')
const parcelMeasures = z.object({
  weightGrams: z.number(),
  lengthMm: z.number().nullable(),
  widthMm: z.number().nullable(),
  heightMm: z.number().nullable(),
})
export const quote = z
  .object({
    id: z.string(),
    offers: z.array(offer),
    unavailable: z.array(z.object({ source, service: z.string().nullable(), reason: z.string() })),
  })
  .openapi('Quote')

/** Offers as a person compares them: what speaks against each, and which one the rules take. */
export const comparison = quote
  .extend({
    orderId: z.string().nullable(),
    createdAt: instant,
    parcels: z.array(parcelMeasures).readonly(),
    deliverBy: instant.nullable().openapi({ description: 'When the buyer was promised it.' }),
    verdicts: z.array(
      z.object({
        offerId: z.string(),
        reasonAgainst: z.string().nullable(),
        isBookable: z.boolean(),
        isInTime: z.boolean().nullable().openapi({ description: 'Null where nobody says when it arrives.' }),
      }),
    ),
    choice: z.object({ offerId: z.string().nullable(), explanation: z.array(z.string()).readonly() }),
  })
  .openapi('QuoteComparison')

export const shipmentRow = z
  .object({
    id: z.string().openapi({ example: 'shp_01k5' }),
    orderId: z.string().nullable(),
    orderNumber: z.string().nullable(),
    batchId: z.string().nullable(),
    connectionId: z.string().nullable(),
    trackingConnectionId: z.string().nullable(),
    carrier: z.string().nullable(),
    service: z.string().nullable(),
    serviceName: z.string().nullable(),
    state: z.enum(['planned', 'booking', 'booked', 'refused', 'cancelling', 'cancelled']),
    trackingNumbers: z.array(z.string()),
    parcelCount: z.number(),
    trackingState: z
      .enum(trackingStates)
      .nullable()
      .openapi({ description: 'Of the parcel that needs a person most.' }),
    incident: z.enum(trackingIncidents).nullable(),
    claimBy: instant
      .nullable()
      .openapi({ description: 'The last day of a claim, once something went wrong.' }),
    quotedMinor: z.number().nullable(),
    quotedCurrency: z.string().nullable(),
    bookedMinor: z.number().nullable(),
    bookedCurrency: z.string().nullable(),
    shipAt: instant,
    shipBy: instant.nullable(),
    promisedAt: instant.nullable(),
    bookedAt: instant.nullable(),
    handedOverAt: instant.nullable(),
    deliveredAt: instant.nullable(),
    cancelledAt: instant.nullable(),
    createdAt: instant,
  })
  .openapi('ShipmentRow')

export const shipmentDetail = shipmentRow
  .extend({
    fromPlace: place,
    toPlace: place,
    externalId: z.string().nullable(),
    offer: z.union([offer, z.null()]),
    explanation: z.array(z.string()),
    bookedCharges: z.array(charge).nullable(),
    labelFormat: z.enum(labelFormats).nullable(),
    isSignatureRequired: z.boolean(),
    documents: z.array(
      z.object({
        id: z.string(),
        parcelId: z.string().nullable(),
        kind: z.string(),
        format: z.enum(labelFormats),
      }),
    ),
    parcels: z.array(
      z.object({
        id: z.string(),
        position: z.number(),
        weightGrams: z.number(),
        lengthMm: z.number().nullable(),
        widthMm: z.number().nullable(),
        heightMm: z.number().nullable(),
        trackingNumber: z.string().nullable(),
        state: z.enum(trackingStates).nullable(),
        incident: z.enum(trackingIncidents).nullable(),
        estimatedAt: instant.nullable(),
        collectedAt: instant.nullable(),
        deliveredAt: instant.nullable(),
        claimBy: instant.nullable(),
        askedAt: instant.nullable(),
        items: z.array(
          z.object({
            lineId: z.string(),
            sku: z.string().nullable(),
            title: z.string(),
            quantity: z.number(),
          }),
        ),
        events: z.array(
          z.object({
            at: instant,
            state: z.enum(trackingStates).nullable(),
            incident: z.enum(trackingIncidents).nullable(),
            code: z.string().nullable(),
            description: z.string(),
            location: z.string().nullable(),
          }),
        ),
      }),
    ),
  })
  .openapi('Shipment')

export const batch = z
  .object({
    id: z.string().openapi({ example: 'bat_01k5' }),
    orders: z.number(),
    planned: z.number(),
    booking: z.number(),
    booked: z.number(),
    refused: z.number(),
    cancelled: z.number(),
    skipped: z.array(z.object({ orderId: z.string(), number: z.string(), reason: z.string() })).readonly(),
    wish: z.object({ connectionId: z.string(), service: z.string() }).nullable(),
    createdAt: instant,
    createdBy: z.string(),
    finishedAt: instant.nullable(),
    handedOverAt: instant.nullable(),
    cancelledAt: instant.nullable(),
  })
  .openapi('ShipmentBatch')
