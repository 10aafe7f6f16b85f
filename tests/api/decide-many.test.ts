import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { transact } from '../../core/db/transact.ts'
import { raiseProblems } from '../../core/problems/problems.ts'
import { propose } from '../../core/proposals/proposals.ts'
import { workOn } from '../../core/sync/work.ts'
import { useDatabase } from '../support/database.ts'
import { connect, seed, settle, testAct } from '../support/hub.ts'
import { useApi, useShop } from './support.ts'
import { makeUnclearCall, makeWorld, type World } from './world.ts'

describe('decisions on many things at once', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database)
  let world: World
  beforeAll(async () => {
    world = await makeWorld(api(), shop())
  })

  const start = async (path: string, json: object) => {
    const { status, json: work, text } = await api().call('POST', `/api/bulk/${path}`, json)
    expect(status, text).toBe(202)
    await workOn(api().hub, work.id)
    return (await api().call('GET', `/api/work/${work.id}`)).json
  }
  const undo = async (id: string) => {
    const { json } = await api().call('POST', `/api/work/${id}/undo`)
    await workOn(api().hub, json.id)
    return (await api().call('GET', `/api/work/${json.id}`)).json
  }
  const refusals = (prefix: string, count: number) =>
    raiseProblems(
      api().hub.db,
      Array.from({ length: count }, (_, n) => ({
        kind: 'push_refused' as const,
        key: `push:${prefix}-${n}:price`,
        connectionId: world.connection.id,
        subject: `lst_${prefix}${n}`,
        message: `${prefix} ${n} was refused`,
        vendorMessage: `Price ${n}.99 of "SKU ${n}" is out of bounds (ref ${n})`,
      })),
      testAct(),
    )
  const get = async (path: string) => (await api().call('GET', path)).json

  test('problems with one cause are one group, resolved together and opened again together', async () => {
    await refusals('GRP', 12)
    const { items } = await get('/api/problem-groups?kind=push_refused')
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ count: 12, connectionId: world.connection.id, canRetry: true })
    expect(items[0].sample.vendorMessage).toContain('out of bounds')
    const { kind, connectionId, cause } = items[0]
    const work = await start('resolve-problems', { filter: { kind, connectionId, cause } })
    expect(work).toMatchObject({ state: 'done', total: 12, failed: 0, canBeUndone: true })
    expect((await get('/api/problem-groups?kind=push_refused')).items).toEqual([])
    expect((await get('/api/problems?state=resolved&sort=-resolvedAt')).items[0]).toMatchObject({
      resolvedBy: 'key:tests',
    })
    // One is seen again before the others are opened again: it stays the one that is open.
    await refusals('GRP', 1)
    expect(await undo(work.id)).toMatchObject({ state: 'done', done: 12, failed: 1 })
    expect((await get('/api/problem-groups?kind=push_refused')).items).toMatchObject([{ count: 12 }])
    expect((await get('/api/audit/verify')).isWhole).toBe(true)
  })

  test('a call whose outcome nobody knows is never resolved with the others', async () => {
    const { problemId } = await makeUnclearCall(api(), {
      connectionId: world.connection.id,
      operation: 'refund',
      subject: world.orderId,
      key: 'bulk-1',
    })
    const work = await start('resolve-problems', { ids: [problemId] })
    expect(work).toMatchObject({ done: 1, failed: 1 })
    expect((await get(`/api/problems/${problemId}`)).resolvedAt).toBeNull()
  })

  test('proposals are approved each once, what cannot be says why, and turned down ones can be asked again', async () => {
    const [first, second] = world.proposalIds
    const work = await start('approve-proposals', { ids: [first, 'prp_nobody'] })
    expect(work).toMatchObject({ done: 2, failed: 1 })
    expect(await get(`/api/proposals/${first}`)).toMatchObject({ status: 'applied', decidedBy: 'key:tests' })
    const failures = await api().call('GET', `/api/work/${work.id}/failures.csv`)
    expect(failures.text).toContain('prp_nobody,There is no proposal prp_nobody.')
    const rejected = await start('reject-proposals', { ids: [second] })
    expect(await get(`/api/proposals/${second}`)).toMatchObject({ status: 'rejected' })
    expect(await undo(rejected.id)).toMatchObject({ done: 1, failed: 0 })
    expect(await get(`/api/proposals/${second}`)).toMatchObject({ status: 'open', decidedBy: null })
  })

  test('one that cannot be applied is marked failed, and the others of its step are applied', async () => {
    const db = api().hub.db
    const draft = { title: 'x', reason: 'y', diff: [], connectionId: world.connection.id }
    const broken = await propose(
      db,
      {
        ...draft,
        kind: 'price_step',
        key: 'broken',
        payload: { listingId: 'lst_none', connectionId: world.connection.id, amountMinor: 'no number' },
      },
      testAct(),
    )
    const [, second] = world.proposalIds
    const work = await start('approve-proposals', { ids: [broken, second] })
    expect(work).toMatchObject({ done: 2, failed: 1 })
    expect((await get(`/api/proposals/${broken}`)).status).toBe('failed')
    expect((await get(`/api/proposals/${second}`)).status).toBe('applied')
  })

  test('the whole diff of a proposal can be read, however long, and stays the same when it is proposed again', async () => {
    const diff = Array.from({ length: 1200 }, (_, n) => ({
      subject: `S${n}`,
      field: 'price',
      from: n,
      to: n + 1,
    }))
    const draft = {
      kind: 'price_step',
      key: 'long',
      title: 'Long',
      reason: 'Because.',
      payload: { a: 1 },
      diff,
    }
    const id = await propose(api().hub.db, draft, testAct())
    expect(await propose(api().hub.db, draft, testAct())).toBe(id)
    expect(await get(`/api/proposals/${id}`)).toMatchObject({ lineCount: 1200 })
    const lines: unknown[] = []
    for (let after = ''; ; ) {
      const page = await get(`/api/proposals/${id}/diff?limit=500${after}`)
      lines.push(...page.items.map(({ position: _position, ...line }: { position: number }) => line))
      if (page.next === null) break
      after = `&after=${page.next}`
    }
    expect(lines).toEqual(diff)
    expect((await get(`/api/proposals/${id}/diff?subject=S700`)).items).toMatchObject([{ position: 700 }])
    expect((await get('/api/proposals?q=Long')).items[0]).toMatchObject({ id, diff: diff.slice(0, 3) })
  })

  test('a refused value that rests for a day is sent again at once when it is tried again, and its problem closes', async () => {
    const { hub } = api()
    const listing = (await get(`/api/listings?connectionId=${world.connection.id}`)).items.find(
      ({ sku }: { sku: string }) => sku === 'TEE-S',
    )
    await raiseProblems(
      hub.db,
      [
        {
          kind: 'push_refused',
          key: `push:${listing.id}:stock`,
          connectionId: world.connection.id,
          subject: listing.id,
          message: 'refused',
        },
      ],
      testAct(),
    )
    await hub.db.execute(
      sql`update listing_aspects set revision = revision + 1, acknowledged_fingerprint = null, attempts = 1, refused_revision = revision + 1, not_before = now() + interval '1 day' where listing_id = ${listing.id} and aspect = 'stock'`,
    )
    await settle(hub, [world.connection], ['stock'])
    const [problem] = (await get(`/api/problems?subject=${listing.id}`)).items
    expect(problem.resolvedAt).toBeNull()
    expect(await start('retry-problems', { ids: [problem.id] })).toMatchObject({
      done: 1,
      failed: 0,
      canBeUndone: false,
    })
    await settle(hub, [world.connection], ['stock'])
    expect((await get(`/api/problems/${problem.id}`)).resolvedAt).not.toBeNull()
    expect(await api().call('POST', `/api/problems/${problem.id}/retry`)).toMatchObject({ status: 409 })
  })

  test('products are published and listings ended in steps; endings are taken back', async () => {
    const { hub } = api()
    const other = await connect(hub, woocommerce, shop(), 'second')
    await seed(
      hub,
      Array.from({ length: 5 }, (_, n) => ({ sku: `NEW-${n}` })),
    )
    const work = await start('publish-products', { connectionId: other.id })
    expect(work.failed).toBe(0)
    const listed = (await get(`/api/listings?connectionId=${other.id}`)).items
    expect(listed.length).toBeGreaterThan(5)
    const ids = (await get(`/api/listings?connectionId=${world.connection.id}&status=live`)).items.map(
      ({ id }: { id: string }) => id,
    )
    const ended = await start('end-listings', {
      connectionId: world.connection.id,
      ids: ids.slice(0, 2),
      reason: 'Out',
    })
    expect((await get(`/api/listings/${ids[0]}`)).endingSince).not.toBeNull()
    expect(await undo(ended.id)).toMatchObject({ done: 2, failed: 0 })
    expect((await get(`/api/listings/${ids[0]}`)).endingSince).toBeNull()
  })

  test('prices change by a share, to the nearest minor unit, and back where nobody changed them since', async () => {
    const base = async (sku: string) => (await get(`/api/prices/${sku}`)).base[0].price.minor
    const before = { cup: await base('CUP'), tee: await base('TEE-S') }
    const ids = ['CUP', 'TEE-S'].map((sku) => world.skus.get(sku)!)
    const work = await start('change-prices', {
      ids: [...ids, 'var_none'],
      currency: 'EUR',
      basisPoints: 333,
    })
    expect(work).toMatchObject({ done: 3, failed: 1 })
    expect(await base('CUP')).toBe(Math.round(before.cup * 1.0333))
    await undo(work.id)
    expect({ cup: await base('CUP'), tee: await base('TEE-S') }).toEqual(before)
  })

  test('either ids or a filter, never both or none', async () => {
    for (const json of [{}, { ids: ['a'], filter: {} }])
      expect(await api().call('POST', '/api/bulk/resolve-problems', json)).toMatchObject({ status: 400 })
    expect(
      await api().call('POST', '/api/bulk/resolve-problems', { filter: { kind: 'unheard' } }),
    ).toMatchObject({ status: 409 })
  })
})

