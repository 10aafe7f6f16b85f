import { trackingIncidents, trackingStates } from 'entrepot/sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ups as connector } from '../../../connectors/ups/index.ts'
import { readInstant } from '../../../connectors/ups/mapping-time.ts'
import { meaningOf } from '../../../connectors/ups/tracking-codes.ts'
import { booking, findOf, openUps, operations, refusal, start, trackingRef, type Ups } from './support.ts'

const { pullTracking, subscribeTracking, bookShipment } = operations
const foreign = '1Z999AA10123456784'

describe('tracking', () => {
  let ups: Ups
  beforeEach(async () => {
    ups = await openUps()
  })
  afterEach(() => ups.close())

  const pull = async (...numbers: string[]) => pullTracking.run(ups.client, numbers.map(trackingRef))
  const pullOne = async (number = foreign) => {
    const [result] = await pull(number)
    if (!result?.ok) throw result?.error
    return result.tracking
  }

  it('of a booked parcel begins with its announcement', async () => {
    const { parcels } = await bookShipment.run(ups.client, booking(), 'key')
    const { events, estimatedAt } = await pullOne(parcels[0]!.trackingNumber)
    expect(events).toMatchObject([
      { at: new Date(start), state: 'announced', incident: null, code: '003', location: 'München, DE' },
    ])
    expect(estimatedAt).toEqual(new Date('2026-03-05T19:00:00Z'))
  })

  it.each(trackingStates)('tells that a parcel is %s', async (state) => {
    ups.sandbox.announce(foreign)
    ups.clock.advance(60_000)
    ups.sandbox.scan(foreign, state)
    const [newest] = (await pullOne()).events
    expect(newest).toMatchObject({ state, at: new Date('2026-03-02T09:01:00Z') })
  })

  // UPS has no code that says "held for security".
  it.each(trackingIncidents.filter((incident) => incident !== 'security_hold'))(
    'tells of a parcel on its way: %s',
    async (incident) => {
      ups.sandbox.announce(foreign)
      ups.sandbox.scan(foreign, 'in_transit', { incident })
      expect((await pullOne()).events).toContainEqual(expect.objectContaining({ incident }))
    },
  )

  it('gives one result a parcel, in order, and not_found for what UPS does not know yet', async () => {
    ups.sandbox.announce(foreign)
    const results = await pull('1Z999AA10123456999', foreign, 'x')
    expect(results.map((result) => (result.ok ? result.tracking.trackingNumber : result.error.kind))).toEqual(
      ['not_found', foreign, 'rejected'],
    )
    expect(results[0]).toMatchObject({ error: { vendorCode: 'TW0001' } })
    expect(results[2]).toMatchObject({ error: { vendorCode: 'TV1002' } })
  })

  it('asks no further when UPS asks us to wait', async () => {
    ups.answerNext('/track/', refusal('10429', 'Too Many Requests'), 429)
    const results = await pull(foreign, foreign, foreign)
    expect(results.map((result) => result.ok || result.error.kind)).toEqual(Array(3).fill('rate_limited'))
    expect(ups.heard('/track/')).toHaveLength(1)
  })

  it('takes the package that was asked for out of a shipment', async () => {
    const activity = [{ gmtDate: '20260301', gmtTime: '74700', status: { type: 'I', statusCode: '005' } }]
    const others = { trackingNumber: '1Z999AA10123456700', activity: [] }
    const shipment = [{ package: [others, { trackingNumber: foreign, activity }] }]
    ups.answerNext('/track/', { trackResponse: { shipment } })
    expect((await pullOne()).events).toMatchObject([
      { at: new Date('2026-03-01T07:47:00Z'), state: 'in_transit' },
    ])
  })
})

describe('status codes', () => {
  it('that nobody knows move nothing, whatever their words', () => {
    expect(meaningOf({ type: 'D', statusCode: '999' })).toEqual({ state: null, incident: null })
    expect(meaningOf({ type: 'X', statusCode: '999' })).toEqual({ state: null, incident: 'other' })
    expect(meaningOf({})).toEqual({ state: null, incident: null })
  })
  it('fall back to the type where it is a state', () => {
    const states = ['M', 'P', 'I', 'O', 'RS'].map((type) => meaningOf({ type, statusCode: '999' }).state)
    expect(states).toEqual(['announced', 'collected', 'in_transit', 'out_for_delivery', 'returning'])
  })
  it('that are notices of a changed wish leave the parcel where it is', () => {
    for (const statusCode of ['007', '027', '033', '055'])
      expect(meaningOf({ type: 'I', statusCode }).state).toBeNull()
  })
})

describe('times', () => {
  it.each([
    ['20260301', '071356', '2026-03-01T07:13:56.000Z'],
    ['20260301', '74700', '2026-03-01T07:47:00.000Z'],
    ['20260301', '1830', '2026-03-01T18:30:00.000Z'],
    ['2026-03-01', '18:30:05', '2026-03-01T18:30:05.000Z'],
  ])('%s %s is %s', (date, time, iso) => {
    expect(readInstant(date, time)?.toISOString()).toBe(iso)
  })
  it.each([
    ['string', '071356'],
    ['20261301', '071356'],
    ['20260301', '256199'],
    ['20260301', ''],
    [undefined, undefined],
  ])('%s %s is none', (date, time) => {
    expect(readInstant(date, time)).toBeNull()
  })
})

