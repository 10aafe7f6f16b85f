import { sql } from 'drizzle-orm'
import { findBrokenAudit } from '../audit/audit.ts'
import type { Connection } from '../connections/connections.ts'
import { query } from '../db/client.ts'
import { fileConnector } from '../imports/file-connection.ts'
import { findLedgerGaps } from '../stock/levels.ts'
import { connectorOf } from '../sync/hub.ts'
import type { RunningHub } from '../sync/start.ts'

export type Check = { name: string; ok: boolean; finding: string }

/** Looks at everything that can be wrong without anybody noticing. Changes nothing. */
export async function diagnose(
  hub: RunningHub,
  connections: readonly Connection[],
  dataFolder: string,
): Promise<Check[]> {
  const checks = [
    await check('database', async () => {
      const [row] = await query<{ version: string }>(
        hub.db,
        sql`select current_setting('server_version') as version`,
      )
      return `PostgreSQL ${row?.version}`
    }),
    await check('clock', async () => {
      const [row] = await query<{ now: string }>(hub.db, sql`select hub_now() as now`)
      const skewMs = Math.abs(new Date(row!.now).getTime() - hub.clock.now().getTime())
      if (skewMs > 2000)
        throw new Error(`The database's clock and this machine's differ by ${skewMs} ms. Set them by NTP.`)
      return 'this machine and the database agree'
    }),
    await check('stock ledger', async () => {
      const gaps = await findLedgerGaps(hub.db)
      if (gaps.length > 0)
        throw new Error(
          `${gaps.length} levels are not the sum of their movements, the first for variant ${gaps[0]!.variantId}.`,
        )
      return 'every level is the sum of its movements'
    }),
    await check('audit log', async () => {
      const broken = await findBrokenAudit(hub.db)
      if (broken !== null)
        throw new Error(`Row ${broken} does not fit the row before it: somebody changed the log.`)
      return 'the chain is whole'
    }),
    await check('data folder', async () => dataFolder),
  ]
  for (const connection of connections.filter(({ connector }) => connector !== fileConnector)) {
    checks.push(
      await check(`connection ${connection.name}`, async () => {
        if (connection.status === 'paused') throw new Error(`Paused: ${connection.pausedReason}`)
        return connectorOf(hub.connectors, connection).check(await hub.openClient(connection, true))
      }),
    )
  }
  return checks
}

async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, finding: await look() }
  } catch (error) {
    return { name, ok: false, finding: error instanceof Error ? error.message : String(error) }
  }
}
