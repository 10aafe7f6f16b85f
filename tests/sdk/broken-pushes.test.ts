import { ConnectorError, type ItemResult, type StockChange } from 'entrepot/sdk'
import { describe, test } from 'vitest'
import { brokenOperations, expectCaught, operations, type SimpleClient } from './broken.ts'

const { pushStock } = operations
const bulk = pushStock.bulk!
const results = (client: SimpleClient, items: readonly StockChange[]) =>
  pushStock.run(client, items) as Promise<ItemResult[]>

/** The stock push with its results bent. */
const bent = (bend: (answers: ItemResult[]) => ItemResult[]) =>
  brokenOperations({
    pushStock: { ...pushStock, run: async (client, items) => bend(await results(client, items)) },
  })

const mixed = 'pushStock: gives one result per item, in order, when one of them is unknown'

describe('a push is caught', () => {
  test('whose results are out of order', () =>
    expectCaught(
      bent((answers) => answers.reverse()),
      mixed,
      /names another listing|has to succeed/,
    ))

  test('whose results are out of order and name no ids', () =>
    expectCaught(
      bent((answers) => answers.reverse().map((result) => (result.ok ? { ok: true } : result))),
      mixed,
      /has to succeed/,
    ))

  test('that loses a result', () =>
    expectCaught(
      bent((answers) => answers.slice(1)),
      mixed,
      /one result for each item/,
    ))

  test('that calls an unknown item a success', () =>
    expectCaught(
      bent((answers) => answers.map(() => ({ ok: true }))),
      mixed,
      /does not know has to fail/,
    ))

  test('that fails a whole batch for one unknown item', () =>
    expectCaught(
      bent((answers) => {
        for (const answer of answers) if (!answer.ok) throw answer.error
        return answers
      }),
      mixed,
      /listing-999999/,
    ))

  test('that uses a wrong word for an unknown item', () => {
    const error = new ConnectorError('unavailable', 'Try again.')
    const subject = bent((answers) => answers.map((result) => (result.ok ? result : { ok: false, error })))
    return expectCaught(subject, mixed, /not_found or rejected, but is unavailable/)
  })

  test('that sends another value than it was given', () => {
    const run = (client: SimpleClient, items: readonly StockChange[]) =>
      pushStock.run(
        client,
        items.map((item) => ({ ...item, quantity: Math.max(1, item.quantity) })),
      )
    const name = 'pushStock: takes as many items as maxBatch says'
    return expectCaught(
      brokenOperations({ pushStock: { ...pushStock, run } }),
      name,
      /does not hold what was sent/,
    )
  })

  test('that promises a larger batch than the platform takes', () => {
    const subject = brokenOperations({ pushStock: { ...pushStock, maxBatch: 51 } })
    return expectCaught(subject, 'pushStock: takes as many items as maxBatch says', /At most 50/)
  })

  test('that adds where it should set', () => {
    let sum = 0
    const run = (client: SimpleClient, items: readonly StockChange[]) =>
      pushStock.run(
        client,
        items.map((item) => ({ ...item, quantity: item.quantity + sum++ })),
      )
    const subject = brokenOperations({ pushStock: { ...pushStock, run } })
    return expectCaught(subject, 'pushStock: may be repeated without harm', /does not hold what was sent/)
  })

  test('that calls a lost answer uncertain though it may be repeated', () => {
    const run = (client: SimpleClient, items: readonly StockChange[]) =>
      results(client, items).catch((error: ConnectorError) => {
        throw new ConnectorError('uncertain', error.message)
      })
    const subject = brokenOperations({ pushStock: { ...pushStock, run } })
    const name = 'pushStock: arrives when it is sent again after a lost answer'
    return expectCaught(subject, name, /is not uncertain/)
  })

  test('whose batches ignore its own groupBy', () => {
    const groupBy = ({ ref }: StockChange) => ref.externalParentId ?? ''
    const run = (client: SimpleClient, items: readonly StockChange[]) =>
      // Sends all under the first item's parent, as one that builds its path from it would.
      pushStock.run(
        client,
        items.map((item) =>
          groupBy(item) === groupBy(items[0]!) ? item : { ...item, ref: { ...item.ref, externalId: 'lost' } },
        ),
      )
    const name = 'pushStock: sends variations of several parents, grouped as groupBy says'
    return expectCaught(brokenOperations({ pushStock: { ...pushStock, run } }), name, /has to succeed/)
  })
})

describe('a bulk push is caught', () => {
  const inBulk = (name: string) => name.replace('pushStock:', 'pushStock in bulk:')

  test('whose ticket never settles', () => {
    const subject = brokenOperations({
      pushStock: { ...pushStock, bulk: { ...bulk, settle: async () => 'pending' as const } },
    })
    return expectCaught(subject, inBulk(mixed), /still pending/)
  })

  test('that gives tickets and cannot settle them', () => {
    const { settle, ...without } = bulk
    return expectCaught(
      brokenOperations({ pushStock: { ...pushStock, bulk: without } }),
      inBulk(mixed),
      /`settle`/,
    )
  })

  test('whose settled results are out of order', () => {
    const settle: typeof bulk.settle = async (client, ticket, items) => {
      const settled = await bulk.settle!(client, ticket, items)
      return settled === 'pending' ? settled : settled.reverse()
    }
    const subject = brokenOperations({ pushStock: { ...pushStock, bulk: { ...bulk, settle } } })
    return expectCaught(subject, inBulk(mixed), /names another listing|has to succeed/)
  })
})
