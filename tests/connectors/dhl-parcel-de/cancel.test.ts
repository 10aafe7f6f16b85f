import { afterEach, beforeEach, expect, test } from 'vitest'
import { isPlausible } from '../../../connectors/dhl-parcel-de/shipment-number.ts'
import { booking, cancellationOf, type Depot, openDepot, operations, ordersCall, parcel } from './support.ts'

let depot: Depot
beforeEach(async () => {
  depot = await openDepot()
})
afterEach(() => depot.close())

const { cancelShipment } = operations
const find = cancelShipment.find as Exclude<typeof cancelShipment.find, string>
const pair = () =>
  depot.book(booking({ parcels: [parcel, parcel], shipAt: new Date('2026-03-02T12:00:00.000Z') }))

test('all parcels of a booking are deleted by one call, and found to be', async () => {
  const cancellation = cancellationOf(await pair())
  expect(await find(depot.client, cancellation, 'k')).toBeNull()
  await cancelShipment.run(depot.client, cancellation, 'k')
  expect(depot.heard('DELETE', '/orders')).toHaveLength(1)
  expect(depot.sandbox.shipments()[0]!.isCancelled).toBe(true)
  expect(await find(depot.client, cancellation, 'k')).toBe(true)
})

test('what is deleted already counts as done', async () => {
  const cancellation = cancellationOf(await pair())
  await cancelShipment.run(depot.client, cancellation, 'k')
  await expect(cancelShipment.run(depot.client, cancellation, 'k')).resolves.toBe(true)
})

test('a shipment is also known by the id of the whole', async () => {
  const booked = await pair()
  await cancelShipment.run(depot.client, { ...cancellationOf(booked), trackingNumbers: [] }, 'k')
  expect(depot.sandbox.shipments()[0]!.isCancelled).toBe(true)
})

test('the rest of a half deleted booking is deleted', async () => {
  const cancellation = cancellationOf(await pair())
  await cancelShipment.run(
    depot.client,
    { ...cancellation, trackingNumbers: cancellation.trackingNumbers.slice(1) },
    'k',
  )
  expect(await find(depot.client, cancellation, 'k')).toBeNull()
  await expect(cancelShipment.run(depot.client, cancellation, 'k')).resolves.toBe(true)
  expect(depot.sandbox.shipments()[0]!.isCancelled).toBe(true)
})

test.each([0, 3])('what was closed %i days ago is refused, not taken for deleted', async (days) => {
  const cancellation = cancellationOf(await pair())
  depot.sandbox.closeDay()
  depot.clock.advance(days * 86_400_000)
  await expect(cancelShipment.run(depot.client, cancellation, 'k')).rejects.toMatchObject({
    kind: 'rejected',
    vendorMessage: expect.stringContaining('cannot be changed any more'),
  })
  expect(await find(depot.client, cancellation, 'k')).toBeNull()
})

test('a refusal of something else is not taken for deleted', async () => {
  const cancellation = cancellationOf(await pair())
  depot.sandbox.faults.add({
    kind: 'status',
    status: 400,
    body: JSON.stringify({ status: { title: 'Bad Request', status: 400, detail: 'profile: unknown' } }),
    when: ordersCall('DELETE'),
  })
  await expect(cancelShipment.run(depot.client, cancellation, 'k')).rejects.toMatchObject({
    kind: 'rejected',
  })
})

test.each(['00340434161094000000', 'CD530123544DE'])(
  '%s, which DHL cannot have given out, is refused',
  async (number) => {
    const cancellation = { externalId: number, trackingNumbers: [], reference: '' }
    await expect(cancelShipment.run(depot.client, cancellation, 'k')).rejects.toMatchObject({
      kind: 'rejected',
    })
  },
)

test('numbers of DHL keep their check digit, those of the stand-in too', async () => {
  const booked = (await pair()).parcels.map(({ trackingNumber }) => trackingNumber)
  for (const number of [...booked, '00340434161094015902', '340434161094042557', 'CD530123554DE', 'A0034'])
    expect(isPlausible(number), number).toBe(true)
})

test('a lost answer may be sent again', async () => {
  const cancellation = cancellationOf(await pair())
  depot.sandbox.faults.add({ kind: 'lost_answer', when: ordersCall('DELETE') })
  await expect(cancelShipment.run(depot.client, cancellation, 'k')).rejects.toMatchObject({
    kind: 'unavailable',
  })
  expect(await find(depot.client, cancellation, 'k')).toBe(true)
  await expect(cancelShipment.run(depot.client, cancellation, 'k')).resolves.toBe(true)
})
