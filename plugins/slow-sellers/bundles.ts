import { sql } from 'drizzle-orm'
import { type Executor, NotFoundError, query, rows } from 'entrepot/sdk'
import type { Context } from './context.ts'

/** Remembers which SKUs an order held, if it held several: what is bought together can be offered together. */
export async function rememberBasket(
  { orderId }: { orderId: string },
  { db, services }: Pick<Context, 'db' | 'services'>,
): Promise<void> {
  const facts = await services.readShippingFacts(orderId).catch((error: unknown) => {
    // An order that is gone by now has no basket.
    if (error instanceof NotFoundError) return null
    throw error
  })
  if (!facts?.order) return
  const { connectionId } = facts.order
  const skus = [...new Set(facts.order.skus)]
  if (skus.length < 2) return
  await db.execute(sql`
    insert into slow_sellers_baskets select ${orderId}, ${connectionId}, item.sku from ${rows(
      skus.map((sku) => ({ sku })),
      'sku text',
    )} on conflict do nothing`)
}

export type Partner = { sku: string; orders: number }

/** What was bought together most often with each of these SKUs on a connection, if it is live and not slow itself. */
export async function findPartners(
  db: Executor,
  connectionId: string,
  skus: readonly string[],
): Promise<Map<string, Partner>> {
  const found = await query<{ sku: string; partner: string; orders: number }>(
    db,
    sql`
    select distinct on (mine.sku) mine.sku, other.sku as partner, count(*)::int as orders
    from ${rows(
      skus.map((sku) => ({ sku })),
      'sku text',
    )}
    join slow_sellers_baskets mine on mine.connection_id = ${connectionId} and mine.sku = item.sku
    join slow_sellers_baskets other on other.order_id = mine.order_id and other.sku <> mine.sku
    join slow_sellers_goods goods on goods.connection_id = mine.connection_id and goods.sku = other.sku and goods.status = 'live'
    join slow_sellers_findings found on found.listing_id = goods.listing_id and found.verdict = 'fine'
    group by mine.sku, other.sku order by mine.sku, count(*) desc, other.sku`,
  )
  return new Map(found.map(({ sku, partner, orders }) => [sku, { sku: partner, orders }]))
}
