import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { query } from '../../core/db/client.ts'
import { loadProfile } from '../../core/imports/profiles.ts'
import { runImport } from '../../core/imports/run.ts'
import { useDatabase } from '../support/database.ts'
import { cents, makeFolder, readAll, readOracle, removeFolders, sharedData } from './support.ts'

removeFolders()
const listings = sharedData('tmall-beauty')
const report = sharedData('tmall-orders-2020-02')
const database = useDatabase()
const ask = async <Row>(statement: ReturnType<typeof sql>) => (await query<Row>(database().db, statement))[0]!

async function run(profile: string, path: string) {
  const rejectsPath = join(await makeFolder(), 'rejects.csv')
  return runImport({ db: database().db, profile, path, actor: 'ann', rejectsPath })
}

describe.skipIf(listings.isMissing)(`the Tmall listing snapshots${listings.note}`, () => {
  const day = (text: string) =>
    text
      .split('/')
      .map((part) => part.padStart(2, '0'))
      .join('-')

  test('one product a listing, as it was on the last day it was seen; again changes nothing', async () => {
    const { counts } = await run('tmall-listings', listings.folder)
    const rows = await readOracle(listings.folder, 'listings.csv.gz')
    const last = new Map<string, Record<string, string>>()
    for (const row of rows) {
      const held = last.get(row.id!)
      if (!held || day(row.update_time!) > day(held.update_time!)) last.set(row.id!, row)
    }
    const distinct = new Set(rows.map((row) => Object.values(row).join('\u0001'))).size
    expect([rows.length, distinct, last.size]).toEqual([7285, 7266, 994])
    expect(counts).toMatchObject({
      rows: 7285,
      created: 994,
      pricesSet: 994,
      stockSet: 0,
      rejected: 0,
      duplicates: 19,
      superseded: 7266 - 994,
    })

    const stored = await query<{
      sku: string
      title: string
      price: string
      sales: string | null
      brand: string
    }>(
      database().db,
      sql`select v.sku, p.title->>'zh-CN' as title, price.amount_minor as price, p.attributes->>'saleCount' as sales, p.brand
        from variants v join products p on p.id = v.product_id join base_prices price on price.variant_id = v.id and price.currency = 'CNY'`,
    )
    const expected = [...last.values()].map((row) => ({
      sku: row.id!,
      title: row.title!.trim(),
      price: String(cents(row.price!)),
      sales: row.sale_count || null,
      brand: row.店名!,
    }))
    const bySku = (a: { sku: string }, b: { sku: string }) => (a.sku < b.sku ? -1 : 1)
    expect(stored.sort(bySku)).toEqual(expected.sort(bySku))
    expect((await run('tmall-listings', listings.folder)).counts).toMatchObject({
      created: 0,
      changed: 0,
      same: 994,
      pricesSet: 0,
    })
  })

  test('no figure is not zero, and the postage top-up is marked as no goods', async () => {
    const found = await ask(sql`select count(*) filter (where attributes ? 'saleCount')::int as counted,
      count(*) filter (where attributes->>'saleCount' = '' or attributes->>'commentCount' = '')::int as empty,
      array_agg(key) filter (where attributes->>'isGoods' = 'false') as postage from products where key like 'A%'`)
    const rows = await readOracle(listings.folder, 'listings.csv.gz')
    const counted = new Set(rows.filter((row) => row.sale_count !== '').map((row) => row.id)).size
    expect(found).toEqual({ counted, empty: 0, postage: ['A13269981691'] })
  })

  test('for a replay every snapshot can be read, with its day, and without a database', async () => {
    const { records, refusals, skipped } = await readAll(await loadProfile('tmall-listings'), listings.folder)
    expect([records.length, refusals.length, skipped]).toEqual([7266, 0, 19])
    const days = Map.groupBy(records, ({ record }) =>
      'snapshot' in record ? record.snapshot?.at.toISOString() : '',
    )
    expect(days.size).toBe(10)
    expect(days.get('2016-11-10T16:00:00.000Z')?.length).toBe(672)
  })
})

describe.skipIf(report.isMissing)(`the Tmall order report${report.note}`, () => {
  test('all 12,358 orders, and on every paid one net paid and refund make the total', async () => {
    const { counts } = await run('tmall-orders', report.folder)
    expect(counts).toMatchObject({ rows: 12_358, created: 12_358, rejected: 0, paymentDifferences: 0 })
    const rows = await readOracle(report.folder, 'tmall_order_report.csv.gz')
    const paid = rows.filter((row) => row.订单付款时间 !== '')
    const sum = (of: readonly Record<string, string>[], column: string) =>
      of.reduce((total, row) => total + cents(row[column]!), 0)
    expect(
      await ask(sql`select count(*)::int as orders, count(*) filter (where status = 'pending_payment')::int as unpaid, count(*) filter (where status = 'refunded')::int as refunded,
        sum(total_minor)::int as total, sum(refunded_minor)::int as refunds, (select sum(amount_minor)::int from order_payments) as paid,
        (select count(*)::int from order_payments) as payments from orders where currency = 'CNY'`),
    ).toEqual({
      orders: 12_358,
      unpaid: 12_358 - 10_614,
      refunded: paid.filter((row) => cents(row.退款金额!) === cents(row.总金额!)).length,
      total: sum(rows, '总金额'),
      refunds: sum(rows, '退款金额'),
      paid: sum(paid, '买家实际支付金额') + sum(paid, '退款金额'),
      payments: 10_614,
    })
    expect((await run('tmall-orders', report.folder)).counts).toMatchObject({
      created: 0,
      changed: 0,
      same: 12_358,
    })
  })

  test('provinces are written out and times are of Shanghai', async () => {
    const regions = await query<{ region: string }>(
      database().db,
      sql`select distinct party->>'region' as region from order_parties where role = 'ship_to' and party->>'country' = 'CN'`,
    )
    expect(regions).toHaveLength(31)
    expect(regions.every(({ region }) => /[省市区]$/.test(region))).toBe(true)
    expect(
      await ask(sql`select placed_at at time zone 'UTC' as at from orders where external_id = '1'`),
    ).toEqual({ at: '2020-02-20 16:00:00' })
  })
})

describe('rows of an order report that break its rule are refused', () => {
  const header = '订单编号,总金额,买家实际支付金额,收货地址,订单创建时间,订单付款时间,退款金额\n'
  test.each([
    ['90001,21,20,河北省,2020/2/20 23:59,2020/2/21 0:00,0', 'net paid and refund do not add up to the total'],
    [
      '90002,21,21,河北省,2020/2/20 23:59,2020/2/21 0:00,21',
      'net paid and refund do not add up to the total',
    ],
    ['90003,21,21,河北省,2020/2/20 23:59,,0', 'there is a payment or a refund, but no payment time'],
    ['90004,21,21,河北省,2020/2/30 23:59,2020/2/21 0:00,0', '"2020/2/30 23:59" is no date or time'],
  ])('%s', async (row, reason) => {
    const folder = await makeFolder()
    await writeFile(
      join(folder, 'tmall_order_report.csv'),
      `${header}90000,21,1.5,河北省,2020/2/20 23:59,2020/2/21 0:00,19.50\n${row}\n`,
    )
    const { records, refusals } = await readAll(await loadProfile('tmall-orders'), folder)
    expect(records).toHaveLength(1)
    expect(refusals).toMatchObject([{ line: 3, reason }])
  })
})
