import { randomBytes } from 'node:crypto'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { openDatabase } from '../../core/db/client.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { silentLog } from '../../core/lib/log.ts'
import { engineServices } from '../../core/sync/engine-services.ts'
import { createHub } from '../../core/sync/hub.ts'
import { createMetrics } from '../../core/sync/metrics.ts'
import { type AuditContext, auditAll } from '../../plugins/listing-audit/audit.ts'
import { auditChanges } from '../../plugins/listing-audit/changes.ts'
import { listingAudit } from '../../plugins/listing-audit/index.ts'
import { givenOptions, serve } from './child.ts'

export type AuditRun = { listings: number; judged: number; elapsedMs: number; grownBytes: number }

const database = await openDatabase(givenOptions<{ url: string }>().url, { poolSize: 4 })
const hub = createHub({
  database,
  clock: systemClock,
  log: silentLog,
  key: randomBytes(32),
  config: { connectors: [woocommerce], plugins: [listingAudit] },
  metrics: createMetrics(),
  holder: 'bench',
  services: engineServices,
})
const context = hub.pluginContext('listing-audit') as AuditContext

export const control = {
  /** A full audit; memory is looked at page by page, against what it was after the first tenth. */
  async all(expected: number): Promise<AuditRun> {
    let heldBytes = Number.POSITIVE_INFINITY
    let peakBytes = 0
    const startedAt = performance.now()
    const counts = await auditAll(context, undefined, (done) => {
      const bytes = process.memoryUsage.rss()
      if (done <= expected / 10) heldBytes = bytes
      peakBytes = Math.max(peakBytes, bytes)
    })
    const elapsedMs = performance.now() - startedAt
    return { ...counts, elapsedMs, grownBytes: Math.max(0, peakBytes - heldBytes) }
  },

  /** What changed since the full audit. */
  async changes(): Promise<{ listings: number; judged: number; elapsedMs: number }> {
    const startedAt = performance.now()
    const counts = await auditChanges(context)
    return { ...counts, elapsedMs: performance.now() - startedAt }
  },
}
serve(control)
