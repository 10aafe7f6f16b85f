import assert from 'node:assert/strict'
import type { PickupRequest } from '../model/shipment.ts'
import { book, bookingOf, checksOf, type Depot, pickupOf } from './depot.ts'
import { failureOf } from './outcome.ts'
import { settled } from './stage.ts'
import { type Check, type CourierSubject, isOffline, writesOf } from './subject.ts'

const key = 'onc_pickup_1'

/** What calling the courier to fetch parcels has to keep. */
export function pickupChecks(subject: CourierSubject): Check[] {
  const { pickup } = subject.connector.operations
  if (!pickup) return []
  const check = checksOf(subject, 'pickup')
  return [
    check('gives an id of its own', async (depot) => {
      const { externalId } = await run(depot, await requestFor(depot))
      assert(externalId.trim(), 'A pickup needs an external id.')
    }),
    ...(typeof pickup.find !== 'function'
      ? []
      : [
          check('is not found before it ran, and found as it ran afterwards', async (depot) => {
            const request = await requestFor(depot)
            assert.equal(await findOf(depot, request), null, 'The pickup is found though it never ran.')
            const ran = await run(depot, request)
            assert.deepEqual(await findOf(depot, request), ran, 'run and find do not agree.')
          }),
        ]),
    ...(isOffline(subject) ? [] : [check('a lost answer does not hide it', lostAnswer)]),
  ]
}

async function requestFor(depot: Depot): Promise<PickupRequest> {
  const booking = bookingOf(depot)
  if (!depot.operations.bookShipment) return pickupOf(depot, booking, [])
  const { parcels } = await book(depot, booking)
  return pickupOf(
    depot,
    booking,
    parcels.map((parcel) => parcel.trackingNumber),
  )
}

async function run(depot: Depot, request: PickupRequest) {
  const answer = await depot.operations.pickup!.run(depot.client, request, key)
  await settled(depot)
  return answer
}

async function findOf(depot: Depot, request: PickupRequest) {
  const { find } = depot.operations.pickup!
  return typeof find !== 'function' ? null : find(depot.client, request, key)
}

async function lostAnswer(depot: Depot): Promise<void> {
  const request = await requestFor(depot)
  depot.sandbox.faults.add({ kind: 'lost_answer', when: writesOf(depot.subject) })
  const failure = await failureOf(() => run(depot, request))
  await settled(depot)
  if (!failure) return
  const isSupported = typeof depot.operations.pickup!.find === 'function'
  if (failure.kind === 'unavailable') {
    const again = await run(depot, request)
    assert(again.externalId.trim(), 'A pickup needs an external id.')
    return
  }
  assert.equal(
    failure.kind,
    'uncertain',
    `A lost answer to a pickup is not ${failure.kind}: ${failure.message}`,
  )
  if (isSupported) assert(await findOf(depot, request), 'The pickup was ordered, but is not found.')
}
