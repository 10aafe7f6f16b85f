import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { query } from '../../core/db/client.ts'
import { runImport } from '../../core/imports/run.ts'
import { findLedgerGaps } from '../../core/stock/levels.ts'
import { useDatabase } from '../support/database.ts'
import { cents, makeFolder, readOracle, removeFolders, sharedData } from './support.ts'

removeFolders()
const { folder, isMissing, note } = sharedData('olist')

describe.skipIf(isMissing)(`the Olist files${note}`, () => {
  const database = useDatabase()
  const read = (name: string) => readOracle(folder, `${name}.csv.gz`)
  const ask = async <Row>(statement: ReturnType<typeof sql>) =>
    (await query<Row>(database().db, statement))[0]!

  async function run(profile: string) {
    const rejectsPath = join(await makeFolder(), 'rejects.csv')
    return runImport({ db: database().db, profile, path: folder, actor: 'ann', rejectsPath })
  }

  test('all 5,460 products, with stock and the price they were last sold for; again changes nothing', async () => {
    const first = await run('olist-products')
    const [items, orders, files] = await Promise.all([
      read('olist_order_items_dataset'),
      read('olist_orders_dataset'),
      read('olist_products_dataset'),
    ])
    expect(files).toHaveLength(5460)
    const placed = new Map(orders.map((order) => [order.order_id!, order.order_purchase_timestamp!]))
    const byTime = items.toSorted((a, b) => (placed.get(a.order_id!)! < placed.get(b.order_id!)! ? -1 : 1))
    const lastPrice = new Map(byTime.map((item) => [item.product_id!, cents(item.price!)]))
    expect(first.counts).toMatchObject({
      rows: 5460,
      created: 5460,
      pricesSet: lastPrice.size,
      stockSet: 5460,
      rejected: 0,
    })

    const sums = sql`select count(*)::int as products, sum(weight_grams)::int as grams, sum(length_mm)::int as length, sum(width_mm)::int as width,
      sum(height_mm)::int as height, (select sum(amount_minor)::int from base_prices) as prices, (select sum(on_hand)::int from stock_levels) as stock from variants`
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
    const total = (column: string, factor: number) => sum(files.map((row) => Number(row[column]) * factor))
    expect(await ask(sums)).toEqual({
      products: 5460,
      grams: total('product_weight_g', 1),
      length: total('product_length_cm', 10),
      width: total('product_width_cm', 10),
      height: total('product_height_cm', 10),
      prices: sum([...lastPrice.values()]),
      stock: items.length + 10 * files.length,
    })
    expect((await run('olist-products')).counts).toMatchObject({
      created: 0,
      changed: 0,
      same: 5460,
      pricesSet: 0,
      stockSet: 0,
    })
    expect(await findLedgerGaps(database().db)).toEqual([])
  })

  test('categories carry their English name; the few without one keep their own', async () => {
    const named = await query<{ key: string; name: Record<string, string> }>(
      database().db,
      sql`select key, name from categories where key in ('beleza_saude', 'pc_gamer') order by key`,
    )
    expect(named).toEqual([
      { key: 'beleza_saude', name: { 'pt-BR': 'beleza saude', en: 'health beauty' } },
      { key: 'pc_gamer', name: { 'pt-BR': 'pc gamer' } },
    ])
    const { without } = await ask<{ without: number }>(
      sql`select count(*)::int as without from products where category_id is null`,
    )
    expect(without).toBe(
      (await read('olist_products_dataset')).filter((row) => row.product_category_name === '').length,
    )
    const title = await ask<{ title: unknown }>(
      sql`select title from products where key = '03b63c5fc16691530586ae020c345514'`,
    )
    expect(title).toEqual({ title: { 'pt-BR': 'bebes 03b63c5f', en: 'baby 03b63c5f' } })
  })

  test('all 6,767 orders, exact to the cent; again changes nothing, and stock is untouched', async () => {
    const stock = sql`select sum(on_hand)::int as units, sum(reserved)::int as reserved from stock_levels`
    const before = await ask(stock)
    const report = await run('olist-orders')
    const [items, orders, payments] = await Promise.all([
      read('olist_order_items_dataset'),
      read('olist_orders_dataset'),
      read('olist_order_payments_dataset'),
    ])
    const withItems = new Set(items.map((item) => item.order_id))
    const owed = new Map<string, number>(orders.map((order) => [order.order_id!, 0]))
    for (const item of items)
      owed.set(item.order_id!, owed.get(item.order_id!)! + cents(item.price!) + cents(item.freight_value!))
    const paid = new Map<string, number>()
    for (const payment of payments)
      paid.set(payment.order_id!, (paid.get(payment.order_id!) ?? 0) + cents(payment.payment_value!))
    const differing = [...owed].filter(([id, total]) => paid.get(id) !== total)
    expect(report.counts).toMatchObject({
      rows: 6767,
      created: 6767,
      rejected: 0,
      noLines: 6767 - withItems.size,
      paymentDifferences: differing.length,
    })

    const sum = (rows: readonly Record<string, string>[], column: string) =>
      rows.reduce((total, row) => total + cents(row[column]!), 0)
    expect(
      await ask(sql`select (select count(*)::int from orders) as orders, (select count(*)::int from order_lines) as lines,
        (select count(*)::int from order_lines where variant_id is not null) as bound, (select sum(total_minor)::int from order_lines) as items,
        (select sum(amount_minor)::int from order_charges where kind = 'shipping') as freight, (select sum(total_minor)::int from orders) as total,
        (select sum(amount_minor)::int from order_payments) as paid, (select count(*)::int from order_payments) as payments`),
    ).toEqual({
      orders: 6767,
      lines: 6955,
      bound: 6955,
      items: sum(items, 'price'),
      freight: sum(items, 'freight_value'),
      total: sum(items, 'price') + sum(items, 'freight_value'),
      paid: sum(payments, 'payment_value'),
      payments: 7502,
    })
    expect((await run('olist-orders')).counts).toMatchObject({ created: 0, changed: 0, same: 6767 })
    expect(await ask(stock)).toEqual(before)
  })

  test("states are mapped, and Olist's own word is kept beside ours", async () => {
    const states = await query<{ theirs: string; ours: string; orders: number }>(
      database().db,
      sql`select external_status as theirs, status as ours, count(*)::int as orders from orders group by 1, 2 order by 1`,
    )
    expect(states).toEqual([
      { theirs: 'approved', ours: 'paid', orders: 2 },
      { theirs: 'canceled', ours: 'cancelled', orders: 463 },
      { theirs: 'created', ours: 'pending_payment', orders: 5 },
      { theirs: 'delivered', ours: 'delivered', orders: 4186 },
      { theirs: 'invoiced', ours: 'paid', orders: 275 },
      { theirs: 'processing', ours: 'paid', orders: 300 },
      { theirs: 'shipped', ours: 'shipped', orders: 956 },
      { theirs: 'unavailable', ours: 'cancelled', orders: 580 },
    ])
  })

  test('an order whose payments differ from its total is written down, not hidden', async () => {
    const { rejectsFile, counts } = await run('olist-orders')
    const noted = parse(await readFile(rejectsFile!), { columns: true, bom: true }) as Record<
      string,
      string
    >[]
    expect(noted).toHaveLength(counts.noLines + counts.paymentDifferences)
    expect(noted.every((row) => row.outcome === 'noted')).toBe(true)
    expect(noted.filter((row) => row.column === 'payments')[0]?.reason).toBe(
      'the payments are 84.00 BRL, the order totals 0.00 BRL',
    )
  })

  test('times are of São Paulo, summer time included', async () => {
    const winter = sql`select placed_at at time zone 'UTC' as at from orders where external_id = 'a4591c265e18cb1dcee52889e2d8acc3'`
    expect(await ask(winter)).toEqual({ at: '2017-07-10 00:57:05' })
    const { wrong } = await ask<{ wrong: number }>(
      sql`select count(*)::int as wrong from orders where placed_at at time zone 'America/Sao_Paulo' not between '2016-09-04 21:15:19' and '2018-05-31 22:16:08'`,
    )
    expect(wrong).toBe(0)
  })
})
