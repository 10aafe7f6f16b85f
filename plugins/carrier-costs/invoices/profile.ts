import { isCurrency } from 'entrepot/sdk'
import { z } from 'zod'

export const chargeKinds = ['base', 'fuel', 'surcharge', 'tax', 'discount', 'credit', 'other'] as const
export type ChargeKind = (typeof chargeKinds)[number]

export const dateFormats = ['YYYY-MM-DD', 'DD.MM.YYYY', 'DD/MM/YYYY', 'MM/DD/YYYY', 'YYYYMMDD'] as const
export const weightUnits = ['g', 'kg', 'lb', 'oz'] as const

const column = z.string().trim().min(1).max(100)
const kind = z.enum(chargeKinds)

/** How a carrier's invoice file is read: which column holds what, and how figures and days are written. */
export const invoiceProfile = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is no lower-case kebab such as dhl-express-de'),
    /** The courier in our word, as shipments have it; null where each import says it. */
    carrier: z.string().min(1).max(100).nullable().default(null),
    delimiter: z.enum([',', ';', '\t', '|']).default(','),
    encoding: z
      .enum(['utf-8', 'utf-16le', 'windows-1252', 'iso-8859-15', 'gb18030', 'shift_jis'])
      .default('utf-8'),
    decimal: z.enum(['.', ',']).default('.'),
    /** What groups thousands: 1.234,56 has a point. Null where nothing does. */
    thousands: z.enum(['.', ',', ' ', "'"]).nullable().default(null),
    dateFormat: z.enum(dateFormats).default('YYYY-MM-DD'),
    weightUnit: z.enum(weightUnits).default('kg'),
    /** ISO 4217 code of all amounts; null where a column says it. */
    currency: z.string().refine(isCurrency, 'is no ISO 4217 currency code').nullable().default(null),
    columns: z.strictObject({
      invoiceNumber: column,
      invoiceDate: column,
      /** Tracking number, the carrier's id or our id: the first of these columns that is filled. */
      reference: z.array(column).min(1),
      currency: column.optional(),
      /** The carrier's own number of the line. Without it lines are told apart by what they say. */
      lineKey: column.optional(),
      amount: column.optional(),
      kind: column.optional(),
      code: column.optional(),
      label: column.optional(),
      billedWeight: column.optional(),
      dimensionalWeight: column.optional(),
    }),
    /** The carrier's words for kinds of charges, with ours on the left of nothing else: theirs -> ours. */
    kinds: z.record(z.string().min(1), kind).default({}),
    /** Where a row holds several amounts, a column each. Empty and zero cells are no charge. */
    charges: z
      .array(z.strictObject({ column, kind, code: z.string().max(100).nullable().default(null) }))
      .default([]),
  })
  .refine(({ columns, charges }) => (columns.amount !== undefined) !== charges.length > 0, {
    message: 'needs either columns.amount or charges',
    path: ['columns', 'amount'],
  })
  .refine(({ columns, currency }) => currency !== null || columns.currency !== undefined, {
    message: 'is needed where no column says it',
    path: ['currency'],
  })
  .refine(({ decimal, thousands }) => decimal !== thousands, {
    message: 'is the decimal mark already',
    path: ['thousands'],
  })

export type InvoiceProfile = z.infer<typeof invoiceProfile>

/** Columns that any carrier's invoice can be brought to by hand; the README of the plugin lists them. */
export const genericProfile: InvoiceProfile = invoiceProfile.parse({
  name: 'generic',
  columns: {
    invoiceNumber: 'invoice_number',
    invoiceDate: 'invoice_date',
    reference: ['reference'],
    currency: 'currency',
    lineKey: 'line',
    amount: 'amount',
    kind: 'kind',
    code: 'code',
    label: 'label',
    billedWeight: 'billed_weight_kg',
    dimensionalWeight: 'dimensional_weight_kg',
  },
  kinds: Object.fromEntries(chargeKinds.map((word) => [word, word])),
})
