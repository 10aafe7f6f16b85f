import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { listingAspects, onceCalls, problems } from '../../core/db/schema/index.ts'
import { raiseProblems } from '../../core/problems/problems.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { testAct } from '../support/hub.ts'
import { useApi, useShop } from './support.ts'
import { makeUnclearCall, makeWorld, type World } from './world.ts'

describe('what would be sent, and trying again', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database)
  let world: World
  let at: string

  beforeAll(async () => {
    world = await makeWorld(api(), shop())
    at = `/api/connections/${world.connection.id}`
  })

  const setStock = (sku: string, onHand: number) =>
    api().hub.db.transaction(async (tx) =>
      changeStock(
        tx,
        [{ variantId: world.skus.get(sku)!, warehouseId: await defaultWarehouse(tx), onHand, reason: 'x' }],
        'count',
        testAct(),
      ),
    )

  test('a preview shows page by page what waits, why, and what all of it costs, and sends nothing', async () => {
    for (const [sku, count] of [
      ['MUG', 40],
      ['SET', 41],
      ['TEE-S', 42],
    ] as const)
      await setStock(sku, count)
    const seen: { sku: string; changes: object[] }[] = []
    for (let after: string | undefined; ; ) {
      const { json } = await api().call('POST', `${at}/preview`, { aspects: ['stock'], limit: 1, after })
      expect(json.costs).toMatchObject([
        { aspect: 'stock', waiting: 3, isMore: false, bucket: 'products', form: 'calls', maxBatch: 100 },
      ])
      seen.push(...json.items)
      if (json.next === null) break
      after = json.next
    }
    expect(seen.map((one) => one.sku).sort()).toEqual(['MUG', 'SET', 'TEE-S'])
    expect(seen.find((one) => one.sku === 'MUG')!.changes).toEqual([
      { field: 'quantity', from: '4', to: '40' },
    ])
    const whole = await api().call('POST', `${at}/preview`, { aspects: ['stock'] })
    // A variation goes with a call of its own: its parent's.
    expect(whole.json.costs[0]).toMatchObject({ calls: 2, isExact: true, seconds: 0 })
    const [line] = await api()
      .hub.db.select()
      .from(listingAspects)
      .where(eq(listingAspects.listingId, world.listingId))
    expect(line).toBeDefined()
    await runTask(api().hub, 'stock', world.connection.id)
    expect((await api().call('POST', `${at}/preview`, { aspects: ['stock'] })).json.items).toEqual([])
  })

  test('a preview of named SKUs shows them though nothing waits, and refuses one that is not listed', async () => {
    const { json } = await api().call('POST', `${at}/preview`, { aspects: ['stock'], skus: ['CUP'] })
    expect(json.items).toMatchObject([{ sku: 'CUP', outcome: 'in_step' }])
    const unknown = await api().call('POST', `${at}/preview`, { skus: ['NOWHERE'] })
    expect(unknown).toMatchObject({ status: 400, json: { error: { field: 'skus.0' } } })
    expect((await api().call('POST', `${at}/preview`, { after: 'garbled' })).status).toBe(400)
  })

  test('a refused value is shown as it would be sent, and sent at once when it is tried again', async () => {
    const { hub } = api()
    await setStock('CUP', 77)
    shop().faults.add({
      kind: 'status',
      status: 400,
      body: JSON.stringify({ code: 'woocommerce_rest_invalid', message: 'No stock today' }),
      when: ({ method }) => method === 'POST',
      times: 10,
    })
    await runTask(hub, 'stock', world.connection.id)
    shop().faults.clear()
    const [problem] = await hub.db.select().from(problems).where(eq(problems.subject, world.listingId))
    expect(problem).toMatchObject({ kind: 'push_refused', resolvedAt: null })
    const shown = await api().call('GET', `/api/problems/${problem!.id}/retry`)
    expect(shown.json).toMatchObject({
      way: 'push',
      items: [
        {
          sku: 'CUP',
          outcome: 'send',
          wasRefused: true,
          changes: [{ field: 'quantity', to: expect.anything() }],
        },
      ],
    })
    // Left alone it would wait for a day.
    await runTask(hub, 'stock', world.connection.id)
    expect((await api().call('GET', `/api/problems/${problem!.id}`)).json.resolvedAt).toBeNull()
    expect((await api().call('POST', `/api/problems/${problem!.id}/retry`)).status).toBe(202)
    await runTask(hub, 'stock', world.connection.id)
    expect((await api().call('GET', `/api/problems/${problem!.id}`)).json.resolvedAt).not.toBeNull()
    expect((await api().call('POST', `/api/problems/${problem!.id}/retry`)).status).toBe(409)
  })

  test('a call that was refused is made again; one whose outcome is unclear is not', async () => {
    const { hub } = api()
    const { callId, problemId } = await makeUnclearCall(api(), {
      connectionId: world.connection.id,
      operation: 'confirmShipment',
      subject: world.orderId,
      key: 'retry-1',
    })
    const refused = await api().call('POST', `/api/problems/${problemId}/retry`)
    expect(refused).toMatchObject({ status: 409 })
    expect(refused.json.error.message).toContain('Say first')
    await hub.db.update(onceCalls).set({ state: 'refused', error: 'no' }).where(eq(onceCalls.id, callId))
    expect((await api().call('POST', `/api/problems/${problemId}/retry`)).json).toEqual({ way: 'call' })
    const [call] = await hub.db.select().from(onceCalls).where(eq(onceCalls.id, callId))
    expect(call).toMatchObject({ state: 'waiting', attempts: 0, error: null })
  })

  test('what cannot be tried again says what to do instead', async () => {
    await raiseProblems(
      api().hub.db,
      [{ kind: 'oversold', key: 'oversold:x', connectionId: world.connection.id, message: 'Too many.' }],
      testAct(),
    )
    const [problem] = await api().hub.db.select().from(problems).where(eq(problems.key, 'oversold:x'))
    const answer = await api().call('POST', `/api/problems/${problem!.id}/retry`)
    expect(answer.status).toBe(409)
    expect(answer.json.error.message).toContain('Bring in stock')
  })
})
