import { ConnectorError, type TrackingEvent, type TrackingResult } from 'entrepot/sdk'
import { describe, test } from 'vitest'
import { brokenActs, courierOperations, expectCourierCaught } from './broken-courier.ts'

const { pullTracking, bookShipment } = courierOperations

const tracking = (patch: Partial<typeof pullTracking>) =>
  brokenActs({ pullTracking: { ...pullTracking, ...patch } })
/** Tracking with its results bent. */
const bent = (bend: (results: TrackingResult[]) => TrackingResult[]) =>
  tracking({ run: async (client, parcels) => bend(await pullTracking.run(client, parcels)) })
/** Tracking with each event bent, or left out. */
const telling = (bend: (event: TrackingEvent) => TrackingEvent | null) =>
  bent((results) =>
    results.map((result) => {
      if (!result.ok) return result
      const events = result.tracking.events.flatMap((event) => bend(event) ?? [])
      return { ok: true, tracking: { ...result.tracking, events } }
    }),
  )

const ordered = 'pullTracking: gives one result a parcel, in order, and an unknown number alone is not_found'
const declares = 'pullTracking: declares its bucket, batch and interval'
const states = 'pullTracking: tells each state that the courier scans'
const instants = 'pullTracking: tells when and in whose words, in winter and in summer'
const hour = 3_600_000

describe('tracking is caught', () => {
  test.each<[string, (results: TrackingResult[]) => TrackingResult[], RegExp]>([
    ['whose results are out of order', (results) => results.reverse(), /has to be told|place of another/],
    ['that loses a result', (results) => results.slice(1), /one result for each parcel/],
    [
      'that knows every number',
      (results) => results.map((result) => (result.ok ? result : results[0]!)),
      /never gave out has to fail/,
    ],
    [
      'that has a wrong word for an unknown number',
      (results) =>
        results.map((result) =>
          result.ok ? result : { ok: false, error: new ConnectorError('rejected', 'No such number.') },
        ),
      /is not rejected/,
    ],
    [
      'that fails a whole batch for one unknown number',
      (results) => {
        for (const result of results) if (!result.ok) throw result.error
        return results
      },
      /does not know 999999999999/,
    ],
  ])('%s', (_what, bend, complaint) => expectCourierCaught(bent(bend), ordered, complaint))

  test.each([
    [{ bucket: 'parcels' }, /no bucket that is declared/],
    [{ maxBatch: 0 }, /maxBatch/],
    [{ minIntervalMs: 0 }, /minIntervalMs/],
  ])('that declares %j', (patch, complaint) => expectCourierCaught(tracking(patch), declares, complaint))

  test('that promises larger batches than the courier takes', () =>
    expectCourierCaught(
      tracking({ maxBatch: 30 }),
      'pullTracking: takes as many parcels as maxBatch says',
      /At most 20/,
    ))

  test('that takes one state for another', () =>
    expectCourierCaught(
      telling((event) => (event.state === 'awaiting_pickup' ? { ...event, state: 'delivered' } : event)),
      states,
      /awaiting_pickup was scanned .* told as delivered/,
    ))

  test('that guesses a state for what it does not know', () =>
    expectCourierCaught(
      telling((event) => ({ ...event, state: event.code === 'LO' ? 'in_transit' : event.state })),
      states,
      /lost was scanned .* told as in_transit/,
    ))

  test('that has a further state than was scanned', () =>
    expectCourierCaught(
      bent((results) =>
        results.map((result) => {
          if (!result.ok) return result
          const early = { ...result.tracking.events[0]!, at: new Date(0), state: 'returned' as const }
          return { ok: true, tracking: { ...result.tracking, events: [early, ...result.tracking.events] } }
        }),
      ),
      states,
      /is told to be returned/,
    ))

  test('whose zone is counted with one offset for winter and summer', () =>
    expectCourierCaught(
      telling((event) => ({
        ...event,
        at: new Date(event.at.getTime() + (event.at.getUTCMonth() > 5 ? hour : 0)),
      })),
      instants,
      /The scan at 2026-07/,
    ))

  test('whose events have no time', () =>
    expectCourierCaught(
      telling((event) => ({ ...event, at: new Date('soon') })),
      instants,
      /no time/,
    ))

  test('whose events have no words', () =>
    expectCourierCaught(
      telling((event) => ({ ...event, code: null, description: '' })),
      instants,
      /courier's words/,
    ))

  test('that forgets an incident', () =>
    expectCourierCaught(
      telling((event) => ({ ...event, incident: null })),
      'pullTracking: tells an incident (recipient_absent)',
      /told as nothing/,
    ))

  test('that sees incidents everywhere', () =>
    expectCourierCaught(
      telling((event) => ({ ...event, incident: 'recipient_absent' })),
      'pullTracking: tells an incident (recipient_absent)',
      /travels well/,
    ))

  test('that lets a parcel travel before anybody scanned it', () => {
    const event = {
      state: 'in_transit',
      incident: null,
      code: 'X',
      description: 'On its way',
      location: null,
    } as const
    return expectCourierCaught(
      bent((results) =>
        results.map((result) =>
          result.ok && result.tracking.events.length === 0
            ? { ok: true, tracking: { ...result.tracking, events: [{ ...event, at: new Date(0) }] } }
            : result,
        ),
      ),
      'pullTracking: a parcel that nobody has scanned has not travelled',
      /told to be in_transit/,
    )
  })

  test('that mixes the parcels of a shipment', () =>
    expectCourierCaught(
      bent((results) => {
        const all = results.flatMap((result) => (result.ok ? result.tracking.events : []))
        return results.map((result) =>
          result.ok ? { ok: true, tracking: { ...result.tracking, events: all } } : result,
        )
      }),
      'pullTracking: two parcels of one shipment are told apart',
      /second one's events/,
    ))
})

test('a booking that gives one number to both parcels is caught', () => {
  const run: typeof bookShipment.run = async (client, asked, key) => {
    const booked = await bookShipment.run(client, asked, key)
    return { ...booked, parcels: booked.parcels.map(() => booked.parcels[0]!) }
  }
  return expectCourierCaught(
    brokenActs({ bookShipment: { ...bookShipment, run } }),
    'bookShipment: 2 parcels are booked, each with its label, in order',
    /number of its own/,
  )
})
