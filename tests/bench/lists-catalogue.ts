import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../core/db/client.ts'

/**
 * How much there is of each thing, for `listings` listings: half a million products of two variants, four connections
 * of very different size one after the other (so that ids lie in clusters), two warehouses, titles in three scripts.
 */
export async function fillLists(db: Db, listings: number): Promise<void> {
  // Listings are made connection by connection, of variants from all over the catalogue.
  const listedVariantId = sql`'var_' || lpad((1 + n::bigint * 7919 % ${listings}::int)::text, 9, '0')`
  const variants = sql.raw(`generate_series(1, ${listings}) n`)
  const variantId = sql`'var_' || lpad(n::text, 9, '0')`
  const productId = sql`'prd_' || lpad(((n + 1) / 2)::text, 9, '0')`
  const share = sql`n::numeric / ${listings}::int`
  const connection = sql`case when ${share} <= 0.5 then 'con_a' when ${share} <= 0.8 then 'con_b' when ${share} <= 0.95 then 'con_c' else 'con_d' end`
  const run = (statement: SQL) =>
    db.transaction(async (tx) => {
      // Foreign keys hold by construction, and what is searched is written here.
      await tx.execute(sql`set local session_replication_role = replica`)
      await tx.execute(statement)
    })
  await db.execute(sql`drop index variants_search`)
  await run(sql`
    insert into connections (id, connector, name, settings, currency, locale)
    select 'con_' || letter, 'woocommerce', 'Shop ' || letter, '{}', 'EUR', 'en' from unnest(array['a', 'b', 'c', 'd']) letter`)
  await run(
    sql`insert into warehouses (id, code, name) values ('whs_1', 'MAIN', 'Main'), ('whs_2', 'EAST', 'East')`,
  )
  await run(sql`
    insert into categories (id, key, name) select 'cat_' || n, 'c' || n, jsonb_build_object('en', 'Category ' || n) from generate_series(1, 1000) n`)
  await Promise.all(
    [
      sql`
      insert into products (id, key, title, brand, category_id, updated_at)
      select 'prd_' || lpad(n::text, 9, '0'), 'P' || lpad(n::text, 7, '0'), ${titleOf(sql`n`)}, 'Brand ' || n % 2000, 'cat_' || 1 + n % 1000,
        timestamptz '2026-01-01' + n * interval '13 seconds'
      from generate_series(1, ${listings}::int / 2) n`,
      sql`
      insert into variants (id, product_id, sku, gtin, weight_grams, search)
      select ${variantId}, ${productId}, 'S' || lpad(n::text, 7, '0'), '40' || lpad(n::text, 11, '0'), 100 + n % 900,
        ' s' || lpad(n::text, 7, '0') || ' 40' || lpad(n::text, 11, '0') || ' p' || lpad(((n + 1) / 2)::text, 7, '0') || ' brand ' || (n + 1) / 2 % 2000
          || ' ' || ${searchOf(sql`(n + 1) / 2`)}
      from ${variants}`,
      sql`insert into base_prices (variant_id, currency, amount_minor, source) select ${variantId}, 'EUR', 500 + n % 9000, 'bench' from ${variants}`,
      sql`
      insert into stock_levels (variant_id, warehouse_id, on_hand, reserved, incoming)
      select ${variantId}, 'whs_1', n % 97, case when n % 97 > 3 then n % 4 else 0 end, n * 7 % 13 from ${variants}
      union all select ${variantId}, 'whs_2', n % 11, 0, 0 from ${variants} where n % 2 = 0`,
      sql`
      insert into listings (id, connection_id, variant_id, external_id, status, issues, created_at)
      select 'lst_' || lpad(n::text, 9, '0'), ${connection}, ${listedVariantId}, case when n % 50 > 1 then 'x' || n end,
        case when n % 50 = 0 then 'draft' when n % 50 = 1 then 'pending' when n % 1000 = 7 then 'rejected' when n % 50 = 2 then 'ended' else 'live' end,
        case when n % 500 = 7 then '[{"field":"title","code":null,"message":"Too long","severity":"error"}]' else '[]' end::jsonb,
        timestamptz '2026-01-01' + n * interval '7 seconds'
      from ${variants}`,
      sql`
      insert into listing_aspects (listing_id, aspect, connection_id, revision, acknowledged_revision, acknowledged_value, dirty_since, refused_revision)
      select 'lst_' || lpad(n::text, 9, '0'), aspect, ${connection}, 2, case when (n + at) % 60 = 0 then 1 else 2 end, '{}',
        timestamptz '2026-01-01' + n * interval '11 seconds', case when n % 1000 = 7 and aspect = 'content' then 2 end
      from ${variants}, unnest(array['content', 'price', 'stock']) with ordinality as aspects(aspect, at)`,
    ].map(run),
  )
  await run(sql`
    insert into problems (id, kind, key, connection_id, subject, message, holds_up, remedy, since, last_seen_at)
    select 'prb_' || n, 'rejected', 'k' || n, ${connection}, 'lst_' || lpad(n::text, 9, '0'), 'Refused', 'The listing', 'Correct it', now(), now()
    from ${variants} where n % 1000 = 7`)
  await db.execute(sql`create index variants_search on variants using gin (search gin_trgm_ops)`)
  await db.execute(
    sql`vacuum analyze connections, products, variants, categories, base_prices, stock_levels, listings, listing_aspects, problems`,
  )
}

const titleOf = (n: SQL): SQL => sql`jsonb_build_object('en', ${english(n)}, 'zh', ${chinese(n)})`

const english = (n: SQL): SQL =>
  sql`(array['Red', 'Blue', 'Green', 'Striped', 'Plain'])[1 + ${n} % 5] || ' ' || (array['shirt', 'dress', 'kettle', 'lamp', 'chair', 'mug', 'rucksack'])[1 + ${n} % 7] || ' number ' || ${n}`

const chinese = (n: SQL): SQL =>
  sql`(array['红色', '蓝色', '绿色'])[1 + ${n} % 3] || (array['连衣裙', '衬衫', '水壶', '台灯', '椅子', '杯子', '背包'])[1 + ${n} % 7]`

const searchOf = (n: SQL): SQL => sql`lower(${english(n)}) || ' ' || search_text(${chinese(n)})`
