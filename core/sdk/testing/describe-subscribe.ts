import assert from 'node:assert/strict'
import type { ItemResult } from '../connector.ts'
import { checksOf, type Depot, newParcels, refOf } from './depot.ts'
import { failureOf } from './outcome.ts'
import { sendBatch } from './pushes.ts'
import { type Check, type CourierSubject, writesOf } from './subject.ts'

const mostParcels = 10

/** What asking for webhooks has to keep: a push, so it may be repeated. */
export function subscribeChecks(subject: CourierSubject): Check[] {
  const { subscribeTracking } = subject.connector.operations
  if (!subscribeTracking) return []
  const check = checksOf(subject, 'subscribeTracking')
  return [
    check('gives one result a parcel, and may be repeated without harm', async (depot) => {
      const refs = await refsFor(depot)
      for (let round = 0; round < 2; round++) assertAllOk(await subscribe(depot, refs), refs.length)
    }),
    check('arrives when it is sent again after a lost answer', async (depot) => {
      const refs = await refsFor(depot)
      depot.sandbox.faults.add({ kind: 'lost_answer', when: writesOf(subject) })
      const failure = await failureOf(() => subscribe(depot, refs))
      if (failure) assert.equal(failure.kind, 'unavailable', `What may be sent again is not ${failure.kind}.`)
      assertAllOk(await subscribe(depot, refs), refs.length)
    }),
  ]
}

async function refsFor(depot: Depot) {
  const count = Math.min(depot.operations.subscribeTracking!.maxBatch, mostParcels)
  assert(Number.isInteger(count) && count > 0, 'maxBatch has to be a positive integer.')
  return (await newParcels(depot, count)).map((number) => refOf(depot, number))
}

const subscribe = (depot: Depot, refs: Awaited<ReturnType<typeof refsFor>>) =>
  sendBatch(depot, depot.operations.subscribeTracking!, refs)

function assertAllOk(results: readonly ItemResult[], count: number): void {
  assert.equal(results.length, count, 'subscribeTracking has to give one result for each parcel.')
  for (const result of results) assert(result.ok, result.ok ? '' : result.error.message)
}
