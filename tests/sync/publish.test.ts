import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { saveProducts } from '../../core/catalog/catalog.ts'
import { setBasePrices } from '../../core/catalog/prices.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { query } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import { listProblems } from '../../core/problems/problems.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { findViolations } from '../support/oracle.ts'
import { openProblems } from '../support/orders.ts'
import { connectFast, passTime, platforms } from '../support/platforms.ts'

/** Where each platform takes a new listing. */
const isCreation = ({ method, path }: { method: string; path: string }) =>
  (method === 'POST' && path.endsWith('/products')) || (method === 'PUT' && path.startsWith('/listings/'))
const isVariation = ({ method, path }: { method: string; path: string }) =>
  (method === 'POST' && path.endsWith('/variations/batch')) || (method === 'PUT' && path.includes('-M'))

describe.each(platforms)('publishing on $name', ({ connector, create }) => {
  const database = useDatabase()
  const market = useSandbox(() => create())
  let hub: Hub
  let connection: Connection
  beforeAll(async () => {
    hub = createTestHub(database(), [connector])
    connection = await connectFast(hub, connector, market())
  })
  const publish = async () => {
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection], ['once', 'content', 'price', 'stock'])
  }
  const expectAllRight = async () =>
    expect(await findViolations(hub.db, [{ connectionId: connection.id, sandbox: market() }])).toEqual([])
  const shown = () =>
    market()
      .listings()
      .map((listing) => listing.sku)
      .sort()

  test.each(['lost_answer', 'lost_request', 'half_answer', 'garbage'] as const)(
    'a creation whose answer is spoilt (%s) is looked for and not made twice',
    async (kind) => {
      await seed(hub, [{ sku: `ONE-${kind}` }])
      market().faults.add({ kind, when: isCreation })
      await publishProducts(hub.db, connection.id, 'all', testAct())
      await runTask(hub, 'once', connection.id)
      await passTime(hub.db)
      await publish()
      expect(shown().filter((sku) => sku === `ONE-${kind}`)).toHaveLength(1)
      await expectAllRight()
    },
  )

  test.each(['lost_answer', 'lost_request', 'half_answer', 'garbage'] as const)(
    'a product with variants is completed and not doubled after a spoilt answer (%s) in the middle',
    async (kind) => {
      const skus = ['S', 'M', 'L'].map((size) => ({
        sku: `FAM-${kind}-${size}`,
        key: `FAM-${kind}`,
        options: { Size: size },
      }))
      await seed(hub, skus)
      market().faults.add({ kind, when: isVariation })
      await publishProducts(hub.db, connection.id, 'all', testAct())
      await runTask(hub, 'once', connection.id)
      await passTime(hub.db)
      await publish()
      expect(shown().filter((sku) => sku.startsWith(`FAM-${kind}`))).toHaveLength(3)
      await expectAllRight()
    },
  )

  test("a refusal reaches the operator in the platform's words, and publishing again after the correction heals it", async () => {
    const ids = await seed(hub, [{ sku: 'PLAIN' }])
    const words = 'The name of this product is a trade mark.'
    const body = JSON.stringify({
      code: 'trade_mark',
      message: words,
      errors: [{ code: 'TradeMark', message: words }],
    })
    market().faults.add({
      kind: 'status',
      status: 400,
      body,
      headers: { 'content-type': 'application/json' },
      when: isCreation,
    })
    await publish()
    expect(shown()).not.toContain('PLAIN')
    const [problem] = await listProblems(hub.db, { kind: 'creation_refused' })
    expect(problem?.message).toContain('PLAIN')
    expect(problem?.vendorMessage).toContain(words)
    await settle(hub, [connection], ['once'])
    expect(shown()).not.toContain('PLAIN')
    await publish()
    expect(shown()).toContain('PLAIN')
    expect(await openProblems(hub.db, 'creation_refused')).toEqual([])
    expect(ids.size).toBe(1)
    await expectAllRight()
  })

  test('a product without a price is not listed, and is once it has one', async () => {
    const act = testAct()
    const [saved] = await transact(hub.db, (tx) =>
      saveProducts(tx, [{ key: 'FREE', title: { en: 'Free' }, variants: [{ sku: 'FREE' }] }], act),
    )
    await publish()
    expect(shown()).not.toContain('FREE')
    expect(await openProblems(hub.db, 'price_missing')).toHaveLength(1)
    await transact(hub.db, (tx) =>
      setBasePrices(
        tx,
        [{ variantId: saved!.variantId, price: { minor: 500, currency: 'EUR' }, source: 'test' }],
        act,
      ),
    )
    await publish()
    expect(shown()).toContain('FREE')
    expect(await openProblems(hub.db, 'price_missing')).toEqual([])
  })

  test('publishing what is listed already calls nobody', async () => {
    const writes = () => market().calls.filter((call) => call.isWrite).length
    const before = writes()
    await publish()
    expect(writes()).toBe(before)
    const [open] = await query<{ open: number }>(
      hub.db,
      sql`select count(*)::int as open from once_calls where state in ('waiting', 'running', 'uncertain')`,
    )
    expect(open?.open).toBe(0)
  })
})
