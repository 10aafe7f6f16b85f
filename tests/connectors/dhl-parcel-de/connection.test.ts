import { PDFDocument } from '@cantoo/pdf-lib'
import { startSandbox } from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DhlClient } from '../../../connectors/dhl-parcel-de/client.ts'
import { dhlParcelDe } from '../../../connectors/dhl-parcel-de/index.ts'
import { createDhlParcelDeSandbox } from '../../../connectors/dhl-parcel-de/sandbox.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { booking, type Depot, openDepot, operations, start } from './support.ts'

let depot: Depot
beforeEach(async () => {
  depot = await openDepot()
})
afterEach(() => depot.close())

test('a wrong password is auth, though DHL answers 400', async () => {
  const client = depot.connect({}, { password: 'wrong' })
  await expect(dhlParcelDe.check(client)).rejects.toMatchObject({
    kind: 'auth',
    vendorMessage: 'invalid_grant',
  })
})

test('one token serves many calls, and is renewed when it dies before its time', async () => {
  await depot.book()
  await depot.book()
  expect(depot.heard('POST', '/token')).toHaveLength(1)
  depot.sandbox.expireTokens()
  await depot.book()
  expect(depot.heard('POST', '/token')).toHaveLength(2)
  expect(depot.sandbox.shipments()).toHaveLength(3)
})

test('only products with a billing number are offered', () => {
  const settings = dhlParcelDe.settings.parse({ billingPaket: '33333333330101', billingKleinpaket: '' })
  expect(dhlParcelDe.services(settings)).toEqual([{ code: 'V01PAK', name: 'DHL Paket' }])
  expect(dhlParcelDe.settings.safeParse({ billingPaket: '33333333335301' }).success).toBe(false)
})

test('the check says whom it reached', async () => {
  await expect(dhlParcelDe.check(depot.client)).resolves.toContain('DHL Kleinpaket')
})

test('the stand-in keeps the declared limits, and a client that keeps them is never refused', async () => {
  const clock = manualClock(start)
  const sandbox = await startSandbox(createDhlParcelDeSandbox({ clock }))
  try {
    const connect = (isPaced: boolean) =>
      createTestClient<DhlClient>(dhlParcelDe, sandbox.connection(sandbox.url), { clock, isPaced })
    const paced = connect(true)
    for (let n = 0; n < 5; n++) await operations.bookShipment.run(paced, booking(), 'k')
    await expect(operations.bookShipment.run(connect(false), booking(), 'k')).rejects.toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: 1000,
    })
  } finally {
    await sandbox.close()
  }
})

test('labels are documents that open', async () => {
  const [label] = (await depot.book()).parcels[0]!.documents
  const pdf = await PDFDocument.load(Buffer.from(label!.base64, 'base64'))
  expect(pdf.getPageCount()).toBe(1)
})
