import { trackingStates } from 'entrepot/sdk'
import { afterEach, describe, expect, test } from 'vitest'
import { bookShipment, pullTracking } from '../../../connectors/sf-express/operations.ts'
import { meaningOf, routeCodes } from '../../../connectors/sf-express/route-codes.ts'
import { booking, type Desk, gateway, openDesk, toldBy } from './support.ts'

let desk: Desk

const ref = (trackingNumber: string, recipientPhone: string | null = '138 0013 8000') => ({
  trackingNumber,
  carrier: null,
  recipientPostcode: null,
  recipientPhone,
})

describe('tracking', () => {
  afterEach(() => desk.sandbox.close())

  test('tells every state as it was scanned, with the instant of Beijing time', async () => {
    desk = await openDesk()
    const { client, sandbox, clock } = desk
    const { externalId } = await bookShipment(client, booking())
    for (const state of trackingStates) {
      clock.advance(3_600_000)
      sandbox.scan(externalId, state)
    }
    const [result] = await pullTracking(client, [ref(externalId)])
    expect(result).toMatchObject({ ok: true, tracking: { trackingNumber: externalId } })
    const { events } = toldBy(result)
    expect(events.map(({ state }) => state)).toEqual([...trackingStates])
    expect(events[0]!.at).toEqual(new Date('2026-03-02T10:00:00Z'))
  })

  test('asks once for each phone, and gives one result a parcel in order', async () => {
    desk = await openDesk()
    const { client, sandbox, sent } = desk
    const { parcels } = await bookShipment(client, booking(2))
    const [first, second] = parcels.map(({ trackingNumber }) => trackingNumber)
    sandbox.scan(first!, 'collected')
    sandbox.scan(second!, 'in_transit', { incident: 'customs_hold' })
    const results = await pullTracking(client, [ref(second!), ref('SF9999999999999', null), ref(first!)])
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true])
    expect(results[0]).toMatchObject({
      tracking: { trackingNumber: second, events: [{ state: 'in_transit', incident: 'customs_hold' }] },
    })
    expect(results[1]).toMatchObject({ error: { kind: 'not_found' } })
    const questions = sent.filter(({ service }) => service === 'EXP_RECE_SEARCH_ROUTES')
    expect(questions.map(({ message }) => message.checkPhoneNo)).toEqual(['8000', undefined])
  })

  test('tells nothing to a stranger: another phone is not found', async () => {
    desk = await openDesk()
    const { externalId } = await bookShipment(desk.client, booking())
    desk.sandbox.scan(externalId, 'collected')
    const [result] = await pullTracking(desk.client, [ref(externalId, '13912345678')])
    expect(result).toMatchObject({ ok: false, error: { kind: 'not_found' } })
  })

  test('one parcel that cannot be read spoils no other', async () => {
    const routes = [{ acceptTime: '2026-03-02 17:00:00', remark: '顺丰速运 已收取快件', opCode: 50 }]
    const msgData = {
      routeResps: [
        { mailNo: 'SF1', routes: [{ ...routes[0], acceptTime: 'yesterday' }] },
        { mailNo: 'SF2', routes },
      ],
    }
    desk = await openDesk({ instead: () => gateway({ success: 'true', errorCode: 'S0000', msgData }) })
    const results = await pullTracking(desk.client, [ref('SF1'), ref('SF2')])
    expect(results[0]).toMatchObject({ ok: false, error: { kind: 'unexpected' } })
    expect(results[1]).toMatchObject({ ok: true, tracking: { events: [{ state: 'collected', code: '50' }] } })
  })
})

describe('the table of codes', () => {
  test('names each code once', () => {
    const codes = routeCodes.flatMap(([, , list]) => list.split(' '))
    expect(codes.length).toBe(new Set(codes).size)
  })

  test.each([
    ['80', null, 'delivered'],
    ['8000', '6', 'lost'],
    ['8000', '9', 'delivered'],
    ['99', '2', 'returning'],
    ['648', null, null],
    ['4711', null, null],
  ])('%s with reason %s is %s', (code, reason, state) => {
    expect(meaningOf(code, reason).state).toBe(state)
  })
})
