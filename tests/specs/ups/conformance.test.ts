import { startSandbox } from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { UpsClient } from '../../../connectors/ups/client.ts'
import { ups } from '../../../connectors/ups/index.ts'
import { createUpsSandbox } from '../../../connectors/ups/sandbox.ts'
import * as schemas from '../../../connectors/ups/schemas.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { type Exchange, recording } from '../../connectors/ups/recording.ts'
import {
  berlin,
  booking,
  chicago,
  findOf,
  newYork,
  operations,
  parcel,
  quoteRequest,
  start,
  trackingRef,
} from '../../connectors/ups/support.ts'
import { corrupt, hasLeaves } from '../corrupt.ts'
import {
  answerProblems,
  bodySchema,
  findOperation,
  hasVendorModels,
  inventedFields,
  loadModels,
  requestProblems,
  type Schema,
  strangeProperties,
  titleOf,
  type VendorOperation,
} from './vendor-models.ts'

describe.skipIf(!hasVendorModels)(titleOf("UPS's own descriptions", hasVendorModels), () => {
  let models: VendorOperation[]
  let exchanges: Exchange[]
  beforeAll(async () => {
    models = await loadModels()
    exchanges = await everyOperation()
  })

  const nameOf = ({ method, url, status }: Exchange) => `${method} ${url.pathname} -> ${status}`
  const problemsOf = (look: (model: VendorOperation, exchange: Exchange) => string[]) => [
    ...new Set(
      exchanges.flatMap((exchange) => {
        const model = findOperation(models, exchange)
        return model ? look(model, exchange).map((problem) => `${nameOf(exchange)} ${problem}`) : []
      }),
    ),
  ]

  it('describe every call the connector makes', () => {
    expect(exchanges.filter((exchange) => !findOperation(models, exchange)).map(nameOf)).toEqual([])
  })

  it('find nothing wrong with any request the connector makes', () => {
    expect(problemsOf(requestProblems)).toEqual([])
  })

  it('find nothing wrong with any answer the stand-in gives', () => {
    expect(problemsOf(answerProblems)).toEqual([])
  })

  it('object to a wrong type in any body, so that their silence means agreement', () => {
    const silent = exchanges.flatMap((exchange) => {
      const model = findOperation(models, exchange)!
      const wrong = { ...exchange, body: corrupt(exchange.body), answer: corrupt(exchange.answer) }
      return [
        ...(hasLeaves(exchange.body) && requestProblems(model, wrong).length === 0
          ? [`${nameOf(exchange)} request`]
          : []),
        ...(hasLeaves(exchange.answer) && answerProblems(model, wrong).length === 0
          ? [`${nameOf(exchange)} answer`]
          : []),
      ]
    })
    expect([...new Set(silent)]).toEqual([])
  })

  it('know every property that the connector writes and the stand-in sends', () => {
    const strange = problemsOf((model, { body, answer, status }) => [
      ...(typeof body === 'object' ? strangeProperties(bodySchema(model), body) : []),
      ...strangeProperties(bodySchema(model, status), answer),
    ])
    expect(strange).toEqual([])
  })

  it('were all put to use, and refusals were heard too', () => {
    const heard = new Set(exchanges.map((exchange) => findOperation(models, exchange)!.path))
    expect([...heard].sort()).toEqual(
      [
        '/labels/{version}/recovery',
        '/pickupcreation/{version}/pickup',
        '/rating/{version}/{requestoption}',
        '/security/v1/oauth/token',
        '/shipments/{version}/pickup/{pickuptype}',
        '/shipments/{version}/ship',
        '/shipments/{version}/void/cancel/{shipmentidentificationnumber}',
        '/subscription/{type}/package',
        '/track/v1/details/{inquiryNumber}',
      ].sort(),
    )
    expect([...new Set(exchanges.map(({ status }) => status))].sort()).toEqual([200, 400, 401, 429])
  })

  it.each([
    ['POST', '/security/v1/oauth/token', schemas.tokenSchema],
    ['POST', '/api/rating/v2409/Shoptimeintransit', schemas.rateSchema],
    ['POST', '/api/shipments/v2409/ship', schemas.shipmentSchema],
    ['POST', '/api/labels/v1/recovery', schemas.recoverySchema],
    ['DELETE', '/api/shipments/v2409/void/cancel/1Z', schemas.voidSchema],
    ['GET', '/api/track/v1/details/1Z', schemas.trackSchema],
    ['POST', '/api/track/v2/subscription/standard/package', schemas.subscriptionSchema],
    ['POST', '/api/pickupcreation/v2409/pickup', schemas.pickupSchema],
    ['GET', '/api/shipments/v2409/pickup/oncall', schemas.pendingPickupsSchema],
  ] as [string, string, z.ZodType][])('%s %s define every field that is read', (method, path, schema) => {
    const model = findOperation(models, { method, url: new URL(path, 'https://ups.example') })!
    const ours = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema
    expect(inventedFields(bodySchema(model, 200), ours)).toEqual([])
  })
})

