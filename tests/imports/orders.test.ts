import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { connections, orders } from '../../core/db/schema/index.ts'
import { ensureFileConnection } from '../../core/imports/file-connection.ts'
import { loadProfile, parseProfile } from '../../core/imports/profiles.ts'
import { runImport } from '../../core/imports/run.ts'
import { useDatabase } from '../support/database.ts'
import { makeFile, makeFolder, readAll, removeFolders } from './support.ts'

removeFolders()
const database = useDatabase()

const header =
  'order_id,status,placed_at,paid_at,currency,line,sku,title,quantity,unit_price,shipping,name,address,city,region,postcode,country\n'
const orderFile = (rows: readonly string[]) =>
  makeFile(header + rows.map((row) => `${row}\n`).join(''), 'orders.csv')
const tail = ',Ann,Street 1,Berlin,,10115,DE'

describe('one row a line', () => {
  test('rows that stand together are one order, its head read from the first', async () => {
    const file = await orderFile([
      `1,paid,2024-05-01T10:00:00Z,2024-05-01T10:01:00Z,EUR,a,SKU-1,Shirt,2,9.99,4.90${tail}`,
      `1,paid,,,,b,SKU-2,Socks,1,3.00,${tail}`,
      `2,pending_payment,2024-05-02 08:00,,EUR,a,SKU-1,Shirt,1,9.99,${tail}`,
    ])
    const { records, refusals } = await readAll(await loadProfile('orders'), file)
    expect(refusals).toEqual([])
    const [first, second] = records.map(({ record }) => ('order' in record ? record.order : null))
    expect(first).toMatchObject({
      externalId: '1',
      number: '1',
      totalMinor: 2788,
      paidAt: new Date('2024-05-01T10:01:00Z'),
    })
    expect(first?.lines.map((line) => [line.sku, line.quantity, line.totalMinor])).toEqual([
      ['SKU-1', 2, 1998],
      ['SKU-2', 1, 300],
    ])
    expect(first?.charges).toEqual([{ kind: 'shipping', label: 'Shipping', amountMinor: 490 }])
    expect(first?.shipTo).toMatchObject({
      kind: 'clear',
      name: 'Ann',
      addressLines: ['Street 1'],
      country: 'DE',
    })
    expect(second).toMatchObject({
      externalId: '2',
      status: 'pending_payment',
      placedAt: new Date('2024-05-02T08:00:00Z'),
    })
  })

  test('one bad line refuses its whole order, naming the line, and no other', async () => {
    const file = await orderFile([
      `1,paid,2024-05-01,,EUR,a,S,Shirt,2,9.99,${tail}`,
      `1,paid,2024-05-01,,EUR,b,S,Socks,0,3.00,${tail}`,
      `2,paid,2024-05-01,,EUR,a,S,Shirt,1,9.99,${tail}`,
      `3,lost,2024-05-01,,EUR,a,S,Shirt,1,9.99,${tail}`,
      `4,paid,2024-05-01,,EUR,a,S,Shirt,1,9.99,${tail},extra`,
      `2,paid,2024-05-01,,EUR,a,S,Shirt,1,9.99,${tail}`,
    ])
    const { db } = database()
    const rejectsPath = join(await makeFolder(), 'rejects.csv')
    const { counts } = await runImport({ db, profile: 'orders', path: file, actor: 'ann', rejectsPath })
    expect(counts).toMatchObject({ rows: 5, created: 1, rejected: 4 })
    const { refusals } = await readAll(await loadProfile('orders'), file)
    expect(refusals.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      [2, 'quantity', 'orders.csv line 3: the quantity must be 1 or more, not 0'],
      [
        5,
        'status',
        '"lost" is none of pending_payment, paid, shipped, delivered, completed, cancelled, refunded',
      ],
      [6, null, 'the row has 18 columns, the header 17'],
    ])
    const [stored] = await db.select().from(orders).where(eq(orders.externalId, '2'))
    expect(stored).toMatchObject({ totalMinor: 999, currency: 'EUR', status: 'paid' })
  })
})

describe('lines and payments in files of their own', () => {
  const profile = parseProfile(
    JSON.stringify({
      id: 'split',
      kind: 'orders',
      name: 'Split',
      description: 'For tests.',
      file: 'heads.csv',
      connection: 'Split file',
      currency: 'EUR',
      joins: {
        items: { file: 'items.csv', key: 'order', on: 'id', columns: ['no', 'sku', 'price'], keep: 'all' },
        money: { file: 'money.csv', key: 'order', on: 'id', columns: ['amount'], keep: 'all' },
      },
      fields: {
        externalId: 'id',
        status: { constant: 'paid' },
        externalStatus: 'state',
        placedAt: 'at',
        lines: {
          each: 'items',
          externalId: 'no',
          sku: 'sku',
          title: 'sku',
          quantity: { constant: '1' },
          unitPrice: 'price',
        },
        payments: [{ each: 'money', method: { constant: 'card' }, amount: 'amount' }],
      },
    }),
    'split.json',
  )
  const files = {
    'heads.csv': 'id,state,at\n1,ok,2024-05-01\n2,ok,2024-05-01\n3,ok,never\n4,ok,2024-05-01\n',
    'items.csv': 'order,no,sku,price\n1,1,A,10.00\n1,2,B,5.50\n3,1,A,1.00\n9,1,Z,1.00\n4,1,A,ten\n',
    'money.csv': 'order,amount\n1,10.00\n1,5.50\n2,8.00\n',
  }

  test('they find their order; an order without lines and a payment that differs are noted, not hidden', async () => {
    const { records } = await readAll(profile, await makeFolder(files))
    const found = records.map(({ record }) =>
      'order' in record
        ? [
            record.order.externalId,
            record.order.totalMinor,
            record.order.payments.length,
            record.notes.map((note) => note.text),
          ]
        : [],
    )
    expect(found).toEqual([
      ['1', 1550, 2, []],
      ['2', 0, 1, ['the order has no lines', 'the payments are 8.00 EUR, the order totals 0.00 EUR']],
    ])
  })

  test('a bad line names its own file; lines of no order are told; those of a refused order go with it', async () => {
    const { refusals } = await readAll(profile, await makeFolder(files))
    expect(refusals.map(({ file, line, column, reason }) => [file, line, column, reason])).toEqual([
      ['heads.csv', 4, 'at', '"never" is no date or time'],
      [
        'heads.csv',
        5,
        'price',
        'items.csv line 6: "ten" is no number like 12.90; a profile may set "decimal": ","',
      ],
      ['items.csv', 5, 'order', 'no row of the main file belongs to this one'],
    ])
  })

  test("the connection is made once, reserves nothing, and a shop's name is not taken over", async () => {
    const { db } = database()
    const wanted = { name: 'Split file', currency: 'EUR', locale: 'en' }
    const [one, two] = [await ensureFileConnection(db, wanted), await ensureFileConnection(db, wanted)]
    expect(one).toEqual(two)
    expect(one.ordersFrom).toBeNull()
    await db.insert(connections).values({
      id: 'con_shop',
      connector: 'woocommerce',
      name: 'My shop',
      settings: {},
      currency: 'EUR',
      locale: 'en',
    })
    await expect(ensureFileConnection(db, { ...wanted, name: 'My shop' })).rejects.toThrow(
      '"My shop" is a woocommerce shop',
    )
  })
})
