import { sql } from 'drizzle-orm'
import { query } from '../../core/db/client.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { prefixOf } from '../../core/plugins/check.ts'
import { migratePlugins } from '../../core/plugins/migrate.ts'
import { setPluginEnabled } from '../../core/plugins/settings.ts'
import type { PluginDefinition } from '../../core/sdk/plugin.ts'
import type { PluginStage } from '../../core/sdk/testing/index.ts'
import { emitEvents } from '../../core/sync/events.ts'
import { deliverEvent } from '../../core/sync/plugin-work.ts'
import { startQueue } from '../../core/sync/queue.ts'
import { cloneDatabase } from './database.ts'
import { createTestHub, testAct } from './hub.ts'

/** Logs and what an operator sets change with every step and tell nothing of the hub's goods and orders. */
const passedOver = ['audit_log', 'plugin_settings', 'plugin_jobs', 'plugin_migrations']

/** Opens the stage that the standard suite of plugins plays on. */
export async function openPluginStage(plugin: PluginDefinition): Promise<PluginStage> {
  const { database, drop } = await cloneDatabase()
  const clock = manualClock('2026-03-01T12:00:00Z')
  await migratePlugins(database, [plugin], clock)
  const queue = await startQueue(database, { isWorker: false })
  const hub = Object.assign(createTestHub(database, [], { clock, plugins: [plugin] }), { queue })
  const tables = async () =>
    (
      await query<{ name: string }>(
        hub.db,
        sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
      )
    ).map(({ name }) => name)
  const isOwn = (name: string) => name.startsWith(prefixOf(plugin.id))
  return {
    context: hub.pluginContext(plugin.id),
    ownTables: async () => (await tables()).filter(isOwn),
    fingerprint: async (of) => {
      const wanted = (await tables()).filter((name) =>
        of === 'plugin' ? isOwn(name) : !isOwn(name) && !passedOver.includes(name),
      )
      const parts = await Promise.all(
        wanted.map(async (name) => {
          const [row] = await query<{ hash: string | null }>(
            hub.db,
            sql`select md5(string_agg(t::text, ',' order by t::text)) as hash from ${sql.identifier(name)} t`,
          )
          return `${name} ${row?.hash ?? 'empty'}`
        }),
      )
      return parts.join('\n')
    },
    setEnabled: async (isEnabled) => {
      await hub.db.transaction((tx) => setPluginEnabled(tx, plugin, isEnabled, testAct()))
    },
    deliver: async (event, data) => {
      await hub.db.transaction((tx) => emitEvents(tx, hub, [{ event, data } as never]))
      for (;;) {
        const [job] = await queue.boss.fetch<Parameters<typeof deliverEvent>[1]>('event')
        if (!job) return
        await deliverEvent(hub, job.data)
        await queue.boss.complete('event', job.id)
      }
    },
    close: async () => {
      await queue.stop()
      await drop()
    },
  }
}
