import { sql } from 'drizzle-orm'
import { type DbOrTx, query, rows } from '../db/client.ts'
import type { ListingContent } from '../sdk/model/listing.ts'
import { computePrice, type PriceOutcome, type PriceRule, plainRule } from './price.ts'
import { computeQuantity, type Term } from './quantity.ts'
import {
  type ContentKind,
  type ContentWord,
  type Dictionary,
  loadDictionary,
  type TentativeMapping,
  translateFacts,
  wordsOf,
} from './translate.ts'

/** Listings by id, as one parameter. */
const wanted = (listingIds: readonly string[]) =>
  rows(
    listingIds.map((id) => ({ id })),
    'id text',
  )

type StockRow = {
  listing_id: string
  is_bundle: boolean
  pools: { label: string; onHand: number; reserved: number; unitsPer: number }[] | null
  share: number | null
  cap: number | null
  buffer: number
}

/** What each listing should show as its quantity now, with its terms. One query whatever the number. */
export async function desiredQuantities(
  db: DbOrTx,
  listingIds: readonly string[],
): Promise<Map<string, { quantity: number; terms: Term[] }>> {
  const found = await query<StockRow>(
    db,
    sql`
    select listing.id as listing_id, bundle.pools is not null as is_bundle, coalesce(bundle.pools, own.pools) as pools,
           allocation.share_basis_points as share, allocation.cap, coalesce(allocation.buffer, 0)::int as buffer
    from ${wanted(listingIds)} join listings listing on listing.id = item.id
    left join lateral (
      select jsonb_agg(jsonb_build_object('label', component.sku, 'onHand', coalesce(level.on_hand, 0),
               'reserved', coalesce(level.reserved, 0), 'unitsPer', part.quantity) order by component.sku) as pools
      from bundle_components part join variants component on component.id = part.component_id
      left join lateral (
        select sum(l.on_hand) as on_hand, sum(l.reserved) as reserved
        from stock_levels l join warehouses w on w.id = l.warehouse_id and w.is_active where l.variant_id = part.component_id
      ) level on true
      where part.bundle_id = listing.variant_id
    ) bundle on true
    left join lateral (
      select jsonb_agg(jsonb_build_object('label', 'warehouse ' || warehouse.code, 'onHand', level.on_hand,
               'reserved', level.reserved, 'unitsPer', 1) order by warehouse.priority, warehouse.code) as pools
      from stock_levels level join warehouses warehouse on warehouse.id = level.warehouse_id and warehouse.is_active
      where level.variant_id = listing.variant_id
    ) own on true
    left join lateral (
      select share_basis_points, cap, buffer from stock_allocations a
      where a.connection_id = listing.connection_id and (a.variant_id = listing.variant_id or a.variant_id is null)
      order by a.variant_id nulls last limit 1
    ) allocation on true`,
  )
  return new Map(
    found.map((row) => [
      row.listing_id,
      computeQuantity({
        pools: row.pools ?? [],
        isBundle: row.is_bundle,
        shareBasisPoints: row.share,
        cap: row.cap === null ? null : Number(row.cap),
        buffer: row.buffer,
      }),
    ]),
  )
}

type PriceRow = {
  listing_id: string
  currency: string
  base: string | null
  cost: string | null
  cost_currency: string | null
  rule: PriceRule | null
  promotion: { amountMinor: number; startsAt: string; endsAt: string; source: string } | null
}

/** What each listing should cost at `now`, with its terms or the reason why it has no price. */
export async function desiredPrices(
  db: DbOrTx,
  listingIds: readonly string[],
  now: Date,
): Promise<Map<string, PriceOutcome>> {
  const at = sql`${now.toISOString()}::timestamptz`
  const found = await query<PriceRow>(
    db,
    sql`
    select listing.id as listing_id, connection.currency, base.amount_minor as base,
           variant.cost_minor as cost, variant.cost_currency,
           case when rule.connection_id is not null then jsonb_build_object(
             'markupBasisPoints', rule.markup_basis_points, 'feeBasisPoints', rule.fee_basis_points, 'addMinor', rule.add_minor,
             'roundToMinor', rule.round_to_minor, 'minusMinor', rule.minus_minor, 'marginBasisPoints', rule.margin_basis_points) end as rule,
           promotion.value as promotion
    from ${wanted(listingIds)} join listings listing on listing.id = item.id
    join connections connection on connection.id = listing.connection_id
    join variants variant on variant.id = listing.variant_id
    left join base_prices base on base.variant_id = listing.variant_id and base.currency = connection.currency
    left join price_rules rule on rule.connection_id = listing.connection_id
    left join lateral (
      select jsonb_build_object('amountMinor', p.amount_minor, 'startsAt', p.starts_at, 'endsAt', p.ends_at, 'source', p.source) as value
      from promotional_prices p
      where p.variant_id = listing.variant_id and p.currency = connection.currency
        and (p.connection_id is null or p.connection_id = listing.connection_id) and p.starts_at <= ${at} and p.ends_at > ${at}
      order by p.priority desc, p.amount_minor limit 1
    ) promotion on true`,
  )
  return new Map(found.map((row) => [row.listing_id, computePrice(toPriceInput(row))]))
}

