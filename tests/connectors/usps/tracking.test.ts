import { trackingIncidents, trackingStates } from 'entrepot/sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeFor, meaningOf } from '../../../connectors/usps/tracking-codes.ts'
import { booking, complaint, openPost, operations, type Post } from './support.ts'

let post: Post
let number: string
beforeEach(async () => {
  post = await openPost()
  number = (await operations.bookShipment.run(post.client, booking(), 'shp_1')).externalId
})
afterEach(() => post.close())

const ref = (trackingNumber: string) => ({
  trackingNumber,
  carrier: null,
  recipientPostcode: null,
  recipientPhone: null,
})
const track = (...numbers: string[]) => operations.pullTracking.run(post.client, numbers.map(ref))
const only = async () => {
  const [result] = await track(number)
  if (!result!.ok) throw result!.error
  return result!.tracking
}

describe('tracking', () => {
  it.each(trackingStates)('reads %s', async (state) => {
    post.clock.advance(3_600_000)
    if (state !== 'announced') post.sandbox.scan(number, state)
    const { events } = await only()
    expect(events[0]).toMatchObject({
      state,
      at: state === 'announced' ? expect.any(Date) : post.clock.now(),
    })
  })

  it('gives one result a parcel, in order; one that is unknown spoils no other', async () => {
    const results = await track('9400000000000000000000', number)
    expect(results.map((result) => (result.ok ? result.tracking.trackingNumber : result.error.kind))).toEqual(
      ['not_found', number],
    )
  })

  it('takes a 400 that says there is no record for not found', async () => {
    post.answerNext('/tracking/', complaint('There is no record of that item.'))
    expect(await track(number)).toMatchObject([{ ok: false, error: { kind: 'not_found' } }])
  })

  it('asks for no further parcel once the quota is spent', async () => {
    post.sandbox.faults.add({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '9' },
      when: ({ path }) => path.startsWith('/tracking/'),
    })
    const results = await track(number, number, number)
    expect(results).toMatchObject(
      Array.from({ length: 3 }, () => ({ ok: false, error: { kind: 'rate_limited', retryAfterMs: 9000 } })),
    )
    expect(post.heard('/tracking/')).toHaveLength(1)
  })

  it('reads times with their zone, and leaves out a scan without a time', async () => {
    const event = { eventCode: 'OF', eventType: 'Out for Delivery' }
    const trackingEvents = [
      { ...event, eventTimestamp: '2026-03-03T09:10:00', GMTOffset: '-05:00' },
      { ...event, GMTTimestamp: '2026-03-03T13:00:00Z', eventTimestamp: '2026-03-03T08:00:00' },
      { ...event, eventTimestamp: '2026-03-03 07:00:00' },
      { ...event, eventTimestamp: 'soon' },
    ]
    post.answerNext('/tracking/', { trackingEvents, expectedDeliveryTimeStamp: '2026-03-04T18:00:00Z' }, 200)
    const { events, estimatedAt } = await only()
    expect(events.map(({ at }) => at.toISOString())).toEqual([
      '2026-03-03T14:10:00.000Z',
      '2026-03-03T13:00:00.000Z',
      '2026-03-03T07:00:00.000Z',
    ])
    expect(estimatedAt).toEqual(new Date('2026-03-04T18:00:00Z'))
  })

  it('keeps the words of an unknown code, and gives it the state of the whole parcel only when it is the newest', async () => {
    const event = {
      eventCode: 'ZZ',
      eventType: 'Something<SUP>&#153;</SUP> new',
      GMTTimestamp: '2026-03-03T13:00:00Z',
    }
    post.answerNext('/tracking/', { statusCategory: 'Out for Delivery', trackingEvents: [event, event] }, 200)
    expect((await only()).events).toMatchObject([
      { code: 'ZZ', state: 'out_for_delivery', description: 'Something new' },
      { code: 'ZZ', state: null, incident: null },
    ])
  })

  it('does not take a delivery back to the sender for one to the buyer', () => {
    expect(meaningOf('01', 'Delivered, To Original Sender', 'Delivered').state).toBe('returned')
    expect(meaningOf('01', 'Delivered, Front Door/Porch', 'Delivered').state).toBe('delivered')
  })

  it('reads a failed attempt as an absent recipient, wherever the parcel is then', () => {
    expect(meaningOf('55', 'Notice Left', null)).toEqual({ state: null, incident: 'recipient_absent' })
    expect(meaningOf('04', 'Refused', null)).toEqual({ state: 'returning', incident: 'refused' })
  })

  it('can be scanned with each incident that USPS has a code for', () => {
    const coded = trackingIncidents.filter((incident) => codeFor('in_transit', incident) !== undefined)
    for (const incident of coded)
      expect(meaningOf(codeFor('in_transit', incident)!, '', null).incident).toBe(incident)
    expect(coded).toEqual(['address_problem', 'recipient_absent', 'refused', 'lost', 'delayed', 'other'])
  })
})
