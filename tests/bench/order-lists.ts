import { sql } from 'drizzle-orm'
import { createApi } from '../../core/api/app.ts'
import type { Queue } from '../../core/sync/queue.ts'
import { withKey } from '../support/callers.ts'
import { fillInstant, fillOrders, orderQuestions } from '../support/many-orders.ts'
import { createBenchHub } from './hub.ts'
import { atMost, type Bench, type Figure, quantile, type Row } from './row.ts'
import { settleDown } from './server.ts'

const orders = 1_000_000
const mostMs = 200
const samples = 10

/** Every list of orders, shipments and returns: its first page and one far behind, for each filter and order. */
async function measure({ server, note }: Bench): Promise<Row[]> {
  const database = await server.clone()
  try {
    note(`  building ${orders.toLocaleString('en')} orders with lines, shipments and parcels`)
    await fillOrders(database.db, orders)
    await settleDown(database)
    const hub = createBenchHub(database, { queue: null as unknown as Queue })
    const clock = { ...hub.clock, now: () => fillInstant }
    const api = withKey(createApi({ ...hub, clock }), database.db)
    const ask = async (path: string) => {
      const startedAt = performance.now()
      const response = await api.request(path)
      const text = await response.text()
      if (response.status !== 200) throw new Error(`${path}: ${text.slice(0, 300)}`)
      return { ms: performance.now() - startedAt, next: (JSON.parse(text) as { next: string | null }).next }
    }
    const rows: Row[] = []
    for (const [list, queries] of Object.entries(orderQuestions)) {
      let worst = { query: '', p95: 0 }
      for (const query of queries) {
        const path = `/api/${list}?${query}`
        const measured: number[] = []
        let { next } = await ask(path)
        for (let sample = 0; sample < samples; sample += 1) measured.push((await ask(path)).ms)
        for (let page = 0; page < 5 && next; page += 1)
          ({ next } = await ask(`${path}&limit=500&after=${encodeURIComponent(next)}`))
        for (let sample = 0; next && sample < samples; sample += 1)
          measured.push((await ask(`${path}&after=${encodeURIComponent(next)}`)).ms)
        const p95 = quantile(measured, 0.95)
        note(`    ${p95 > mostMs ? 'SLOW ' : ''}${list}?${query}: ${p95.toFixed(0)} ms`)
        if (p95 > worst.p95) worst = { query, p95 }
      }
      const name = `order lists, 1,000,000 orders, 95th percentile of ${list}, ${queries.length} questions, the slowest ?${worst.query}`
      rows.push(atMost(name, worst.p95, mostMs, 'ms'))
    }
    const floors: number[] = []
    for (let sample = 0; sample < samples; sample += 1) {
      const startedAt = performance.now()
      await database.db.execute(sql`select * from orders order by id limit 101 offset ${sample * 100}`)
      floors.push(performance.now() - startedAt)
    }
    return [
      ...rows,
      atMost("order lists, the same run's plain select of 101 orders", quantile(floors, 0.95), mostMs, 'ms'),
    ]
  } finally {
    await database.drop()
  }
}

export const figures: Figure[] = [{ name: 'orders list', measure }]
