import { randomBytes } from 'node:crypto'
import { openDatabase } from '../../core/db/client.ts'
import { silentLog } from '../../core/lib/log.ts'
import { engineServices } from '../../core/sync/engine-services.ts'
import { createHub } from '../../core/sync/hub.ts'
import { createMetrics } from '../../core/sync/metrics.ts'
import { runHistory } from '../../plugins/carrier-costs/compare/run-history.ts'
import { carrierCosts } from '../../plugins/carrier-costs/index.ts'
import { givenOptions, serve } from './child.ts'

export type HistoryRun = { shipments: number; priced: number; elapsedMs: number; grownBytes: number }

const database = await openDatabase(givenOptions<{ url: string }>().url, { poolSize: 4 })
const hub = createHub({
  database,
  clock: { now: () => new Date(), sleep: async () => {} },
  log: silentLog,
  key: randomBytes(32),
  config: { connectors: [], plugins: [carrierCosts] },
  metrics: createMetrics(),
  holder: 'bench',
  services: engineServices,
})
const context = hub.pluginContext('carrier-costs')
const period = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') }

function readHeap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

export const control = {
  /** What reading alone takes. */
  async read(): Promise<{ shipments: number; elapsedMs: number }> {
    const startedAt = performance.now()
    let shipments = 0
    for await (const _shipment of context.services.streamShipments(period)) shipments += 1
    return { shipments, elapsedMs: performance.now() - startedAt }
  },

  /** The whole comparison; what is held is looked at after the first tenth and at the end. */
  async compare(expected: number): Promise<HistoryRun> {
    const startedAt = performance.now()
    const run = runHistory(context, { ...period, currency: 'EUR' })
    let heldBytes = 0
    for (;;) {
      const step = await run.next()
      if (!step.done) {
        if (step.value.shipments === expected / 10) heldBytes = readHeap()
        continue
      }
      const elapsedMs = performance.now() - startedAt
      const grownBytes = Math.max(0, readHeap() - heldBytes)
      const services = step.value.rows.filter(({ kind }) => kind === 'service')
      const priced = services.reduce((sum, row) => sum + row.priced, 0)
      return { shipments: step.value.shipments, priced, elapsedMs, grownBytes }
    }
  },
}
serve(control)
