import { type SQL, sql } from 'drizzle-orm'
import type { MappingKind } from '../db/schema/mappings.ts'
import { instant } from '../lib/sql.ts'

type Source = { id: string; locale: string }

/** How long back shipments count as use of a carrier or a warehouse. */
const recentDays = 90
const dayMs = 86_400_000
/** An attribute with more values than this is a text, not a choice. */
const mostValues = 1000

const used = (connectionId: string): SQL => sql`
  listings listing join variants variant on variant.id = listing.variant_id join products product on product.id = variant.product_id
  where listing.connection_id = ${connectionId} and listing.status <> 'ended'`

/** A name in the locale of the connection, else in its language, else in any. */
const named = (column: SQL, locale: string): SQL =>
  sql`coalesce(${column} ->> ${locale}::text, ${column} ->> ${locale.split('-')[0]!}::text, (select value from jsonb_each_text(${column}) limit 1), '')`

/** Open refusals of listings, by product. */
const refused = (connectionId: string): SQL => sql`
  select problem.id, coalesce(variant.product_id, problem.subject) as product_id, variant.id as variant_id from problems problem
  left join listings listing on listing.id = problem.subject left join variants variant on variant.id = listing.variant_id
  where problem.connection_id = ${connectionId} and problem.resolved_at is null and problem.kind in ('push_refused', 'creation_refused')`

const recent = (now: Date): SQL => instant(new Date(now.getTime() - recentDays * dayMs))

/**
 * The words of each kind in use on a connection, each with what it holds up: rows of
 * `scope, word, name, path, listings, orders, problems`.
 */
export const usesOf: Readonly<Record<MappingKind, (source: Source, now: Date) => SQL>> = {
  category: ({ id, locale }) => sql`
    with recursive tree as (
      select category.id, category.key, ${named(sql`category.name`, locale)} as name, ''::text as path, 1 as depth
      from categories category where category.parent_id is null
      union all
      select child.id, child.key, ${named(sql`child.name`, locale)}, case when tree.path = '' then tree.name else tree.path || ' > ' || tree.name end, tree.depth + 1
      from categories child join tree on child.parent_id = tree.id where tree.depth < 50
    )
    select '' as scope, tree.key as word, tree.name, tree.path, used.listings, 0 as orders,
           (select count(distinct r.id)::int from (${refused(id)}) r join products p on p.id = r.product_id where p.category_id = tree.id) as problems
    from (select product.category_id, count(*)::int as listings from ${used(id)} and product.category_id is not null group by 1) used
    join tree on tree.id = used.category_id`,

  tax: ({ id }) => sql`
    select '' as scope, variant.tax_class as word, variant.tax_class as name, '' as path, count(*)::int as listings, 0 as orders, 0 as problems
    from ${used(id)} and variant.tax_class is not null group by variant.tax_class`,

  attribute: ({ id }) => sql`
    select '' as scope, fact.key as word, fact.key as name, '' as path, count(*)::int as listings, 0 as orders, 0 as problems
    from (
      select jsonb_object_keys(product.attributes || variant.options) as key from ${used(id)}
    ) fact group by fact.key`,

  attribute_value: ({ id }) => sql`
    with asked as (
      select mapping.word as scope from mappings mapping
      where mapping.connection_id = ${id} and mapping.kind = 'attribute' and exists (
        select 1 from external_terms value where value.connection_id = ${id} and value.kind = 'attribute_value' and value.scope = mapping.theirs)
    ), facts as (
      select asked.scope, coalesce(variant.options ->> asked.scope, product.attributes ->> asked.scope) as word, count(*)::int as listings
      from asked cross join lateral (select 1) one, ${used(id)} and (variant.options ? asked.scope or product.attributes ? asked.scope)
      group by 1, 2
    ), counted as (select *, count(*) over (partition by scope) as values_of from facts)
    select scope, word, word as name, '' as path, listings, 0 as orders, 0 as problems from counted where values_of <= ${mostValues}`,

  carrier: ({ id }, now) => sql`
    select '' as scope, shipment.carrier as word, shipment.carrier as name, '' as path, 0 as listings, count(distinct o.id)::int as orders, 0 as problems
    from shipments shipment join orders o on o.id = shipment.order_id and o.connection_id = ${id}
    where shipment.carrier is not null and shipment.created_at >= ${recent(now)} group by shipment.carrier`,

  location: ({ id }, now) => sql`
    select '' as scope, warehouse.code as word, warehouse.name, '' as path, 0 as listings, coalesce(used.orders, 0) as orders, 0 as problems
    from warehouses warehouse left join (
      select shipment.warehouse_id, count(distinct o.id)::int as orders
      from shipments shipment join orders o on o.id = shipment.order_id and o.connection_id = ${id}
      where shipment.created_at >= ${recent(now)} group by 1
    ) used on used.warehouse_id = warehouse.id where warehouse.is_active`,

  order_state: ({ id }) => sql`
    select '' as scope, state.id as word, state.name, '' as path, 0 as listings,
           coalesce(open.orders, 0) + coalesce(aside.orders, 0) as orders, coalesce(aside.orders, 0) as problems
    from external_terms state
    left join (
      select external_status, count(*)::int as orders from orders
      where connection_id = ${id} and status in ('pending_payment', 'paid', 'allocated') group by 1
    ) open on open.external_status = state.id
    left join (
      select raw ->> 'externalStatus' as state, count(*)::int as orders from unreadable_documents
      where connection_id = ${id} and kind = 'order' and jsonb_typeof(raw) = 'object' group by 1
    ) aside on aside.state = state.id
    where state.connection_id = ${id} and state.kind = 'order_state'`,

  sku: ({ id }) => sql`
    with unbound as (
      select ${wordOf(sql`sku`, sql`external_id`)} as word, min(title) as name, count(*)::int as listings
      from unbound_listings where connection_id = ${id} group by 1
    ), lines as (
      select ${wordOf(sql`line.sku`, sql`line.external_listing_id`)} as word, min(line.title) as name, count(distinct o.id)::int as orders
      from order_lines line join orders o on o.id = line.order_id
      where line.variant_id is null and o.connection_id = ${id} and not o.flags ? 'history'
        and ${wordOf(sql`line.sku`, sql`line.external_listing_id`)} is not null
      group by 1
    )
    select '' as scope, coalesce(unbound.word, lines.word) as word, coalesce(unbound.name, lines.name) as name, '' as path,
           coalesce(unbound.listings, 0) as listings, coalesce(lines.orders, 0) as orders, case when lines.word is null then 0 else 1 end as problems
    from unbound full join lines on lines.word = unbound.word`,
}

/** What a listing or a line without a SKU is known by. */
export const wordOf = (sku: SQL, externalId: SQL): SQL =>
  sql`coalesce(nullif(${sku}, ''), 'id:' || ${externalId})`

/** An order that waits counts a hundredfold, a problem tenfold. */
export const weightOf: SQL = sql`least(2000000000, used.orders::bigint * 100 + used.problems * 10 + used.listings)::int`
