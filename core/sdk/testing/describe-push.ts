import assert from 'node:assert/strict'
import type { PushForms } from '../connector.ts'
import { ConnectorError } from '../errors.ts'
import { sizesDraft } from './drafts.ts'
import { failureOf } from './outcome.ts'
import {
  assertAllOk,
  assertHeld,
  assertOk,
  formsOf,
  type PushItem,
  type PushOperation,
  pushOperations,
  pushSpecs,
  sendAll,
} from './pushes.ts'
import { inShop, type Shop, seedDrafts, seedListings } from './shop.ts'
import { type Check, type Subject, writesOf } from './subject.ts'

type Form = 'single' | 'bulk'
/** More items than this are not tried in one batch, however many the connector takes. */
const mostItems = 120

/** What every push of absolute values has to keep, in each of its forms. */
export function pushChecks(subject: Subject): Check[] {
  return pushOperations.flatMap((operation) => {
    const push = subject.connector.operations[operation] as PushForms<unknown, PushItem> | undefined
    if (!push) return []
    return [
      ...formChecks(subject, operation, 'single'),
      ...(push.bulk ? formChecks(subject, operation, 'bulk') : []),
    ]
  })
}

function formChecks(subject: Subject, operation: PushOperation, form: Form): Check[] {
  const theme = form === 'bulk' ? `${operation} in bulk` : operation
  const check = (guarantee: string, visit: (shop: Shop) => Promise<void>): Check => ({
    theme,
    guarantee,
    run: () => inShop(subject, visit),
  })
  return [
    check('gives one result per item, in order, when one of them is unknown', (shop) =>
      mixedBatch(shop, operation, form),
    ),
    check('may be repeated without harm', (shop) => repeated(shop, operation, form)),
    check('takes as many items as maxBatch says', (shop) => fullBatch(shop, operation, form)),
    check('sends variations of several parents, grouped as groupBy says', (shop) =>
      grouped(shop, operation, form),
    ),
    check('arrives when it is sent again after a lost answer', (shop) => resent(shop, operation, form)),
  ]
}

const itemsFor = (
  shop: Shop,
  operation: PushOperation,
  refs: Parameters<(typeof pushSpecs)['pushStock']['make']>[1][],
) => refs.map((ref, n) => pushSpecs[operation].make(shop, ref, n))

async function mixedBatch(shop: Shop, operation: PushOperation, form: Form): Promise<void> {
  const refs = (await seedListings(shop, 4)).reverse()
  const unknown = {
    externalId: shop.subject.unknownExternalId ?? '999999999',
    externalParentId: null,
    sku: 'SKU-UNKNOWN',
  }
  const items = itemsFor(shop, operation, [refs[0]!, unknown, ...refs.slice(1)])
  const results = await sendAll(shop, formsOf(shop, operation, form), items)
  assert.equal(results.length, items.length, 'A push has to give one result for each item.')
  const good = items.filter((_, index) => index !== 1)
  for (const [index, item] of items.entries()) if (index !== 1) assertOk(results[index], item)
  assertHeld(shop, operation, good)
  const refused = results[1]!
  // What is not there is ended already: both answers are honest.
  if (operation === 'endListing' && refused.ok) return
  assert(!refused.ok, 'An item that the platform does not know has to fail.')
  assert(refused.error instanceof ConnectorError, "An item's error has to be a ConnectorError.")
  assert(
    ['not_found', 'rejected'].includes(refused.error.kind),
    `An unknown item has to be not_found or rejected, but is ${refused.error.kind}: ${refused.error.message}`,
  )
}

async function repeated(shop: Shop, operation: PushOperation, form: Form): Promise<void> {
  const push = formsOf(shop, operation, form)
  const items = itemsFor(shop, operation, await seedListings(shop, 3))
  for (let round = 0; round < 2; round++) {
    assertAllOk(await sendAll(shop, push, items), items)
    assertHeld(shop, operation, items)
  }
}

async function fullBatch(shop: Shop, operation: PushOperation, form: Form): Promise<void> {
  const push = formsOf(shop, operation, form)
  assert(Number.isInteger(push.maxBatch) && push.maxBatch > 0, 'maxBatch has to be a positive integer.')
  const items = itemsFor(shop, operation, await seedListings(shop, Math.min(push.maxBatch, mostItems)))
  assertAllOk(await sendAll(shop, push, items), items)
  assertHeld(shop, operation, items)
}

async function grouped(shop: Shop, operation: PushOperation, form: Form): Promise<void> {
  const refs = await seedDrafts(shop, [sizesDraft(1, shop.currency), sizesDraft(2, shop.currency)])
  const items = itemsFor(
    shop,
    operation,
    [0, 3, 1, 4, 2, 5].map((index) => refs[index]!),
  )
  const push = formsOf(shop, operation, form)
  assertAllOk(await sendAll(shop, push, items), items)
  assertHeld(shop, operation, items)
}

async function resent(shop: Shop, operation: PushOperation, form: Form): Promise<void> {
  const push = formsOf(shop, operation, form)
  const items = itemsFor(shop, operation, await seedListings(shop, 2))
  shop.sandbox.faults.add({ kind: 'lost_answer', when: writesOf(shop.subject) })
  const failure = await failureOf(() => sendAll(shop, push, items))
  if (form === 'single' && failure) {
    assert.equal(
      failure.kind,
      'unavailable',
      `A push may be sent again, so a lost answer is not ${failure.kind}.`,
    )
  }
  assertAllOk(await sendAll(shop, push, items), items)
  assertHeld(shop, operation, items)
}
