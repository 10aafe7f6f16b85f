import { z } from '@hono/zod-openapi'
import type { listProducts } from '../../catalog/list.ts'
import { isGtin } from '../../lib/gtin.ts'
import { inLocale } from '../../listings/desired.ts'
import { listingStatuses } from '../../sdk/model/listing.ts'
import type { CsvColumns } from '../csv.ts'
import { instant } from '../shapes.ts'
import { aspectState, issues, priceValues, stockValues } from './listing-shapes.ts'
import { basePrice, promotion } from './price-shapes.ts'

const byLocale = z.record(z.string().max(35), z.string())
const facts = z.record(z.string(), z.string())
const nullable = {
  gtin: z.string().max(50).nullable(),
  weightGrams: z.int().positive().nullable(),
  lengthMm: z.int().positive().nullable(),
  widthMm: z.int().positive().nullable(),
  heightMm: z.int().positive().nullable(),
  costMinor: z.int().min(0).nullable(),
  costCurrency: z.string().length(3).nullable(),
  taxClass: z.string().max(100).nullable(),
}

export const productRow = z
  .object({
    id: z.string().openapi({ example: 'prd_01k5' }),
    key: z.string().openapi({ example: 'TEE' }),
    title: byLocale,
    brand: z.string().nullable(),
    categoryKey: z.string().nullable(),
    image: z.string().nullable(),
    updatedAt: instant,
    variantCount: z.number(),
    available: z.number().openapi({ description: 'Units that are free to sell, in all active warehouses.' }),
    connectionIds: z.array(z.string()).openapi({ description: 'Where one of its variants is listed.' }),
    problemCount: z.number(),
  })
  .openapi('ProductRow')

/** The columns of the products' CSV. */
export const productColumns = {
  id: ({ id }) => id,
  key: ({ key }) => key,
  title: ({ title }) => inLocale(title, 'en'),
  brand: ({ brand }) => brand,
  category: ({ categoryKey }) => categoryKey,
  variants: ({ variantCount }) => variantCount,
  available: ({ available }) => available,
  connections: ({ connectionIds }) => connectionIds.join(' '),
  problems: ({ problemCount }) => problemCount,
  updatedAt: ({ updatedAt }) => updatedAt,
} satisfies CsvColumns<Awaited<ReturnType<typeof listProducts>>[number]>

const variant = z.object({
  id: z.string(),
  sku: z.string(),
  options: facts,
  images: z.array(z.string()),
  ...nullable,
  compliance: facts,
  createdAt: instant,
  levels: z.array(
    z.object({ warehouse: z.string(), onHand: z.number(), reserved: z.number(), incoming: z.number() }),
  ),
  short: z.number().openapi({ description: 'Units that orders wait for.' }),
  prices: z.array(basePrice),
  promotions: z.array(promotion).openapi({ description: 'Those that run or are to come, the next first.' }),
  listings: z.array(
    z.object({
      id: z.string(),
      connectionId: z.string(),
      connection: z.string(),
      status: z.enum(listingStatuses),
      externalId: z.string().nullable(),
      issues,
      endingSince: instant.nullable(),
      seenAt: instant.nullable(),
      content: z.object({ message: z.string().nullable(), state: aspectState.nullable() }),
      price: priceValues,
      stock: stockValues,
    }),
  ),
})

export const productDetail = z
  .object({
    id: z.string(),
    key: z.string(),
    title: byLocale,
    description: byLocale,
    brand: z.string().nullable(),
    categoryId: z.string().nullable(),
    categoryKey: z.string().nullable(),
    images: z.array(z.string()),
    attributes: facts,
    optionNames: z.array(z.string()),
    revision: z.number().openapi({ description: 'What an edit of it must send back.' }),
    createdAt: instant,
    updatedAt: instant,
    updatedBy: z.string().nullable(),
    problems: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        connectionId: z.string().nullable(),
        subject: z.string().nullable(),
        message: z.string(),
        remedy: z.string(),
        since: instant,
      }),
    ),
    variants: z.array(variant),
  })
  .openapi('Product')

const edits = z.record(z.string().min(1).max(200), z.string().max(100_000).nullable())
const images = z.array(z.url().max(2000)).max(50)

/** A product as somebody edited it: what is left out stays, null takes a value away. */
export const productChange = z
  .strictObject({
    revision: z.int().min(1).openapi({ description: 'The one that was edited.', example: 1 }),
    title: edits.optional().openapi({ description: 'By locale.', example: { en: 'T-shirt' } }),
    description: edits.optional(),
    brand: z.string().min(1).max(200).nullable().optional(),
    categoryId: z.string().max(200).nullable().optional(),
    images: images.optional(),
    attributes: edits.optional(),
    variants: z
      .array(
        z.strictObject({
          sku: z.string().min(1).max(200).openapi({ example: 'TEE-M' }),
          options: facts.optional(),
          images: images.optional(),
          ...z.strictObject(nullable).partial().shape,
          gtin: z
            .string()
            .refine(
              isGtin,
              'This is no GTIN: 8, 12, 13 or 14 digits, the last of which is their check digit.',
            )
            .nullable()
            .optional(),
          compliance: edits.optional(),
        }),
      )
      .max(1000)
      .optional(),
  })
  .openapi('ProductChange')

const optional = z.strictObject(nullable).partial().shape

/** A product to save: what is left out keeps what is stored. */
export const productInput = z
  .strictObject({
    key: z.string().min(1).max(200).openapi({ example: 'TEE' }),
    title: byLocale.openapi({ example: { en: 'T-shirt' } }),
    description: byLocale.optional(),
    brand: z.string().max(200).nullable().optional(),
    categoryId: z.string().max(200).nullable().optional(),
    images: z.array(z.url().max(2000)).max(50).optional(),
    attributes: facts.optional(),
    optionNames: z
      .array(z.string().min(1).max(100))
      .max(10)
      .optional()
      .openapi({ example: ['Size'] }),
    variants: z
      .array(
        z.strictObject({
          sku: z.string().min(1).max(200).openapi({ example: 'TEE-M' }),
          options: facts.optional().openapi({ example: { Size: 'M' } }),
          images: z.array(z.url().max(2000)).max(50).optional(),
          ...optional,
          compliance: facts.optional(),
        }),
      )
      .min(1)
      .max(1000),
  })
  .openapi('ProductInput')
