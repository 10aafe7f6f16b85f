import { z } from '@hono/zod-openapi'
import { inLocale } from '../../listings/desired.ts'
import type { listListings } from '../../listings/list.ts'
import { type Aspect, aspects, listingStatuses } from '../../sdk/model/listing.ts'
import type { CsvColumns } from '../csv.ts'
import { instant, money } from '../shapes.ts'

export const issues = z.array(
  z.object({
    field: z.string().nullable(),
    code: z.string().nullable(),
    message: z.string(),
    severity: z.enum(['error', 'warning']),
  }),
)

/** A listing with where its aspects stand. */
export const listing = z
  .object({
    id: z.string().openapi({ example: 'lst_01k5' }),
    connectionId: z.string(),
    sku: z.string(),
    productId: z.string(),
    title: z.record(z.string(), z.string()),
    image: z.string().nullable(),
    externalId: z.string().nullable(),
    externalParentId: z.string().nullable(),
    status: z.enum(listingStatuses),
    issues,
    endingSince: instant.nullable().openapi({ description: 'Since when it is to be taken off the shelf.' }),
    seenAt: instant.nullable(),
    createdAt: instant,
    aspects: z.array(
      z.object({
        aspect: z.enum(aspects),
        revision: z.number(),
        acknowledgedRevision: z.number(),
        isInStep: z.boolean(),
        acknowledgedAt: instant.nullable(),
        dirtySince: instant.nullable().openapi({ description: 'Since when it waits; null while in step.' }),
        isRefused: z.boolean().openapi({
          description: 'Whether the present revision is held: refused, or waiting for a decision.',
        }),
        notBefore: instant.nullable(),
        attempts: z.number(),
      }),
    ),
  })
  .openapi('Listing')

type Row = Awaited<ReturnType<typeof listListings>>[number]
const aspectOf = (row: Row, aspect: Aspect) => row.aspects.find((one) => one.aspect === aspect)
const standing = (row: Row, aspect: Aspect): string | null => {
  const found = aspectOf(row, aspect)
  if (!found) return null
  return found.isInStep ? 'in step' : found.isRefused ? 'held' : 'waits'
}
/** The columns of the listings' CSV. */
export const listingColumns = {
  id: ({ id }) => id,
  connectionId: ({ connectionId }) => connectionId,
  sku: ({ sku }) => sku,
  title: ({ title }) => inLocale(title, 'en'),
  externalId: ({ externalId }) => externalId,
  status: ({ status }) => status,
  content: (row) => standing(row, 'content'),
  price: (row) => standing(row, 'price'),
  stock: (row) => standing(row, 'stock'),
  issues: ({ issues }) => issues.map(({ message }) => message).join('; '),
  seenAt: ({ seenAt }) => seenAt,
  createdAt: ({ createdAt }) => createdAt,
} satisfies CsvColumns<Row>

/** Where an aspect stands between the hub and the marketplace. */
export const aspectState = z.object({
  revision: z.number(),
  acknowledgedRevision: z.number(),
  isInStep: z.boolean(),
  acknowledgedAt: instant.nullable(),
  dirtySince: instant.nullable(),
  notBefore: instant.nullable(),
  attempts: z.number(),
  isRefused: z.boolean(),
})

export const sale = z.object({ price: money, startsAt: instant, endsAt: instant.nullable() })

const sideBySide = <Value extends z.ZodType>(value: Value) =>
  z.object({
    desired: value.nullable(),
    message: z.string().nullable().openapi({ description: 'Why nothing can be shown.' }),
    acknowledged: value.nullable(),
    state: aspectState.nullable(),
  })

const texts = z.record(z.string(), z.string()).readonly()
export const contentValues = sideBySide(
  z.object({
    title: z.string(),
    description: z.string(),
    brand: z.string().nullable(),
    gtin: z.string().nullable(),
    images: z.array(z.string()).readonly(),
    attributes: texts,
    options: texts,
    externalCategoryId: z.string().nullable(),
    weightGrams: z.number().nullable(),
    size: z.object({ lengthMm: z.number(), widthMm: z.number(), heightMm: z.number() }).nullable(),
  }),
)
export const priceValues = sideBySide(z.object({ price: money, sale: sale.nullable() }))
export const stockValues = sideBySide(z.object({ quantity: z.number() }))
