import { XMLParser } from 'fast-xml-parser'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { toBerlin } from '../../../connectors/dhl-parcel-de/berlin-time.ts'
import { alpha3ByAlpha2 } from '../../../connectors/dhl-parcel-de/countries.ts'
import { stateOf, stateWord } from '../../../connectors/dhl-parcel-de/tracking-codes.ts'
import { readTrackingAnswer } from '../../../connectors/dhl-parcel-de/tracking-xml.ts'
import type { Exchange } from '../../connectors/amazon/recording.ts'
import {
  booking,
  bookingAbroad,
  buyer,
  buyerAbroad,
  cancellationOf,
  customs,
  type Depot,
  eur,
  openDepot,
  operations,
  ordersCall,
  parcel,
  shop,
} from '../../connectors/dhl-parcel-de/support.ts'
import {
  answerProblems,
  hasVendorFiles,
  loadVendorModels,
  requestProblems,
  type VendorModels,
  vendorText,
  vendorTitle,
} from './vendor.ts'

const pickupRequest = {
  reference: booking().reference,
  from: shop,
  readyAt: new Date('2026-03-03T08:00:00.000Z'),
  closesAt: new Date('2026-03-03T16:00:00.000Z'),
  parcels: [parcel, parcel],
  trackingNumbers: ['00340434333000000011'],
  instructions: 'Ring twice',
}

/** Everything the connector can ask and the stand-in can answer, heard on the wire. */
async function everyCall(): Promise<Exchange[]> {
  const depot = await openDepot({ isContactShared: true, isInsured: true, printFormat: '910-300-700' })
  try {
    await works(depot)
    await fails(depot)
    return depot.exchanges
  } finally {
    await depot.close()
  }
}

async function works(depot: Depot): Promise<void> {
  const { client } = depot
  const ddp = { ...customs, incoterm: 'DDP' as const }
  await depot.book(booking({ isSignatureRequired: true, declaredValue: eur(60_000) }))
  await depot.book(
    booking({
      service: 'V62KP',
      labelFormat: 'zpl',
      parcels: [{ ...parcel, weightGrams: 900, lengthMm: null }],
    }),
  )
  for (const service of ['V53WPAK', 'V53WPAK.premium', 'V54EPAK'])
    await depot.book(bookingAbroad({ service, customs: ddp }))
  await depot.book(
    bookingAbroad({
      service: 'V66WPI',
      parcels: [{ ...parcel, weightGrams: 900 }],
      customs: { ...customs, contents: 'gift' },
    }),
  )
  await depot.book(
    bookingAbroad({
      to: { ...buyerAbroad, country: 'US', region: 'NY', postcode: '10118', city: 'New York' },
    }),
  )
  const pair = await depot.book(booking({ parcels: [parcel, parcel] }))
  await operations.cancelShipment.run(client, cancellationOf(pair), 'k')
  await operations.cancelShipment.run(client, cancellationOf(pair), 'k')
  const one = await depot.book()
  depot.clock.advance(86_400_000)
  depot.sandbox.closeDay()
  await operations.cancelShipment.run(client, cancellationOf(one), 'k').catch(() => null)
  await operations.pickup.run(client, pickupRequest, 'k').catch(() => null)
  const { find } = operations.pickup
  if (typeof find === 'function') await find(client, pickupRequest, 'k')
}

async function fails(depot: Depot): Promise<void> {
  const refused = (call: Promise<unknown>) =>
    call.then(
      () => expect.fail('The call was to be refused.'),
      () => null,
    )
  await refused(depot.book(booking({ to: { ...buyer, postcode: '5311' } })))
  await refused(depot.book(booking({ parcels: [parcel, { ...parcel, weightGrams: 31_501 }] })))
  depot.sandbox.refuseNextBookingOf(1)
  await refused(depot.book(booking({ parcels: [parcel, parcel] })))
  await refused(
    operations.pickup.run(
      depot.client,
      { ...pickupRequest, readyAt: new Date(0), closesAt: new Date(0) },
      'k',
    ),
  )
  depot.sandbox.faults.add({
    kind: 'status',
    status: 500,
    body: '{"title":"Error","statusCode":500}',
    headers: { 'content-type': 'application/problem+json' },
    when: ordersCall('POST'),
  })
  await refused(depot.book())
  for (const path of ['shipping', 'pickup']) {
    depot.sandbox.expireTokens()
    if (path === 'shipping') await depot.book()
    else
      await operations.pickup.run(
        depot.client,
        {
          ...pickupRequest,
          readyAt: new Date('2026-03-05T08:00:00Z'),
          closesAt: new Date('2026-03-05T09:00:00Z'),
        },
        'k',
      )
  }
}

