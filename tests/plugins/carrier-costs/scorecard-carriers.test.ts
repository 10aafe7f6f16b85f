import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPeriod } from '../../../plugins/carrier-costs/invoices/period.ts'
import { percentile } from '../../../plugins/carrier-costs/scorecard/percentile.ts'
import { readKeys, readScorecard } from '../../../plugins/carrier-costs/scorecard/scorecard.ts'
import { addShipment, header, openPlugin } from './invoices-support.ts'

let world: Awaited<ReturnType<typeof openPlugin>>
beforeAll(async () => {
  world = await openPlugin()
  const { hub } = world
  const handedOverAt = '2026-03-03T12:00:00Z'
  const promisedAt = '2026-03-05T12:00:00Z'
  // Parcels that took 1, 2, 3 and 4 days; promised within 2.
  for (const days of [1, 2, 3, 4])
    await addShipment(hub, {
      id: `shp_${days}`,
      handedOverAt,
      promisedAt,
      parcels: [{ tracking: `T${days}`, weightGrams: 2000, deliveredAt: `2026-03-0${3 + days}T12:00:00Z` }],
    })
  await addShipment(hub, {
    id: 'shp_lost',
    handedOverAt,
    parcels: [
      { tracking: 'L1', weightGrams: 1000, state: 'lost' },
      { tracking: 'L2', weightGrams: 1000, incident: 'damaged' },
    ],
  })
  await addShipment(hub, { id: 'shp_void', isCancelled: true })
  await addShipment(hub, { id: 'shp_ups', carrier: 'ups', service: 'saver', currency: 'USD' })
  await world.call(
    'POST',
    '/invoices?carrier=dhl',
    [
      header,
      '1,2026-03-10,T1,EUR,1,12.00,base,BASE,,,',
      '1,2026-03-10,shp_void,EUR,2,3.00,base,BASE,,,',
    ].join('\n'),
  )
})
afterAll(() => world.drop())

const period = readPeriod({ from: '2026-03-01', to: '2026-03-31' }, new Date())
const claim = async (body: object) =>
  JSON.parse(await world.call('POST', '/claims', { currency: 'EUR', ...body })) as { id: string }

