import type { TrackingRef } from 'entrepot/sdk'
import { describe, expect, test } from 'vitest'
import { toTrackingResults } from '../../../connectors/dhl-express/mapping-tracking.ts'
import { abroad, openDepot, ops, within } from './support.ts'

const ref = (trackingNumber: string): TrackingRef => ({
  trackingNumber,
  carrier: null,
  recipientPostcode: null,
  recipientPhone: null,
})
const one = (row: object, trackingNumber = '1234567890') =>
  toTrackingResults([ref(trackingNumber)], [row])[0]!
const event = (typeCode: string, changes: object = {}) => ({
  date: '2026-03-04',
  time: '10:00:00',
  typeCode,
  description: ' Scanned ',
  serviceArea: [{ code: 'LEJ', description: 'LEIPZIG-DE' }],
  ...changes,
})
const shipment = (events: object[], changes: object = {}) => ({
  shipmentTrackingNumber: '1234567890',
  events,
  ...changes,
})
const eventsOf = (row: object, trackingNumber?: string) => {
  const result = one(row, trackingNumber)
  if (!result.ok) throw result.error
  return result.tracking.events
}

describe('pullTracking', () => {
  test('asks for waybills and pieces in one call each, and answers in order', async () => {
    const { depot, client } = await openDepot()
    const first = await ops.bookShipment.run(client, abroad(), 'shp_1')
    const second = await ops.bookShipment.run(client, within({ reference: 'shp_2' }), 'shp_2')
    const before = depot.calls.length
    const numbers = [
      second.externalId,
      first.parcels[1]!.trackingNumber,
      'JD019999999999999999',
      first.parcels[0]!.trackingNumber,
    ]
    const results = await ops.pullTracking.run(client, numbers.map(ref))
    expect(depot.calls.length - before).toBe(2)
    expect(results.map((result) => (result.ok ? result.tracking.trackingNumber : result.error.kind))).toEqual(
      [numbers[0], numbers[1], 'not_found', numbers[3]],
    )
  })

  test('one piece that is delivered says nothing of the other', async () => {
    const { depot, client } = await openDepot()
    const { parcels, externalId } = await ops.bookShipment.run(client, abroad(), 'shp_1')
    const [first, second] = parcels.map(({ trackingNumber }) => trackingNumber)
    depot.scan(first!, 'delivered')
    depot.scan(second!, 'in_transit')
    const results = await ops.pullTracking.run(client, [first!, second!, externalId].map(ref))
    const states = results.map((result) =>
      result.ok ? result.tracking.events.map(({ state }) => state) : result.error.kind,
    )
    expect(states.slice(0, 2)).toEqual([['delivered'], ['in_transit']])
    expect(states[2]).toHaveLength(2)
  })

  test('a number that nobody knows is not found, and takes no other down', async () => {
    const { client } = await openDepot()
    const results = await ops.pullTracking.run(client, [ref('9999999999'), ref('JD0')])
    expect(results.map((result) => (result.ok ? 'ok' : result.error.kind))).toEqual([
      'not_found',
      'not_found',
    ])
  })

  test('a 404 that is not in the words of MyDHL is a failure, and no news of a parcel', async () => {
    const { depot, client } = await openDepot()
    depot.faults.add({ kind: 'status', status: 404, body: 'no such page' })
    await expect(ops.pullTracking.run(client, [ref('9999999999')])).rejects.toMatchObject({
      kind: 'not_found',
    })
  })
})

describe('events', () => {
  test('tell when, where, what and in whose words', () => {
    expect(eventsOf(shipment([event('OK')]))).toEqual([
      {
        at: new Date('2026-03-04T10:00:00Z'),
        state: 'delivered',
        incident: null,
        code: 'OK',
        description: 'Scanned',
        location: 'LEIPZIG-DE',
      },
    ])
  })

  test('keep their offset where DHL tells one', () => {
    const [told] = eventsOf(shipment([event('PU', { GMTOffset: '+09:00' })]))
    expect(told!.at).toEqual(new Date('2026-03-04T01:00:00Z'))
  })

  test.each([
    ['NH', 'in_transit', 'recipient_absent'],
    ['UD', 'in_transit', 'customs_hold'],
    ['DD', 'delivered', 'damaged'],
    ['DS', 'lost', 'other'],
    ['RT', 'returned', null],
    ['CC', 'awaiting_pickup', null],
    ['RR', null, null],
  ])('%s is %s with %s', (code, state, incident) => {
    expect(eventsOf(shipment([event(code)]))).toMatchObject([{ state, incident, code }])
  })

  test('a code that nobody knows moves nothing and keeps its words', () => {
    expect(eventsOf(shipment([event('ZZ')]))).toMatchObject([
      { state: null, incident: null, code: 'ZZ', description: 'Scanned' },
    ])
  })

  test('of a piece among several are its own, and what customs did with the whole', () => {
    const piece = (trackingNumber: string, events: object[]) => ({ trackingNumber, events })
    const row = shipment([event('OK'), event('UD'), event('WC')], {
      pieces: [piece('JD1', [event('PU')]), piece('JD2', [event('OK')])],
    })
    expect(eventsOf(row, 'JD1').map(({ code }) => code)).toEqual(['PU', 'UD'])
    const alone = shipment([event('OK'), event('UD')], { pieces: [piece('JD1', [event('OK')])] })
    expect(eventsOf(alone, 'JD1').map(({ code }) => code)).toEqual(['OK', 'UD'])
  })
})

test('a shipment that cannot be read spoils only its own parcel', () => {
  const good = shipment([event('OK')])
  const bad = { shipmentTrackingNumber: '5555555555', events: [{ date: 'yesterday' }] }
  const results = toTrackingResults([ref('5555555555'), ref('1234567890')], [bad, good])
  expect(results[0]).toMatchObject({ ok: false, error: { kind: 'unexpected' } })
  expect(results[1]).toMatchObject({ ok: true })
})
