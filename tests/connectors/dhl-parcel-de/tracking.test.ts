import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fromBerlin } from '../../../connectors/dhl-parcel-de/berlin-time.ts'
import { readTrackingAnswer, trackingRequest } from '../../../connectors/dhl-parcel-de/tracking-xml.ts'
import { booking, type Depot, openDepot, operations } from './support.ts'

let depot: Depot
beforeEach(async () => {
  depot = await openDepot()
})
afterEach(() => depot.close())

const refOf = (trackingNumber: string) => ({
  trackingNumber,
  carrier: null,
  recipientPostcode: null,
  recipientPhone: null,
})
const pull = (...numbers: string[]) => operations.pullTracking.run(depot.client, numbers.map(refOf))
const bookOne = async () => (await depot.book()).parcels[0]!.trackingNumber
const answerNext = (body: string) =>
  depot.sandbox.faults.add({
    kind: 'status',
    status: 200,
    body,
    when: ({ path }) => path.includes('tracking'),
  })

describe('parcels', () => {
  test('are told in the order they were asked, the unknown one in its place', async () => {
    const [first, second] = [await bookOne(), await bookOne()]
    depot.sandbox.scan(first, 'collected')
    depot.clock.advance(3_600_000)
    depot.sandbox.scan(second, 'out_for_delivery', { incident: 'recipient_absent' })
    const [two, none, one] = await pull(second, '00340434161094000000', first)
    expect(one).toMatchObject({
      ok: true,
      tracking: {
        trackingNumber: first,
        events: [{ at: new Date('2026-03-02T09:00:00Z'), state: 'collected', code: 'PCKDU/PUBCR' }],
      },
    })
    expect(two).toMatchObject({
      tracking: { events: [{ state: 'out_for_delivery' }, { incident: 'recipient_absent' }] },
    })
    expect(none).toMatchObject({ ok: false, error: { kind: 'not_found' } })
    expect(depot.heard('GET', '/tracking')).toHaveLength(1)
  })

  test('that nobody knows are each not found', async () => {
    const results = await pull('00340434161094000000', '00340434161094000001')
    expect(results).toMatchObject([
      { ok: false, error: { kind: 'not_found', vendorCode: '100' } },
      { ok: false, error: { kind: 'not_found' } },
    ])
  })

  test('are found by their number with or without leading zeroes', async () => {
    answerNext(
      '<data name="piece-shipment-list" code="0"><data name="piece-shipment" error-status="0" piece-code="340434161094015902"/></data>',
    )
    expect(await pull('00340434161094015902')).toMatchObject([{ ok: true, tracking: { events: [] } }])
  })

  test('on their way back are told by a flag', async () => {
    const event = (ice: string, ric: string) =>
      `<data name="piece-event" event-timestamp="02.03.2026 10:00" event-text="x" ice="${ice}" ric="${ric}" ruecksendung="true"/>`
    answerNext(
      `<data name="piece-shipment-list" code="0"><data name="piece-shipment" error-status="0" piece-code="1"><data name="piece-event-list">${event('LDTMV', 'MVMTV')}${event('DLVRD', 'ACCPT')}</data></data></data>`,
    )
    expect(await pull('1')).toMatchObject([
      { tracking: { events: [{ state: 'returning' }, { state: 'returned' }] } },
    ])
  })

  test('with a code that DHL does not list keep its words and get no state', async () => {
    answerNext(
      '<data name="piece-shipment-list" code="0"><data name="piece-shipment" error-status="0" piece-code="1"><data name="piece-event-list"><data name="piece-event" event-timestamp="02.03.2026 10:00" event-text="Caf&#233; &amp; &quot;Bar&quot;" ice="ZZZZZ" ric="NEWON" standard-event-code="XX"/></data></data></data>',
    )
    expect(await pull('1')).toMatchObject([
      {
        tracking: {
          events: [{ state: null, incident: null, code: 'ZZZZZ/NEWON', description: 'Café & "Bar"' }],
        },
      },
    ])
  })

  test('with a time that is none are unexpected, and spoil no other', async () => {
    const piece = (number: string, time: string) =>
      `<data name="piece-shipment" error-status="0" piece-code="${number}"><data name="piece-event-list"><data name="piece-event" event-timestamp="${time}" ice="PCKDU"/></data></data>`
    answerNext(
      `<data name="piece-shipment-list" code="0">${piece('1', 'soon')}${piece('2', '02.03.2026 10:00')}</data>`,
    )
    expect(await pull('1', '2')).toMatchObject([{ ok: false, error: { kind: 'unexpected' } }, { ok: true }])
  })
})

