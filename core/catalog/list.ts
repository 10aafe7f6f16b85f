import { and, eq, type SQL, sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import {
  countRows,
  type ListCount,
  type ListOrder,
  type ListSorts,
  mostCounted,
  narrow,
  readPage,
} from '../db/keyset.ts'
import { categories, products, variants } from '../db/schema/index.ts'
import { isFound } from '../db/search.ts'
import { texts } from '../lib/sql.ts'

export const productSorts = {
  by: {
    key: { by: products.key, type: 'text', isUnique: true },
    updated: { by: products.updatedAt, type: 'timestamptz' },
  },
  keys: [{ by: products.id, type: 'text' }],
} satisfies ListSorts<string>
export type ProductSort = keyof typeof productSorts.by

export type ProductFilter = {
  /** Words of a SKU, a GTIN, a key, a brand or a title, in any script. */
  q?: string | undefined
  categoryId?: string | undefined
  brand?: string | undefined
  /** One of its variants is listed on this connection. */
  listedOn?: string | undefined
  /** None of its variants is. */
  notListedOn?: string | undefined
  /** Something about it or about one of its listings is stopped. */
  hasProblem?: boolean | undefined
}

const shown = {
  id: products.id,
  key: products.key,
  title: products.title,
  brand: products.brand,
  categoryKey: categories.key,
  image: sql<string | null>`${products.images} ->> 0`,
  updatedAt: products.updatedAt,
}

/** Products in an order, one row more than its limit, each with what hangs on it. */
export async function listProducts(db: DbOrTx, filter: ProductFilter, order: ListOrder<ProductSort>) {
  const conditions = await conditionsOf(db, filter)
  const page = await readPage(productSorts, order, ({ place, where, orderBy, limit }) =>
    db
      .select({ ...shown, place })
      .from(products)
      .leftJoin(categories, eq(categories.id, products.categoryId))
      .where(and(where, ...conditions))
      .orderBy(...orderBy)
      .limit(limit),
  )
  const facts = await readFacts(
    db,
    page.map((row) => row.id),
  )
  return page.map((row) => ({ ...row, ...facts.get(row.id)! }))
}

export async function countProducts(db: DbOrTx, filter: ProductFilter): Promise<ListCount> {
  const conditions = await conditionsOf(db, filter)
  return countRows(
    db,
    db
      .select({ one: sql`1` })
      .from(products)
      .where(and(...conditions))
      .limit(mostCounted + 1),
  )
}

async function conditionsOf(db: DbOrTx, filter: ProductFilter): Promise<(SQL | undefined)[]> {
  const { q, categoryId, brand, listedOn, notListedOn, hasProblem } = filter
  const among = (ids: SQL) => narrow(db, products.id, ids)
  return [
    q === undefined
      ? undefined
      : await among(sql`select product_id as id from variants where ${isFound(variants.search, q)}`),
    categoryId === undefined ? undefined : eq(products.categoryId, categoryId),
    brand === undefined ? undefined : eq(products.brand, brand),
    listedOn === undefined ? undefined : await among(listedThere(listedOn)),
    notListedOn === undefined
      ? undefined
      : sql`not exists (${listedThere(notListedOn)} and variant.product_id = ${products.id})`,
    hasProblem === undefined
      ? undefined
      : hasProblem
        ? await among(withProblems)
        : sql`${products.id} not in (${withProblems})`,
  ]
}

const listedThere = (connectionId: string) => sql`
  select variant.product_id as id from listings listing join variants variant on variant.id = listing.variant_id
  where listing.connection_id = ${connectionId} and listing.status <> 'ended'`

/** What is stopped is rare: it leads to its products. */
const withProblems = sql`
  select variant.product_id as id from problems problem join listings listing on listing.id = problem.subject
    join variants variant on variant.id = listing.variant_id where problem.resolved_at is null
  union
  select problem.subject from problems problem where problem.resolved_at is null and problem.subject like 'prd\\_%'`

type Facts = {
  variantCount: number
  /** Units that are free to sell, in all active warehouses. */
  available: number
  /** Connections where one of its variants is listed. */
  connectionIds: string[]
  problemCount: number
}

async function readFacts(db: DbOrTx, ids: readonly string[]): Promise<Map<string, Facts>> {
  const found = await query<Facts & { id: string; available: string }>(
    db,
    sql`
    select product.id, own."variantCount", own.available, coalesce(bound."connectionIds", '{}') as "connectionIds", bound.problems + about.problems as "problemCount"
    from (${texts(ids)}) as product(id)
    cross join lateral (
      select count(*)::int as "variantCount", coalesce(sum(level.available), 0)::text as available from variants variant
      left join lateral (
        select sum(greatest(0, l.on_hand - l.reserved)) as available from stock_levels l join warehouses w on w.id = l.warehouse_id and w.is_active
        where l.variant_id = variant.id
      ) level on true
      where variant.product_id = product.id
    ) own
    cross join lateral (
      select array_agg(distinct listing.connection_id) filter (where listing.status <> 'ended') as "connectionIds", coalesce(sum(stopped.problems), 0)::int as problems
      from variants variant join listings listing on listing.variant_id = variant.id
      cross join lateral (select count(*) as problems from problems where subject = listing.id and resolved_at is null) stopped
      where variant.product_id = product.id
    ) bound
    cross join lateral (select count(*)::int as problems from problems where subject = product.id and resolved_at is null) about`,
  )
  return new Map(found.map(({ id, ...facts }) => [id, { ...facts, available: Number(facts.available) }]))
}

/** The brands there are, in their order, from a beginning on. The index is stepped through: their number is all it costs. */
export async function listBrands(db: DbOrTx, from: string, limit: number): Promise<string[]> {
  const found = await query<{ brand: string | null }>(
    db,
    sql`
    with recursive step(brand) as (
      (select brand from products where brand >= ${from} order by brand limit 1)
      union all
      select (select brand from products where brand > step.brand order by brand limit 1) from step where step.brand is not null
    )
    select brand from step where brand is not null limit ${limit}`,
  )
  return found.map((row) => row.brand!)
}
