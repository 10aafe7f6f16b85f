import { sql } from 'drizzle-orm'
import { type DailySales, type Executor, type PluginDb, query, rows, type StockMovement } from 'entrepot/sdk'
import type { Context } from './context.ts'
import { addDays, dayOf } from './days.ts'
import { saveGoods, toGoods } from './goods.ts'
import type { Settings } from './settings.ts'
import { rebuildStock } from './stock.ts'

/** Late imports and cancellations within these days are followed by every refresh. */
const overlapDays = 60

/** A year before the window, for the seasons, and a month to spare. */
const historyDays = (settings: Settings): number => 365 + settings.windowDays + 31

/** Brings the plugin's own tables up to the hub's goods, sales and stock. May be repeated. */
export async function refresh(context: Context, from?: string): Promise<{ listings: number; days: number }> {
  const settings = await context.settings()
  const listings = await refreshGoods(context, settings)
  const days = await refreshSales(context, settings, from)
  await refreshStock(context, settings)
  return { listings, days }
}

async function refreshGoods({ db, services, clock }: Context, settings: Settings): Promise<number> {
  const startedAt = clock.now()
  let count = 0
  for await (const page of services.streamListings()) {
    await saveGoods(
      db,
      page.map((facts) => toGoods(facts, settings)),
      startedAt,
    )
    count += page.length
  }
  await db.execute(
    sql`delete from slow_sellers_goods where refreshed_at < ${startedAt.toISOString()}::timestamptz`,
  )
  return count
}

async function refreshSales(context: Context, settings: Settings, wish?: string): Promise<number> {
  const { db, services, clock } = context
  const today = dayOf(clock.now(), settings.timeZone)
  const [known] = await query<{ value: string }>(
    db,
    sql`select value from slow_sellers_cursors where name = 'sales'`,
  )
  const from = wish ?? (known ? addDays(known.value, -overlapDays) : addDays(today, -historyDays(settings)))
  let days = 0
  let done = from
  // A day begins at most 14 hours before, and ends at most 12 hours after, that of UTC.
  const period = {
    from: new Date(Date.parse(from) - 14 * 3_600_000),
    to: clock.now(),
    timeZone: settings.timeZone,
  }
  for await (const page of services.streamSales(period)) {
    const day = page[0]!.day
    if (day < from) continue
    await replaceDays(db, done, day, page)
    done = addDays(day, 1)
    days += 1
  }
  await replaceDays(db, done, addDays(today, 1), [])
  await rememberSources(db)
  await db.execute(sql`insert into slow_sellers_cursors values ('sales', ${today})
    on conflict (name) do update set value = excluded.value`)
  return days
}

/** Replaces the days from `from` up to the page's day by the page: days between had no sale. */
export async function replaceDays(
  db: PluginDb,
  from: string,
  day: string,
  sales: readonly DailySales[],
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      delete from slow_sellers_days sold using slow_sellers_goods goods
      where goods.listing_id = sold.listing_id and goods.sales_from = 'orders' and sold.day between ${from}::date and ${day}::date`)
    if (sales.length === 0) return
    await tx.execute(sql`
      insert into slow_sellers_days
      select goods.listing_id, ${day}::date, sum(item.units), sum(item.revenue) filter (where item.currency = goods.currency)
      from ${rows(
        sales.map((sale) => ({
          variant_id: sale.variantId,
          connection_id: sale.connectionId,
          units: sale.units,
          revenue: sale.revenueMinor,
          currency: sale.currency,
        })),
        'variant_id text, connection_id text, units integer, revenue bigint, currency text',
      )}
      join slow_sellers_goods goods on goods.connection_id = item.connection_id and goods.variant_id = item.variant_id
      where goods.sales_from = 'orders' group by 1
      on conflict (listing_id, day) do update set units = excluded.units, revenue_minor = excluded.revenue_minor`)
  })
}

/** Sales of a connection are known from the first that was ever told. Without one they are unknown, not zero. */
export async function rememberSources(db: Executor): Promise<void> {
  await db.execute(sql`
    insert into slow_sellers_sources
    select goods.connection_id, min(sold.day) from slow_sellers_days sold join slow_sellers_goods goods using (listing_id)
    where goods.sales_from = 'orders' group by 1
    on conflict (connection_id) do update set first_day = least(slow_sellers_sources.first_day, excluded.first_day)`)
}

async function refreshStock({ db, services }: Context, settings: Settings): Promise<void> {
  const [known] = await query<{ value: string }>(
    db,
    sql`select value from slow_sellers_cursors where name = 'movements'`,
  )
  for await (const page of services.streamMovements(Number(known?.value ?? 0)))
    await saveMovements(db, page, settings.timeZone)
  await db.execute(sql`
    update slow_sellers_goods goods set is_stock_kept = true, oldest_on = stock.oldest_on, mean_on = stock.mean_on
    from slow_sellers_stock stock where stock.variant_id = goods.variant_id
      and (goods.is_stock_kept, goods.oldest_on, goods.mean_on) is distinct from (true, stock.oldest_on, stock.mean_on)`)
}

/** Adds a page of the ledger and moves the cursor in one transaction, so that nothing is counted twice. */
async function saveMovements(db: PluginDb, page: readonly StockMovement[], timeZone: string): Promise<void> {
  const items = page.map(({ variantId, units, at }) => ({
    variant_id: variantId,
    day: dayOf(at, timeZone),
    units,
  }))
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into slow_sellers_stock_days
      select variant_id, day, sum(units) from ${rows(items, 'variant_id text, day date, units integer')} group by 1, 2
      on conflict (variant_id, day) do update set units = slow_sellers_stock_days.units + excluded.units`)
    await tx.execute(sql`insert into slow_sellers_cursors values ('movements', ${String(page.at(-1)!.id)})
      on conflict (name) do update set value = excluded.value`)
    await rebuildStock(tx, [...new Set(items.map((item) => item.variant_id))])
  })
}
