import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '../../core/connections/connections.ts'
import { transact } from '../../core/db/transact.ts'
import { manualClock, systemClock } from '../../core/lib/clock.ts'
import type { Courier } from '../../core/sdk/courier.ts'
import type { CourierSandbox } from '../../core/sdk/courier-sandbox.ts'
import type { QuoteRequest } from '../../core/sdk/model/shipment.ts'
import { definePlugin } from '../../core/sdk/plugin.ts'
import type { RunningSandbox } from '../../core/sdk/sandbox.ts'
import { bookBest } from '../../core/sync/batch.ts'
import { chooseCheapest } from '../../core/sync/choose-service.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { rateShop } from '../../core/sync/rate-shop.ts'
import { requestBooking } from '../../core/sync/shipment-requests.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { simpleCourier } from '../sdk/simple-courier/index.ts'
import { createSimpleCourierSandbox } from '../sdk/simple-courier/sandbox.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'
import {
  hurriedClock,
  openCourier,
  placeOrders,
  plan,
  prepare,
  recipient,
  sender,
  shipmentOf,
} from './support.ts'

const place = ({ country, postcode, city, region }: typeof recipient) => ({
  country,
  postcode,
  city,
  region,
  isResidential: null,
})
const request: QuoteRequest = {
  from: place({
    ...recipient,
    ...sender,
    kind: 'clear',
    company: null,
    email: null,
    phone: '',
    addressLines: [],
    city: 'Springfield',
    region: 'IL',
    postcode: '62701',
  }),
  to: place(recipient),
  parcels: [{ weightGrams: 1200, lengthMm: 200, widthMm: 150, heightMm: 100 }],
  shipAt: new Date('2026-03-02T09:00:00Z'),
  declaredValue: null,
}

const price = (amountMinor: number) => ({ kind: 'base' as const, code: null, label: 'By card', amountMinor })
const cardOffer = {
  service: 'economy',
  serviceName: 'Economy by card',
  currency: 'USD',
  totalMinor: 300,
  charges: [price(300)],
  transitDays: 5,
  deliverBy: null,
  expiresAt: null,
  billedWeightGrams: 1200,
  carrier: 'simple-courier',
  explanation: ['Zone 5, not over 2 kg: 3.00'],
}
/** Prices as a plugin may give them: one good, one free, one whose parts do not add up, one expired. */
const prices = (connectionId: () => string | null) =>
  definePlugin({
    id: 'cards',
    name: 'Cards',
    shipping: {
      quote: async () => {
        const source = { id: 'card-1', name: 'Card one', version: '7' }
        return {
          offers: [
            { ...cardOffer, connectionId: connectionId(), source },
            { ...cardOffer, service: 'free', totalMinor: 0, charges: [], connectionId: null, source },
            { ...cardOffer, service: 'odd', charges: [price(299)], connectionId: null, source },
            { ...cardOffer, service: 'old', expiresAt: new Date('2020-01-01'), connectionId: null, source },
          ],
          unavailable: [{ id: 'card-2', name: 'Card two', service: 'air', reason: 'Heavier than 1 kg.' }],
        }
      },
    },
  })

