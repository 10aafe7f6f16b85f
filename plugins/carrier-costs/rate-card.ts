import { isCurrency } from 'entrepot/sdk'
import { z } from 'zod'

/**
 * A carrier's tariff as data. Amounts are integer minor units of the card's currency, lengths integer
 * millimetres, rates integer basis points. Weights are integers too: in grams, or in 1/100 000 g where the
 * tariff counts in pounds, because 1 lb is exactly 453.59237 g (`partsPerGram`). Nothing here is a float.
 */
const id = z.string().min(1).max(100)
const text = z.string().min(1).max(200)
const amountMinor = z.int().min(0).max(1e12)
const millimetres = z.int().min(1).max(1e6)
const country = z.string().regex(/^[A-Z]{2}$/, 'is no ISO 3166-1 alpha-2 code such as DE')
/** A whole number of parts of a gram: see `partsPerGram`. */
const weight = z.int().min(0).max(1e13)
/** A calendar day, as the carrier's calendar has it. */
const day = z.iso.date()

/**
 * Postcodes from `from` to `to`, both taken in. Each bound is a beginning: 100 to 149 holds 14999 too, and a
 * prefix is a range whose bounds are equal. Written in capitals without spaces or hyphens.
 */
export const postcodeRange = z.object({
  from: z.string().regex(/^[0-9A-Z]{1,12}$/),
  to: z.string().regex(/^[0-9A-Z]{1,12}$/),
})

/** Places that a rule holds for. */
const origin = z.object({ country, postcodes: postcodeRange.nullable().default(null) })

/**
 * A row of a zone table: where a parcel to such a place belongs. The most specific row wins, the destination
 * deciding before the origin: postcodes (the narrower the better), then areas, then the country, then `*`.
 */
export const zoneRule = z.object({
  zone: id,
  /** The destination's country; `*` is any that has no row of its own. */
  country: z.union([country, z.literal('*')]),
  postcodes: postcodeRange.nullable().default(null),
  /** Names of a part of the country, compared with the region and the city; empty where it is all of it. */
  areas: z.array(text).default([]),
  /** Only from there; null is from anywhere. */
  origin: origin.nullable().default(null),
})

/** Zones that one or more services share. */
export const zoneSet = z.object({
  id,
  zones: z.array(z.object({ id, name: text })),
  rules: z.array(zoneRule),
})

/**
 * What a weight within a step costs.
 * - `amount`: that much for what is weighed (each parcel, or the whole shipment: see `basis`).
 * - `additional`: and for each `unit` begun above the step's lower bound, `additionalMinor` more.
 * - `perWeight`: that much and `rateMinor` for each `unit` in proportion, rounded half up (a price by the kilogram).
 * - `flat`: that much for the whole shipment, however many parcels.
 * - `perPiece`: that much for each parcel, also where the shipment is weighed as a whole.
 */
export const stepPrice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('amount'), amountMinor }),
  z.object({ kind: z.literal('additional'), amountMinor, additionalMinor: amountMinor, unit: weight.min(1) }),
  z.object({ kind: z.literal('perWeight'), amountMinor, rateMinor: amountMinor, unit: weight.min(1) }),
  z.object({ kind: z.literal('flat'), amountMinor }),
  z.object({ kind: z.literal('perPiece'), amountMinor }),
])

/** Weights above `over` and not over `notOver`. */
const step = z.object({ over: weight, notOver: weight.min(1), price: stepPrice })

const zonePrice = z.object({
  zone: id,
  /** The heaviest parcel that goes there, where it is less than the service's. */
  maxWeight: weight.min(1).nullable().default(null),
  /** From zero upward without a gap. */
  steps: z.array(step).min(1),
})

/** What must hold, all of it, of at least one parcel and of the shipment. Bounds are exceeded, not reached. */
export const condition = z.object({
  weightOver: weight.optional(),
  longestSideOverMm: millimetres.optional(),
  secondSideOverMm: millimetres.optional(),
  /** Girth is twice the two shorter sides. */
  girthOverMm: millimetres.optional(),
  lengthPlusGirthOverMm: millimetres.optional(),
  volumeOverMm3: z.int().min(0).optional(),
  isResidential: z.boolean().optional(),
  countries: z.array(country).min(1).optional(),
  /** Remote areas and the like. */
  postcodes: z.array(postcodeRange.extend({ country })).min(1).optional(),
  services: z.array(id).min(1).optional(),
  declaredValueOverMinor: z.int().min(0).optional(),
})

/** A flat price by zone that stands in for the weight's price where the condition holds, per parcel. */
const override = z.object({
  id,
  label: text,
  when: condition,
  prices: z.array(z.object({ zone: id, amountMinor })).min(1),
})