const toPriceInput = (row: PriceRow) => ({
  base: row.base === null ? null : { minor: Number(row.base), currency: row.currency },
  cost: row.cost === null ? null : { minor: Number(row.cost), currency: row.cost_currency! },
  rule: row.rule ?? plainRule,
  promotion: row.promotion && {
    ...row.promotion,
    startsAt: new Date(row.promotion.startsAt),
    endsAt: new Date(row.promotion.endsAt),
  },
})

type ContentRow = {
  listing_id: string
  connection_id: string
  locale: string
  title: Record<string, string>
  description: Record<string, string>
  brand: string | null
  gtin: string | null
  product_images: string[]
  images: string[]
  attributes: Record<string, string>
  options: Record<string, string>
  category_key: string | null
  tax_class: string | null
  weight_grams: number | null
  length_mm: number | null
  width_mm: number | null
  height_mm: number | null
}

/**
 * What each listing should say, in the locale of its connection and in the platform's words as far as they are
 * mapped. `tentative` mappings go before the saved ones: what the listings would say with them.
 */
export async function desiredContents(
  db: DbOrTx,
  listingIds: readonly string[],
  tentative: readonly TentativeMapping[] = [],
): Promise<Map<string, ListingContent>> {
  const found = await query<ContentRow>(
    db,
    sql`
    select listing.id as listing_id, listing.connection_id, connection.locale, product.title, product.description, product.brand, variant.gtin,
           product.images as product_images, variant.images, product.attributes, variant.options, category.key as category_key, variant.tax_class,
           variant.weight_grams, variant.length_mm, variant.width_mm, variant.height_mm
    from ${wanted(listingIds)} join listings listing on listing.id = item.id
    join connections connection on connection.id = listing.connection_id
    join variants variant on variant.id = listing.variant_id
    join products product on product.id = variant.product_id
    left join categories category on category.id = product.category_id`,
  )
  const dictionary = await loadDictionary(db, found.flatMap(wordsOfRow), tentative)
  return new Map(found.map((row) => [row.listing_id, toContent(row, dictionary)]))
}

const one = (row: ContentRow, kind: ContentKind, word: string | null): ContentWord[] =>
  word === null ? [] : [{ connectionId: row.connection_id, kind, scope: '', word }]

const wordsOfRow = (row: ContentRow): ContentWord[] => [
  ...one(row, 'category', row.category_key),
  ...one(row, 'tax', row.tax_class),
  ...wordsOf(row.connection_id, row.attributes),
  ...wordsOf(row.connection_id, row.options),
]

function toContent(row: ContentRow, dictionary: Dictionary): ListingContent {
  const hasSize = row.length_mm !== null && row.width_mm !== null && row.height_mm !== null
  const meaningOf = (kind: ContentKind, word: string | null) =>
    one(row, kind, word).map(dictionary.meaning)[0] ?? null
  const taxClass = meaningOf('tax', row.tax_class)
  return {
    title: inLocale(row.title, row.locale),
    description: inLocale(row.description, row.locale),
    brand: row.brand,
    gtin: row.gtin,
    images: row.images.length > 0 ? row.images : row.product_images,
    attributes: translateFacts(row.connection_id, row.attributes, dictionary),
    options: translateFacts(row.connection_id, row.options, dictionary),
    externalCategoryId: meaningOf('category', row.category_key),
    ...(taxClass === null ? {} : { externalTaxClassId: taxClass }),
    weightGrams: row.weight_grams,
    size: hasSize ? { lengthMm: row.length_mm!, widthMm: row.width_mm!, heightMm: row.height_mm! } : null,
  }
}

/** The text in a locale, else in its language, else in the first locale there is; empty when there is none. */
export function inLocale(texts: Record<string, string>, locale: string): string {
  const language = locale.split('-')[0]!
  const near = Object.keys(texts).find((key) => key.split('-')[0] === language)
  return texts[locale] ?? (near && texts[near]) ?? Object.values(texts)[0] ?? ''
}
