import { sql } from 'drizzle-orm'
import type { Db } from '../../core/db/client.ts'

/** How many of a thousand orders are still open: a house ships what it sells. */
const openPerThousand = 20
const fillAt = '2026-11-20T12:00:00Z'

/**
 * Orders as a house has them after years: five connections, most of them completed, a few open and due around now,
 * some of those with a fault; each with a line, a shipment and a parcel; one in a hundred with a return. Statements,
 * not imports: it is the lists that are looked at.
 */
export async function fillOrders(db: Db, count: number): Promise<void> {
  await db.execute(sql`
    insert into connections (id, connector, name, settings, currency, locale, orders_from)
    select 'con_' || n, 'none', 'shop ' || n, '{}', 'EUR', 'en', '2020-01-01' from generate_series(0, 4) n`)
  await db.execute(
    sql`insert into warehouses (id, code, name) values ('whs_a', 'MAIN', 'Main') on conflict do nothing`,
  )
  await db.execute(sql`
    insert into orders (id, connection_id, external_id, number, status, external_status, is_stock_held, placed_at, external_updated_at, external_fingerprint,
      paid_at, currency, total_minor, ship_by, flags, held_at, held_by, hold_reason)
    select 'ord_' || lpad(n::text, 8, '0'), 'con_' || n % 5, 'x' || n, '#' || n,
      case when n % 1000 < ${openPerThousand} then case n % 2 when 0 then 'paid' else 'allocated' end when n % 50 = 21 then 'cancelled' else 'completed' end,
      'told', true, at, at, 'f', at, 'EUR', (n * 7919::bigint) % 100000,
      case when n % 1000 < ${openPerThousand} then ${fillAt}::timestamptz + make_interval(hours => n % 240 - 72) when n % 3 = 0 then null else at + interval '2 days' end,
      case when n % 5000 = 3 then '["no_lines"]'::jsonb else '[]'::jsonb end,
      case when n % 10000 = 4 then at end, case when n % 10000 = 4 then 'ann' end, case when n % 10000 = 4 then 'Fraud check' end
    from generate_series(0, ${count - 1}) n, lateral (select ${fillAt}::timestamptz - make_interval(secs => n * 47.0) as at) placed`)
  await db.execute(sql`
    insert into order_lines (id, order_id, external_id, sku, variant_id, title, quantity, unit_price_minor, total_minor)
    select 'orl_' || substr(o.id, 5), o.id, '1', 'S' || right(o.id, 5), case when right(o.id, 4) = '0006' then null else 'var_' || right(o.id, 4) end, 'A thing', 1, 1000, 1000 from orders o`)
  await db.execute(sql`
    insert into order_parties (order_id, role, party)
    select o.id, 'ship_to', jsonb_build_object('kind', 'clear', 'name', 'Ann', 'country', case when right(o.id, 4) = '0008' then null else 'DE' end) from orders o`)
  await db.execute(sql`
    insert into shortfalls (order_line_id, variant_id, quantity, since)
    select 'orl_' || substr(o.id, 5), 'var', 1, now() from orders o where right(o.id, 4) = '0010'`)
  await db.execute(sql`
    insert into problems (id, kind, key, subject, message, holds_up, remedy, since, last_seen_at)
    select 'prb_' || o.id, 'not_shippable', o.id, o.id, 'It cannot.', 'shipping', 'Correct it.', now(), now() from orders o where right(o.id, 4) = '0012'`)
  await db.execute(sql`
    insert into shipments (id, order_id, warehouse_id, connection_id, carrier, state, from_place, to_place, ship_at, promised_at, booked_at, handed_over_at, delivered_at, created_at)
    select 'shp_' || substr(o.id, 5), o.id, 'whs_a', 'con_' || n % 5, (array['dhl', 'ups', 'usps', 'sf-express'])[n % 4 + 1],
      case n % 200 when 1 then 'planned' when 2 then 'refused' when 3 then 'cancelled' else 'booked' end, '{}', '{}', o.placed_at, o.placed_at + interval '4 days', o.placed_at,
      case when n % 200 in (4, 5) then null else o.placed_at end, case when n % 100 < 6 then null else o.placed_at + interval '3 days' end, o.placed_at + interval '1 day'
    from orders o, lateral (select substr(o.id, 5)::int as n) numbered`)
  await db.execute(sql`
    insert into parcels (id, shipment_id, position, weight_grams, tracking_number, state, incident, claim_by)
    select 'pcl_' || substr(s.id, 5), s.id, 0, 500, 'JJD' || substr(s.id, 5), case when n % 1000 = 0 then 'lost' else 'delivered' end, case when n % 1000 = 0 then 'lost' end,
      case when n % 1000 = 0 then now() end from shipments s, lateral (select substr(s.id, 5)::int as n) numbered`)
  await db.execute(sql`
    insert into returns (id, order_id, connection_id, status, created_by, created_at)
    select 'ret_' || substr(o.id, 5), o.id, o.connection_id, (array['requested', 'approved', 'received', 'refunded', 'closed'])[n % 5 + 1], 'ann', o.placed_at + interval '9 days'
    from orders o, lateral (select substr(o.id, 5)::int / 100 as n) numbered where right(o.id, 2) = '50'`)
  await db.execute(sql`
    insert into return_lines (return_id, order_line_id, quantity, reason)
    select id, 'orl_' || substr(order_id, 5), 1, 'Too small' from returns`)
  for (const table of [
    'orders',
    'order_lines',
    'order_parties',
    'shortfalls',
    'problems',
    'shipments',
    'parcels',
    'returns',
    'return_lines',
  ])
    await db.execute(sql.raw(`vacuum analyze ${table}`))
}