/** A day with UPS: each operation in each form, and the refusals that go with them. */
async function everyOperation(): Promise<Exchange[]> {
  const clock = manualClock(start)
  const sandbox = createUpsSandbox({ clock })
  const { app, exchanges } = recording(sandbox.app)
  const { url, close } = await startSandbox({ app })
  try {
    const client = createTestClient<UpsClient>(ups, sandbox.connection(url), { clock, isPaced: true })
    await ups.check(client)
    await priceAndBook(client)
    const { externalId, parcels } = await operations.bookShipment.run(
      client,
      booking({ reference: 'shp_track' }),
      'k',
    )
    const number = parcels[0]!.trackingNumber
    await operations.subscribeTracking.run(client, [number, '92'].map(trackingRef))
    sandbox.scan(number, 'out_for_delivery', { incident: 'recipient_absent' })
    await operations.pullTracking.run(client, [number, '1Z999AA10123456784', 'x'].map(trackingRef))
    const shipment = { externalId, trackingNumbers: [number], reference: 'shp_track' }
    await operations.cancelShipment.run(client, shipment, 'k').catch(() => null)
    await callDriver(client)
    sandbox.expireTokens()
    await ups.check(client)
    const wrong = createTestClient<UpsClient>(
      ups,
      { ...sandbox.connection(url), credentials: { clientId: 'wrong', clientSecret: 'wrong' } },
      { clock, isPaced: true },
    )
    clock.advance(60_000)
    await ups.check(wrong).catch(() => null)
    // Without our own pacing the stand-in's limits answer.
    const hasty = createTestClient<UpsClient>(ups, sandbox.connection(url), { clock })
    await ups.check(hasty)
    await Promise.allSettled(Array.from({ length: 10 }, () => operations.quote(hasty, quoteRequest())))
    return exchanges
  } finally {
    await close()
  }
}

const eur = (minor: number) => ({ minor, currency: 'EUR' })

async function priceAndBook(client: UpsClient): Promise<void> {
  const customs = {
    contents: 'merchandise',
    incoterm: 'DDP',
    invoiceNumber: 'INV-7',
    invoiceDate: new Date(start),
  } as const
  const lone = { ...berlin, city: 'Chișinău', postcode: 'MD-2001', country: 'MD' }
  const toCanada = { ...newYork, country: 'CA', region: 'ON', postcode: 'M5V 3A8', city: 'Toronto' }
  await operations.quote(client, quoteRequest())
  await operations.quote(client, quoteRequest({ from: chicago, to: newYork, parcels: [parcel, parcel] }))
  await operations.quote(client, quoteRequest({ from: chicago, to: toCanada, declaredValue: eur(10_001) }))
  await operations.quote(client, quoteRequest({ to: { ...berlin, postcode: '1' } })).catch(() => null)
  const bookings = [
    booking({ reference: 'shp_1', isSignatureRequired: true, declaredValue: eur(5_000) }),
    booking({ reference: 'shp_2', labelFormat: 'png', parcels: [parcel, parcel] }),
    booking({
      reference: 'shp_3',
      from: chicago,
      to: newYork,
      service: '03',
      isSignatureRequired: true,
      parcels: [parcel, { ...parcel, lengthMm: null, items: [] }],
    }),
    booking({ reference: 'shp_4', from: chicago, to: toCanada, service: '65', customs }),
    booking({
      reference: 'shp_5',
      to: lone,
      service: '65',
      customs: { ...customs, incoterm: 'DAP', contents: 'gift' },
    }),
    booking({
      reference: 'shp_6',
      to: newYork,
      service: '07',
      customs: { ...customs, contents: 'documents' },
    }),
  ]
  for (const input of bookings) {
    const { externalId, parcels } = await operations.bookShipment.run(client, input, input.reference)
    await findOf(operations.bookShipment)(client, input, input.reference)
    const trackingNumbers = parcels.map(({ trackingNumber }) => trackingNumber)
    const shipment = { externalId, trackingNumbers, reference: input.reference }
    await operations.cancelShipment.run(client, shipment, 'k')
    await operations.cancelShipment.run(client, shipment, 'k')
    await findOf(operations.cancelShipment)(client, shipment, 'k')
  }
  for (const service of ['77', '03'])
    await operations.bookShipment.run(client, booking({ service }), 'k').catch(() => null)
}

async function callDriver(client: UpsClient): Promise<void> {
  const { from, parcels } = booking()
  const wish = {
    reference: 'pck_1',
    from,
    readyAt: new Date('2026-03-02T13:00:00Z'),
    closesAt: new Date('2026-03-02T17:00:00Z'),
    parcels,
    trackingNumbers: ['1ZA1B2C31100000013'],
    instructions: 'Ring at gate 2',
  }
  await operations.pickup.run(client, wish, 'pck_1')
  await operations.pickup.run(client, { ...wish, closesAt: wish.readyAt }, 'pck_2').catch(() => null)
  await findOf(operations.pickup)(client, wish, 'pck_1')
}
