import { z } from 'zod'

/**
 * What a field is made of. A text names a column of the row, or `join.column` of a joined file; the others
 * are described in profiles/README.md.
 */
export type Value =
  | string
  | { constant: string }
  | { optional: string }
  | { template: string }
  | { firstOf: Value[] }
  | { map: Record<string, string>; from: Value; else?: Value | undefined }
  | { when: { if: Condition; use: Value }[]; else?: Value | undefined }
  | { sum: Value[] }
  | { count: string }
  | { earliestOf: string[] }
  | { latestOf: string[] }

export type Condition =
  | { empty: Value }
  | { filled: Value }
  | { equal: [Value, Value] }
  | { in: Value; contains: string[] }

const value: z.ZodType<Value> = z.lazy(() =>
  z.union([
    z.string().min(1),
    z.strictObject({ constant: z.string() }),
    z.strictObject({ optional: z.string().min(1) }),
    z.strictObject({ template: z.string() }),
    z.strictObject({ firstOf: z.array(value).min(1) }),
    z.strictObject({ map: z.record(z.string(), z.string()), from: value, else: value.optional() }),
    z.strictObject({
      when: z.array(z.strictObject({ if: condition, use: value })).min(1),
      else: value.optional(),
    }),
    z.strictObject({ sum: z.array(value).min(1) }),
    z.strictObject({ count: z.string() }),
    z.strictObject({ earliestOf: z.array(z.string()).min(1) }),
    z.strictObject({ latestOf: z.array(z.string()).min(1) }),
  ]),
)

const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ empty: value }),
    z.strictObject({ filled: value }),
    z.strictObject({ equal: z.tuple([value, value]) }),
    z.strictObject({ in: value, contains: z.array(z.string().min(1)).min(1) }),
  ]),
)

/** A text in the profile's locale, or one value a locale. */
const localised = z.union([value, z.record(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/), value)])
export type Localised = z.infer<typeof localised>

export const weightUnits = { g: 1, kg: 1000, lb: 453.59237, oz: 28.349523125 } as const
export const lengthUnits = { mm: 1, cm: 10, m: 1000, in: 25.4 } as const
const weight = z.strictObject({ from: value, unit: z.literal(['g', 'kg', 'lb', 'oz']) })
const length = z.strictObject({ from: value, unit: z.literal(['mm', 'cm', 'm', 'in']) })

/**
 * Another file whose rows belong to ours: those whose `key` equals `on`. Only `columns` are kept in memory.
 * `keep` says what becomes of several rows with one key: they are an error, all kept, or the latest by `by`.
 */
const join = z
  .strictObject({
    file: z.string().min(1),
    key: z.string().min(1),
    on: z.string().min(1),
    columns: z.array(z.string().min(1)),
    keep: z.literal(['one', 'all', 'latest']).default('one'),
    by: z.string().optional(),
  })
  .refine((entry) => (entry.keep === 'latest') === (entry.by !== undefined), {
    error: '"by" belongs to "keep": "latest"',
  })
export type JoinSpec = z.infer<typeof join>

const party = z.union([
  z.strictObject({ handle: value }),
  z.strictObject({
    name: value.optional(),
    company: value.optional(),
    email: value.optional(),
    phone: value.optional(),
    addressLines: z.array(value).default([]),
    city: value.optional(),
    region: value.optional(),
    postcode: value.optional(),
    country: value.optional(),
  }),
])
export type PartySpec = z.infer<typeof party>

const productFields = z.strictObject({
  sku: value,
  productKey: value.optional(),
  title: localised,
  description: localised.optional(),
  brand: value.optional(),
  gtin: value.optional(),
  taxClass: value.optional(),
  category: z.strictObject({ key: value, name: localised }).optional(),
  images: value.optional(),
  attributes: z.record(z.string(), value).default({}),
  options: z.record(z.string(), value).default({}),
  compliance: z.record(z.string(), value).default({}),
  weight: weight.optional(),
  length: length.optional(),
  width: length.optional(),
  height: length.optional(),
  cost: value.optional(),
  price: value.optional(),
  currency: value.optional(),
  quantity: value.optional(),
  warehouse: value.optional(),
})
export type ProductFields = z.infer<typeof productFields>

