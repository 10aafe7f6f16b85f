import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { query, rows } from '../../../core/db/client.ts'
import { ensureFileConnection } from '../../../core/imports/file-connection.ts'
import { runImport } from '../../../core/imports/run.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { savePluginSettings } from '../../../core/plugins/settings.ts'
import type { PluginContext } from '../../../core/sdk/plugin.ts'
import { changeStock } from '../../../core/stock/change.ts'
import { defaultWarehouse } from '../../../core/stock/levels.ts'
import type { Hub } from '../../../core/sync/hub.ts'
import { publishProducts } from '../../../core/sync/publish.ts'
import { slowSellers } from '../../../plugins/slow-sellers/index.ts'
import { cents, makeFolder, readOracle, removeFolders, sharedData } from '../../imports/support.ts'
import { useDatabase } from '../../support/database.ts'
import { createTestHub, testAct } from '../../support/hub.ts'
import { migrate } from './support.ts'

removeFolders()
const { folder, isMissing, note } = sharedData('olist')
const dayMs = 86_400_000
const end = '2018-06-01'
/** Not one sale in 90 days is slow, whatever the season; the opening stock is made up, so its cover and age judge nothing. */
const policy = {
  timeZone: 'America/Sao_Paulo',
  leastUnitsPer30Days: 0.05,
  coverDays: 36_500,
  stockAgeDays: 36_500,
}

type Sale = { day: string; units: number; revenueMinor: number }
type Product = { id: string; category: string | null; first: string; spare: number; sales: Sale[] }

/** Products that were sold, with what each day sold of them, from the files alone. */
async function readProducts(): Promise<Product[]> {
  const read = (name: string) => readOracle(folder, `olist_${name}_dataset.csv.gz`)
  const [orders, items, products] = await Promise.all([read('orders'), read('order_items'), read('products')])
  const byId = new Map(orders.map((order) => [order.order_id!, order]))
  const categories = new Map(products.map((row) => [row.product_id!, row.product_category_name || null]))
  const sold = [...Map.groupBy(items, (item) => item.product_id!)].map(([id, of]) => {
    const sales = of
      .map((item) => ({ order: byId.get(item.order_id!)!, revenueMinor: cents(item.price!) }))
      .filter(({ order }) => !['created', 'canceled', 'unavailable'].includes(order.order_status!))
      .map(({ order, revenueMinor }) => ({
        day: order.order_purchase_timestamp!.slice(0, 10),
        units: 1,
        revenueMinor,
      }))
      .toSorted((a, b) => (a.day < b.day ? -1 : 1))
    return {
      id,
      category: categories.get(id)!,
      first: sales[0]?.day ?? '',
      spare: of.length + 10,
      sales,
    }
  })
  return sold.filter(({ sales }) => sales.length > 0)
}

const isSlow = ({ first, sales }: Product, on: string): boolean => {
  const start = new Date(Date.parse(on) - 90 * dayMs).toISOString().slice(0, 10)
  const age = (Date.parse(on) - Date.parse(first)) / dayMs
  return age >= 60 && !sales.some(({ day }) => day >= start && day < on)
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0)

/** The back-test by hand: at each month's end what did not sell for 90 days goes, for good. */
function playByHand(products: readonly Product[]) {
  const first = products.map((product) => product.first).toSorted()[0]!
  const ends = Array.from({ length: 40 }, (_, index) =>
    new Date(Date.UTC(2016, 9 + index, 1)).toISOString().slice(0, 10),
  )
  const ended = new Set<string>()
  return ends
    .filter((on) => on > first && on <= end)
    .map((on) => {
      const live = products.filter((product) => product.first < on && !ended.has(product.id))
      const slow = live.filter((product) => isSlow(product, on))
      for (const { id } of slow) ended.add(id)
      const lost = slow.map(({ sales }) => sales.filter(({ day }) => day >= on))
      const left = slow.map(({ spare, sales }) => spare - sales.filter(({ day }) => day < on).length)
      return {
        on,
        live: live.length,
        ended: slow.length,
        'sold later': lost.filter((sales) => sales.length > 0).length,
        'lost units': lost.flat().length,
        'lost revenue':
          slow.length === 0
            ? 'none'
            : `${(total(lost.flat().map(({ revenueMinor }) => revenueMinor)) / 100).toFixed(2)} BRL`,
        'freed units': total(left),
      }
    })
}

