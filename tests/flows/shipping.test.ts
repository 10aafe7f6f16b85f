import { PDFDocument } from '@cantoo/pdf-lib'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dhlParcelDe } from '../../connectors/dhl-parcel-de/index.ts'
import { createDhlParcelDeSandbox } from '../../connectors/dhl-parcel-de/sandbox.ts'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { createApi } from '../../core/api/app.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { query } from '../../core/db/client.ts'
import { mappings } from '../../core/db/schema/index.ts'
import type { CourierSandbox } from '../../core/sdk/courier-sandbox.ts'
import type { RunningSandbox } from '../../core/sdk/sandbox.ts'
import { runBatch } from '../../core/sync/batch.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { type Queue, startQueue } from '../../core/sync/queue.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { hurriedClock, openCourier, prepare, sender } from '../shipments/support.ts'
import { withKey } from '../support/callers.ts'
import { useDatabase } from '../support/database.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { openProblems } from '../support/orders.ts'

type Json = Record<string, unknown>

/** A day's work: buyers order in a real shop, the parcels go with a real courier, and the shop is told. */
describe("shipping a day's orders", () => {
  const database = useDatabase()
  const shop = useSandbox(() =>
    createWooCommerceSandbox({ clock: { ...hurriedClock() }, currency: 'EUR', rateScale: 1_000_000 }),
  )
  let hub: Hub & { queue: Queue }
  let channel: Connection
  let courier: { sandbox: RunningSandbox<CourierSandbox>; connection: Connection }
  let api: ReturnType<typeof createApi>
  const call = async (method: string, path: string, json?: unknown) => {
    const body =
      json === undefined
        ? {}
        : { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } }
    const response = await api.request(path, { method, ...body })
    return {
      status: response.status,
      response,
      json: response.headers.get('content-type')?.includes('json')
        ? ((await response.clone().json()) as Json)
        : null,
    }
  }

  beforeAll(async () => {
    const queue = await startQueue(database(), { isWorker: false })
    hub = Object.assign(createTestHub(database(), [woocommerce, dhlParcelDe]), { queue })
    api = withKey(createApi(hub), hub.db)
    channel = await connect(hub, woocommerce, shop())
    courier = await openCourier(hub, dhlParcelDe, () => createDhlParcelDeSandbox({ clock: hurriedClock() }))
    await seed(hub, [
      { sku: 'CUP', stock: 100 },
      { sku: 'FOG', stock: 100 },
    ])
    await prepare(hub, { FOG: null })
    const berlin = {
      ...sender,
      addressLines: ['Torstraße 1'],
      city: 'Berlin',
      region: null,
      postcode: '10119',
      country: 'DE',
      phone: '+49 30 5550100',
    }
    await call('PUT', '/api/warehouses', { code: 'MAIN', name: 'Main', address: berlin })
    await call('PUT', '/api/packagings', {
      code: 'S',
      name: 'Small box',
      lengthMm: 250,
      widthMm: 200,
      heightMm: 150,
      tareGrams: 100,
      maxWeightGrams: 1200,
    })
    await hub.db
      .insert(mappings)
      .values({ connectionId: channel.id, kind: 'carrier', ours: 'dhl-parcel-de', theirs: 'dhl-germany' })
    await publishProducts(hub.db, channel.id, 'all', testAct())
    await settle(hub, [channel])
    for (let n = 0; n < 4; n += 1) shop().placeOrder({ lines: [{ sku: 'CUP', quantity: n === 0 ? 3 : 1 }] })
    shop().placeOrder({ lines: [{ sku: 'FOG', quantity: 1 }] })
    await settle(hub, [channel])
    const home = { country: 'DE', postcode: '50667', city: 'Köln' }
    await hub.db.execute(sql`update order_parties set party = party || ${JSON.stringify(home)}::text::jsonb`)
  })
  afterAll(async () => {
    await hub.queue.stop()
    await courier.sandbox.close()
  })

  test('all that can ship is booked together, once, and what cannot says why', async () => {
    const service = 'V01PAK'
    const started = await call('POST', '/api/shipment-batches', {
      connectionId: courier.connection.id,
      service,
    })
    expect(started).toMatchObject({ status: 202, json: { orders: 5, booked: 0 } })
    const batchId = started.json!.id as string
    // Two workers at once, as after a takeover.
    await Promise.all([runBatch(hub, { batchId }), runBatch(hub, { batchId })])
    await runTask(hub, 'once', courier.connection.id)
    const { json: batch } = await call('GET', `/api/shipment-batches/${batchId}`)
    expect(batch).toMatchObject({
      orders: 5,
      booked: 4,
      planned: 0,
      refused: 0,
      finishedAt: expect.any(String),
    })
    expect(batch!.skipped).toEqual([
      expect.objectContaining({ reason: expect.stringContaining('FOG has no weight') }),
    ])
    expect(await openProblems(hub.db, 'not_shippable')).toHaveLength(1)
    // Three cups of 500 g do not fit into one box of 1,200 g.
    expect(courier.sandbox.shipments().flatMap((shipment) => shipment.trackingNumbers)).toHaveLength(5)
  })

  test('its labels are one file in order, and the courier signs a manifest', async () => {
    const [batch] = await query<{ id: string }>(hub.db, sql`select id from shipment_batches`)
    const labels = await call('GET', `/api/shipment-batches/${batch!.id}/labels`)
    expect(labels.response.headers.get('content-type')).toBe('application/pdf')
    expect((await PDFDocument.load(await labels.response.arrayBuffer())).getPageCount()).toBe(5)
    const manifest = await call('GET', `/api/shipment-batches/${batch!.id}/manifest`)
    expect((await PDFDocument.load(await manifest.response.arrayBuffer())).getPageCount()).toBe(1)
  })

  test('handed over, stock leaves and the shop is told each parcel with its own number, in its own word for the carrier', async () => {
    const [batch] = await query<{ id: string }>(hub.db, sql`select id from shipment_batches`)
    expect((await call('POST', `/api/shipment-batches/${batch!.id}/hand-over`)).json).toMatchObject({
      handedOverAt: expect.any(String),
    })
    expect((await call('POST', `/api/shipment-batches/${batch!.id}/hand-over`)).status).toBe(200)
    await settle(hub, [channel])
    const told = await query<{ carrier: string; number: string; state: string }>(
      hub.db,
      sql`select input ->> 'carrier' as carrier, input ->> 'trackingNumber' as number, state from once_calls where operation = 'confirmShipment'`,
    )
    expect(new Set(told.map((row) => row.number))).toEqual(
      new Set(courier.sandbox.shipments().flatMap((shipment) => shipment.trackingNumbers)),
    )
    expect(told.every((row) => row.state === 'done')).toBe(true)
    const notes = shop()
      .orders()
      .flatMap(({ externalId }) => shop().notesOf(externalId))
    expect(notes.filter((note) => note.includes('Shipped with dhl-germany'))).toHaveLength(told.length)
    expect(
      shop()
        .orders()
        .filter((order) => order.isShipped),
    ).toHaveLength(4)
    const [level] = await query<{ onHand: number }>(
      hub.db,
      sql`select on_hand::int as "onHand" from stock_levels level join variants v on v.id = level.variant_id where v.sku = 'CUP'`,
    )
    expect(level!.onHand).toBe(94)
  })

  test('a delivered parcel is seen on the shipment, its scans beside it', async () => {
    const [shipment] = courier.sandbox.shipments()
    for (const number of shipment!.trackingNumbers) courier.sandbox.scan(number, 'delivered')
    await hub.db.execute(sql`update parcels set ask_at = now() - interval '1 second', asked_at = null`)
    await runTask(hub, 'tracking', courier.connection.id)
    const { json } = await call('GET', `/api/shipments/${shipment!.reference}`)
    expect(json).toMatchObject({
      deliveredAt: expect.any(String),
      parcels: expect.arrayContaining([expect.objectContaining({ state: 'delivered' })]),
    })
  })
})
