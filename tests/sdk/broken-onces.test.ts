import { ConnectorError } from 'entrepot/sdk'
import { describe, test } from 'vitest'
import { brokenOperations, expectCaught, operations } from './broken.ts'

const { createListing, refund, cancelOrder } = operations
const find = createListing.find as Exclude<typeof createListing.find, string>
const lostSingle = 'createListing: a lost answer neither hides nor doubles a draft with one variant'

describe('creating a listing is caught', () => {
  test('when looking never finds it', () =>
    expectCaught(
      brokenOperations({ createListing: { ...createListing, find: async () => null } }),
      lostSingle,
      /looking does not find it/,
    ))

  test('when looking finds what was never sent', () =>
    expectCaught(
      brokenOperations({
        createListing: { ...createListing, find: async () => ({ externalParentId: null, variants: [] }) },
      }),
      'createListing: a draft that was never sent is not found',
      /null/,
    ))

  test('when it is sent again without looking', () => {
    const run: typeof createListing.run = async (client, draft, key) => {
      try {
        return await createListing.run(client, draft, key)
      } catch {
        return createListing.run(client, draft, key)
      }
    }
    return expectCaught(brokenOperations({ createListing: { run, find } }), lostSingle, /exactly once/)
  })

  test('when it calls a lost answer harmless to repeat, and it is not', () => {
    const run: typeof createListing.run = (client, draft, key) =>
      createListing.run(client, draft, key).catch((error: ConnectorError) => {
        throw new ConnectorError('unavailable', error.message)
      })
    return expectCaught(brokenOperations({ createListing: { run, find } }), lostSingle, /exactly once/)
  })

  test('when it cannot look and yet calls a lost answer harmless', () => {
    const run: typeof createListing.run = (client, draft, key) =>
      createListing.run(client, draft, key).catch((error: ConnectorError) => {
        throw new ConnectorError('unavailable', error.message)
      })
    const subject = brokenOperations({ createListing: { run, find: 'unsupported' } })
    return expectCaught(subject, lostSingle, /has to be uncertain/)
  })

  test('when variants come in another order', () => {
    const run: typeof createListing.run = async (client, draft, key) => {
      const created = await createListing.run(client, draft, key)
      return { ...created, variants: created.variants.toReversed() }
    }
    const name = 'createListing: run, then find agree for a draft with several variants'
    return expectCaught(brokenOperations({ createListing: { run, find } }), name, /in the draft's order/)
  })

  test('when a variant is left out of the shop', () => {
    const run: typeof createListing.run = async (client, draft, key) => {
      const created = await createListing.run(client, { ...draft, variants: draft.variants.slice(0, 2) }, key)
      const missing = { sku: draft.variants[2]?.sku ?? '', ok: true as const, externalId: 'made-up' }
      return draft.variants.length > 2 ? { ...created, variants: [...created.variants, missing] } : created
    }
    const name = 'createListing: run, then find agree for a draft with several variants'
    return expectCaught(brokenOperations({ createListing: { run, find } }), name, /exactly once/)
  })
})

describe('an act on an order is caught', () => {
  test('when another refund of the same amount is taken for it', () => {
    const findAny: typeof refund.find = async (client, { externalOrderId }) => {
      const [first] = (await client.readOrder(externalOrderId)).refunds
      return first ? { externalId: first.id } : null
    }
    return expectCaught(
      brokenOperations({ refund: { ...refund, find: findAny } }),
      'refund: another refund of the same amount is not taken for this one',
      /Another key's refund/,
    )
  })

  test('when a lost answer makes it pay twice', () => {
    const run: typeof refund.run = (client, input, key) =>
      refund.run(client, input, key).catch(() => refund.run(client, input, key))
    return expectCaught(
      brokenOperations({ refund: { ...refund, run } }),
      'refund: a lost answer neither hides it nor doubles it',
      /refunded, once/,
    )
  })

  test('when it says it happened and it did not', () =>
    expectCaught(
      brokenOperations({ cancelOrder: { ...cancelOrder, run: async () => true } }),
      'cancelOrder: happens on the platform',
      /did not reach/,
    ))

  test('when looking says it happened before it did', () =>
    expectCaught(
      brokenOperations({ cancelOrder: { ...cancelOrder, find: async () => true as const } }),
      'cancelOrder: is not found before it ran, and found as it ran afterwards',
      /though it never ran/,
    ))

  test('when it happened and looking does not see it', () =>
    expectCaught(
      brokenOperations({ cancelOrder: { ...cancelOrder, find: async () => null } }),
      'cancelOrder: a lost answer neither hides it nor doubles it',
      /is not found/,
    ))
})