/** What each list may be asked: each filter, each order, and some of them together. */
export const orderQuestions: Readonly<Record<string, readonly string[]>> = {
  orders: [
    '',
    'sort=placed',
    'sort=shipBy',
    'sort=-shipBy',
    'sort=total',
    'sort=-total',
    'sort=-number',
    'status=completed',
    'status=paid,allocated&sort=shipBy',
    'status=paid&sort=-total',
    'status=cancelled&sort=number',
    'connectionId=con_3',
    'connectionId=con_3&sort=shipBy',
    'connectionId=con_3&status=paid',
    'due=overdue&sort=shipBy',
    'due=today&timeZone=Asia/Shanghai&sort=shipBy',
    'due=tomorrow&sort=-total',
    'due=week',
    'isShippable=true&sort=shipBy',
    'isShippable=true&due=today',
    'exception=any&sort=shipBy',
    'exception=unknown_sku',
    'exception=short&sort=-total',
    'exception=problem&connectionId=con_2',
    'exception=hold',
    'exception=address',
    'flag=no_lines',
    'flag=no_lines&sort=shipBy',
    'q=%23900',
    'q=x12345',
    'q=%239&sort=-total',
    'q=S00006',
    'q=nothing',
    'q=%23',
    'status=paid&count=true',
  ],
  'order-exceptions': ['', 'cause=unknown_sku&sort=-placed', 'cause=hold&count=true'],
  shipments: [
    '',
    'sort=created',
    'sort=promised',
    'sort=-promised',
    'state=planned',
    'state=booked&sort=promised',
    'carrier=dhl',
    'connectionId=con_1&sort=promised',
    'needs=late',
    'needs=late&sort=promised&carrier=ups',
    'needs=hand_over',
    'needs=incident',
    'needs=incident&sort=promised',
    'q=JJD0001',
    'q=%23777',
    'q=nothing',
  ],
  returns: ['', 'sort=created', 'status=received', 'connectionId=con_0', 'q=%23150', 'q=S00050', 'q=nothing'],
}

/** When the filled house is looked at. */
export const fillInstant = new Date(fillAt)
