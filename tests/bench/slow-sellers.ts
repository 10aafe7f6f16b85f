import { sql } from 'drizzle-orm'
import { type Db, query } from '../../core/db/client.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { migratePlugins } from '../../core/plugins/migrate.ts'
import type { PluginDb } from '../../core/sdk/plugin.ts'
import { analysis } from '../../plugins/slow-sellers/analysis.ts'
import { workMemory } from '../../plugins/slow-sellers/findings.ts'
import { slowSellers } from '../../plugins/slow-sellers/index.ts'
import { settings } from '../../plugins/slow-sellers/settings.ts'
import { atLeast, type Bench, type Figure, ofFloor, type Row } from './row.ts'
import { settleDown } from './server.ts'

const listings = 1_000_000
const until = '2026-01-01'

/**
 * A million listings in a hundred categories, and a year of daily sales with a row only where something was sold. Half
 * of the listings sell now and then, up to twelve times a year: 3.25 million rows.
 */
async function insertYear(db: Db): Promise<void> {
  const number = sql.raw(String(listings))
  // Only reading is measured: what is inserted needs no log, and indexes that the statement does not use only cost time.
  for (const table of ['slow_sellers_goods', 'slow_sellers_days'])
    await db.execute(sql`alter table ${sql.identifier(table)} set unlogged`)
  await db.execute(
    sql`drop index slow_sellers_goods_variant, slow_sellers_goods_product, slow_sellers_goods_sold, slow_sellers_days_day`,
  )
  const insertGoods = db.execute(sql`
    insert into slow_sellers_goods (listing_id, connection_id, variant_id, product_id, sku, title, category_key, status, is_goods, currency,
      price_minor, floor_minor, cost_minor, on_hand, is_stock_kept, oldest_on, mean_on, created_on, wanting, refreshed_at)
    select 'lst_' || lpad(n::text, 8, '0'), 'con_' || n % 5, 'var_' || n, 'prd_' || n, 'S' || n, 'Title', 'c' || n % 100, 'live', true, 'EUR',
      500 + n % 5000, 400 + n % 4000, 200 + n % 2500, n % 40, true, date '2025-12-01' - n % 400, date '2025-12-15' - n % 200, date '2025-12-20' - n % 900, '{}', now()
    from generate_series(1, ${number}) n`)
  const insertDays = db.execute(sql`
    insert into slow_sellers_days
    select 'lst_' || lpad(n::text, 8, '0'), date '2025-01-01' + (at * 26 + n * 7) % 365, 1 + (n + at) % 3, (1 + (n + at) % 3) * (500 + n % 5000)
    from generate_series(2, ${number}, 2) n, generate_series(0, 11) at where at < 1 + n / 2 % 12`)
  await Promise.all([insertGoods, insertDays])
  await db.execute(sql`
    insert into slow_sellers_outages select 'var_' || n, date '2025-10-10' + n % 60, date '2025-10-10' + n % 60 + 5 from generate_series(10, ${number}, 10) n`)
  await db.execute(
    sql`insert into slow_sellers_sources select 'con_' || n, '2024-10-01' from generate_series(0, 4) n`,
  )
  await db.execute(
    sql`analyze slow_sellers_goods, slow_sellers_days, slow_sellers_outages, slow_sellers_sources`,
  )
}

const timed = async <Result>(work: () => Promise<Result>): Promise<[number, Result]> => {
  const startedAt = performance.now()
  const result = await work()
  return [(performance.now() - startedAt) / 1000, result]
}

type Verdicts = { verdict: string; count: number }[]

/** The one statement that judges every listing, its rows counted by verdict, against reading the same days once. */
async function measure({ server, note }: Bench): Promise<Row[]> {
  const database = await server.clone()
  const db = database.db as unknown as PluginDb
  try {
    await migratePlugins(database, [slowSellers], systemClock)
    note(`  inserting ${listings} listings and a year of their sales`)
    await insertYear(database.db)
    await settleDown(database)
    const scan = () =>
      db.transaction(async (tx) => {
        await tx.execute(sql`set local max_parallel_workers_per_gather = 0`)
        return query<{ rows: number }>(
          tx,
          sql`select count(*)::int as rows, sum(units) as units from slow_sellers_days`,
        )
      })
    await scan()
    const [floor, read] = await timed(scan)
    const judge = () =>
      db.transaction(async (tx) => {
        await tx.execute(workMemory)
        const statement = analysis({ until, settings: settings.parse({}) })
        return (await tx.execute(
          sql`select verdict, count(*)::int as count from (${statement}) judged group by 1 order by 1`,
        )) as unknown as Verdicts
      })
    const [seconds, verdicts] = await timed(judge)
    note(`  ${verdicts.map(({ verdict, count }) => `${count} ${verdict}`).join(', ')}`)
    const judged = verdicts.reduce((sum, { count }) => sum + count, 0)
    if (judged !== listings) throw new Error(`${judged} of ${listings} listings were judged.`)
    const days = read[0]!.rows
    const size = `${listings.toLocaleString('en')} listings, ${days.toLocaleString('en')} days of sales`
    return [
      ofFloor(`slow sellers, ${size}, against a plain scan of the days`, seconds, floor, 0.01),
      atLeast(`slow sellers, ${size}`, listings / seconds, 20_000, 'listings/s'),
    ]
  } finally {
    await database.drop()
  }
}

export const figures: Figure[] = [{ name: 'slow sellers', measure }]
