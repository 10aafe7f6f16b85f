import type { PickupRequest } from 'entrepot/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { booking, type Depot, openDepot, operations, parcel, shop } from './support.ts'

let depot: Depot
beforeEach(async () => {
  depot = await openDepot()
})
afterEach(() => depot.close())

const { run, find } = operations.pickup as {
  run: typeof operations.pickup.run
  find: Exclude<typeof operations.pickup.find, string>
}
const request = (changes: Partial<PickupRequest> = {}): PickupRequest => ({
  reference: booking().reference,
  from: shop,
  readyAt: new Date('2026-03-03T08:00:00.000Z'),
  closesAt: new Date('2026-03-03T16:00:00.000Z'),
  parcels: [parcel, { ...parcel, weightGrams: 2350 }],
  trackingNumbers: ['00340434333000000011'],
  instructions: 'Ring twice',
  ...changes,
})

test('a pickup is ordered for its parcels, in German time, and found again', async () => {
  expect(await find(depot.client, request(), 'k')).toBeNull()
  const ordered = await run(depot.client, request(), 'k')
  expect(depot.heard('POST', '/pickup')[0]!.body).toMatchObject({
    customerDetails: { billingNumber: '22222222220801' },
    pickupLocation: {
      pickupAddress: { name1: 'Nordwind Becher GmbH', addressStreet: 'Sträßchensweg', addressHouse: '10' },
    },
    businessHours: [{ timeFrom: '09:00', timeUntil: '17:00' }],
    pickupDetails: {
      pickupDate: { value: '2026-03-03' },
      totalWeight: { value: 3351 },
      comment: 'Ring twice',
    },
    shipmentDetails: { shipments: [{ shipmentNo: '00340434333000000011' }, { transportationType: 'PAKET' }] },
  })
  expect(await find(depot.client, request(), 'k')).toEqual(ordered)
  expect(await find(depot.client, request({ reference: 'shp_01kjpq5m9te3vbqa8wz4hn0002' }), 'k')).toBeNull()
})

test('a lost answer is uncertain, and looking tells that it happened', async () => {
  depot.sandbox.faults.add({
    kind: 'lost_answer',
    when: ({ method, path }) => method === 'POST' && path.includes('pickup'),
  })
  await expect(run(depot.client, request(), 'k')).rejects.toMatchObject({ kind: 'uncertain' })
  expect(await find(depot.client, request(), 'k')).toEqual({
    externalId: depot.sandbox.pickups()[0]!.orderId,
  })
})

test('a refusal comes in the words of DHL, field by field', async () => {
  const past = {
    readyAt: new Date('2026-03-01T08:00:00.000Z'),
    closesAt: new Date('2026-03-01T16:00:00.000Z'),
  }
  await expect(run(depot.client, request(past), 'k')).rejects.toMatchObject({
    kind: 'rejected',
    status: 422,
    vendorCode: '456',
    issues: [{ field: 'pickupDetails.pickupDate', message: 'The pickup date lies in the past' }],
  })
})

test.each([
  ['a street without a house number', { from: { ...shop, addressLines: ['Am Markt'] } }, 'addressHouse'],
  ['two days', { closesAt: new Date('2026-03-04T08:00:00.000Z') }, 'businessHours'],
  ['instructions that would be cut', { instructions: 'x'.repeat(101) }, 'comment'],
])('%s is refused before anything is sent', async (_what, changes, field) => {
  const failure = await run(depot.client, request(changes), 'k').catch((error) => error)
  expect(failure).toMatchObject({ kind: 'rejected', issues: [{ field: expect.stringContaining(field) }] })
  expect(depot.exchanges).toEqual([])
})
