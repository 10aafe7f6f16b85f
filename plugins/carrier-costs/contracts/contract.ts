import { isCurrency } from 'entrepot/sdk'
import { z } from 'zod'

const text = z.string().trim().min(1).max(500)
const word = z.string().trim().min(1).max(100)
const country = z.string().regex(/^[A-Z]{2}$/, 'is no ISO 3166-1 alpha-2 code such as DE')
const currency = z.string().refine(isCurrency, 'is no ISO 4217 currency code')
const amountMinor = z.int().min(0).max(1e12)
const basisPoints = z.int().min(0).max(10_000)

/** What a carrier and we agreed, as facts that can be looked up and reminded of. Days are calendar days. */
export const contract = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is no lower-case kebab such as dhl-2026'),
    /** The courier in our word, as shipments have it. */
    carrier: word,
    title: text,
    validFrom: z.iso.date(),
    /** The last day; null runs until it is ended. */
    validUntil: z.iso.date().nullable().default(null),
    /** How long before the end it has to be ended; null where it ends by itself. */
    noticeDays: z.int().min(1).max(1000).nullable().default(null),
    prices: z
      .array(
        z.strictObject({
          service: word.nullable().default(null),
          promise: text,
          /** The id of the rate card that holds them. */
          card: word.nullable().default(null),
          heldUntil: z.iso.date().nullable().default(null),
        }),
      )
      .default([]),
    volumes: z
      .array(
        z.strictObject({
          per: z.enum(['month', 'quarter', 'year']),
          parcels: z.int().min(1),
          /** What follows when it is not reached. */
          otherwise: text.nullable().default(null),
        }),
      )
      .default([]),
    transit: z
      .array(
        z.strictObject({
          service: word,
          fromCountry: country,
          toCountry: country,
          days: z.int().min(0).max(365),
          onTimeBasisPoints: basisPoints.nullable().default(null),
        }),
      )
      .default([]),
    settlement: z
      .strictObject({
        currency,
        invoiced: z.enum(['each', 'day', 'week', 'half_month', 'month']),
        payWithinDays: z.int().min(0).max(365),
        /** How long after an invoice it can be disputed. */
        disputeDays: z.int().min(1).max(730).nullable().default(null),
      })
      .nullable()
      .default(null),
    penalties: z
      .array(
        z.strictObject({
          because: text,
          amount: z.strictObject({ minor: amountMinor, currency }).nullable().default(null),
          /** Of the price of the shipment. */
          basisPoints: basisPoints.nullable().default(null),
        }),
      )
      .default([]),
    /** Where the papers are. */
    documents: z.array(z.strictObject({ name: text, reference: text })).default([]),
  })
  .refine(({ validFrom, validUntil }) => validUntil === null || validFrom <= validUntil, {
    message: 'ends before it begins',
    path: ['validUntil'],
  })
  .refine(({ validUntil, noticeDays }) => noticeDays === null || validUntil !== null, {
    message: 'needs validUntil, which it counts from',
    path: ['noticeDays'],
  })

export type Contract = z.infer<typeof contract>
