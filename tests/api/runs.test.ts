import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { pruneCalls } from '../../core/calls/retention.ts'
import { query } from '../../core/db/client.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { useApi, useShop } from './support.ts'
import { makeWorld, type World } from './world.ts'

describe('runs and their calls', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database)
  let world: World

  beforeAll(async () => {
    world = await makeWorld(api(), shop())
    await api().hub.calls.flush()
  })

  const get = async (path: string) => {
    const answer = await api().call('GET', path)
    expect(answer.status, answer.text).toBe(200)
    return answer.json
  }

  test('a run has its calls, as many as it counted, each with the operation it served', async () => {
    const runs = await get('/api/runs?task=push:stock')
    expect(runs.items.length).toBeGreaterThan(0)
    const [run] = runs.items
    expect(run).toMatchObject({
      outcome: 'done',
      failedCalls: 0,
      counts: { pushed: expect.any(Number) },
    })
    const calls = await get(`/api/calls?runId=${run.id}`)
    expect(calls.items).toHaveLength(run.calls)
    expect(calls.items[0]).toMatchObject({
      operation: 'pushStock',
      method: 'POST',
      bucket: 'products',
      status: 200,
      failure: null,
      runId: run.id,
    })
    const detail = await get(`/api/calls/${calls.items[0].id}`)
    expect(JSON.parse(detail.requestBody).update[0]).toMatchObject({ stock_quantity: expect.any(Number) })
    expect(detail.requestBytes).toBeGreaterThan(10)
  })

  test('of orders nothing is kept that could tell of a buyer, nor a secret of anything', async () => {
    const calls = await query<{ requestBody: string | null; responseBody: string | null; path: string }>(
      api().hub.db,
      sql`select path, request_body as "requestBody", response_body as "responseBody" from http_calls where operation = 'pullOrders' and response_bytes > 500`,
    )
    expect(calls.length).toBeGreaterThan(0)
    const kept = calls.map((call) => `${call.path}${call.requestBody}${call.responseBody}`).join()
    const [party] = await query<{ party: { name: string; email: string } }>(
      api().hub.db,
      sql`select party from order_parties where party is not null limit 1`,
    )
    const words = Object.values(party!.party)
      .filter((word): word is string => typeof word === 'string' && word.length > 3)
      .filter((word) => word !== 'clear')
    expect(words.length).toBeGreaterThan(3)
    for (const word of words) expect(kept).not.toContain(word)
    expect(kept).toContain('"status":"processing"')
    const { credentials } = shop().connection(shop().url)
    const everything = JSON.stringify(await query(api().hub.db, sql`select * from http_calls`))
    for (const secret of Object.values(credentials)) expect(everything).not.toContain(secret)
    expect(everything).not.toContain('oauth_signature=A')
  })

  test('runs that found nothing to do are kept apart', async () => {
    const { hub } = api()
    await runTask(hub, 'orders', world.connection.id)
    const quiet = await get('/api/runs?task=orders')
    expect(quiet.items.every((run: { isIdle: boolean }) => !run.isIdle)).toBe(true)
    const all = await get('/api/runs?task=orders&idle=true')
    expect(all.items.length).toBeGreaterThan(quiet.items.length)
  })

  test('a list of runs is narrowed and paged without a gap', async () => {
    const all = await get('/api/runs?limit=500')
    const seen: string[] = []
    let after = ''
    for (;;) {
      const page = await get(`/api/runs?limit=2${after}`)
      seen.push(...page.items.map((run: { id: string }) => run.id))
      if (page.next === null) break
      after = `&after=${page.next}`
    }
    expect(seen).toEqual(all.items.map((run: { id: string }) => run.id))
    const [newest] = all.items
    const later = new Date(new Date(newest.startedAt).getTime() + 1).toISOString()
    expect((await get(`/api/runs?from=${later}`)).items).toEqual([])
    expect((await get(`/api/runs?to=${later}&limit=500`)).items).toHaveLength(all.items.length)
    expect((await get('/api/runs?outcome=failed')).items).toEqual([])
    expect((await get('/api/runs?outcome=running')).items).toEqual([])
  })

  test('a call that fails is kept with its word, and so is the operation that failed', async () => {
    const { hub } = api()
    await hub.db.execute(
      sql`update base_prices set amount_minor = 2000 where variant_id = ${world.skus.get('TEE-S')!}`,
    )
    await hub.db.execute(
      sql`update listing_aspects set revision = revision + 1 where aspect = 'price' and listing_id in (select id from listings where variant_id = ${world.skus.get('TEE-S')!})`,
    )
    shop().faults.add({ kind: 'status', status: 500 })
    const outcome = await runTask(hub, 'price', world.connection.id)
    expect(outcome.state).toBe('failed')
    await hub.calls.flush()
    const failed = await get('/api/calls?failure=any')
    expect(failed.items[0]).toMatchObject({ status: 500, failure: 'unavailable', operation: 'pushPrices' })
    const { items } = await get(`/api/connections/${world.connection.id}/capabilities`)
    const push = items.find((one: { operation: string }) => one.operation === 'pushPrices')
    expect(push).toMatchObject({
      isOffered: true,
      lastFailureKind: 'unavailable',
      lastSuccessAt: null,
      verifiedBy: [{ by: 'recordings' }],
    })
    expect(items.find((one: { operation: string }) => one.operation === 'pushStock')).toMatchObject({
      lastSuccessAt: expect.any(String),
      lastFailureAt: null,
    })
    expect(items).toContainEqual(
      expect.objectContaining({ operation: 'acknowledgeOrder', isOffered: false, verifiedBy: [] }),
    )
    const limits = await get(`/api/connections/${world.connection.id}/limits`)
    const products = limits.items.find((one: { bucket: string }) => one.bucket === 'products')
    expect(products.hours.reduce((sum: number, hour: { failed: number }) => sum + hour.failed, 0)).toBe(1)
  })

  test('what is old goes, successes before failures, and never more stay than may', async () => {
    const { hub } = api()
    const counts = async () => {
      const [row] = await query<{ ok: number; failed: number }>(
        hub.db,
        sql`select count(*) filter (where failure is null)::int as ok, count(*) filter (where failure is not null)::int as failed from http_calls`,
      )
      return row!
    }
    const before = await counts()
    expect(before.failed).toBe(1)
    const keep = { successDays: 1, failureDays: 3, mostCalls: 1_000_000, runDays: 90 }
    const days = (count: number) => new Date(Date.now() + count * 86_400_000)
    await pruneCalls(hub.db, { ...keep, mostCalls: 5 }, new Date())
    expect((await counts()).ok + (await counts()).failed).toBe(5)
    await pruneCalls(hub.db, keep, days(2))
    expect(await counts()).toEqual({ ok: 0, failed: 1 })
    await pruneCalls(hub.db, keep, days(4))
    expect(await counts()).toEqual({ ok: 0, failed: 0 })
  })

  test('the retention is set by whoever read it last, and by nobody else', async () => {
    const { revision, ...rest } = await get('/api/settings/call-log')
    const set = await api().call('PUT', '/api/settings/call-log', { ...rest, successDays: 2, revision })
    expect(set.json).toMatchObject({ successDays: 2, revision: revision + 1 })
    const late = await api().call('PUT', '/api/settings/call-log', { ...rest, successDays: 5, revision })
    expect(late.status).toBe(409)
    expect((await get('/api/settings/call-log')).successDays).toBe(2)
  })
})
