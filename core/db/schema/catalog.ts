import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { createdAt, id, instant, whole } from './columns.ts'
import { connections } from './connections.ts'

type ByLocale = Record<string, string>

export const categories = pgTable('categories', {
  id: id(),
  /** The company's own code or path. */
  key: text('key').notNull().unique(),
  parentId: text('parent_id'),
  name: jsonb('name').$type<ByLocale>().notNull(),
})

/** What is sold, whatever its size or colour. */
export const products = pgTable(
  'products',
  {
    id: id(),
    /** The company's own number for the product. */
    key: text('key').notNull().unique(),
    title: jsonb('title').$type<ByLocale>().notNull(),
    description: jsonb('description').$type<ByLocale>().notNull().default({}),
    brand: text('brand'),
    categoryId: text('category_id').references(() => categories.id),
    images: jsonb('images').$type<string[]>().notNull().default([]),
    attributes: jsonb('attributes').$type<Record<string, string>>().notNull().default({}),
    optionNames: jsonb('option_names').$type<string[]>().notNull().default([]),
    /** Rises with every change of the product or of one of its variants. */
    revision: integer('revision').notNull().default(1),
    createdAt: createdAt(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by'),
  },
  (t) => [
    index('products_category').on(t.categoryId, t.key),
    index('products_brand').on(t.brand, t.key),
    index('products_updated').on(t.updatedAt, t.id),
  ],
)

/** A sellable unit: one SKU. */
export const variants = pgTable(
  'variants',
  {
    id: id(),
    productId: text('product_id')
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    sku: text('sku').notNull().unique(),
    gtin: text('gtin'),
    options: jsonb('options').$type<Record<string, string>>().notNull().default({}),
    images: jsonb('images').$type<string[]>().notNull().default([]),
    weightGrams: integer('weight_grams'),
    lengthMm: integer('length_mm'),
    widthMm: integer('width_mm'),
    heightMm: integer('height_mm'),
    costMinor: whole('cost_minor'),
    costCurrency: text('cost_currency'),
    taxClass: text('tax_class'),
    /** Origin, HS code, certificates. */
    compliance: jsonb('compliance').$type<Record<string, string>>().notNull().default({}),
    /** What it is found by, as `search_text` writes it; kept by triggers (ADR 11). */
    search: text('search').notNull().default(''),
    createdAt: createdAt(),
  },
  (t) => [
    index('variants_product').on(t.productId),
    index('variants_gtin').on(t.gtin).where(sql`gtin is not null`),
    check(
      'variants_cost',
      sql`(${t.costMinor} is null) = (${t.costCurrency} is null) and ${t.costMinor} >= 0`,
    ),
    check('variants_weight', sql`${t.weightGrams} > 0`),
  ],
)

/** The base price list: one price a variant and currency, before any connection's rule. */
export const basePrices = pgTable(
  'base_prices',
  {
    variantId: text('variant_id')
      .notNull()
      .references(() => variants.id, { onDelete: 'cascade' }),
    currency: text('currency').notNull(),
    amountMinor: whole('amount_minor').notNull(),
    source: text('source').notNull(),
    revision: integer('revision').notNull().default(1),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.variantId, t.currency] }),
    index('base_prices_updated').on(t.updatedAt),
    check('base_prices_positive', sql`${t.amountMinor} > 0`),
  ],
)

/** How a connection turns base prices into its own. */
export const priceRules = pgTable('price_rules', {
  connectionId: text('connection_id')
    .primaryKey()
    .references(() => connections.id, { onDelete: 'cascade' }),
  markupBasisPoints: integer('markup_basis_points').notNull().default(0),
  /** Share of the sale price that the platform keeps; the price is raised so that the base remains. */
  feeBasisPoints: integer('fee_basis_points').notNull().default(0),
  addMinor: whole('add_minor').notNull().default(0),
  /** Prices are rounded up to a multiple of this, then `endsWithMinor` is put in its place. */
  roundToMinor: whole('round_to_minor').notNull().default(1),
  /** For 9.99: round to 100, minus 1. */
  minusMinor: whole('minus_minor').notNull().default(0),
  /** The floor is cost plus this margin of cost; nothing below it is pushed. */
  marginBasisPoints: integer('margin_basis_points').notNull().default(0),
})

/** A dated price. The one with the highest priority wins, then the lowest price. */
export const promotionalPrices = pgTable(
  'promotional_prices',
  {
    id: id(),
    variantId: text('variant_id')
      .notNull()
      .references(() => variants.id, { onDelete: 'cascade' }),
    /** Null: on every connection of the currency. */
    connectionId: text('connection_id').references(() => connections.id, { onDelete: 'cascade' }),
    currency: text('currency').notNull(),
    amountMinor: whole('amount_minor').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    priority: integer('priority').notNull().default(0),
    source: text('source').notNull(),
    /** Who approved it as it is: its step needs no approval of its own. */
    approvedBy: text('approved_by'),
  },
  (t) => [
    index('promotional_prices_variant').on(t.variantId),
    index('promotional_prices_starts').on(t.startsAt),
    index('promotional_prices_ends').on(t.endsAt),
    check('promotional_prices_valid', sql`${t.amountMinor} > 0 and ${t.endsAt} > ${t.startsAt}`),
  ],
)