describe.skipIf(!hasVendorFiles)(vendorTitle("DHL's own descriptions"), () => {
  let models: VendorModels
  let calls: Exchange[]

  beforeAll(async () => {
    models = await loadVendorModels()
    calls = (await everyCall()).filter(({ url }) => !url.pathname.includes('/account/auth/'))
  }, 60_000)

  const nameOf = ({ method, url, status }: Exchange) => `${method} ${url.pathname} -> ${status}`
  const problems = (judge: typeof requestProblems) =>
    calls.flatMap((call) => judge(models.find(call)!, call).map((problem) => `${nameOf(call)} ${problem}`))

  it('describe every call that is made', () => {
    expect(calls.filter((call) => !models.find(call)).map(nameOf)).toEqual([])
  })

  it('find fault with no request, but with the one that was meant to be refused for its weight', () => {
    expect(problems(requestProblems)).toEqual([
      expect.stringMatching(/POST .*orders -> 207 body.*weight.*31500/),
    ])
  })

  it('find fault with no answer of the stand-in', () => {
    expect(problems(answerProblems)).toEqual([])
  })

  it('were heard in every kind of answer that matters', () => {
    expect([...new Set(calls.map(nameOf))].sort()).toEqual([
      'DELETE /parcel/de/shipping/v2/orders -> 200',
      'DELETE /parcel/de/shipping/v2/orders -> 207',
      'DELETE /parcel/de/shipping/v2/orders -> 400',
      'GET /parcel/de/shipping/v2/manifests -> 200',
      'GET /parcel/de/shipping/v2/manifests -> 404',
      'GET /parcel/de/shipping/v2/orders -> 207',
      'GET /parcel/de/shipping/v2/orders -> 400',
      'GET /parcel/de/transportation/pickup/v3/orders -> 200',
      'POST /parcel/de/shipping/v2/orders -> 200',
      'POST /parcel/de/shipping/v2/orders -> 207',
      'POST /parcel/de/shipping/v2/orders -> 400',
      'POST /parcel/de/shipping/v2/orders -> 401',
      'POST /parcel/de/shipping/v2/orders -> 500',
      'POST /parcel/de/transportation/pickup/v3/orders -> 200',
      'POST /parcel/de/transportation/pickup/v3/orders -> 401',
      'POST /parcel/de/transportation/pickup/v3/orders -> 422',
    ])
  })

  it('would find fault with what is wrong', () => {
    const call = calls.find((one) => nameOf(one) === 'POST /parcel/de/shipping/v2/orders -> 200')!
    const { shipments, ...rest } = structuredClone(call.body) as {
      shipments: { consignee: { name1: string } }[]
    }
    shipments[0]!.consignee.name1 = 'x'.repeat(51)
    expect(requestProblems(models.find(call)!, { ...call, body: { ...rest, shipments } })).not.toEqual([])
    expect(requestProblems(models.find(call)!, { ...call, body: rest })).not.toEqual([])
    expect(answerProblems(models.find(call)!, { ...call, answer: { items: [{}] } })).not.toEqual([])
  })

  it('know exactly the countries that ours do', () => {
    const yaml = vendorText('parcel-de-shipping-v2_2.yaml').replaceAll('\r', '')
    const [, block = ''] = /\n {4}Country:[\s\S]*?enum:\n((?: {8}- \w+\n)+)/.exec(yaml) ?? []
    const theirs = [...block.matchAll(/- (\w+)/g)].map(([, code]) => code!)
    expect(theirs.filter((code) => code !== 'UNKNOWN').sort()).toEqual([...alpha3ByAlpha2.values()].sort())
  })
})

