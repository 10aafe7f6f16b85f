import { startSandbox } from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import type { UspsClient } from '../../../connectors/usps/client.ts'
import { usps } from '../../../connectors/usps/index.ts'
import { createUspsSandbox } from '../../../connectors/usps/sandbox.ts'
import { services } from '../../../connectors/usps/services.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { type Exchange, recording } from '../../connectors/usps/recording.ts'
import {
  abroad,
  booking,
  exported,
  find,
  operations,
  parcel,
  quoteRequest,
  sender,
  start,
  usd,
} from '../../connectors/usps/support.ts'
import {
  answerProblems,
  hasVendorSpec,
  loadSpec,
  requestProblems,
  sharedTitle,
  type VendorOperation,
} from './vendor-spec.ts'

describe.skipIf(!hasVendorSpec)(sharedTitle("USPS's own descriptions", hasVendorSpec), () => {
  let spec: VendorOperation[]
  let exchanges: Exchange[]

  beforeAll(async () => {
    spec = await loadSpec()
    exchanges = await everyOperation()
  }, 60_000)

  // Tokens have no description among the files.
  const apiCalls = () => exchanges.filter(({ url }) => !url.pathname.startsWith('/oauth2/'))
  const operationOf = ({ method, url }: Exchange) =>
    spec.find((entry) => entry.method === method && entry.pattern.test(url.pathname))
  const nameOf = ({ method, url, status }: Exchange) => `${method} ${url.pathname} -> ${status}`
  const problemsOf = (find: (operation: VendorOperation, exchange: Exchange) => string[]) =>
    [
      ...new Set(
        apiCalls().flatMap((exchange) =>
          find(operationOf(exchange)!, withZones(exchange)).map(
            (problem) => `${nameOf(exchange)} ${problem}`,
          ),
        ),
      ),
    ].filter((problem) => !defects.some(({ says }) => says.test(problem)))

  it('describe every call the connector makes', () => {
    expect(
      apiCalls()
        .filter((exchange) => !operationOf(exchange))
        .map(nameOf),
    ).toEqual([])
  })

  it('find nothing wrong with any request the connector makes', () => {
    expect(problemsOf(requestProblems)).toEqual([])
  })

  it('find nothing wrong with any answer the stand-in gives', () => {
    expect(problemsOf(answerProblems)).toEqual([])
  })

  it('were put to use: every call was heard, and every refusal', () => {
    const heard = new Set(apiCalls().map((exchange) => operationOf(exchange)!.id))
    expect([...heard].sort()).toEqual([
      'DELETE /international-labels/v3/international-label/{trackingNumber}',
      'DELETE /labels/v3/label/{trackingNumber}',
      'GET /payments/v3/payment-account/{account-number}',
      'GET /tracking/v3/tracking/{trackingNumber}',
      'POST /international-labels/v3/international-label',
      'POST /international-labels/v3/international-label-reprint',
      'POST /labels/v3/label',
      'POST /labels/v3/label-reprint',
      'POST /payments/v3/payment-authorization',
      'POST /pickup/v3/carrier-pickup',
      'POST /shipments/v3/options/search',
    ])
    expect(new Set(apiCalls().map(({ status }) => status))).toEqual(new Set([200, 201, 400, 401, 404, 429]))
  })

  it('still have each defect that is excused here', () => {
    const all = apiCalls().flatMap((exchange) => [
      ...requestProblems(operationOf(exchange)!, exchange),
      ...answerProblems(operationOf(exchange)!, exchange),
    ])
    expect(defects.filter(({ says }) => !all.some((problem) => says.test(problem)))).toEqual([])
  })

  it('do find what is wrong, in the body of every call', () => {
    for (const exchange of apiCalls().filter(({ status }) => status < 300)) {
      const operation = operationOf(exchange)!
      expect([nameOf(exchange), answerProblems(operation, { ...exchange, answer: 5 }).length]).not.toContain(
        0,
      )
      if (exchange.body)
        expect([nameOf(exchange), requestProblems(operation, { ...exchange, body: 5 }).length]).not.toContain(
          0,
        )
    }
    const label = apiCalls().find(({ url, status }) => url.pathname === '/labels/v3/label' && status === 200)!
    const body = structuredClone(label.body) as { packageDescription: Record<string, unknown> }
    body.packageDescription.mailClass = 'PIGEON'
    expect(requestProblems(operationOf(label)!, { ...label, body })).not.toEqual([])
    const { labelMetadata } = label.answer as { labelMetadata: object }
    const answer = { ...(label.answer as object), labelMetadata: { ...labelMetadata, postage: 'much' } }
    expect(answerProblems(operationOf(label)!, { ...label, answer })).not.toEqual([])
  })
})

/** Where a description contradicts what USPS sends or itself, with the reason. Everything else counts. */
const defects: readonly { says: RegExp; why: string }[] = [
  {
    says: /contact\.0: .* must match exactly one schema in oneOf/,
    why: 'A contact is either an e-mail or a mobile number, but neither schema requires its field: each fits both.',
  },
  {
    says: /trackingEvents\.\d+\.eventTimestamp: .* must match format "date-time"/,
    why: 'eventTimestamp is a local time and comes without a zone, as recorded answers show.',
  },
]