describe('lists of problems and proposals', () => {
  const database = useDatabase()
  const api = useApi(database)
  const count = 30_000
  beforeAll(async () => {
    await transact(database().db, async (tx) => {
      await tx.execute(sql`
        insert into problems (id, kind, key, connection_id, subject, message, vendor_message, holds_up, remedy, since, last_seen_at, times_seen, resolved_at)
        select 'prb_' || n, case n % 3 when 0 then 'push_refused' when 1 then 'unknown_sku' else 'oversold' end, 'k' || n, 'con_' || n % 7, 'lst_' || n,
          'Message ' || n, 'The vendor says ' || n % 40 || ' things about ' || chr(97 + n % 20) || chr(97 + n % 11) || ' and more', 'x', 'y',
          timestamptz '2026-01-01' + n * interval '1 minute', timestamptz '2026-03-01' + n % 977 * interval '1 hour', n % 50,
          case when n % 5 = 0 then timestamptz '2026-05-01' + n * interval '1 second' end
        from generate_series(1, ${sql.raw(String(count))}) n`)
      await tx.execute(sql`
        insert into proposals (id, kind, key, connection_id, title, reason, diff, payload, cost_calls, status, proposed_by, proposed_at)
        select 'prp_' || n, 'kind_' || n % 4, 'k' || n, 'con_' || n % 7, 'Title ' || n, 'Reason ' || n, '[]', '{}', n % 300, case when n % 2 = 0 then 'open' else 'applied' end,
          'user:' || n % 9, timestamptz '2026-01-01' + n * interval '1 minute' from generate_series(1, ${sql.raw(String(count))}) n`)
    })
    await database().db.execute(sql`analyze problems`)
    await database().db.execute(sql`analyze proposals`)
  })

  /** What PostgreSQL did to answer, by the statements that it was sent. */
  async function plansOf(path: string): Promise<string> {
    const { db } = database()
    const sent: { sql: string; params: unknown[] }[] = []
    const session = (
      db as unknown as {
        session: { prepareQuery(query: { sql: string; params: unknown[] }, ...rest: unknown[]): unknown }
      }
    ).session
    const prepare = session.prepareQuery.bind(session)
    session.prepareQuery = (query, ...rest) => {
      sent.push(query)
      return prepare(query, ...rest)
    }
    try {
      const { status, text } = await api().call('GET', path)
      expect(status, text.slice(0, 300)).toBe(200)
    } finally {
      session.prepareQuery = prepare
    }
    const plans: string[] = []
    for (const { sql: statement, params } of sent) {
      let at = 0
      const filled = statement.replace(/\$\d+/g, () => literal(params[at++]))
      const rows = await db.execute(sql.raw(`explain ${filled}`))
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
    }
    return plans.join('\n')
  }
  const literal = (value: unknown) =>
    typeof value === 'number'
      ? String(value)
      : `'${(value instanceof Date ? value.toISOString() : String(value)).replaceAll("'", "''")}'`

  test.each([
    '/api/problems',
    '/api/problems?sort=since',
    '/api/problems?sort=-timesSeen',
    '/api/problems?kind=oversold',
    '/api/problems?connectionId=con_3&kind=push_refused&limit=20',
    '/api/problems?subject=lst_77',
    '/api/problems?state=resolved&sort=-resolvedAt',
    '/api/proposals',
    '/api/proposals?sort=-costCalls',
    '/api/proposals?status=applied&kind=kind_1',
    '/api/proposals?connectionId=con_2',
    '/api/proposals?proposedBy=user:3',
  ])('%s is answered from an index, without reading all of them', async (path) => {
    expect(await plansOf(path)).not.toMatch(/Seq Scan on (problems|proposals)/)
  })

  test('walked page by page both lists are whole, each row once', async () => {
    for (const [path, total] of [
      ['/api/problems?sort=-timesSeen', (count * 4) / 5],
      ['/api/proposals?sort=costCalls', count / 2],
    ] as const) {
      const seen = new Set<string>()
      for (let after = ''; ; ) {
        const { items, next } = (await api().call('GET', `${path}&limit=500${after}`)).json
        for (const { id } of items) seen.add(id)
        if (next === null) break
        after = `&after=${encodeURIComponent(next)}`
      }
      expect(seen.size, path).toBe(total)
    }
  })

  test('groups count every open problem once', async () => {
    const seen: { count: number }[] = []
    for (let after = ''; ; ) {
      const { items, next } = (await api().call('GET', `/api/problem-groups?limit=500${after}`)).json
      seen.push(...items)
      if (next === null) break
      after = `&after=${next}`
    }
    expect(seen.reduce((sum, group) => sum + group.count, 0)).toBe((count * 4) / 5)
  })

  test('a search finds words in any script, anywhere, whatever the case', async () => {
    const words = { title: '调价 Reprice', reason: '价格超出类目限制', kind: 'price_step', key: 'words' }
    const id = await propose(database().db, { ...words, diff: [], payload: {} }, testAct())
    for (const q of ['调价', '价', '类目限制', 'REPRICE', '超出 reprice'])
      expect(
        (await api().call('GET', `/api/proposals?q=${encodeURIComponent(q)}`)).json.items,
        q,
      ).toMatchObject([{ id }])
    const found = (await api().call('GET', '/api/problems?q=message%20777')).json.items
    expect(found.length).toBeGreaterThan(0)
    expect(found.every(({ message }: { message: string }) => message.includes('777'))).toBe(true)
    expect(found[0]).not.toHaveProperty('search')
  })

  test('a cursor of another order, or a kind of subject that does not exist, is refused', async () => {
    const { next } = (await api().call('GET', '/api/problems?sort=since&limit=1')).json
    expect(await api().call('GET', `/api/problems?sort=-since&after=${next}`)).toMatchObject({ status: 400 })
    expect(await api().call('GET', '/api/problems?subjectKind=moon')).toMatchObject({ status: 400 })
  })
})
