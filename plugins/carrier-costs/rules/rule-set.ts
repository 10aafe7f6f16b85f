import { isCurrency } from 'entrepot/sdk'
import { z } from 'zod'
import { endOf } from '../postcodes.ts'
import { postcodeRange } from '../rate-card.ts'

const text = z.string().trim().min(1).max(200)
const country = z.string().regex(/^[A-Z]{2}$/, 'is no ISO 3166-1 alpha-2 code such as DE')
const amountMinor = z.int().min(0).max(1e12)

/** From `from` to `to`, both taken in; `to` null has no end. */
const range = z
  .strictObject({
    from: z.int().min(0).default(0),
    to: z.int().min(0).nullable().default(null),
  })
  .refine(({ from, to }) => to === null || from <= to, 'ends before it begins')

const postcodes = postcodeRange.refine(({ from, to }) => from < endOf(to), 'ends before it begins')

/** What must hold, all of it, for a rule to decide. What is not known fulfils no condition. */
const conditions = z.strictObject({
  /** Countries, each with postcode ranges; a country without ranges is all of it. */
  destinations: z
    .array(z.strictObject({ country, postcodes: z.array(postcodes).default([]) }))
    .min(1)
    .optional(),
  /** All parcels together. */
  weightGrams: range.optional(),
  /** The order's total in the rule's currency. */
  orderValueMinor: range.optional(),
  /** Ids of the marketplace connections that the order came from. */
  channels: z.array(text).min(1).optional(),
  /** SKUs, or their beginnings with a star: `GLASS-*`. `all` asks it of every line. */
  skus: z
    .strictObject({ match: z.enum(['any', 'all']).default('any'), patterns: z.array(text).min(1) })
    .optional(),
  /** The service that the buyer chose, in the marketplace's words. */
  shippingServices: z.array(text).min(1).optional(),
  isResidential: z.boolean().optional(),
  /** The longest side of any parcel. */
  largestSideMm: range.optional(),
})

const objective = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cheapest') }),
  z.strictObject({ kind: z.literal('fastest') }),
  /** The least sum of the price and of so much for each calendar day on the way. */
  z.strictObject({ kind: z.literal('bestValue'), pricePerDayMinor: amountMinor }),
])

export const rule = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is no lower-case kebab such as heavy-to-france'),
    name: text,
    isActive: z.boolean().default(true),
    when: conditions.default({}),
    /** What may be chosen: everything, or these couriers; `service` null is all services of the courier. */
    services: z
      .union([
        z.literal('all'),
        z.array(z.strictObject({ carrier: text, service: text.nullable().default(null) })).min(1),
      ])
      .default('all'),
    objective,
    /** ISO 4217 code of the rule's amounts, and what prices are compared in; null is the order's. */
    currency: z.string().refine(isCurrency, 'is no ISO 4217 currency code').nullable().default(null),
    /** Leaves out what is handed over after the ship-by or arrives after the deliver-by date. */
    mustKeepDeadline: z.boolean().default(true),
    /** Whether an offer that does not say when it arrives may stand against a deliver-by date. */
    unknownArrival: z.enum(['allow', 'refuse']).default('refuse'),
    maxPriceMinor: amountMinor.nullable().default(null),
    /** How often the service has to have kept its promise on the lane. */
    onTime: z
      .strictObject({
        minBasisPoints: z.int().min(0).max(10_000),
        /** Parcels with a promise; with fewer there is no data. */
        minSample: z.int().min(1).default(30),
        withinDays: z.int().min(1).max(730).default(90),
        withoutData: z.enum(['allow', 'refuse']),
      })
      .nullable()
      .default(null),
  })
  .refine(
    ({ currency, maxPriceMinor, objective, when }) =>
      currency !== null ||
      (maxPriceMinor === null && objective.kind !== 'bestValue' && when.orderValueMinor === undefined),
    { message: 'is needed, because the rule names amounts', path: ['currency'] },
  )

/** Rules in order: the first whose conditions hold decides. */
export const ruleSet = z
  .strictObject({ rules: z.array(rule).max(500) })
  .refine(({ rules }) => new Set(rules.map(({ id }) => id)).size === rules.length, {
    message: 'have the same id twice',
    path: ['rules'],
  })

export type Rule = z.infer<typeof rule>
export type RuleSet = z.infer<typeof ruleSet>
export type Conditions = Rule['when']