/**
 * Weight by volume: cubic centimetres to the kilogram, or cubic inches to the pound, as the contract says. The
 * divisor is a ratio, so that 166.5 is 333/2.
 */
export const dimensional = z.object({
  unit: z.enum(['cm3/kg', 'in3/lb']),
  divisor: z.object({ numerator: z.int().min(1).max(1e9), denominator: z.int().min(1).max(1e6) }),
  /** Sides are rounded up to whole centimetres or inches first; null takes them as they are. */
  roundSidesUpTo: z.enum(['cm', 'in']).nullable().default(null),
  /** Only parcels of more than this volume have it; null is all of them. */
  overVolumeMm3: z.int().min(1).nullable().default(null),
})

export const limits = z.object({
  /** The heaviest parcel by its true weight. */
  maxWeight: weight.min(1),
  maxLengthMm: millimetres.nullable().default(null),
  maxLengthPlusGirthMm: millimetres.nullable().default(null),
  /** The longest, the second and the third side. */
  maxSidesMm: z.tuple([millimetres, millimetres, millimetres]).nullable().default(null),
})

export const service = z.object({
  code: id,
  name: text,
  zoneSet: id,
  /** Whether each parcel is priced by its weight, or the shipment by the weight of all. */
  basis: z.enum(['parcel', 'shipment']).default('parcel'),
  limits,
  dimensional: dimensional.nullable().default(null),
  /** Billable weights are rounded up to a multiple of it. */
  weightUnit: weight.min(1).default(1),
  minWeight: weight.default(0),
  prices: z.array(zonePrice),
  overrides: z.array(override).default([]),
})

/** A percentage is of the base and, with `plus`, of the surcharges named there, after exclusivity. */
const plus = z.array(id).default([])
export const surchargeRate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fixed'), amountMinor }),
  z.object({ kind: z.literal('perPiece'), amountMinor }),
  /** For each `unit` of billable weight begun, of the parcels that meet the condition. */
  z.object({ kind: z.literal('perWeight'), amountMinor, unit: weight.min(1) }),
  z.object({ kind: z.literal('percentage'), basisPoints: z.int().min(0).max(1_000_000), plus }),
  /** The percentage that the fuel table has for the ship date. */
  z.object({ kind: z.literal('fuel'), table: id, plus }),
])

export const surcharge = z.object({
  code: id,
  label: text,
  /** What it is called among the charges. A discount is written positive and lowers the total. */
  kind: z.enum(['fuel', 'surcharge', 'tax', 'discount', 'other']).default('surcharge'),
  when: condition.prefault({}),
  rate: surchargeRate,
  /** Surcharges are worked out from the lowest upward. */
  order: z.int().min(0).max(10_000),
  /** Of those in one group only the highest applies. */
  group: id.nullable().default(null),
  validFrom: day.nullable().default(null),
  validUntil: day.nullable().default(null),
})

/** Percentages by week; both days are taken in. */
export const fuelTable = z.object({
  id,
  rows: z.array(z.object({ from: day, until: day, basisPoints: z.int().min(0).max(1_000_000) })).min(1),
})

/** What a card says from one day until another, both taken in. `validUntil` null is open. */
export const cardVersion = z.object({
  validFrom: day,
  validUntil: day.nullable(),
  /** 1: weights are grams. 100 000: they are 1/100 000 g, in which ounces and pounds are whole. */
  partsPerGram: z.union([z.literal(1), z.literal(100_000)]).default(1),
  zoneSets: z.array(zoneSet).min(1),
  services: z.array(service).min(1),
  surcharges: z.array(surcharge).default([]),
  fuelTables: z.array(fuelTable).default([]),
})

export const rateCard = z.object({
  /** The shape of this document. */
  schema: z.literal(1).default(1),
  id,
  name: text,
  carrier: text,
  currency: z.string().refine(isCurrency, 'is no ISO 4217 code such as EUR'),
  /** Where the prices come from, in words for people. */
  source: z.string().min(1).max(1000),
  /** IANA zone in which an instant becomes a ship date. */
  timeZone: z.string().refine(isTimeZone, 'is no time zone such as Europe/Berlin').default('UTC'),
  /** Oldest first, without gaps. */
  versions: z.array(cardVersion).min(1),
})

export type RateCard = z.output<typeof rateCard>
export type CardVersion = z.output<typeof cardVersion>
export type CardService = z.output<typeof service>
export type CardSurcharge = z.output<typeof surcharge>
export type CardCondition = z.output<typeof condition>
export type ZoneRule = z.output<typeof zoneRule>
export type ZoneSet = z.output<typeof zoneSet>
export type PostcodeRange = z.output<typeof postcodeRange>
export type CardStep = z.output<typeof step>
export type StepPrice = z.output<typeof stepPrice>

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
