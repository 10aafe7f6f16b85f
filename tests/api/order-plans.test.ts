import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../../core/api/app.ts'
import * as schema from '../../core/db/schema/index.ts'
import type { Queue } from '../../core/sync/queue.ts'
import { withKey } from '../support/callers.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub } from '../support/hub.ts'
import { fillInstant, fillOrders, orderQuestions } from '../support/many-orders.ts'

type Node = {
  'Node Type': string
  'Relation Name'?: string
  'Plan Rows': number
  'Total Cost': number
  Plans?: Node[]
}
type Asked = { query: string; params: unknown[] }

/** Enough that PostgreSQL takes an index where there is one, and a scan where there is none. */
const orders = 40_000
/** A page, or what a narrow filter finds, may be sorted; the whole list may not. */
const mostSorted = 5_000
const large = ['orders', 'order_lines', 'order_parties', 'shipments', 'parcels']

describe('the plans behind the lists of orders, shipments and returns', () => {
  const database = useDatabase()
  let asked: Asked[] = []
  let client: postgres.Sql
  let ask: (path: string) => Promise<Response>

  beforeAll(async () => {
    await fillOrders(database().db, orders)
    client = postgres(database().url, { max: 4, onnotice: () => {}, connection: { TimeZone: 'UTC' } })
    const logger = { logQuery: (query: string, params: unknown[]) => asked.push({ query, params }) }
    const db = drizzle(client, { schema, logger })
    const clock = { now: () => fillInstant, sleep: async () => {} }
    const hub = createTestHub({ ...database(), db }, [], { clock })
    const api = withKey(createApi({ ...hub, queue: null as unknown as Queue }), database().db)
    ask = async (path) => api.request(path)
  }, 120_000)
  afterAll(() => client.end())

  const explain = async ({ query, params }: Asked): Promise<Node> => {
    const [row] = await client.unsafe(`explain (format json) ${query}`, params as never[])
    return (row!['QUERY PLAN'] as { Plan: Node }[])[0]!.Plan
  }
  const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

  test('a text that names very many finds the same as one that names each', async () => {
    const found = async (path: string) => {
      const { items, count } = (await (await ask(path)).json()) as {
        items: { id: string }[]
        count: { rows: number; isMore: boolean }
      }
      return { ids: items.map(({ id }) => id), count }
    }
    const all = await found('/api/orders?count=true')
    expect(await found('/api/orders?q=%23&count=true')).toEqual(all)
    expect(await found('/api/shipments?q=JJD&count=true')).toEqual(await found('/api/shipments?count=true'))
    const line = await found('/api/orders?q=S00006&count=true')
    expect(line).toEqual({ ids: ['ord_00000006'], count: { rows: 1, isMore: false } })
    await database().db.execute(
      `update order_lines set sku = 'MANY' where right(order_id, 1) in ('5', '6', '7')`,
    )
    const many = await found('/api/orders?q=MANY&sort=number&limit=2')
    expect(many.ids).toHaveLength(2)
    expect(many.ids.every((id) => /[567]$/.test(id))).toBe(true)
  })

  test.each(Object.keys(orderQuestions))('of %s: an index leads to every page', async (list) => {
    const faults: string[] = []
    for (const question of orderQuestions[list]!) {
      asked = []
      const response = await ask(`/api/${list}?${question}`)
      expect(response.status, `${list}?${question}: ${await response.clone().text()}`).toBe(200)
      expect(asked.length).toBeGreaterThan(0)
      for (const one of asked) {
        const root = await explain(one)
        for (const node of nodesOf(root)) {
          // One that a limit breaks off costs more by itself than the whole does.
          const isScan =
            node['Node Type'] === 'Seq Scan' &&
            large.includes(node['Relation Name'] ?? '') &&
            node['Total Cost'] <= root['Total Cost']
          const isSort = node['Node Type'] === 'Sort' && node['Plan Rows'] > mostSorted
          if (isScan || isSort)
            faults.push(
              `${list}?${question}: ${node['Node Type']} of ${node['Relation Name'] ?? node['Plan Rows']}`,
            )
        }
      }
    }
    expect(faults).toEqual([])
  })
})
