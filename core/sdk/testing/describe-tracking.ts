import assert from 'node:assert/strict'
import { ConnectorError } from '../errors.ts'
import {
  type ParcelTracking,
  type TrackingIncident,
  type TrackingState,
  trackingStates,
} from '../model/tracking.ts'
import {
  ask,
  book,
  bookingOf,
  checksOf,
  type Depot,
  firstStateOf,
  maxParcelsOf,
  newParcel,
  newParcels,
  refOf,
  scan,
  scannableOf,
  stateOf,
  tellOf,
  trackingIn,
  unknownNumberOf,
} from './depot.ts'
import type { Check, CourierSubject } from './subject.ts'

const minuteMs = 60_000
/** More parcels than this are not booked for one batch, however many the courier takes. */
const mostParcels = 40

/** What telling where parcels stand has to keep. */
export function trackingChecks(subject: CourierSubject): Check[] {
  const { pullTracking, bookShipment } = subject.connector.operations
  if (!pullTracking) return []
  const check = checksOf(subject, 'pullTracking')
  const incident = subject.incident === undefined ? 'recipient_absent' : subject.incident
  return [
    check('declares its bucket, batch and interval', async () => {
      const { bucket, maxBatch, minIntervalMs } = pullTracking
      assert(
        bucket in subject.connector.buckets,
        `pullTracking names no bucket that is declared: "${bucket}".`,
      )
      assert(Number.isInteger(maxBatch) && maxBatch > 0, 'maxBatch has to be a positive integer.')
      assert(
        Number.isInteger(minIntervalMs) && minIntervalMs > 0,
        'minIntervalMs has to be a positive integer.',
      )
    }),
    check('gives one result a parcel, in order, and an unknown number alone is not_found', unknownBetween),
    check('takes as many parcels as maxBatch says', fullBatch),
    check('tells each state that the courier scans', eachState),
    check('tells when and in whose words, in winter and in summer', tellsInstants),
    ...(incident
      ? [check(`tells an incident (${incident})`, (depot) => tellsIncident(depot, incident))]
      : []),
    check('a parcel that nobody has scanned has not travelled', unscanned),
    ...(bookShipment && maxParcelsOf(subject) > 1
      ? [check('two parcels of one shipment are told apart', parcelsApart)]
      : []),
  ]
}

async function unknownBetween(depot: Depot): Promise<void> {
  const [first, second] = await newParcels(depot, 2)
  const numbers = [second!, unknownNumberOf(depot.subject), first!]
  const results = await ask(
    depot,
    numbers.map((number) => refOf(depot, number)),
  )
  assert.equal(results.length, 3, 'pullTracking has to give one result for each parcel.')
  trackingIn(results[0], second!)
  trackingIn(results[2], first!)
  const unknown = results[1]!
  assert(!unknown.ok, 'A number that the courier never gave out has to fail.')
  assert(unknown.error instanceof ConnectorError, "A parcel's error has to be a ConnectorError.")
  assert.equal(unknown.error.kind, 'not_found', `An unknown number is not ${unknown.error.kind}.`)
}

async function fullBatch(depot: Depot): Promise<void> {
  const count = Math.min(depot.operations.pullTracking!.maxBatch, mostParcels)
  const numbers = (await newParcels(depot, count)).reverse()
  const results = await ask(
    depot,
    numbers.map((number) => refOf(depot, number)),
  )
  for (const [index, number] of numbers.entries()) trackingIn(results[index], number)
}

async function eachState(depot: Depot): Promise<void> {
  const scans: { number: string; state: TrackingState; at: Date }[] = []
  for (const [index, state] of scannableOf(depot.subject).entries()) {
    const number = await newParcel(depot, index + 1)
    scans.push({ number, state, at: scan(depot, number, state) })
  }
  const results = await ask(
    depot,
    scans.map(({ number }) => refOf(depot, number)),
  )
  for (const [index, { number, state, at }] of scans.entries()) {
    const tracking = trackingIn(results[index], number)
    const told = eventsAt(tracking, at).map((event) => event.state)
    assert(
      told.includes(state),
      `${state} was scanned at ${at.toISOString()}, but is told as ${told.join() || 'nothing'}.`,
    )
    assert.equal(stateOf(tracking), state, `A parcel that is ${state} is told to be ${stateOf(tracking)}.`)
  }
}

const eventsAt = ({ events }: ParcelTracking, at: Date) =>
  events.filter((event) => Math.abs(event.at.getTime() - at.getTime()) < minuteMs)

/** The half year between the two scans shows a zone that is counted with one offset for both. */
async function tellsInstants(depot: Depot): Promise<void> {
  const number = await newParcel(depot, 1)
  const state = firstStateOf(depot.subject)
  const winter = scan(depot, number, state)
  depot.clock.advance(140 * 86_400_000 + 13.5 * 3_600_000)
  const summer = scan(depot, number, state)
  const tracking = await tellOf(depot, number)
  for (const at of [winter, summer]) {
    assert(
      eventsAt(tracking, at).length > 0,
      `The scan at ${at.toISOString()} is told at ${tracking.events.map((event) => iso(event.at)).join(', ')}.`,
    )
  }
  for (const { at, code, description, state: told } of tracking.events) {
    assert(!Number.isNaN(at.getTime()), 'An event has no valid instant.')
    assert(description.trim() || code?.trim(), "An event lacks the courier's words.")
    assert(told === null || trackingStates.includes(told), `"${told}" is no state.`)
  }
}

const iso = (at: Date): string => (Number.isNaN(at.getTime()) ? 'no time' : at.toISOString())

async function tellsIncident(depot: Depot, incident: TrackingIncident): Promise<void> {
  const [number, other] = await newParcels(depot, 2)
  const at = scan(depot, number!, firstStateOf(depot.subject), incident)
  const told = eventsAt(await tellOf(depot, number!), at).map((event) => event.incident)
  assert(told.includes(incident), `${incident} was scanned, but is told as ${told.join() || 'nothing'}.`)
  const elsewhere = (await tellOf(depot, other!)).events.filter((event) => event.incident !== null)
  assert.deepEqual(elsewhere, [], 'A parcel that travels well has an incident.')
}

async function unscanned(depot: Depot): Promise<void> {
  const number = await newParcel(depot, 1)
  const [result] = await ask(depot, [refOf(depot, number)])
  if (!result!.ok) {
    assert.equal(result!.error.kind, 'not_found', 'What a courier does not know of yet is not_found.')
    return
  }
  const state = stateOf(trackingIn(result, number))
  assert(state === null || state === 'announced', `A parcel that nobody has scanned is told to be ${state}.`)
}

async function parcelsApart(depot: Depot): Promise<void> {
  const { parcels } = await book(depot, bookingOf(depot, 1, 2))
  const [first, second] = parcels.map((parcel) => parcel.trackingNumber)
  const [early, late] = [firstStateOf(depot.subject), scannableOf(depot.subject).at(-1)!]
  scan(depot, first!, early)
  scan(depot, second!, late)
  const results = await ask(
    depot,
    [second!, first!].map((number) => refOf(depot, number)),
  )
  assert.equal(stateOf(trackingIn(results[0], second!)), late, 'The second parcel stands elsewhere.')
  assert.equal(
    stateOf(trackingIn(results[1], first!)),
    early,
    "The first parcel has the second one's events.",
  )
}
