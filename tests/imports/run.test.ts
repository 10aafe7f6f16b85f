import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { eq, sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { query } from '../../core/db/client.ts'
import {
  basePrices,
  imports,
  products,
  stockLevels,
  variants,
  warehouses,
} from '../../core/db/schema/index.ts'
import { loadProfile } from '../../core/imports/profiles.ts'
import type { ImportProgress } from '../../core/imports/report.ts'
import { type ImportOptions, runImport } from '../../core/imports/run.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse, findLedgerGaps } from '../../core/stock/levels.ts'
import { useDatabase } from '../support/database.ts'
import { makeFile, makeFolder, productProfile, removeFolders } from './support.ts'

removeFolders()
const database = useDatabase()
const clock = manualClock('2024-05-01T10:00:00Z')

/** Imports into the test's database; the rejects file is parsed. */
async function importFile(path: string, options: Partial<ImportOptions> = {}) {
  const rejectsPath = join(await makeFolder(), 'rejects.csv')
  const { db } = database()
  const report = await runImport({
    db,
    profile: productProfile(),
    path,
    actor: 'ann',
    clock,
    rejectsPath,
    ...options,
  })
  const text = report.rejectsFile ? await readFile(report.rejectsFile) : ''
  const rejects = parse(text, { columns: true, bom: true }) as Record<string, string>[]
  return { report, rejects }
}

const skusLike = (prefix: string) =>
  query<{ sku: string; title: Record<string, string>; price: string | null; stock: string | null }>(
    database().db,
    sql`select v.sku, p.title, price.amount_minor as price, level.on_hand as stock from variants v join products p on p.id = v.product_id
      left join base_prices price on price.variant_id = v.id left join stock_levels level on level.variant_id = v.id
      where v.sku like ${`${prefix}%`} order by v.sku`,
  )

test('an import can be repeated without doubling: the second run creates and changes nothing', async () => {
  const file = await makeFile('sku,title,price,stock\nR1,One,1.00,5\nR2,Two,2.00,0\nR3,Three,,\n')
  const first = await importFile(file)
  expect(first.report.counts).toMatchObject({
    rows: 3,
    created: 3,
    changed: 0,
    pricesSet: 2,
    stockSet: 1,
    rejected: 0,
  })
  const second = await importFile(file)
  expect(second.report.counts).toMatchObject({
    rows: 3,
    created: 0,
    changed: 0,
    same: 3,
    pricesSet: 0,
    stockSet: 0,
  })
  expect(await skusLike('R')).toEqual([
    { sku: 'R1', title: { en: 'One' }, price: '100', stock: '5' },
    { sku: 'R2', title: { en: 'Two' }, price: '200', stock: null },
    { sku: 'R3', title: { en: 'Three' }, price: null, stock: null },
  ])
  expect(await findLedgerGaps(database().db)).toEqual([])
})

test('a newer file changes what it says and nothing else', async () => {
  await importFile(await makeFile('sku,title,price,stock\nN1,One,1.00,5\nN2,Two,2.00,5\nN3,Three,3.00,5\n'))
  const { report } = await importFile(
    await makeFile('sku,title,price,stock\nN1,Uno,1.00,5\nN2,Two,2.50,\nN3,Three,,4\n'),
  )
  expect(report.counts).toMatchObject({ created: 0, changed: 1, same: 2, pricesSet: 1, stockSet: 1 })
  expect(await skusLike('N')).toEqual([
    { sku: 'N1', title: { en: 'Uno' }, price: '100', stock: '5' },
    { sku: 'N2', title: { en: 'Two' }, price: '250', stock: '5' },
    { sku: 'N3', title: { en: 'Three' }, price: '300', stock: '4' },
  ])
})

test('bad rows are written with place and reason, formulas made harmless; good ones are imported', async () => {
  const { report, rejects } = await importFile(
    await makeFile('sku,title,price,stock\nB1,Good,1.00,1\n=cmd(),Bad,0,1\nB2,Bad,1.00,-4\nB3,Good,3.00,3\n'),
  )
  expect(report.counts).toMatchObject({ rows: 4, created: 2, rejected: 2 })
  expect(rejects).toEqual([
    {
      outcome: 'rejected',
      file: 'goods.csv',
      line: '3',
      column: 'price',
      reason: 'zero is no price: it must be more than zero',
      row: "'=cmd(),Bad,0,1",
    },
    {
      outcome: 'rejected',
      file: 'goods.csv',
      line: '4',
      column: 'stock',
      reason: 'the stock must be 0 or more, not -4',
      row: 'B2,Bad,1.00,-4',
    },
  ])
  expect((await skusLike('B')).map((row) => row.sku)).toEqual(['B1', 'B3'])
})

test('a SKU that stands twice in a file: the second row is refused and names the first', async () => {
  const { report, rejects } = await importFile(
    await makeFile('sku,title,price\nD1,First,1.00\nD2,Other,1.00\nD1,Second,9.00\n'),
  )
  expect(report.counts).toMatchObject({ created: 2, rejected: 1 })
  expect(rejects).toMatchObject([{ line: '4', column: 'sku', reason: 'SKU D1 stands in line 2 already' }])
  expect((await skusLike('D1'))[0]).toMatchObject({ title: { en: 'First' }, price: '100' })
})

test('one row the database refuses costs that row only, whatever batch it is in', async () => {
  const { db } = database()
  await db.execute(sql`alter table variants add constraint test_poison check (sku not like 'P%13')`)
  const rows = Array.from({ length: 120 }, (_, at) => `P${at},Title ${at},1.00,2\n`).join('')
  const { report, rejects } = await importFile(await makeFile(`sku,title,price,stock\n${rows}`), {
    batchSize: 50,
  })
  expect(report.counts).toMatchObject({ rows: 120, created: 118, pricesSet: 118, stockSet: 118, rejected: 2 })
  expect(rejects.map((row) => row.line)).toEqual(['15', '115'])
  expect(rejects[0]?.reason).toMatch(/^the database refused it: .*test_poison/)
  expect(await skusLike('P')).toHaveLength(118)
  await db.execute(sql`alter table variants drop constraint test_poison`)
})

test('what is no fault of a row stops the import, leaves it unfinished, and can be repeated', async () => {
  const { db } = database()
  await db.execute(sql`alter table base_prices rename to hidden_prices`)
  const file = await makeFile('sku,title,price\nL1,One,1.00\n')
  await expect(importFile(file)).rejects.toThrow()
  await db.execute(sql`alter table hidden_prices rename to base_prices`)
  expect(await skusLike('L')).toEqual([])
  const open = await db.select().from(imports).where(sql`finished_at is null`)
  expect(open).toHaveLength(1)
  expect((await importFile(file)).report.counts.created).toBe(1)
})

test('a file that breaks off: what stands before is imported, the report says where it stopped', async () => {
  const { report } = await importFile(await makeFile('sku,title\nC1,One\nC2,"Two\nC3,Three\n'))
  expect(report.stoppedBy).toContain('cannot be read from line 3 on')
  expect(report.counts).toMatchObject({ rows: 1, created: 1 })
})

test('nothing is written when the file does not fit', async () => {
  const count = async () => (await database().db.select().from(imports)).length
  const before = await count()
  await expect(importFile(await makeFile('id,name\n1,One\n'))).rejects.toThrow('lacks the columns sku, title')
  await expect(importFile(join(await makeFolder(), 'no.csv'))).rejects.toThrow('There is no file or folder')
  expect(await count()).toBe(before)
})

test('the import is on record with its counts, and progress was told', async () => {
  const seen: ImportProgress[] = []
  const file = await makeFile('sku,title\nI1,One\nI2,\nI3,Three\n')
  const { report } = await importFile(file, { batchSize: 2, onProgress: (progress) => seen.push(progress) })
  const [row] = await database().db.select().from(imports).where(eq(imports.id, report.id))
  expect(row).toMatchObject({
    profile: 'test-goods',
    source: file,
    actor: 'ann',
    rejectsFile: report.rejectsFile,
  })
  expect(row?.finishedAt).toEqual(clock.now())
  expect(row?.counts).toEqual(report.counts)
  expect(seen.map((progress) => progress.rows)).toEqual([2, 3])
  expect(seen.at(-1)).toMatchObject({ bytesTotal: 30, bytesRead: 30 })
})

describe('products with several variants', () => {
  const header = 'sku,product,title,size,price\n'
  const run = async (rows: string) =>
    importFile(await makeFile(header + rows), { profile: await loadProfile('products'), batchSize: 2 })

  test('rows with one product key are its variants, over batches', async () => {
    const { report } = await run('V1,SHIRT,Shirt,S,\nV2,SHIRT,Shirt,M,\nV3,SHIRT,Shirt,L,\n')
    expect(report.counts).toMatchObject({ created: 3, rejected: 0 })
    const { db } = database()
    const [product] = await db.select().from(products).where(eq(products.key, 'SHIRT'))
    expect(product).toMatchObject({ title: { en: 'Shirt' }, optionNames: ['Size'] })
    const sizes = await db
      .select()
      .from(variants)
      .where(eq(variants.productId, product!.id))
      .orderBy(variants.sku)
    expect(sizes.map((variant) => variant.options)).toEqual([{ Size: 'S' }, { Size: 'M' }, { Size: 'L' }])
    const again = await run('V1,SHIRT,Shirt,S,\nV2,SHIRT,Shirt,M,\nV3,SHIRT,Shirt,L,\n')
    expect(again.report.counts).toMatchObject({ created: 0, changed: 0, same: 3 })
  })

  test('a row that tells the product otherwise is refused', async () => {
    const { rejects } = await run('V5,CAP,Cap,S,\nV6,CAP,Hat,M,\nV7,CAP,Hat,L,\n')
    expect(rejects.map((row) => [row.line, row.column])).toEqual([
      ['3', 'productKey'],
      ['4', 'productKey'],
    ])
  })
})

describe('files of stock or prices only', () => {
  test('they change SKUs that are known; others are refused', async () => {
    await importFile(await makeFile('sku,title\nS1,One\nS2,Two\n'))
    await database().db.insert(warehouses).values({ id: 'whs_b', code: 'B', name: 'Second', priority: 5 })
    const stock = await makeFile('sku,quantity,warehouse\nS1,4,\nS1,6,B\nS2,1,X\nS9,1,\nS2,,\n')
    const counted = await importFile(stock, { profile: 'stock' })
    expect(counted.report.counts).toMatchObject({ rows: 5, stockSet: 1, rejected: 3 })
    expect(counted.rejects.map((row) => [row.line, row.reason]).sort()).toEqual([
      ['4', 'there is no warehouse with the code "X"'],
      ['5', 'the SKU S9 is not in the catalogue: import its product first'],
      ['6', 'quantity is empty'],
    ])
    const levels = await database()
      .db.select()
      .from(stockLevels)
      .innerJoin(variants, eq(variants.id, stockLevels.variantId))
      .where(eq(variants.sku, 'S1'))
    expect(levels.map((row) => row.stock_levels.onHand).sort()).toEqual([4, 6])
    const prices = await makeFile('sku,price,currency\nS1,5.00,EUR\nS1,6.00,GBP\nS1,7.00,EUR\n')
    const priced = await importFile(prices, { profile: 'prices' })
    expect(priced.report.counts).toMatchObject({ rows: 3, pricesSet: 2, rejected: 1 })
    expect(
      await database()
        .db.select()
        .from(basePrices)
        .where(sql`amount_minor in (500, 600) and source = 'import prices'`),
    ).toHaveLength(2)
  })

  test('opening stock does not undo what was sold since', async () => {
    const file = await makeFile('sku,title,stock\nO1,One,10\n')
    const profile = productProfile({ stock: 'opening' })
    await importFile(file, { profile })
    const { db } = database()
    const [variant] = await db.select().from(variants).where(eq(variants.sku, 'O1'))
    await db.transaction(async (tx) => {
      const warehouseId = await defaultWarehouse(tx)
      await changeStock(tx, [{ variantId: variant!.id, warehouseId, delta: -3, reason: 'sold' }], 'adjust', {
        actor: 'ann',
        now: clock.now(),
      })
    })
    expect((await importFile(file, { profile })).report.counts.stockSet).toBe(0)
    expect((await skusLike('O'))[0]?.stock).toBe('7')
    expect((await importFile(file)).report.counts.stockSet).toBe(1)
    expect((await skusLike('O'))[0]?.stock).toBe('10')
  })
})
