import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { type Db, query } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import { importOrders } from '../../core/orders/import.ts'
import type { RemoteOrder } from '../../core/sdk/model/order.ts'
import { fillCatalogue, skuOf } from './catalogue.ts'
import { benchAct, connect, createBenchHub, startSandboxChild } from './hub.ts'
import { type Bench, type Figure, median, ofFloor, type Row } from './row.ts'
import { settleDown } from './server.ts'

const orders = 5_000
const pageSize = 100
const skus = 2_000
/** The same import and its floor in turns: the median of each counts. */
const rounds = 3

/** Everything that one imported order adds rows to, with how a row is told to belong to an order. */
const tables = [
  { name: 'orders', order: 'id' },
  { name: 'order_lines', order: 'order_id' },
  { name: 'order_charges', order: 'order_id' },
  { name: 'order_payments', order: 'order_id' },
  { name: 'order_parties', order: 'order_id' },
  { name: 'order_events', order: 'order_id' },
  { name: 'reservations', order: '(select order_id from order_lines line where line.id = order_line_id)' },
  { name: 'stock_movements', order: '(select order_id from order_lines line where line.id = reference)' },
] as const

async function measure(bench: Bench): Promise<Row[]> {
  const sandbox = await startSandboxChild({ platform: 'woocommerce', rateScale: 1 })
  const imported: number[] = []
  const inserted: number[] = []
  try {
    for (let round = 0; round < rounds; round += 1) {
      const database = await bench.server.clone()
      const empty = await bench.server.clone()
      try {
        const hub = createBenchHub(database)
        const { id, name } = await connect(hub, 'woocommerce', sandbox, 1)
        await fillCatalogue(hub.db, skus, { connectionId: id, externalIds: new Map() })
        await copyCatalogue(hub.db, empty.db, id)
        await settleDown(database)
        imported.push(await importAll(hub.db, { id, name, ordersFrom: new Date(0) }))
        const statements = await readInserts(hub.db)
        await settleDown(empty)
        inserted.push(await insertAll(empty.url, statements))
      } finally {
        await database.drop()
        await empty.drop()
      }
    }
  } finally {
    await sandbox.kill()
  }
  const name = `order import, ${orders} orders in pages of ${pageSize}, against PostgreSQL's plain inserts of the same rows`
  return [ofFloor(name, median(imported), median(inserted), 0.3)]
}

/** The same catalogue and connection, so that the floor's rows find what they refer to. */
async function copyCatalogue(from: Db, to: Db, connectionId: string): Promise<void> {
  const [connection] = await query<object>(from, sql`select * from connections where id = ${connectionId}`)
  await to.execute(
    sql`insert into connections select * from jsonb_populate_record(null::connections, ${JSON.stringify(connection)}::text::jsonb)`,
  )
  const [warehouse] = await query<object>(from, sql`select * from warehouses`)
  await to.execute(
    sql`insert into warehouses select * from jsonb_populate_record(null::warehouses, ${JSON.stringify(warehouse)}::text::jsonb)`,
  )
  await fillCatalogue(to, skus, { connectionId, externalIds: new Map() })
}

async function importAll(db: Db, source: { id: string; name: string; ordersFrom: Date }): Promise<number> {
  const pages = Array.from({ length: orders / pageSize }, (_, page) =>
    Array.from({ length: pageSize }, (_, index) => makeOrder(page * pageSize + index)),
  )
  const startedAt = performance.now()
  for (const page of pages) await transact(db, (tx) => importOrders(tx, source, page, benchAct()))
  return (performance.now() - startedAt) / 1000
}

/** The rows of each page as one plain INSERT a table, with everything prepared but the sending. */
async function readInserts(db: Db): Promise<string[][]> {
  const pages: string[][] = Array.from({ length: orders / pageSize }, () => [])
  for (const { name, order } of tables) {
    const columns = await query<{ name: string }>(
      db,
      sql`
      select column_name as name from information_schema.columns where table_schema = 'public' and table_name = ${name} and is_identity = 'NO'
        and coalesce(column_default, '') not like 'nextval%' order by ordinal_position`,
    )
    const list = columns.map((column) => `"${column.name}"`).join(', ')
    const literals = columns.map((column) => `quote_nullable(t."${column.name}"::text)`).join(", ', ', ")
    const found = await query<{ page: number; values: string }>(
      db,
      sql.raw(`
      with numbered as (select id, (row_number() over (order by external_id) - 1) / ${pageSize} as page from orders)
      select numbered.page::int as page, string_agg('(' || concat(${literals}) || ')', ', ') as values
      from ${name} t join numbered on numbered.id = ${order.startsWith('(') ? order : `t.${order}`} group by 1`),
    )
    for (const { page, values } of found) pages[page]!.push(`insert into ${name} (${list}) values ${values}`)
  }
  return pages
}

/** One transaction a page, as the import has it. */
async function insertAll(url: string, pages: readonly string[][]): Promise<number> {
  const client = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await client`select 1`
    const startedAt = performance.now()
    for (const page of pages)
      await client.begin(async (tx) => {
        for (const statement of page) await tx.unsafe(statement)
      })
    return (performance.now() - startedAt) / 1000
  } finally {
    await client.end()
  }
}

/** One to three lines, a shipping charge, a payment, a buyer and an address. */
function makeOrder(number: number): RemoteOrder {
  const externalId = String(100_000 + number)
  const placedAt = new Date(Date.UTC(2026, 0, 1) + number * 60_000)
  const lines = Array.from({ length: 1 + (number % 3) }, (_, index) => ({
    externalId: `${externalId}-${index}`,
    sku: skuOf(1 + ((number * 7 + index * 611) % skus)),
    externalListingId: null,
    title: `Product ${number} of the bench`,
    quantity: 1,
    cancelledQuantity: 0,
    unitPriceMinor: 1990,
    discountMinor: 0,
    taxMinor: 318,
    totalMinor: 1990,
  }))
  const totalMinor = lines.length * 1990 + 490
  const address = {
    kind: 'clear' as const,
    name: `Buyer ${number}`,
    company: null,
    addressLines: [`Street ${number}`],
    postcode: '10115',
    city: 'Berlin',
    region: null,
    country: 'DE',
    phone: null,
    email: `buyer-${number}@example.com`,
  }
  return {
    externalId,
    number: externalId,
    status: 'paid',
    externalStatus: 'processing',
    isStockHeld: true,
    placedAt,
    updatedAt: placedAt,
    paidAt: placedAt,
    currency: 'EUR',
    totalMinor,
    refundedMinor: 0,
    lines,
    charges: [{ kind: 'shipping', label: 'Parcel', amountMinor: 490 }],
    payments: [{ method: 'card', amountMinor: totalMinor, paidAt: placedAt, reference: `pay-${number}` }],
    buyer: address,
    shipTo: address,
    shippingService: 'Parcel',
    shipBy: null,
    deliverBy: null,
  }
}

export const figures: Figure[] = [{ name: 'order import', measure }]