describe('the question', () => {
  test('escapes what it holds, and reaches DHL whole', async () => {
    const { password } = depot.sandbox.connection('http://x').credentials
    expect(password).toMatch(/[&<"]/)
    expect(await pull(await bookOne())).toMatchObject([{ ok: true }])
    expect(trackingRequest({ user: 'a"b', password: '<&>', trackingNumbers: ['1', '2'] })).toBe(
      '<?xml version="1.0" encoding="UTF-8" standalone="no"?><data appname="a&#34;b" language-code="en" password="&#60;&#38;&#62;" piece-code="1;2" request="d-get-piece-detail"/>',
    )
  })

  test.each([
    ['a password that DHL does not know', { password: 'wrong' }],
    ['a key that DHL does not know', { apiKey: 'wrong' }],
  ])('with %s is auth', async (_what, credentials) => {
    const client = depot.connect({}, credentials)
    await expect(operations.pullTracking.run(client, [refOf('1')])).rejects.toMatchObject({ kind: 'auth' })
  })

  test('may be asked by a user of its own', async () => {
    const { user, password } = depot.sandbox.connection('http://x').credentials
    const client = depot.connect(
      {},
      { user: 'other', password: 'other', trackingUser: user, trackingPassword: password },
    )
    await expect(operations.pullTracking.run(client, [refOf('1')])).resolves.toMatchObject([{ ok: false }])
  })
})

describe('the answer', () => {
  test.each([
    [
      'with a document type',
      '<!DOCTYPE data [<!ENTITY a "aaaa">]><data name="piece-shipment-list" code="0" error="&a;"/>',
    ],
    ['cut in half', '<data name="piece-shipment-list" code="0"><data name="piece-ship'],
    ['that is something else', '<html><body>Maintenance</body></html>'],
    ['without anything', ''],
  ])('%s is unexpected', async (_what, body) => {
    answerNext(body)
    await expect(pull('1')).rejects.toMatchObject({ kind: 'unexpected' })
  })

  test('with another code than is known is refused in its words', async () => {
    answerNext('<data name="piece-shipment-list" code="98" error="Too many &lt;pieces&gt;"/>')
    await expect(pull('1')).rejects.toMatchObject({
      kind: 'rejected',
      vendorCode: '98',
      vendorMessage: 'Too many <pieces>',
    })
  })

  test('that nests without end is unexpected too', () => {
    const deep = `${'<data name="x">'.repeat(150)}${'</data>'.repeat(150)}`
    expect(() => readTrackingAnswer(deep)).toThrow(/cannot be read/)
  })
})

test.each([
  ['18.03.2016 10:02', '2016-03-18T09:02:00.000Z'],
  ['18.07.2026 10:02', '2026-07-18T08:02:00.000Z'],
  ['25.10.2026 02:30', '2026-10-25T00:30:00.000Z'],
  ['25.10.2026 03:00', '2026-10-25T02:00:00.000Z'],
  ['01.01.2026 00:30', '2025-12-31T23:30:00.000Z'],
])('%s in Germany is %s', (text, instant) => {
  expect(fromBerlin(text)?.toISOString()).toBe(instant)
})

test.each(['31.02.2026 10:00', '29.03.2026 02:30', '2026-03-18 10:02', ''])(
  '"%s" is no time in Germany',
  (text) => {
    expect(fromBerlin(text)).toBeNull()
  },
)

test('a deleted shipment is one that tracking does not know', async () => {
  const booked = await depot.book(booking())
  const { trackingNumber } = booked.parcels[0]!
  await operations.cancelShipment.run(
    depot.client,
    { externalId: booked.externalId, trackingNumbers: [], reference: '' },
    'k',
  )
  expect(await pull(trackingNumber)).toMatchObject([{ ok: false, error: { kind: 'not_found' } }])
})
