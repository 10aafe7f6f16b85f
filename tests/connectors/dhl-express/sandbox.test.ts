import { PDFDocument } from '@cantoo/pdf-lib'
import { startSandbox } from 'entrepot/sdk'
import { expect, onTestFinished, test } from 'vitest'
import { buckets } from '../../../connectors/dhl-express/limits.ts'
import { createDhlExpressSandbox } from '../../../connectors/dhl-express/sandbox.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { abroad, connect, openDepot, ops, start } from './support.ts'

const ref = (trackingNumber: string) => ({
  trackingNumber,
  carrier: null,
  recipientPostcode: null,
  recipientPhone: null,
})

test('its labels are PDFs that a reader opens, of one page', async () => {
  const { client } = await openDepot()
  const { parcels, documents } = await ops.bookShipment.run(client, abroad(), 'shp_1')
  for (const { base64 } of [...parcels.flatMap((parcel) => parcel.documents), ...documents]) {
    const pdf = await PDFDocument.load(Buffer.from(base64, 'base64'), { throwOnInvalidObject: true })
    expect(pdf.getPageCount()).toBe(1)
  }
})

test('it keeps to the limits, one bucket apart from the other', async () => {
  const clock = manualClock(start)
  const depot = await startSandbox(createDhlExpressSandbox({ clock }))
  onTestFinished(() => depot.close())
  const client = connect(depot, clock)
  const ask = () => ops.pullTracking.run(client, [ref('9999999999')])
  for (let n = 0; n < buckets.tracking.burst; n++) await ask()
  await expect(ask()).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 5000 })
  await ops.bookShipment.run(client, abroad(), 'shp_1')
  clock.advance(5000)
  await expect(ask()).resolves.toHaveLength(1)
})

test('it tracks what somebody else booked, under a waybill or a piece', async () => {
  const { depot, client } = await openDepot()
  for (const number of ['1112223334', 'JD018888888888888888']) {
    depot.announce(number)
    depot.scan(number, 'collected')
    const [result] = await ops.pullTracking.run(client, [ref(number)])
    expect(result).toMatchObject({ ok: true, tracking: { events: [{ state: 'collected' }] } })
  }
})

test('a scan of tomorrow is not told today', async () => {
  const { depot, clock, client } = await openDepot()
  const { parcels } = await ops.bookShipment.run(client, abroad(), 'shp_1')
  const { trackingNumber } = parcels[0]!
  depot.scan(trackingNumber, 'collected', { at: new Date('2026-03-03T09:00:00Z') })
  const eventCount = async () => {
    const [result] = await ops.pullTracking.run(client, [ref(trackingNumber)])
    return result!.ok ? result!.tracking.events.length : null
  }
  expect(await eventCount()).toBe(0)
  clock.advance(86_400_000)
  expect(await eventCount()).toBe(1)
})

test('it scans no parcel that it never gave out, and tells no state that DHL has no code for', async () => {
  const { depot, client } = await openDepot()
  expect(() => depot.scan('JD0', 'collected')).toThrow('never gave out')
  const { externalId } = await ops.bookShipment.run(client, abroad(), 'shp_1')
  expect(() => depot.scan(externalId, 'returning')).toThrow('no code')
})
