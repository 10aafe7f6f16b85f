import assert from 'node:assert/strict'
import type { CreatedListing, ListingDraft } from '../model/listing.ts'
import { singleDraft, sizesDraft } from './drafts.ts'
import { failureOf } from './outcome.ts'
import { isTitled } from './pushes.ts'
import { completed, inShop, type Shop } from './shop.ts'
import { settled } from './stage.ts'
import { type Check, type Subject, writesOf } from './subject.ts'

const key = 'onc_listing_1'

/** What creating a listing has to keep: it happens, it is found, it never happens twice. */
export function createChecks(subject: Subject): Check[] {
  const { createListing } = subject.connector.operations
  if (!createListing) return []
  const check = (guarantee: string, visit: (shop: Shop) => Promise<void>): Check => ({
    theme: 'createListing',
    guarantee,
    run: () => inShop(subject, visit),
  })
  const drafts = [
    ['one variant', (shop: Shop) => completed(shop, singleDraft(1, shop.currency))],
    ['several variants', (shop: Shop) => completed(shop, sizesDraft(1, shop.currency))],
  ] as const
  return [
    check('a draft that was never sent is not found', async (shop) => {
      const draft = completed(shop, singleDraft(1, shop.currency))
      assert.equal(await findOf(shop, draft), null)
    }),
    ...drafts.flatMap(([what, draftOf]) => [
      check(`run, then find agree for a draft with ${what}`, (shop) => runThenFind(shop, draftOf(shop))),
      check(`a lost answer neither hides nor doubles a draft with ${what}`, async () => {
        const writes = await inShop(subject, (shop) => countWrites(shop, draftOf(shop)))
        for (let nth = 1; nth <= writes; nth++) {
          await inShop(subject, (shop) => lostAnswer(shop, draftOf(shop), nth))
        }
      }),
    ]),
  ]
}

const run = (shop: Shop, draft: ListingDraft) => shop.operations.createListing!.run(shop.client, draft, key)

async function findOf(shop: Shop, draft: ListingDraft): Promise<CreatedListing | null> {
  const { find } = shop.operations.createListing!
  return typeof find !== 'function' ? null : await find(shop.client, draft, key)
}

async function runThenFind(shop: Shop, draft: ListingDraft): Promise<void> {
  const created = await run(shop, draft)
  await settled(shop)
  assertCreated(shop, draft, created)
  if (typeof shop.operations.createListing!.find !== 'function') return
  const found = await findOf(shop, draft)
  assert(found, 'The listing was created, but is not found.')
  assertCreated(shop, draft, found)
}

/** Asserts one entry a variant in the draft's order, and each variant exactly once in the ledger. */
function assertCreated(shop: Shop, draft: ListingDraft, created: CreatedListing): void {
  const skus = draft.variants.map((variant) => variant.sku)
  assert.deepEqual(
    created.variants.map((variant) => variant.sku),
    skus,
    "createListing has to give one entry a variant, in the draft's order.",
  )
  assertOnceInLedger(shop, draft)
  const ledger = new Map(shop.sandbox.listings().map((listing) => [listing.sku, listing]))
  for (const variant of created.variants) {
    assert(variant.ok, `${variant.sku} has to be created, but: ${variant.ok ? '' : variant.error.message}`)
    const listing = ledger.get(variant.sku)!
    assert.equal(variant.externalId, listing.externalId, `${variant.sku} was given another external id.`)
    assert.equal(
      created.externalParentId,
      listing.externalParentId,
      'The parent is not the one in the ledger.',
    )
  }
}

function assertOnceInLedger(shop: Shop, draft: ListingDraft): void {
  const ledger = shop.sandbox.listings()
  assert.deepEqual(
    ledger.map((listing) => listing.sku).sort(),
    draft.variants.map((variant) => variant.sku).sort(),
    "The sandbox's ledger has to hold each variant exactly once.",
  )
  for (const variant of draft.variants) {
    const listing = ledger.find((entry) => entry.sku === variant.sku)!
    assert.deepEqual(listing.price, variant.price, `${variant.sku} was listed with another price.`)
    assert.equal(listing.quantity, variant.quantity, `${variant.sku} was listed with another quantity.`)
    assert(
      isTitled(listing, variant.content.title),
      `${variant.sku} was listed with another title: "${listing.title}".`,
    )
  }
}

async function countWrites(shop: Shop, draft: ListingDraft): Promise<number> {
  let writes = 0
  const isWrite = writesOf(shop.subject)
  // A fault that never happens sees every request.
  shop.sandbox.faults.add({ kind: 'slow', when: (request) => isWrite(request) && ++writes < 0 })
  await run(shop, draft)
  assert(writes > 0, 'Creating a listing sent no write that isWriteCall recognises.')
  return writes
}

/** Loses the answer to the n-th write, then does what the hub does: look, and run again if it is not there. */
async function lostAnswer(shop: Shop, draft: ListingDraft, nth: number): Promise<void> {
  let writes = 0
  const isWrite = writesOf(shop.subject)
  shop.sandbox.faults.add({ kind: 'lost_answer', when: (request) => isWrite(request) && ++writes === nth })
  const failure = await failureOf(() => run(shop, draft))
  await settled(shop)
  if (failure) {
    assert(
      ['uncertain', 'unavailable'].includes(failure.kind),
      `A lost answer to a creation is not ${failure.kind}: ${failure.message}`,
    )
  }
  if (typeof shop.operations.createListing!.find !== 'function') {
    if (failure) assert.equal(failure.kind, 'uncertain', 'What cannot be looked for has to be uncertain.')
    return
  }
  // Unavailable means that running again is harmless; the hub then does not look first.
  if (failure?.kind === 'unavailable') await run(shop, draft)
  const found = await findOf(shop, draft)
  const isWhole = found?.variants.every((variant) => variant.ok) ?? false
  if (draft.variants.length === 1) assert(found, 'The listing was created, but looking does not find it.')
  if (!isWhole) await run(shop, draft)
  await settled(shop)
  const whole = await findOf(shop, draft)
  assert(whole, 'The listing was created, but looking does not find it.')
  assertCreated(shop, draft, whole)
}