const stockFields = z.strictObject({ sku: value, quantity: value, warehouse: value.optional() })
export type StockFields = z.infer<typeof stockFields>

const priceFields = z.strictObject({ sku: value, price: value, currency: value.optional() })
export type PriceFields = z.infer<typeof priceFields>

const lineFields = z.strictObject({
  each: z.string(),
  externalId: value,
  sku: value.optional(),
  title: value,
  quantity: value,
  cancelledQuantity: value.optional(),
  unitPrice: value,
  discount: value.optional(),
  tax: value.optional(),
})
const chargeFields = z.strictObject({
  each: z.string().optional(),
  kind: z.literal(['shipping', 'fee', 'discount', 'tax', 'other']),
  label: value,
  amount: value,
})
const paymentFields = z.strictObject({
  each: z.string().optional(),
  method: value,
  amount: value,
  paidAt: value.optional(),
  reference: value.optional(),
})
const orderFields = z.strictObject({
  externalId: value,
  number: value.optional(),
  status: value,
  externalStatus: value,
  placedAt: value,
  updatedAt: value.optional(),
  paidAt: value.optional(),
  currency: value.optional(),
  total: value.optional(),
  refunded: value.optional(),
  shippingService: value.optional(),
  shipBy: value.optional(),
  deliverBy: value.optional(),
  buyer: party.optional(),
  shipTo: party.optional(),
  lines: lineFields.optional(),
  charges: z.array(chargeFields).default([]),
  payments: z.array(paymentFields).default([]),
})
export type OrderFields = z.infer<typeof orderFields>

const timeZone = z.string().refine((zone) => isTimeZone(zone), { error: 'is no IANA time zone' })
function isTimeZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

const common = {
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is kebab-case'),
  name: z.string().min(1),
  description: z.string().min(1),
  /** The name of the main file in a folder; without it the path must name the file itself. */
  file: z.string().optional(),
  encoding: z.string().default('utf-8'),
  delimiter: z.string().length(1).default(','),
  decimal: z.literal(['.', ',']).default('.'),
  dateOrder: z.literal(['ymd', 'dmy', 'mdy']).default('ymd'),
  timeZone: timeZone.default('UTC'),
  locale: z.string().default('en'),
  currency: z.string().optional(),
  joins: z.record(z.string().regex(/^[a-zA-Z]\w*$/), join).default({}),
  /** What must hold of every row; a row of which it does not is refused with these words. */
  checks: z
    .array(
      z.strictObject({
        holds: condition,
        unless: condition.optional(),
        column: z.string(),
        says: z.string(),
      }),
    )
    .default([]),
}

/** What a mapping profile says; see profiles/README.md. */
export const profileSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('products'),
    /** The file repeats a product, one row a time: the row of the latest `at` is imported. */
    snapshots: z.strictObject({ key: value, at: value }).optional(),
    /** `count`: the file says what there is. `opening`: only what has no stock yet takes the figure. */
    stock: z.literal(['count', 'opening']).default('count'),
    fields: productFields,
  }),
  z.strictObject({ ...common, kind: z.literal('stock'), fields: stockFields }),
  z.strictObject({ ...common, kind: z.literal('prices'), fields: priceFields }),
  z.strictObject({
    ...common,
    kind: z.literal('orders'),
    /** The name of the connection that these orders belong to. */
    connection: z.string().min(1),
    /** Rows next to each other with the same value here are one order; they are joined as `rows`. */
    groupBy: z.string().optional(),
    fields: orderFields,
  }),
])
export type Profile = z.infer<typeof profileSchema>
export type CatalogProfile = Exclude<Profile, { kind: 'orders' }>
export type OrderProfile = Extract<Profile, { kind: 'orders' }>
