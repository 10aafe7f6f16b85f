import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { onceCalls } from '../../core/db/schema/index.ts'
import { decideOnce } from '../../core/sync/decide.ts'
import { useDatabase } from '../support/database.ts'
import { settle, testAct } from '../support/hub.ts'
import { useApi, useShop } from './support.ts'
import { makeUnclearCall, makeWorld, type World } from './world.ts'

/** The same shop, if it could not tell whether a listing was made. */
const withoutLook = {
  ...woocommerce,
  operations: {
    ...woocommerce.operations,
    createListing: { ...woocommerce.operations.createListing!, find: 'unsupported' as const },
  },
}

describe('a person decides what nobody could tell', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database)
  let world: World
  beforeAll(async () => {
    world = await makeWorld(api(), shop())
  })

  const unclear = (operation: 'cancelOrder' | 'refund' | 'createListing', key: string, input?: object) =>
    makeUnclearCall(api(), {
      connectionId: world.connection.id,
      operation,
      subject: operation === 'createListing' ? 'prd_none' : world.orderId,
      key,
      ...(input ? { input } : {}),
    })
  const decide = (problemId: string, happened: boolean) =>
    api().call('POST', `/api/problems/${problemId}/decide`, { happened })
  const callOf = async (id: string) =>
    (await database().db.select().from(onceCalls).where(eq(onceCalls.id, id)))[0]!

  test('it did happen: an order call is done, stands on the timeline, and is never made again', async () => {
    const { callId, problemId } = await unclear('refund', 'r-1', { amountMinor: 100 })
    expect(await decide(problemId, true)).toMatchObject({ status: 200, json: { callId, state: 'done' } })
    expect(await callOf(callId)).toMatchObject({ state: 'done', finishedAt: expect.any(Date) })
    const { json: order } = await api().call('GET', `/api/orders/${world.orderId}`)
    expect(order.timeline.at(-1)).toMatchObject({
      kind: 'refunded',
      actor: 'key:tests',
      detail: '1.00 EUR given back by woocommerce, as key:tests saw there',
    })
    const writes = () => shop().calls.filter((call) => call.isWrite).length
    const before = writes()
    await settle(api().hub, [world.connection], ['once'])
    expect(writes()).toBe(before)
  })

  test('it did not happen: the call is made again from scratch, and the platform does it', async () => {
    const [order] = shop().orders()
    const input = { externalOrderId: order!.externalId, reason: 'Sold out' }
    const { callId, problemId } = await unclear('cancelOrder', order!.externalId, input)
    expect(await decide(problemId, false)).toMatchObject({ status: 200, json: { state: 'waiting' } })
    expect(await callOf(callId)).toMatchObject({ state: 'waiting', attempts: 0, finishedAt: null })
    await settle(api().hub, [world.connection], ['once'])
    expect(await callOf(callId)).toMatchObject({ state: 'done' })
    expect(shop().orders()[0]!.isCancelled).toBe(true)
  })

  test('the problem closes with the decision, and a second decision is a conflict', async () => {
    const { callId, problemId } = await unclear('refund', 'r-2', { amountMinor: 100 })
    await decide(problemId, true)
    expect((await api().call('GET', `/api/problems/${problemId}`)).json.resolvedBy).toBe('key:tests')
    expect(await decide(problemId, false)).toMatchObject({ status: 409 })
    expect(await callOf(callId)).toMatchObject({ state: 'done' })
  })

  test('two people who decide at once: one is heard', async () => {
    const { problemId } = await unclear('refund', 'r-3', { amountMinor: 100 })
    const answers = await Promise.all([
      decide(problemId, true),
      decide(problemId, false),
      decide(problemId, true),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })

  test('a listing that does exist is looked for again, to learn its id; without a way to look by reconciling', async () => {
    const first = await unclear('createListing', 'c-1')
    expect(await decide(first.problemId, true)).toMatchObject({ json: { state: 'uncertain' } })
    const second = await unclear('createListing', 'c-2')
    const blind = { ...api().hub, connectors: new Map([[woocommerce.id, withoutLook]]) }
    const state = await database().db.transaction((tx) =>
      decideOnce(tx, blind, second.callId, { happened: true }, testAct()),
    )
    expect(state).toBe('done')
  })

  test('it cannot be waved away: resolving asks for the decision', async () => {
    const { problemId } = await unclear('refund', 'r-4', { amountMinor: 100 })
    expect(await api().call('POST', `/api/problems/${problemId}/resolve`)).toMatchObject({ status: 409 })
    expect(await decide(world.unknownSkuProblem, true)).toMatchObject({ status: 409 })
  })
})
