import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createApi } from '../../core/api/app.ts'
import { enqueueTask } from '../../core/sync/enqueue.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { startQueue } from '../../core/sync/queue.ts'
import { cloneDatabase, useDatabase } from '../support/database.ts'
import { connect, createTestHub, seed, settle, testAct } from '../support/hub.ts'
import { useApi, useShop } from './support.ts'

describe('health', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database)

  test('a hub with database, migrations and queue is up and ready', async () => {
    expect(await api().call('GET', '/healthz')).toMatchObject({ status: 200, json: { status: 'up' } })
    expect(await api().call('GET', '/readyz')).toMatchObject({ status: 200, json: { status: 'ready' } })
  })

  test('a hub without migrations, queue or database says what is missing', async () => {
    const { database: other, drop } = await cloneDatabase()
    const queue = await startQueue(other, { isWorker: false })
    const hub = Object.assign(createTestHub(other, [woocommerce]), { queue })
    const app = createApi(hub)
    await other.db.execute('delete from drizzle.__drizzle_migrations')
    const first = await app.request('/readyz')
    expect(first.status).toBe(503)
    expect(await first.json()).toMatchObject({
      error: { code: 'unavailable', details: { reasons: [expect.stringContaining('migrations')] } },
    })
    await queue.stop()
    await drop()
    const second = await app.request('/readyz')
    expect(second.status).toBe(503)
    const { error } = (await second.json()) as { error: { message: string } }
    expect(error.message).toContain('database does not answer')
    expect(error.message).toContain('queue does not answer')
    expect((await app.request('/healthz')).status).toBe(200)
  })

  test('metrics name queues, freshness, dirty listings and buckets of every connection', async () => {
    const { hub } = api()
    const connection = await connect(hub, woocommerce, shop())
    await seed(hub, [{ sku: 'CUP' }, { sku: 'MUG' }])
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection])
    await enqueueTask(hub.queue, { task: 'orders', connectionId: connection.id })
    const inStep = await api().call('GET', '/metrics')
    expect(inStep.headers.get('content-type')).toContain('text/plain')
    expect(
      seriesValue(inStep.text, 'entrepot_dirty_listings', `connection="${connection.id}",aspect="stock"`),
    ).toBe(0)
    await seed(hub, [{ sku: 'CUP', stock: 3 }])
    const { text } = await api().call('GET', '/metrics')
    const labels = `connection="${connection.id}",aspect="stock"`
    expect(seriesValue(text, 'entrepot_dirty_listings', labels)).toBe(1)
    expect(seriesValue(text, 'entrepot_freshness_seconds', labels)).toBeGreaterThan(0)
    expect(
      seriesValue(text, 'entrepot_bucket_tokens', `connection="${connection.id}",bucket="products"`),
    ).toBeGreaterThan(0)
    const taken = `connection="${connection.id}",bucket="products",outcome="taken"`
    expect(seriesValue(text, 'entrepot_bucket_calls', taken)).toBeGreaterThan(0)
    expect(seriesValue(text, 'entrepot_queue_jobs', 'queue="pull",state="ready"')).toBe(1)
    await hub.db.execute(sql`update listings set status = 'ended'`)
    const ended = await api().call('GET', '/metrics')
    expect(seriesValue(ended.text, 'entrepot_dirty_listings', labels)).toBe(0)
    for (const series of ['call_failures_total', 'items_pushed_total', 'orders_pulled_total'])
      expect(text).toContain(`# TYPE entrepot_${series} counter`)
  })
})

/** The value of one series in Prometheus's text format. */
function seriesValue(text: string, name: string, labels: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name}{${labels}}`))
  return Number(line?.split(' ').at(-1))
}
