import { sql } from 'drizzle-orm'
import { type DbOrTx, query, rows, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { markDirty } from '../listings/dirty.ts'
import { InputError } from '../sdk/errors.ts'

/** A product with its variants as a file or a form gives it. Left-out facts keep what is stored. */
export type ProductInput = {
  key: string
  title: Record<string, string>
  description?: Record<string, string>
  brand?: string | null
  categoryId?: string | null
  images?: string[]
  attributes?: Record<string, string>
  optionNames?: string[]
  variants: VariantInput[]
}
export type VariantInput = {
  sku: string
  gtin?: string | null
  options?: Record<string, string>
  images?: string[]
  weightGrams?: number | null
  lengthMm?: number | null
  widthMm?: number | null
  heightMm?: number | null
  costMinor?: number | null
  costCurrency?: string | null
  taxClass?: string | null
  compliance?: Record<string, string>
}

export type SavedVariant = {
  sku: string
  variantId: string
  productId: string
  change: 'created' | 'changed' | 'same'
}

const productColumns =
  'id text, key text, title jsonb, description jsonb, brand text, category_id text, images jsonb, attributes jsonb, option_names jsonb'
const variantColumns =
  'id text, product_key text, sku text, gtin text, options jsonb, images jsonb, weight_grams int, length_mm int, width_mm int, height_mm int, cost_minor bigint, cost_currency text, tax_class text, compliance jsonb'

/**
 * Creates products and variants, or changes those whose key or SKU is known; what is equal is not written.
 * Listings of what changed become dirty. A SKU that belongs to another product stays there: a SKU is one
 * sellable unit, and moving it is an edit of its own.
 */
export async function saveProducts(
  tx: Tx,
  products: readonly ProductInput[],
  act: Act,
): Promise<SavedVariant[]> {
  if (products.length === 0) return []
  const ms = act.now.getTime()
  const productItems = products.map((p) => ({
    id: newId('prd', ms),
    key: p.key,
    title: p.title,
    description: p.description ?? null,
    brand: p.brand ?? null,
    category_id: p.categoryId ?? null,
    images: p.images ?? null,
    attributes: p.attributes ?? null,
    option_names: p.optionNames ?? null,
  }))
  const changedProducts = await query<{ id: string; key: string }>(
    tx,
    sql`
    insert into products (id, key, title, description, brand, category_id, images, attributes, option_names, created_at, updated_at, updated_by)
    select item.id, item.key, item.title, coalesce(item.description, '{}'), item.brand, item.category_id, coalesce(item.images, '[]'),
           coalesce(item.attributes, '{}'), coalesce(item.option_names, '[]'), ${act.now.toISOString()}::timestamptz, ${act.now.toISOString()}::timestamptz, ${act.actor}
    from ${rows(productItems, productColumns)} order by item.key
    on conflict (key) do update set
      title = products.title || excluded.title, description = products.description || excluded.description,
      brand = coalesce(excluded.brand, products.brand), category_id = coalesce(excluded.category_id, products.category_id),
      images = case when excluded.images = '[]' then products.images else excluded.images end,
      attributes = products.attributes || excluded.attributes,
      option_names = case when excluded.option_names = '[]' then products.option_names else excluded.option_names end,
      updated_at = excluded.updated_at, updated_by = excluded.updated_by, revision = products.revision + 1
    where not (products.title @> excluded.title and products.description @> excluded.description and products.attributes @> excluded.attributes
      and (excluded.brand is null or products.brand is not distinct from excluded.brand)
      and (excluded.category_id is null or products.category_id is not distinct from excluded.category_id)
      and excluded.images in ('[]', products.images) and excluded.option_names in ('[]', products.option_names))
    returning id, key`,
  )
  const saved = await saveVariants(tx, products, act)
  const changedKeys = new Set(changedProducts.map((row) => row.id))
  await touchProducts(
    tx,
    saved.filter((row) => row.change === 'changed' && !changedKeys.has(row.productId)),
    act,
  )
  const touched = saved.filter(
    (row) => row.change === 'changed' || (row.change === 'same' && changedKeys.has(row.productId)),
  )
  await markDirty(
    tx,
    'content',
    touched.map((row) => ({ variantId: row.variantId })),
    act,
  )
  await markDirty(
    tx,
    'price',
    touched.filter((row) => row.change === 'changed').map((row) => ({ variantId: row.variantId })),
    act,
  )
  return saved.map((row) =>
    row.change === 'same' && changedKeys.has(row.productId) ? { ...row, change: 'changed' } : row,
  )
}

/** A product whose variant changed has changed. */
async function touchProducts(tx: Tx, changed: readonly SavedVariant[], act: Act): Promise<void> {
  if (changed.length === 0) return
  await tx.execute(sql`
    update products set updated_at = ${act.now.toISOString()}::timestamptz, updated_by = ${act.actor}, revision = revision + 1 from ${rows(
      [...new Set(changed.map((row) => row.productId))].map((id) => ({ id })),
      'id text',
    )} where products.id = item.id`)
}

async function saveVariants(tx: Tx, products: readonly ProductInput[], act: Act): Promise<SavedVariant[]> {
  const ms = act.now.getTime()
  const items = products.flatMap((product) =>
    product.variants.map((v) => ({
      id: newId('var', ms),
      product_key: product.key,
      sku: v.sku,
      gtin: v.gtin ?? null,
      options: v.options ?? null,
      images: v.images ?? null,
      weight_grams: v.weightGrams ?? null,
      length_mm: v.lengthMm ?? null,
      width_mm: v.widthMm ?? null,
      height_mm: v.heightMm ?? null,
      cost_minor: v.costMinor ?? null,
      cost_currency: v.costCurrency ?? null,
      tax_class: v.taxClass ?? null,
      compliance: v.compliance ?? null,
    })),
  )
  const found = await query<{ sku: string; id: string; product_id: string; change: SavedVariant['change'] }>(
    tx,
    sql`
    with item as materialized (select * from ${rows(items, variantColumns)}),
    written as (
      insert into variants (id, product_id, sku, gtin, options, images, weight_grams, length_mm, width_mm, height_mm, cost_minor, cost_currency, tax_class, compliance, created_at)
      select item.id, product.id, item.sku, item.gtin, coalesce(item.options, '{}'), coalesce(item.images, '[]'), item.weight_grams, item.length_mm,
             item.width_mm, item.height_mm, item.cost_minor, item.cost_currency, item.tax_class, coalesce(item.compliance, '{}'), ${act.now.toISOString()}::timestamptz
      from item join products product on product.key = item.product_key order by item.sku
      on conflict (sku) do update set
        gtin = coalesce(excluded.gtin, variants.gtin), options = variants.options || excluded.options,
        images = case when excluded.images = '[]' then variants.images else excluded.images end,
        weight_grams = coalesce(excluded.weight_grams, variants.weight_grams), length_mm = coalesce(excluded.length_mm, variants.length_mm),
        width_mm = coalesce(excluded.width_mm, variants.width_mm), height_mm = coalesce(excluded.height_mm, variants.height_mm),
        cost_minor = coalesce(excluded.cost_minor, variants.cost_minor), cost_currency = coalesce(excluded.cost_currency, variants.cost_currency),
        tax_class = coalesce(excluded.tax_class, variants.tax_class), compliance = variants.compliance || excluded.compliance
      where (coalesce(excluded.gtin, variants.gtin), variants.options || excluded.options, coalesce(excluded.weight_grams, variants.weight_grams),
             coalesce(excluded.length_mm, variants.length_mm), coalesce(excluded.width_mm, variants.width_mm), coalesce(excluded.height_mm, variants.height_mm),
             coalesce(excluded.cost_minor, variants.cost_minor), coalesce(excluded.cost_currency, variants.cost_currency),
             coalesce(excluded.tax_class, variants.tax_class), variants.compliance || excluded.compliance)
        is distinct from (variants.gtin, variants.options, variants.weight_grams, variants.length_mm, variants.width_mm, variants.height_mm,
             variants.cost_minor, variants.cost_currency, variants.tax_class, variants.compliance)
        or excluded.images not in ('[]', variants.images)
      returning id, sku, product_id
    )
    select item.sku, coalesce(written.id, known.id) as id, coalesce(written.product_id, known.product_id) as product_id,
           case when written.id = item.id then 'created' when written.id is not null then 'changed' else 'same' end as change
    from item left join written on written.sku = item.sku left join variants known on known.sku = item.sku`,
  )
  return found.map((row) => ({
    sku: row.sku,
    variantId: row.id,
    productId: row.product_id,
    change: row.change,
  }))
}

/** The variant ids of SKUs that are known; unknown ones are left out. */
export async function findVariants(db: DbOrTx, skus: readonly string[]): Promise<Map<string, string>> {
  const found = await query<{ sku: string; id: string }>(
    db,
    sql`
    select sku, id from variants where sku in (select item.sku from ${rows(
      skus.map((sku) => ({ sku })),
      'sku text',
    )})`,
  )
  return new Map(found.map((row) => [row.sku, row.id]))
}

/** The ids of categories by key, made where they are missing. */
export async function saveCategories(
  tx: Tx,
  categories: readonly { key: string; name: Record<string, string> }[],
  act: Act,
): Promise<Map<string, string>> {
  const unique = [...new Map(categories.map((category) => [category.key, category])).values()]
  const items = unique.map((category) => ({
    id: newId('cat', act.now.getTime()),
    key: category.key,
    name: category.name,
  }))
  const columns = 'id text, key text, name jsonb'
  // A category that says this already is not touched: writers of other products would wait for its row.
  await tx.execute(sql`
    insert into categories (id, key, name) select item.id, item.key, item.name from ${rows(items, columns)}
    where not exists (select 1 from categories known where known.key = item.key and known.name @> item.name) order by item.key
    on conflict (key) do update set name = categories.name || excluded.name where not categories.name @> excluded.name`)
  const found = await query<{ id: string; key: string }>(
    tx,
    sql`select id, key from categories where key in (select item.key from ${rows(items, columns)})`,
  )
  return new Map(found.map((row) => [row.key, row.id]))
}

/** The products of these SKUs, each once. @throws InputError naming the SKUs that are unknown. */
export async function findProductsBySku(db: DbOrTx, skus: readonly string[]): Promise<string[]> {
  const found = await query<{ sku: string; product_id: string }>(
    db,
    sql`select sku, product_id from variants where sku in (select item.sku from ${rows(
      skus.map((sku) => ({ sku })),
      'sku text',
    )})`,
  )
  const known = new Set(found.map((row) => row.sku))
  const unknown = skus.filter((sku) => !known.has(sku))
  if (unknown.length > 0)
    throw new InputError(`There is no SKU ${unknown.join(', ')} in the catalogue.`, 'skus')
  return [...new Set(found.map((row) => row.product_id))]
}