describe('asking for prices', () => {
  const database = useDatabase()
  let hub: Hub
  let good: { sandbox: RunningSandbox<CourierSandbox>; connection: Connection }
  let bad: typeof good
  let bound: string | null = null
  const throwing = definePlugin({
    id: 'broken',
    name: 'Broken',
    shipping: {
      quote: async () => {
        throw new Error('The card cannot be read.')
      },
    },
  })

  beforeAll(async () => {
    hub = createTestHub(database(), [simpleCourier], { plugins: [prices(() => bound), throwing] })
    const create = () => createSimpleCourierSandbox({ clock: hurriedClock() })
    good = await openCourier(hub, simpleCourier, create, 'Good')
    bad = await openCourier(hub, simpleCourier, create, 'Bad')
    await seed(hub, [{ sku: 'CUP', stock: 100 }])
    await prepare(hub)
  })
  afterAll(async () => {
    await good.sandbox.close()
    await bad.sandbox.close()
  })
  const reasonsOf = async (name: string) =>
    (await rateShop(hub, request, 1000)).unavailable
      .filter((entry) => entry.source.name === name)
      .map((entry) => entry.reason)

  test.each([
    [
      'refuses',
      { kind: 'status', status: 422, body: '{"code":"account","message":"The account is closed."}' },
      /The account is closed/,
    ],
    ['fails', { kind: 'status', status: 500 }, /500/],
    ['answers nonsense', { kind: 'garbage' }, /cannot be read/],
    ['is too slow', { kind: 'slow', delayMs: 3000 }, /No answer within 1 s/],
  ] as const)('a courier that %s hides nobody else, and its reason is told', async (_what, fault, words) => {
    bad.sandbox.faults.add({ ...fault })
    const { offers, unavailable } = await rateShop(hub, request, 1000)
    expect(offers.filter((offer) => offer.source.name === 'Good').map((offer) => offer.service)).toEqual([
      'economy',
      'express',
    ])
    expect(offers.some((offer) => offer.source.name === 'Bad')).toBe(false)
    expect(unavailable.filter((entry) => entry.source.name === 'Bad')).toEqual([
      expect.objectContaining({ service: null, reason: expect.stringMatching(words) }),
    ])
    bad.sandbox.faults.clear()
  })

  test('couriers are asked side by side: it takes as long as the slowest, not their sum', async () => {
    let under = 0
    let most = 0
    const counted: Courier = {
      ...simpleCourier,
      operations: {
        ...simpleCourier.operations,
        quote: async () => {
          under += 1
          most = Math.max(most, under)
          await systemClock.sleep(20)
          under -= 1
          return { quotes: [], notOffered: [] }
        },
      },
    }
    const busy = Object.assign(createTestHub(database(), [counted]), { key: hub.key })
    await rateShop(busy, request)
    expect(most).toBe(2)
  })

  test('a price of zero, parts that do not add up and an expired price are no offers', async () => {
    const { offers } = await rateShop(hub, request)
    expect(offers.filter((offer) => offer.source.kind === 'plugin').map((offer) => offer.service)).toEqual([
      'economy',
    ])
    expect(await reasonsOf('Card one')).toEqual([
      'No price was given.',
      'Its parts make 299 and its total is 300: it is not to be trusted.',
      'The price has expired already.',
    ])
    expect(await reasonsOf('Card two')).toEqual(['Heavier than 1 kg.'])
    expect(await reasonsOf('Broken')).toEqual([expect.stringContaining('The card cannot be read.')])
  })

  test('the cheapest that can be booked and arrives in time is chosen, and the rest is explained', async () => {
    const found = await rateShop(hub, request)
    const deadline = new Date('2026-03-04T00:00:00Z')
    const question = { request, ...found, shipBy: null, deliverBy: null, order: null }
    const now = new Date('2026-03-02T09:00:00Z')
    const chosen = chooseCheapest(question, now)
    const isBookable = (offer: (typeof found.offers)[number]) => offer.connectionId !== null
    const cheapest = Math.min(...found.offers.filter(isBookable).map((offer) => offer.totalMinor))
    expect(found.offers.find((offer) => offer.id === chosen.offerId)).toMatchObject({
      totalMinor: cheapest,
      service: 'economy',
    })
    expect(chosen.explanation.join('\n')).toContain(
      'Card one Economy by card is left out: it is a price for comparison',
    )
    const late = found.offers.map((offer) => ({
      ...offer,
      deliverBy: new Date(offer.service === 'express' ? '2026-03-03' : '2026-03-09'),
    }))
    const hurried = chooseCheapest({ ...question, offers: late, deliverBy: deadline }, now)
    expect(late.find((offer) => offer.id === hurried.offerId)?.service).toBe('express')
    const none = chooseCheapest({ ...question, offers: [] }, now)
    expect(none).toMatchObject({
      offerId: null,
      explanation: expect.arrayContaining(['No offer can be booked.']),
    })
  })

  test('a booked price keeps the version of the card that priced it; one that has expired is not taken', async () => {
    bound = good.connection.id
    const orders = await placeOrders(hub, { 'Q-1': [{ sku: 'CUP' }], 'Q-2': [{ sku: 'CUP' }] })
    const id = await plan(hub, orders.get('Q-1')!)
    await bookBest(hub, id, testAct())
    await runTask(hub, 'once', good.connection.id)
    const shipment = await shipmentOf(hub, id)
    expect(shipment).toMatchObject({
      state: 'booked',
      quotedMinor: 300,
      offer: { source: { kind: 'plugin', id: 'card-1', version: '7' }, charges: [{ amountMinor: 300 }] },
    })
    expect(shipment.explanation[0]).toMatch(/is the cheapest of \d+ that can be booked/)
    const other = await plan(hub, orders.get('Q-2')!)
    const offer = { ...shipment.offer!, expiresAt: new Date('2026-01-01') }
    await expect(
      transact(hub.db, (tx) =>
        requestBooking(
          tx,
          hub,
          other,
          { connectionId: good.connection.id, service: 'economy', offer },
          testAct(),
        ),
      ),
    ).rejects.toThrow('expired at 2026-01-01')
    expect((await shipmentOf(hub, other)).state).toBe('planned')
  })

  test('a paused courier is not asked', async () => {
    await hub.db.execute(sql`update connections set status = 'paused' where id = ${bad.connection.id}`)
    const { offers, unavailable } = await rateShop(hub, request)
    expect([...offers, ...unavailable].some((entry) => entry.source.name === 'Bad')).toBe(false)
    await hub.db.execute(sql`update connections set status = 'active' where id = ${bad.connection.id}`)
  })
})

test('the clock of a hub decides what has expired', () => {
  const clock = manualClock('2026-03-02T09:00:00Z')
  const offer = {
    ...cardOffer,
    id: 'x',
    source: { kind: 'courier' as const, connectionId: 'con_1', name: 'C' },
    connectionId: 'con_1',
    expiresAt: new Date('2026-03-02T09:30:00Z'),
  }
  const question = { request, offers: [offer], unavailable: [], shipBy: null, deliverBy: null, order: null }
  expect(chooseCheapest(question, clock.now()).offerId).toBe('x')
  clock.advance(3_600_000)
  expect(chooseCheapest(question, clock.now()).offerId).toBeNull()
})
