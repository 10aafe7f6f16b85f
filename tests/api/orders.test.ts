import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { orders } from '../../core/db/schema/index.ts'
import { useDatabase } from '../support/database.ts'
import { settle } from '../support/hub.ts'
import { useApi, useShop } from './support.ts'
import { makeWorld, type World } from './world.ts'

describe('orders', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database)
  const call = (method: string, path: string, json?: unknown) => api().call(method, path, json)
  let world: World
  let at: string
  beforeAll(async () => {
    world = await makeWorld(api(), shop())
    at = `/api/orders/${world.orderId}`
  })
  const parcel = { carrier: 'DHL', trackingNumber: 'JJD01', shippedAt: '2026-05-04T12:00:00+02:00' }

  test('an order shows what was sold, paid, charged, to whom, and what happened', async () => {
    const { json } = await call('GET', at)
    expect(json).toMatchObject({
      status: 'allocated',
      lines: [{ sku: 'CUP', quantity: 3, missing: 0, unitPriceMinor: 1990 }],
      charges: [{ kind: 'shipping', amountMinor: 490 }],
      payments: [{ amountMinor: json.totalMinor }],
      timeline: [{ kind: 'imported' }, { kind: 'status', toStatus: 'allocated' }],
    })
    expect(json.parties.map(({ role }: { role: string }) => role)).toEqual(['buyer', 'ship_to'])
  })

  test('orders due soon come first, and only those', async () => {
    await database()
      .db.update(orders)
      .set({ shipBy: new Date('2031-01-02T00:00:00Z') })
      .where(eq(orders.id, world.orderId))
    const due = async (by: string) => (await call('GET', `/api/orders?dueBefore=${by}`)).json.items.length
    expect(await due('2031-01-01T00:00:00Z')).toBe(0)
    expect(await due('2031-01-03T00:00:00Z')).toBe(1)
    const none = await call('GET', `/api/orders?connectionId=con_none`)
    expect(none.json).toEqual({ items: [], next: null })
  })

  test('a line that is not there, or more units than are open, is refused', async () => {
    const { json: order } = await call('GET', at)
    const confirm = (lines: unknown[]) => call('POST', `${at}/confirm-shipment`, { ...parcel, lines })
    expect((await confirm([{ lineId: 'orl_none', quantity: 1 }])).json.error.field).toBe('lines')
    expect((await confirm([{ lineId: order.lines[0].id, quantity: 4 }])).json.error.field).toBe('lines')
    expect((await confirm([{ lineId: order.lines[0].id, quantity: 0 }])).json.error.field).toBe('lines')
  })

  test('a parcel is told once, however often it is asked for, in the word the shop uses for the carrier', async () => {
    await call('PUT', `/api/connections/${world.connection.id}/mappings/carrier`, {
      entries: [{ word: 'DHL', target: 'dhl_express' }],
    })
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', `${at}/confirm-shipment`, parcel)))
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
    expect(new Set(answers.map(({ json }) => json.callId)).size).toBe(1)
    await settle(api().hub, [world.connection])
    expect(shop().orders()[0]!.isShipped).toBe(true)
    const { json: order } = await call('GET', at)
    expect(order.calls).toMatchObject([{ operation: 'confirmShipment', state: 'done' }])
    expect(order.timeline.map(({ kind }: { kind: string }) => kind)).toContain('shipment_confirmed')
    expect((await call('POST', `${at}/confirm-shipment`, parcel)).json.state).toBe('done')
    const { json: audit } = await call('GET', `/api/audit?subject=${world.orderId}`)
    expect(audit.items).toMatchObject([{ action: 'order.confirmShipment', after: { carrier: 'DHL' } }])
    expect(shop().notesOf(order.externalId)).toEqual([expect.stringContaining('Shipped with dhl_express')])
  })

  test('money is given back once a reference, and never more than was paid', async () => {
    const { json: order } = await call('GET', at)
    const give = (reference: string, amountMinor: number, lineId = order.lines[0].id) =>
      call('POST', `${at}/refund`, {
        reference,
        amountMinor,
        reason: 'Scratched',
        lines: [{ lineId, quantity: 1, amountMinor }],
      })
    expect(await give('RMA-1', 500, 'orl_none')).toMatchObject({
      status: 400,
      json: { error: { field: 'lines.0.lineId' } },
    })
    const answers = await Promise.all([1, 2, 3].map(() => give('RMA-1', 500)))
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
    expect(await give('RMA-1', 600)).toMatchObject({ status: 409 })
    // The first is still on its way, and counts.
    expect(await give('RMA-2', order.totalMinor - 499)).toMatchObject({ status: 409 })
    await settle(api().hub, [world.connection])
    expect((await call('GET', at)).json.refundedMinor).toBe(500)
    expect(await give('RMA-2', order.totalMinor - 499)).toMatchObject({ status: 409 })
  })

  test('what has left cannot be cancelled; what has not is, at the shop', async () => {
    expect((await call('GET', at)).json.status).toBe('completed')
    expect(await call('POST', `${at}/cancel`, { reason: 'Too late' })).toMatchObject({ status: 409 })
    const [other] = (await call('GET', '/api/orders?status=paid')).json.items
    expect(await call('POST', `/api/orders/${other.id}/cancel`, { reason: 'Not ours' })).toMatchObject({
      status: 202,
      json: { state: 'waiting' },
    })
    await settle(api().hub, [world.connection])
    expect((await call('GET', `/api/orders/${other.id}`)).json.status).toBe('cancelled')
    expect(await call('POST', `/api/orders/${other.id}/confirm-shipment`, parcel)).toMatchObject({
      status: 409,
    })
  })

  test('a price step goes out once it is approved, by one person once', async () => {
    const [first] = world.proposalIds
    expect((await call('GET', '/api/proposals')).json.items).toHaveLength(2)
    const answers = await Promise.all([1, 2].map(() => call('POST', `/api/proposals/${first}/approve`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    await settle(api().hub, [world.connection])
    const { json } = await call('GET', `/api/proposals/${first}`)
    expect(json).toMatchObject({ status: 'applied', decidedBy: 'key:tests' })
    const sku = json.diff[0].subject
    expect(
      shop()
        .listings()
        .find((listing) => listing.sku === sku)?.price?.minor,
    ).toBe(9900)
  })

  test('a listing is taken off the shelf when asked; one of another connection is refused', async () => {
    const path = `/api/connections/${world.connection.id}/end`
    const refused = await call('POST', path, { listingIds: [world.listingId, 'lst_none'], reason: 'Out' })
    expect(refused).toMatchObject({ status: 400, json: { error: { field: 'listingIds' } } })
    const asked = await call('POST', path, { listingIds: [world.listingId], reason: 'Out of the range' })
    expect(asked).toMatchObject({ status: 202, json: { proposalId: null } })
    const listing = async () => (await call('GET', `/api/listings/${world.listingId}`)).json
    expect(await listing()).toMatchObject({ status: 'live', endingSince: expect.any(String) })
    await settle(api().hub, [world.connection])
    expect(await listing()).toMatchObject({ status: 'ended' })
  })
})
