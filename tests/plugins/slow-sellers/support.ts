import { sql } from 'drizzle-orm'
import { rows } from 'entrepot/sdk'
import type { Database } from '../../../core/db/client.ts'
import { systemClock } from '../../../core/lib/clock.ts'
import { migratePlugins } from '../../../core/plugins/migrate.ts'
import type { PluginDb } from '../../../core/sdk/plugin.ts'
import { type Finding, listFindings, storeFindings } from '../../../plugins/slow-sellers/findings.ts'
import { type Goods, saveGoods } from '../../../plugins/slow-sellers/goods.ts'
import { slowSellers } from '../../../plugins/slow-sellers/index.ts'
import { type Settings, settings } from '../../../plugins/slow-sellers/settings.ts'
import { rebuildStock } from '../../../plugins/slow-sellers/stock.ts'

export const policy = (changes: Partial<Settings> = {}): Settings => ({ ...settings.parse({}), ...changes })

export const migrate = (database: Database) => migratePlugins(database, [slowSellers], systemClock)

/** Goods with all that a test does not care for. */
export const goods = (id: string, changes: Partial<Goods> = {}): Goods => ({
  listing_id: id,
  connection_id: 'con_1',
  variant_id: `var_${id}`,
  product_id: `prd_${id}`,
  sku: id,
  external_id: null,
  title: `Title of ${id}`,
  category_key: 'cups',
  status: 'live',
  is_goods: true,
  currency: 'EUR',
  price_minor: 2000,
  sale_minor: null,
  floor_minor: 1500,
  cost_minor: 1000,
  on_hand: 0,
  created_on: '2024-01-01',
  wanting: [],
  ...changes,
})

export type Sold = { listing: string; day: string; units: number | null; revenue?: number | null }

/** Fills the plugin's own tables by its own hands. Stock is told as movements; what is on hand is their sum. */
export async function fill(
  { db }: Database,
  world: {
    goods: readonly Goods[]
    sold?: readonly Sold[]
    moved?: readonly { variant: string; day: string; units: number }[]
    sources?: Readonly<Record<string, string>>
  },
): Promise<void> {
  const { sold = [], moved = [], sources = {} } = world
  await db.execute(
    sql`truncate slow_sellers_goods, slow_sellers_days, slow_sellers_stock_days, slow_sellers_outages, slow_sellers_stock,
      slow_sellers_sources, slow_sellers_findings, slow_sellers_steps, slow_sellers_snapshots, slow_sellers_cursors, slow_sellers_baskets`,
  )
  const sums = new Map<string, number>()
  for (const { variant, units } of moved) sums.set(variant, (sums.get(variant) ?? 0) + units)
  const kept = world.goods.map((row) => ({ ...row, on_hand: sums.get(row.variant_id) ?? row.on_hand }))
  await saveGoods(db, kept, new Date('2026-01-01T00:00:00Z'))
  await db.execute(
    sql`insert into slow_sellers_days select listing, day, units, revenue from ${rows(
      sold,
      'listing text, day date, units integer, revenue bigint',
    )}`,
  )
  await db.execute(
    sql`insert into slow_sellers_stock_days select variant, day, sum(units) from ${rows(
      moved,
      'variant text, day date, units integer',
    )} group by 1, 2`,
  )
  await rebuildStock(db, [...sums.keys()])
  await db.execute(sql`update slow_sellers_goods goods set is_stock_kept = true, oldest_on = stock.oldest_on, mean_on = stock.mean_on
    from slow_sellers_stock stock where stock.variant_id = goods.variant_id`)
  const entries = Object.entries(sources).map(([id, day]) => ({ id, day }))
  await db.execute(
    sql`insert into slow_sellers_sources select id, day from ${rows(entries, 'id text, day date')}`,
  )
}

/** Judges and gives what was found by listing. */
export async function judge(
  { db }: Database,
  until: string,
  settings = policy(),
): Promise<Map<string, Finding>> {
  await storeFindings(db as unknown as PluginDb, until, settings)
  const found = await listFindings(db, { limit: 1_000_000 })
  return new Map(found.map((finding) => [finding.listingId, finding]))
}
