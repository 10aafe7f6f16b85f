import { startSandbox } from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DhlClient } from '../../../connectors/dhl-express/client.ts'
import { dhlExpress } from '../../../connectors/dhl-express/index.ts'
import { createDhlExpressSandbox } from '../../../connectors/dhl-express/sandbox.ts'
import { meanings } from '../../../connectors/dhl-express/tracking-codes.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { type Exchange, recording } from '../../connectors/amazon/recording.ts'
import { abroad, berlin, newYork, ops, paris, start, within } from '../../connectors/dhl-express/support.ts'
import {
  answerProblems,
  hasVendorModel,
  loadModel,
  modelTitle,
  requestProblems,
  type VendorModel,
  vendorCodes,
} from './vendor-model.ts'

describe.skipIf(!hasVendorModel)(modelTitle("DHL's own description of MyDHL API"), () => {
  let model: VendorModel
  let exchanges: Exchange[]

  beforeAll(async () => {
    model = await loadModel()
    exchanges = await everyOperation()
  })

  const nameOf = ({ method, url, status }: Exchange) => `${method} ${url.pathname} -> ${status}`
  const operationOf = ({ method, url }: Exchange) => model.find(method, url.pathname.replace('/mydhlapi', ''))

  it('describes every call the connector makes', () => {
    expect(exchanges.filter((exchange) => !operationOf(exchange)).map(nameOf)).toEqual([])
  })

  // A 422 is a body that the description forbids, sent on purpose.
  it('finds nothing wrong with any request the connector makes', () => {
    const problems = exchanges
      .filter(({ status }) => status !== 422)
      .flatMap((exchange) =>
        requestProblems(operationOf(exchange)!, exchange).map((problem) => `${nameOf(exchange)} ${problem}`),
      )
    expect(problems).toEqual([])
  })

  it('finds nothing wrong with any answer the stand-in gives', () => {
    const problems = exchanges.flatMap((exchange) =>
      answerProblems(operationOf(exchange)!, exchange).map((problem) => `${nameOf(exchange)} ${problem}`),
    )
    expect(problems).toEqual([])
  })

  it('agrees with the stand-in on what it forbids', () => {
    const forbidden = exchanges.filter(({ status }) => status === 422)
    expect(forbidden.length).toBeGreaterThan(0)
    for (const exchange of forbidden)
      expect(requestProblems(operationOf(exchange)!, exchange), nameOf(exchange)).not.toEqual([])
  })

  it('was put to use: each operation succeeded, and refusals were heard too', () => {
    const heard = new Set(exchanges.map(nameOf).map((name) => name.replace('/mydhlapi', '')))
    for (const name of [
      'POST /rates -> 200',
      'POST /shipments -> 201',
      'GET /tracking -> 200',
      'POST /rates -> 400',
      'POST /shipments -> 400',
      'POST /shipments -> 422',
      'GET /tracking -> 404',
      'GET /tracking -> 401',
      'GET /tracking -> 429',
    ])
      expect([...heard]).toContain(name)
  })

  // The day this fails, `find` and cancelling may be built.
  it('has no call that cancels a shipment, and none that gives out a label again', () => {
    const path = '/shipments/{shipmentTrackingNumber}/get-image'
    const types = model.find('GET', path)!.request!.query!.find(({ name }) => name === 'typeCode')!.schema!
      .enum!
    expect(types).toContain('waybill')
    expect(types.filter((type) => String(type).includes('label'))).toEqual([])
    expect(model.paths('DELETE')).toEqual(['/pickups/{dispatchConfirmationNumber}'])
  })

  // Prism passes over a schema that it cannot compile, and says nothing.
  it('judges: a body that is a number is wrong everywhere', () => {
    for (const exchange of exchanges) {
      if (exchange.method === 'POST')
        expect(
          requestProblems(operationOf(exchange)!, { ...exchange, body: 7 }),
          nameOf(exchange),
        ).not.toEqual([])
      expect(
        answerProblems(operationOf(exchange)!, { ...exchange, answer: 7 }),
        nameOf(exchange),
      ).not.toEqual([])
    }
  })

  it('would notice: a misspelt field, a missing one and a wrong type are problems', () => {
    const booking = exchanges.find(
      ({ url, status }) => url.pathname.endsWith('/shipments') && status === 201,
    )!
    const operation = operationOf(booking)!
    const body = booking.body as { content: object }
    for (const spoilt of [
      { ...body, productcode: 'P' },
      { ...body, content: { ...body.content, incoterm: undefined } },
      { ...body, content: { ...body.content, description: 7 } },
    ])
      expect(
        requestProblems(operation, { ...booking, body: JSON.parse(JSON.stringify(spoilt)) }),
      ).not.toEqual([])
    expect(answerProblems(operation, { ...booking, answer: { documents: [{}] } })).not.toEqual([])
  })
})