describe('the scorecard', () => {
  test('counts costs, times, losses, claims and disputes of each service and lane', async () => {
    const { id } = await claim({ shipment: 'L1', reason: 'lost', amountMinor: 5000 })
    await claim({ shipment: 'L2', reason: 'damaged', amountMinor: 2000 })
    await world.call('POST', `/claims/${id}`, { state: 'paid', paidMinor: 4000 })
    const rows = await readScorecard(world.context, { period, by: readKeys(undefined), minSample: 4 })
    const none = { value: null, sample: 0 }
    expect(rows).toEqual([
      {
        carrier: 'dhl',
        service: 'paket',
        lane: 'DE-FR',
        shipments: 5,
        cancelled: 1,
        parcels: 6,
        costs: [
          {
            currency: 'EUR',
            // 12.00 and 3.00 as invoiced, four times 10.00 as quoted: 55.00 for 7 parcels of 8 + 2 + 1 kg.
            totalMinor: 5500,
            shipments: 6,
            perParcelMinor: 786,
            perKgMinor: 500,
            compared: 1,
            quotedMinor: 1000,
            invoicedMinor: 1200,
          },
        ],
        // Between 2 and 3; nine tenths of the way lie at 3.7.
        medianDays: { value: 2.5, sample: 4 },
        p90Days: { value: 3.7, sample: 4 },
        onTime: { value: 5000, sample: 4 },
        lost: { value: 1667, sample: 6 },
        damaged: { value: 1667, sample: 6 },
        claims: [{ currency: 'EUR', made: 2, madeMinor: 7000, paid: 1, paidMinor: 4000 }],
        disputes: [{ currency: 'EUR', found: 2, amountMinor: 500, creditedMinor: 0 }],
      },
      {
        carrier: 'ups',
        service: 'saver',
        lane: 'DE-FR',
        shipments: 1,
        cancelled: 0,
        parcels: 1,
        costs: [
          {
            currency: 'USD',
            totalMinor: 1000,
            shipments: 1,
            perParcelMinor: 1000,
            perKgMinor: 1000,
            compared: 0,
            quotedMinor: 0,
            invoicedMinor: 0,
          },
        ],
        medianDays: none,
        p90Days: none,
        onTime: none,
        lost: none,
        damaged: none,
        claims: [],
        disputes: [],
      },
    ])
  })

  test('says no data below the smallest sample, with how many there are', async () => {
    const [dhl] = await readScorecard(world.context, { period, by: ['carrier'], minSample: 5 })
    expect(dhl).toMatchObject({
      service: null,
      medianDays: { value: null, sample: 4 },
      onTime: { value: null, sample: 4 },
      lost: { value: 1667, sample: 6 },
    })
    const given = { from: '2026-03-01', to: '2026-03-31', by: 'lane', 'min-sample': '5' }
    expect(await world.run('scorecard', [], given)).toMatchObject([
      {
        lane: 'DE-FR',
        shipments: 6,
        medianDays: 'no data (4)',
        lost: '16.67 % (6)',
        cost: ['55.00 EUR', '10.00 USD'],
      },
    ])
  })

  test('refuses what it cannot group by or count', async () => {
    await expect(world.run('scorecard', [], { by: 'carrier,moon' })).rejects.toThrow(
      '"moon" is none of carrier, service, lane.',
    )
    await expect(world.run('scorecard', [], { 'min-sample': '0' })).rejects.toThrow(
      '"0" is no smallest sample: write a whole number from 1.',
    )
  })

  test('takes percentiles between figures', () => {
    expect(percentile([5], 0.9)).toBe(5)
    expect(percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9)).toBe(9.1)
    expect(percentile([1, 2], 0.5)).toBe(1.5)
  })
})

describe('a claim', () => {
  const make = (...given: [string, string, string, string]) => world.run('claim-make', given)

  test('is made once for a parcel and reason', async () => {
    await make('shp_1', 'delayed', '100', 'EUR')
    await expect(make('shp_1', 'delayed', '100', 'EUR')).rejects.toThrow(
      'shp_1 was claimed as delayed already. Change that claim instead.',
    )
  })

  test('refuses what it cannot be about', async () => {
    await expect(make('T-none', 'lost', '100', 'EUR')).rejects.toThrow('There is no shipment T-none.')
    await expect(make('T1', 'lost', '12.90', 'EUR')).rejects.toThrow('The claim, amountMinor: Invalid input')
    await expect(make('T1', 'lost', '100', 'EURO')).rejects.toThrow(
      'The claim, currency: is no ISO 4217 currency code',
    )
    await expect(make('T1', 'eaten', '100', 'EUR')).rejects.toThrow('The claim, reason: Invalid option')
  })

  test('is paid at most what was claimed, and only once', async () => {
    const { id } = (await make('T2', 'damaged', '100', 'EUR')) as { id: string }
    const change = (state: string, paid?: string) =>
      world.run('claim-change', [id, state], paid === undefined ? {} : { paid })
    await expect(change('paid')).rejects.toThrow('Say how much was paid.')
    await expect(change('paid', '101')).rejects.toThrow(
      'Paid is from 1 to the 100 that were claimed, in minor units.',
    )
    await expect(change('accepted', '5')).rejects.toThrow('A claim that is accepted has no payment.')
    await change('paid', '60')
    await expect(change('rejected')).rejects.toThrow(`The claim ${id} is paid: it cannot become rejected.`)
    expect(await world.run('claims', [], { state: 'paid' })).toContainEqual(
      expect.objectContaining({ id, trackingNumber: 'T2', paidMinor: 60 }),
    )
  })
})