/** Tracking answers are one of two schemas. With the zone added the right one can be held against all the rest. */
function withZones(exchange: Exchange): Exchange {
  const answer = exchange.answer as { trackingEvents?: { eventTimestamp: string }[] } | undefined
  if (!answer?.trackingEvents) return exchange
  const trackingEvents = answer.trackingEvents.map((event) => ({
    ...event,
    eventTimestamp: `${event.eventTimestamp}Z`,
  }))
  return { ...exchange, answer: { ...answer, trackingEvents } }
}

/** A day at the post office: each operation in each form, and the refusals that go with them. */
async function everyOperation(): Promise<Exchange[]> {
  const clock = manualClock(start)
  const sandbox = createUspsSandbox({ clock })
  const { app, exchanges } = recording(sandbox.app)
  const { url, close } = await startSandbox({ app })
  const connect = (settings: object = {}, isPaced = true) => {
    const connection = sandbox.connection(url)
    return createTestClient<UspsClient>(
      usps,
      { ...connection, settings: { ...connection.settings, ...settings } },
      { clock, isPaced },
    )
  }
  try {
    const client = connect()
    await usps.check(client)
    await usps.check(connect({ accountType: 'PERMIT', permitZip: '20024' }))
    await usps.check(connect({ priceType: 'CONTRACT' }))
    await quotes(client, connect({ priceType: 'CONTRACT' }))
    await labels(client)
    await tracking(client, sandbox)
    sandbox.expireTokens()
    await usps.check(client)
    const hasty = connect({}, false)
    await Promise.allSettled(Array.from({ length: 70 }, () => usps.check(hasty)))
    return exchanges
  } finally {
    await close()
  }
}

async function quotes(client: UspsClient, contract: UspsClient) {
  await operations.quote(client, quoteRequest())
  await operations.quote(contract, quoteRequest({ declaredValue: usd(70_000) }))
  await operations.quote(client, quoteRequest({ to: abroad, declaredValue: usd(5000) }))
  const military = { ...quoteRequest().to, region: 'AE', city: 'APO', postcode: '09008' }
  await operations.quote(client, quoteRequest({ to: military, parcels: [{ ...parcel, lengthMm: 700 }] }))
}

async function labels(client: UspsClient) {
  const book = async (what: ReturnType<typeof booking>) => {
    const booked = await operations.bookShipment.run(client, what, what.reference)
    await find(client, what, what.reference)
    return booked
  }
  const cancel = (trackingNumbers: readonly string[]) =>
    operations.cancelShipment.run(
      client,
      { externalId: trackingNumbers[0]!, trackingNumbers, reference: 'shp' },
      'onc',
    )
  await find(client, booking({ reference: 'none' }), 'none')
  for (const [n, { code, isAbroad }] of services.entries())
    await book((isAbroad ? exported : booking)({ service: code, reference: `shp_${n}` }))
  for (const labelFormat of ['png', 'zpl'] as const)
    await book(booking({ labelFormat, reference: labelFormat }))
  await book(exported({ labelFormat: 'zpl', declaredValue: usd(9000), reference: 'abroad' }))
  const customs = exported().customs
  const apo = { ...booking().to, region: 'AE', city: 'APO', postcode: '09008-0041' }
  await book(booking({ to: apo, customs, reference: 'apo' }))
  const island = { ...booking().to, country: 'PR', region: null, city: 'San Juan', postcode: '00901' }
  await book(booking({ to: island, from: { ...sender, name: 'Northwind', company: null }, reference: 'pr' }))
  const signed = { isSignatureRequired: true, declaredValue: usd(60_000) }
  const { parcels } = await book(booking({ ...signed, parcels: [parcel, parcel], reference: 'two' }))
  await cancel(parcels.map(({ trackingNumber }) => trackingNumber))
  const exportedLabel = await book(exported({ reference: 'gone' }))
  await cancel([exportedLabel.externalId])
  await cancel(['9234690361980999999999']).catch(() => null)
  await cancel(['EZ999999999US']).catch(() => null)
  // A date that is over is refused, at home and abroad.
  for (const what of [booking, exported])
    await book(what({ reference: 'late', shipAt: new Date('2026-01-01T12:00:00Z') })).catch(() => null)
}

async function tracking(client: UspsClient, sandbox: ReturnType<typeof createUspsSandbox>) {
  const { trackingNumbers } = sandbox.shipments()[0]!
  for (const state of ['collected', 'in_transit', 'out_for_delivery', 'delivered'] as const)
    sandbox.scan(trackingNumbers[0]!, state)
  const refs = [trackingNumbers[0]!, '9400000000000000000000'].map((trackingNumber) => ({
    trackingNumber,
    carrier: null,
    recipientPostcode: null,
    recipientPhone: null,
  }))
  await operations.pullTracking.run(client, refs)
  const pickup = {
    reference: 'pck_1',
    from: sender,
    readyAt: new Date(start),
    closesAt: new Date(start),
    parcels: [parcel],
    trackingNumbers,
    instructions: null,
  }
  await operations.pickup.run(client, pickup, 'pck_1')
  await operations.pickup.run(client, { ...pickup, instructions: 'Behind the desk' }, 'pck_2')
}