describe.skipIf(!hasVendorModel)(modelTitle("DHL's own list of event codes"), () => {
  /** Codes that tell neither where a parcel stands nor what went wrong. */
  const silent: Record<string, string> = {
    CS: 'closed: no further news, whatever came of it',
    RR: 'an answer of customs or recipient, in the words beside it',
    SC: 'another service from now on',
    PY: 'something was paid',
  }

  it('has no code that is neither in our table nor known to move nothing', () => {
    const unknown = vendorCodes().filter(({ code }) => !meanings.has(code) && !(code in silent))
    expect(unknown).toEqual([])
  })

  it('knows every code of our table, so that none is invented', () => {
    const known = new Set(vendorCodes().map(({ code }) => code))
    expect([...meanings.keys()].filter((code) => !known.has(code))).toEqual([])
    expect(Object.keys(silent).filter((code) => meanings.has(code) || !known.has(code))).toEqual([])
  })
})

/** A day with the courier: each operation in each form, and the refusals that go with them. */
async function everyOperation(): Promise<Exchange[]> {
  const clock = manualClock(start)
  const depot = createDhlExpressSandbox({ clock })
  const { app, exchanges } = recording(depot.app)
  const { url, close } = await startSandbox({ app })
  try {
    const client = createTestClient<DhlClient>(dhlExpress, depot.connection(url), { clock, isPaced: true })
    await dhlExpress.check(client)
    await askPrices(client)
    const numbers = await book(client)
    for (const number of numbers) depot.scan(number, 'collected')
    depot.scan(numbers[0]!, 'in_transit', { incident: 'customs_hold' })
    depot.scan(numbers[1]!, 'delivered')
    const waybills = depot.shipments().map(({ externalId }) => externalId)
    const asked = [...numbers, ...waybills, '9999999999', 'JD019999999999999999']
    const refs = asked.map((trackingNumber) => ({
      trackingNumber,
      carrier: null,
      recipientPostcode: null,
      recipientPhone: null,
    }))
    await ops.pullTracking.run(client, refs)
    await ops.pullTracking.run(client, refs.slice(-2))
    // Without our own pacing the stand-in's limits answer; without a key, its door.
    const hasty = createTestClient<DhlClient>(dhlExpress, depot.connection(url), { clock })
    await Promise.allSettled(Array.from({ length: 8 }, () => ops.pullTracking.run(hasty, refs.slice(0, 1))))
    depot.expireTokens()
    await dhlExpress.check(client).catch(() => null)
    return exchanges
  } finally {
    await close()
  }
}

async function askPrices(client: DhlClient) {
  const { parcels, shipAt } = abroad()
  const request = { from: berlin, to: newYork, parcels, shipAt, declaredValue: null }
  await ops.quote(client, request)
  await ops.quote(client, { ...request, to: paris, services: ['U', 'W'] })
  await ops.quote(client, { ...request, declaredValue: { minor: 12345, currency: 'EUR' } })
  await ops.quote(client, { ...request, to: berlin, services: ['P'] })
  await ops.quote(client, { ...request, shipAt: new Date('2027-01-01T00:00:00Z') }).catch(() => null)
}

async function book(client: DhlClient): Promise<string[]> {
  const customs = abroad().customs!
  const bookings = [
    abroad(),
    abroad({ labelFormat: 'zpl', customs: { ...customs, incoterm: 'DDP', contents: 'gift' } }),
    within({ isSignatureRequired: true, declaredValue: { minor: 5005, currency: 'EUR' }, orderNumber: null }),
    within({
      from: { ...berlin, region: 'Land Berlin', addressLines: ['Am Weg 1', 'Hof 2', 'Tor 3', 'Tür 4'] },
    }),
  ]
  const numbers: string[] = []
  for (const [index, booking] of bookings.entries()) {
    const reference = `${booking.reference}-${index}`
    const { parcels } = await ops.bookShipment.run(client, { ...booking, reference }, reference)
    numbers.push(...parcels.map(({ trackingNumber }) => trackingNumber))
  }
  for (const refused of [
    within({ service: 'P' }),
    within({ to: { ...paris, postcode: '1234567890123' } }),
    within({ to: { ...paris, country: 'FRA', postcode: '1234567890123' } }),
  ])
    await ops.bookShipment.run(client, refused, refused.reference).catch(() => null)
  return numbers
}