describe('Track Alert', () => {
  let ups: Ups
  beforeEach(async () => {
    ups = await openUps({ isAccountSubscribed: false })
  })
  afterEach(() => ups.close())

  const { verify, interpret } = connector.webhook!
  const settings = () => connector.settings.parse(ups.sandbox.connection(ups.url).settings)
  const credentials = () => connector.credentials.parse(ups.sandbox.connection(ups.url).credentials)
  const request = (headers: Record<string, string>, body = '{}') => ({
    headers: new Headers(headers),
    rawBody: Buffer.from(body),
  })
  const credential = 'sandbox-track-alert-credential-61'

  it('tells of subscribed parcels only, and leads to asking about them', async () => {
    ups.sandbox.announce(foreign)
    ups.sandbox.scan(foreign, 'in_transit')
    expect(ups.sandbox.takeWebhooks()).toEqual([])
    await subscribeTracking.run(ups.client, [trackingRef(foreign)])
    ups.sandbox.scan(foreign, 'delivered')
    const [alert] = ups.sandbox.takeWebhooks()
    const received = request(alert!.headers, alert!.body)
    expect(verify(received, credentials(), settings())).toBe(true)
    expect(interpret(received)).toEqual({ pull: 'tracking', externalIds: [foreign] })
  })

  it('asks about numbers of UPS only, and gives one result each, in order', async () => {
    const results = await subscribeTracking.run(ups.client, ['92', foreign].map(trackingRef))
    expect(results).toMatchObject([{ ok: false, error: { kind: 'rejected' } }, { ok: true }])
    expect(ups.heard('/subscription/')[0]!.body).toMatchObject({ trackingNumberList: [foreign] })
    await subscribeTracking.run(ups.client, [trackingRef('92')])
    expect(ups.heard('/subscription/')).toHaveLength(1)
  })

  it('tells which numbers UPS does not take, some or all', async () => {
    const other = '1Z999AA10123456700'
    ups.answerNext('/subscription/', { validTrackingNumbers: [other], invalidTrackingNumbers: [foreign] })
    await expect(subscribeTracking.run(ups.client, [foreign, other].map(trackingRef))).resolves.toMatchObject(
      [{ ok: false }, { ok: true }],
    )
    const none = { invalidTrackingNumbers: [foreign], ...refusal('VSS210', 'At least one valid number.') }
    ups.answerNext('/subscription/', none, 400)
    await expect(subscribeTracking.run(ups.client, [trackingRef(foreign)])).resolves.toMatchObject([
      { ok: false, error: { kind: 'rejected' } },
    ])
  })

  it.each([
    ['as a bearer token', { authorization: `Bearer ${credential}` }, true],
    ['in the older header', { credential }, true],
    ['without the word Bearer', { authorization: credential }, false],
    ['cut short', { credential: credential.slice(0, -1) }, false],
    ['with more behind it', { credential: `${credential}x` }, false],
    ['empty', { credential: '' }, false],
    ['not at all', { 'x-api-key': 'sandbox-client-id-4f1c' }, false],
    ['wrong beside a right one', { authorization: 'Bearer wrong', credential }, false],
  ] as [string, Record<string, string>, boolean][])(
    'with the credential %s: %o is believed: %s',
    (_, headers, isTrue) => {
      expect(verify(request(headers), credentials(), settings())).toBe(isTrue)
    },
  )

  it('is never believed where no credential is set', () => {
    const { webhookCredential: _, ...without } = credentials()
    expect(verify(request({ credential: '' }), without, settings())).toBe(false)
    expect(verify(request({ authorization: 'Bearer undefined' }), without, settings())).toBe(false)
  })

  it.each(['', 'no JSON', '{}', '{"trackingNumber":""}', '[]'])(
    'that names no parcel is ignored: %s',
    (body) => {
      expect(interpret(request({}, body))).toHaveProperty('ignore')
    },
  )
})

describe('pickups', () => {
  let ups: Ups
  beforeEach(async () => {
    ups = await openUps()
  })
  afterEach(() => ups.close())
  const { pickup } = operations
  const at = (time: string) => new Date(`${time}:00Z`)
  const { from, parcels } = booking()
  const wish = (readyAt = at('2026-03-02T13:00'), closesAt = at('2026-03-02T17:00')) => ({
    reference: 'pck_1',
    from,
    readyAt,
    closesAt,
    parcels,
    trackingNumbers: [],
    instructions: 'Ring at gate 2',
  })
  const find = (request: ReturnType<typeof wish>) => findOf(pickup)(ups.client, request, 'pck_1')

  it('are asked for in the local time of the warehouse, and found by our reference', async () => {
    const client = ups.connect({ timeZone: 'Europe/Berlin' })
    await expect(find(wish())).resolves.toBeNull()
    const { externalId } = await pickup.run(client, wish(), 'pck_1')
    expect(ups.heard('/pickupcreation/')[0]!.body).toMatchObject({
      PickupCreationRequest: {
        PickupDateInfo: { PickupDate: '20260302', ReadyTime: '1400', CloseTime: '1800' },
        TotalWeight: { Weight: '1.3', UnitOfMeasurement: 'KGS' },
        OverweightIndicator: 'N',
      },
    })
    await expect(find(wish())).resolves.toEqual({ externalId })
    expect(ups.sandbox.pickups()).toHaveLength(1)
  })

  it('after tomorrow cannot be looked for: a person decides', async () => {
    await expect(find(wish(at('2026-03-05T13:00')))).rejects.toMatchObject({ kind: 'uncertain' })
  })

  it('without a phone or a street that fits are refused, naming the field', async () => {
    const silent = { ...wish(), from: { ...from, phone: null } }
    await expect(pickup.run(ups.client, silent, 'pck_1')).rejects.toMatchObject({
      issues: [{ field: 'PickupAddress/Phone' }],
    })
    const endless = { ...wish(), from: { ...from, addressLines: ['x'.repeat(74)] } }
    await expect(pickup.run(ups.client, endless, 'pck_1')).rejects.toMatchObject({
      issues: [{ field: 'PickupAddress/AddressLine' }],
    })
  })
})