describe.skipIf(isMissing)(`a back-test on the Olist orders${note}`, () => {
  const database = useDatabase()
  const clock = manualClock('2016-08-01T12:00:00Z')
  let hub: Hub
  let context: PluginContext
  let products: Product[]
  const run = (name: string, options: Record<string, string> = {}) =>
    slowSellers
      .commands!.find((command) => command.name === name)!
      .run({ args: [], options, actor: 'ann' }, { ...context, progress: () => {} })
  const importAll = async (profile: string) =>
    runImport({
      db: hub.db,
      profile,
      path: folder,
      actor: 'ann',
      clock,
      rejectsPath: join(await makeFolder(), 'rejects.csv'),
    })

  beforeAll(async () => {
    await migrate(database())
    hub = createTestHub(database(), [], { clock, plugins: [slowSellers] })
    context = hub.pluginContext('slow-sellers')
    await hub.db.transaction((tx) =>
      savePluginSettings(tx, slowSellers, { settings: policy }, testAct('boss')),
    )
    products = await readProducts()
    await importAll('olist-products')
    await importAll('olist-orders')
    await shelve()
    await moveStock()
    clock.advance(Date.parse(`${end}T12:00:00Z`) - clock.now().getTime())
    await run('analyse', { from: '2016-09-01' })
  }, 120_000)

  /** Whatever was sold stood on the shelf of the file's shop, since its first sale: no file says since when. */
  async function shelve(): Promise<void> {
    const shop = await ensureFileConnection(hub.db, { name: 'Olist file', currency: 'BRL', locale: 'pt-BR' })
    const known = rows(
      products.map(({ id, first }) => ({ sku: id, at: `${first}T12:00:00Z` })),
      'sku text, at timestamptz',
    )
    const found = await query<{ id: string }>(
      hub.db,
      sql`select distinct product_id as id from variants join ${known} using (sku)`,
    )
    const ids = found.map(({ id }) => id)
    await publishProducts(hub.db, shop.id, ids, { actor: 'ann', now: clock.now() })
    await hub.db.execute(sql`update listings set status = 'live', external_id = item.sku, created_at = item.at
      from variants join ${known} using (sku) where variants.id = listings.variant_id`)
  }

  /**
   * The import brings all stock in at once, and orders of a file leave it alone. Here it comes with a product's first
   * sale instead, and every day's sales go out of it.
   */
  async function moveStock(): Promise<void> {
    const variants = await query<{ id: string; sku: string }>(hub.db, sql`select id, sku from variants`)
    const idOf = new Map(variants.map(({ id, sku }) => [sku, id]))
    const warehouseId = await defaultWarehouse(hub.db)
    const empty = variants.map(({ id }) => ({
      variantId: id,
      warehouseId,
      onHand: 0,
      reason: 'Comes later',
    }))
    await hub.db.transaction((tx) => changeStock(tx, empty, 'count', { actor: 'ann', now: clock.now() }))
    const moves = products.flatMap(({ id, first, spare, sales }) => [
      { day: first, id, units: spare },
      ...sales.map(({ day, units }) => ({ day, id, units: -units })),
    ])
    const byDay = [...Map.groupBy(moves, (move) => move.day)].toSorted(([a], [b]) => (a < b ? -1 : 1))
    for (const [day, of] of byDay) {
      const edits = [...Map.groupBy(of, ({ id }) => id)].map(([sku, mine]) => ({
        variantId: idOf.get(sku)!,
        warehouseId,
        delta: total(mine.map(({ units }) => units)),
        reason: 'Came and went',
      }))
      const now = new Date(`${day}T15:00:00Z`)
      await hub.db.transaction((tx) => changeStock(tx, edits, 'adjust', { actor: 'ann', now }))
    }
  }

  test('slow sellers by category, with the age of their stock, are those of the files', async () => {
    const found = await query<{ category: string | null; live: number; slow: number; age: number | null }>(
      hub.db,
      sql`
      select goods.category_key as category, count(*)::int as live, (count(*) filter (where verdict = 'slow'))::int as slow,
        (sum(stock_age_days) filter (where verdict = 'slow'))::int as age
      from slow_sellers_findings join slow_sellers_goods goods using (listing_id) group by 1 order by 3 desc, 1`,
    )
    console.table(
      found
        .slice(0, 12)
        .map(({ age, ...row }) => ({ ...row, 'mean age': age && Math.round(age / row.slow) })),
    )
    const expected = [...Map.groupBy(products, ({ category }) => category)].map(([category, of]) => {
      const slow = of.filter((product) => isSlow(product, end))
      const age = total(slow.map(({ first }) => (Date.parse(end) - Date.parse(first)) / dayMs))
      return { category, live: of.length, slow: slow.length, age: slow.length > 0 ? age : null }
    })
    const byName = (a: { category: string | null }, b: { category: string | null }) =>
      (a.category ?? '') < (b.category ?? '') ? -1 : 1
    expect(found.toSorted(byName)).toEqual(expected.toSorted(byName))
    expect(total(found.map(({ slow }) => slow))).toBeGreaterThan(1000)
  })

  test("delisting at each month's end loses and frees exactly what the files say; without a cost no money is named", async () => {
    const months = (await run('backtest')) as Record<string, unknown>[]
    console.table(months)
    const byHand = playByHand(products)
    expect(byHand.length).toBe(21)
    expect(months).toMatchObject(byHand)
    expect(
      months.filter((row) => (row.ended as number) > 0).every((row) => row['freed money'] === 'no data'),
    ).toBe(true)
    expect(months.map((row) => row['cost unknown'])).toEqual(months.map((row) => row.ended))
  })

  test('with a cost the money freed is that of the units that were left', async () => {
    await hub.db.execute(sql`update variants set cost_minor = 700, cost_currency = 'BRL'`)
    await run('analyse', { from: '2016-09-01' })
    const months = (await run('backtest')) as Record<string, unknown>[]
    expect(months.map((row) => row['freed money'])).toEqual(
      playByHand(products).map((row) =>
        row.ended === 0 ? 'none' : `${(row['freed units'] * 7).toFixed(2)} BRL`,
      ),
    )
  })
})
