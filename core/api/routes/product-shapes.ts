import { z } from '@hono/zod-openapi'
import { listingStatuses } from '../../sdk/model/listing.ts'
import { instant, money } from '../shapes.ts'

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
    updatedAt: instant,
    variantCount: z.number(),
  })
  .openapi('ProductRow')

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
  prices: z.array(z.object({ price: money, source: z.string(), updatedAt: instant })),
  listings: z.array(
    z.object({
      id: z.string(),
      connectionId: z.string(),
      status: z.enum(listingStatuses),
      externalId: z.string().nullable(),
      dirtyAspects: z.array(z.string()),
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
    createdAt: instant,
    updatedAt: instant,
    variants: z.array(variant),
  })
  .openapi('Product')

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