describe.skipIf(!hasVendorFiles)(vendorTitle("DHL's examples of tracking"), () => {
  type Example = { name: string; request: { url: { raw: string } } }
  const collection = () =>
    JSON.parse(vendorText('pp-parcel-tracking_onboarding_collection.json')) as {
      item: Example[]
      variable: { key: string; value: string }[]
    }
  const attributesOf = (xml: string) =>
    new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(xml).data as Record<
      string,
      string
    >

  it('are asked as the connector asks, in the same place and with the same attributes', async () => {
    const { item, variable } = collection()
    const examples = item.filter(({ name }) => name.startsWith('Tracking-d-get-piece-detail'))
    expect(examples).toHaveLength(6)
    const depot = await openDepot()
    try {
      for (const { name, request } of examples) {
        const raw = variable.reduce(
          (text, { key, value }) => text.replaceAll(`{{${key}}}`, value),
          request.url.raw,
        )
        const theirs = new URL(raw)
        const trackingNumber = name.split(' ')[1]!
        await operations.pullTracking.run(depot.client, [
          { trackingNumber, carrier: null, recipientPostcode: null, recipientPhone: null },
        ])
        const ours = depot.heard('GET', '/tracking').at(-1)!
        const { appname, password, ...theirAttributes } = attributesOf(theirs.searchParams.get('xml')!)
        const {
          appname: ourUser,
          password: ourPassword,
          ...ourAttributes
        } = attributesOf(ours.url.searchParams.get('xml')!)
        expect([appname, password, ourUser, ourPassword].every(Boolean)).toBe(true)
        expect(ourAttributes).toEqual(theirAttributes)
        // One example goes to another path of the test system; the rest agree.
        expect(ours.url.pathname).toBe(theirs.pathname.replace(/shipments-sandbox$/, 'shipments'))
        expect(ours.headers.authorization).toMatch(/^Basic /)
      }
    } finally {
      await depot.close()
    }
  })

  it('answers of the stand-in read like theirs: times, codes and the flag of a return', async () => {
    const depot = await openDepot()
    try {
      const { trackingNumber } = (await depot.book()).parcels[0]!
      depot.sandbox.scan(trackingNumber, 'collected')
      await operations.pullTracking.run(depot.client, [
        { trackingNumber, carrier: null, recipientPostcode: null, recipientPhone: null },
      ])
      const [piece] = readTrackingAnswer(depot.heard('GET', '/tracking').at(-1)!.answer as string).pieces
      const { date, time } = toBerlin(depot.clock.now())
      expect(piece!.events[0]!['event-timestamp']).toBe(`${date.split('-').reverse().join('.')} ${time}`)
    } finally {
      await depot.close()
    }
  })
})

describe.skipIf(!hasVendorFiles)(vendorTitle("DHL's list of event codes"), () => {
  const rowSchema = z.tuple([z.string(), z.string(), z.string()]).rest(z.string())
  const rows = () =>
    vendorText('parcel_de_ice_event_ric_combinations_July_2024.csv', 'latin1')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => rowSchema.parse(line.split(';')))

  it('has no combination that the table does not decide', () => {
    expect(rows().length).toBeGreaterThan(300)
    expect(rows().filter(([ice, ric, standard]) => stateWord(ice, ric, standard) === undefined)).toEqual([])
  })

  // Where a standard event says plainly where a parcel is, the table agrees, but for what is named here.
  it.each([
    [
      'ZU',
      'delivered',
      [
        'DLVRD/CUSTM',
        'DLVRD/HNDTC',
        'DSPSD/BDADD',
        'DSPSD/CNCNR',
        'DSPSD/DMGED',
        'DSPSD/FRMJR',
        'DSPSD/GDNMS',
        'DSPSD/MOVED',
        'DSPSD/NTCLM',
        'DSPSD/NTORD',
      ],
    ],
    ['VA', 'announced', []],
    ['AE', 'collected', []],
    ['ES', 'collected', []],
    // Put off, damaged or sent back at a depot: the table says more than "departed" and "arrived".
    ['AA', 'in_transit', ['OFWRD/RTSCR']],
    ['EE', 'in_transit', ['OFWRD/RTSCR']],
    ['NB', 'in_transit', []],
  ])('calls %s what the table calls %s', (standard, state, exceptions) => {
    const strange = rows()
      .filter((row) => row[2] === standard && stateOf(row[0], row[1], row[2], false) !== state)
      .map(([ice, ric]) => `${ice}/${ric}`)
    expect(strange).toEqual(exceptions)
  })
})
