import { afterEach, expect, test } from 'vitest'
import { quote } from '../../../connectors/sf-express/operations.ts'
import { type Desk, gateway, openDesk } from './support.ts'

let desk: Desk
afterEach(() => desk.sandbox.close())

const place = { country: 'CN', postcode: null, isResidential: null }
const request = {
  from: { ...place, region: '广东省', city: '深圳市' },
  to: { ...place, region: '北京市', city: '北京市' },
  parcels: [{ weightGrams: 1801, lengthMm: 301, widthMm: 200, heightMm: 150 }],
  shipAt: new Date('2026-03-03T04:00:00Z'),
  declaredValue: null,
}

test('prices are whole fen whose charges add up, and what has none is named with a reason', async () => {
  desk = await openDesk()
  const { quotes, notOffered } = await quote(desk.client, request)
  expect(quotes.map(({ service, totalMinor, currency }) => [service, totalMinor, currency])).toEqual([
    ['1', 3600, 'CNY'],
    ['2', 2300, 'CNY'],
    ['5', 4300, 'CNY'],
  ])
  for (const { charges, totalMinor } of quotes)
    expect(charges.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(totalMinor)
  expect(notOffered).toEqual([{ service: '6', reason: expect.any(String) }])
})

test('weight and volume are rounded up, never down, and an unknown size is left out', async () => {
  desk = await openDesk()
  await quote(desk.client, { ...request, services: ['2'] })
  await quote(desk.client, { ...request, parcels: [{ ...request.parcels[0]!, heightMm: null }] })
  expect(desk.sent[0]!.message).toMatchObject({ weight: 1.81, volume: 9030, businessType: '2' })
  expect(desk.sent[1]!.message).toMatchObject({ weight: 1.81, businessType: '' })
  expect(desk.sent[1]!.message).not.toHaveProperty('volume')
})

test.each([[null], [0], ['']])('a fee of %s is no price', async (fee) => {
  const offer = { businessType: '2', businessTypeDesc: '顺丰标快', deliverTime: null, fee }
  desk = await openDesk({
    instead: () => gateway({ success: true, errorCode: 'S0000', msgData: { deliverTmDto: [offer] } }),
  })
  const { quotes, notOffered } = await quote(desk.client, { ...request, services: ['2'] })
  expect(quotes).toEqual([])
  expect(notOffered).toHaveLength(1)
})

test.each([
  ['another country', { ...request.to, country: 'HK' }],
  ['no province', { ...request.to, region: null }],
])('%s is answered with a reason, without a call', async (_, to) => {
  desk = await openDesk()
  const { quotes, notOffered } = await quote(desk.client, { ...request, to, services: ['1', '2'] })
  expect(quotes).toEqual([])
  expect(notOffered.map(({ service }) => service)).toEqual(['1', '2'])
  expect(desk.sent).toEqual([])
})
