import { sql } from 'drizzle-orm'
import type { Db } from '../../core/db/client.ts'
import { readOverview } from '../../core/overview/overview.ts'
import { takeSales } from '../../core/overview/plots.ts'
import { countListings, takeStockDay } from '../../core/overview/refresh.ts'
import { connect, createBenchHub, startSandboxChild } from './hub.ts'
import { atMost, type Bench, type Figure, type Row } from './row.ts'
import { settleDown } from './server.ts'

const listings = 1_000_000
const orders = 1_000_000
/** Over which the orders are spread: a tenth of them fall into the days that are plotted. */
const orderDays = 300
const rounds = 20
/** What a person waits for the first page. */
const mostMs = 200

/** A hub as large as it gets: every figure of its first page in one answer. */
async function measure(bench: Bench): Promise<Row[]> {
  const sandbox = await startSandboxChild({ platform: 'woocommerce', rateScale: 1 })
  const database = await bench.server.clone()
  try {
    const hub = createBenchHub(database)
    const { id } = await connect(hub, 'woocommerce', sandbox, 1)
    await fill(hub.db, id)
    // As it is in a hub that runs: PostgreSQL vacuums by itself, and reads the index alone where it has.
    for (const table of ['orders', 'listings', 'listing_aspects', 'variants', 'stock_levels'])
      await hub.db.execute(sql.raw(`vacuum analyze ${table}`))
    await settleDown(database)
    const countedAt = performance.now()
    await countListings(hub.db, new Date())
    await takeStockDay(hub.db, new Date())
    await takeSales(hub.db, new Date())
    const countSeconds = (performance.now() - countedAt) / 1000
    const times: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now()
      await readOverview(hub.db, new Date(), { timeZone: 'Europe/Berlin', deadJobs: 0 })
      times.push(performance.now() - startedAt)
    }
    times.sort((a, b) => a - b)
    const name = `overview, ${listings} listings and ${orders} orders`
    return [
      atMost(`${name}, p95`, times[Math.ceil(times.length * 0.95) - 1]!, mostMs, 'ms'),
      atMost(`${name}, what is counted beside it every few minutes`, countSeconds, 60, 's'),
    ]
  } finally {
    await database.drop()
    await sandbox.kill()
  }
}

async function fill(db: Db, connectionId: string): Promise<void> {
  const numbers = (count: number) => sql`generate_series(1, ${count}::int) number`
  await db.execute(
    sql`insert into products (id, key, title) select 'prd_' || number, 'P' || number, '{}' from ${numbers(listings)}`,
  )
  await db.execute(sql`
    insert into variants (id, product_id, sku, cost_minor, cost_currency)
    select 'var_' || number, 'prd_' || number, 'S' || number, 100, 'EUR' from ${numbers(listings)}`)
  await db.execute(sql`
    insert into listings (id, connection_id, variant_id, external_id, status)
    select 'lst_' || number, ${connectionId}, 'var_' || number, 'E' || number, 'live' from ${numbers(listings)}`)
  await db.execute(sql`
    insert into listing_aspects (listing_id, aspect, connection_id, revision, acknowledged_revision)
    select 'lst_' || number, aspect, ${connectionId}, 2, case when number % 100 = 0 then 1 else 2 end
    from ${numbers(listings)} cross join (values ('content'), ('price'), ('stock')) aspects(aspect)`)
  await db.execute(
    sql`insert into warehouses (id, code, name) values ('whs_bench', 'BENCH', 'Bench') on conflict do nothing`,
  )
  await db.execute(sql`
    insert into stock_levels (variant_id, warehouse_id, on_hand) select 'var_' || number, 'whs_bench', 5 from ${numbers(listings)}`)
  await db.execute(sql`
    insert into orders (id, connection_id, external_id, number, status, external_status, is_stock_held, placed_at, external_updated_at,
      external_fingerprint, currency, total_minor, ship_by)
    select 'ord_' || number, ${connectionId}, 'O' || number, 'O' || number,
      case when number % 200 = 0 then 'paid' when number % 200 = 1 then 'allocated' else 'completed' end, 'x', false,
      now() - (number % ${orderDays * 1440}::int) * interval '1 minute', now(), 'x', 'EUR', 1990, now() + (number % 96 - 24) * interval '1 hour'
    from ${numbers(orders)}`)
}

export const figures: Figure[] = [{ name: 'overview', measure }]
