import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { systemClock } from '../../core/lib/clock.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { type Queue, startQueue } from '../../core/sync/queue.ts'
import { runTask, type Task } from '../../core/sync/tasks.ts'
import { receiveWebhook } from '../../core/sync/webhook.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { findViolations } from '../support/oracle.ts'
import { connectFast, platforms, seededRandom } from '../support/platforms.ts'

type Delivery = { headers: Record<string, string>; body: string }
type Job = { task: Task; connectionId: string; externalIds?: string[] }

describe('webhooks of a shop', () => {
  const database = useDatabase()
  const shop = useSandbox(() =>
    createWooCommerceSandbox({ clock: systemClock, currency: 'EUR', rateScale: 1e6 }),
  )
  const random = seededRandom(11)
  let queue: Queue
  let hub: Hub & { queue: Queue }
  let connection: Connection
  beforeAll(async () => {
    queue = await startQueue(database(), { isWorker: false })
    hub = Object.assign(createTestHub(database(), [woocommerce]), { queue })
    connection = await connectFast(hub, woocommerce, shop())
    await seed(hub, [
      { sku: 'CUP', stock: 500 },
      { sku: 'BOX', stock: 500 },
    ])
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection])
    shop().takeWebhooks()
  })
  afterAll(() => queue.stop())

  const deliver = ({ headers, body }: Delivery, to = connection.id) =>
    receiveWebhook(hub, to, new Headers(headers), Buffer.from(body))
  /** Runs what webhooks asked for. */
  const work = async (): Promise<number> => {
    const jobs = await queue.boss.fetch<Job>('pull', { batchSize: 100 })
    for (const { id, data } of jobs) {
      await runTask(
        hub,
        data.task,
        data.connectionId,
        data.externalIds ? { externalIds: data.externalIds } : {},
      )
      await queue.boss.complete('pull', id)
    }
    return jobs.length
  }
  const expectAllOrders = async () => {
    const side = { connectionId: connection.id, sandbox: { orders: shop().orders } }
    expect(await findViolations(hub.db, [side])).toEqual([])
  }
  const live = () => {
    const placed = shop().placeOrder({ lines: [{ sku: random() < 0.5 ? 'CUP' : 'BOX', quantity: 1 }] })
    const open = shop()
      .orders()
      .filter((order) => !order.isCancelled && !order.isShipped)
    if (random() < 0.4) shop().cancelOrder(open[Math.floor(random() * open.length)]!.externalId)
    return placed
  }

  test('that come twice, late and shuffled do no harm, and lead to every order', async () => {
    const kept: Delivery[] = []
    for (let round = 0; round < 12; round += 1) {
      live()
      kept.push(...shop().takeWebhooks())
      if (round % 3 !== 2) continue
      const late = kept.splice(0).sort(() => random() - 0.5)
      for (const delivery of [...late, ...late.slice(0, 2)]) expect(await deliver(delivery)).toBe('accepted')
      expect(await work()).toBeGreaterThan(0)
      await expectAllOrders()
      kept.push(...late.slice(0, 1))
    }
  })

  test('that are lost are not needed: polling alone finds every order', async () => {
    for (let round = 0; round < 5; round += 1) live()
    shop().takeWebhooks()
    await runTask(hub, 'orders', connection.id)
    await expectAllOrders()
  })

  test('that name an order in the trash lead to it, though no list shows it any more', async () => {
    const order = shop().placeOrder({ lines: [{ sku: 'CUP', quantity: 3 }] })
    await runTask(hub, 'orders', connection.id)
    shop().takeWebhooks()
    shop().trashOrder(order.externalId)
    for (const delivery of shop().takeWebhooks()) await deliver(delivery)
    await work()
    await expectAllOrders()
  })

  test('that are forged, altered, unsigned or for another connection start nothing', async () => {
    live()
    const [genuine] = shop().takeWebhooks()
    const signature = 'X-WC-Webhook-Signature'
    const { [signature]: _signed, ...unsigned } = genuine!.headers
    const forged: Delivery[] = [
      { headers: genuine!.headers, body: `${genuine!.body} ` },
      { headers: { ...genuine!.headers, [signature]: 'AAAA' }, body: genuine!.body },
      { headers: { ...genuine!.headers, [signature]: '' }, body: genuine!.body },
      { headers: unsigned, body: genuine!.body },
      { headers: unsigned, body: '' },
    ]
    for (const delivery of forged) expect(await deliver(delivery)).toBe('forged')
    expect(await deliver(genuine!, 'con_unknown')).toBe('unknown')
    expect(await deliver(genuine!, connection.name)).toBe('unknown')
    expect(await work()).toBe(0)
    expect(await deliver(genuine!)).toBe('accepted')
    await work()
    await expectAllOrders()
  })

  test('by the hundred wait as one job', async () => {
    live()
    const [genuine] = shop().takeWebhooks()
    for (let n = 0; n < 100; n += 1) await deliver(genuine!)
    expect(await work()).toBe(1)
  })
})

describe.each(platforms)('polling $name', ({ connector, create }) => {
  const database = useDatabase()
  const market = useSandbox(() => create())

  test('misses no order among many of one moment, over several pages, and reads none twice into the books', async () => {
    const hub = createTestHub(database(), [connector])
    const connection = await connectFast(hub, connector, market())
    await seed(hub, [{ sku: 'MANY', stock: 1000 }])
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection])
    for (let n = 0; n < 230; n += 1) market().placeOrder({ lines: [{ sku: 'MANY', quantity: 1 + (n % 3) }] })
    await runTask(hub, 'orders', connection.id)
    for (let n = 0; n < 3; n += 1) market().placeOrder({ lines: [{ sku: 'MANY', quantity: 1 }] })
    await settle(hub, [connection])
    expect(await findViolations(hub.db, [{ connectionId: connection.id, sandbox: market() }])).toEqual([])
  })
})
