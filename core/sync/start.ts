import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { loadMasterKey } from '../connections/keys.ts'
import { type Database, migrateDatabase, openDatabase } from '../db/client.ts'
import { startEmbedded } from '../db/embedded.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { assertPlugins } from '../plugins/check.ts'
import { migratePlugins } from '../plugins/migrate.ts'
import { engineServices } from './engine-services.ts'
import { createHub, type Hub, type HubConfig } from './hub.ts'
import { createMetrics } from './metrics.ts'
import { assertPluginJobs } from './plugin-work.ts'
import { type Queue, startQueue } from './queue.ts'
import { startWorker } from './worker.ts'

export type StartOptions = {
  config: HubConfig
  log: Log
  /** Where the embedded database and the key live. */
  dataFolder: string
  /** Any PostgreSQL 15 or later; without it the embedded one is started in the data folder. */
  databaseUrl?: string | undefined
  clock?: Clock
  /** Whether this process works the queues. */
  isWorker: boolean
  /** A tool may use the embedded database of a hub that runs already. */
  mayAttach?: boolean
}

export type RunningHub = Hub & { queue: Queue; stop(): Promise<void> }

/** Starts a hub: database, migrations, key, queues, and the worker if asked. `stop` ends them in reverse. */
export async function startHub(options: StartOptions): Promise<RunningHub> {
  const { plugins } = options.config
  assertPlugins(plugins)
  assertPluginJobs(plugins)
  const clock = options.clock ?? systemClock
  const folder = resolve(options.dataFolder)
  const server = options.databaseUrl
    ? null
    : await startEmbedded(folder, { mayAttach: options.mayAttach ?? false, log: options.log })
  const closing: (() => Promise<void>)[] = []
  if (server) closing.push(() => server.stop())
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    const database: Database = await openDatabase(options.databaseUrl ?? server!.url)
    closing.push(() => database.close())
    await migrateDatabase(database)
    await migratePlugins(database, plugins, clock)
    const key = await loadMasterKey(join(folder, 'master-key'))
    const queue = await startQueue(database, { isWorker: options.isWorker, log: options.log })
    const holder = `${hostname()}:${process.pid}`
    const hub = createHub({
      database,
      clock,
      log: options.log,
      key,
      config: options.config,
      metrics: createMetrics(),
      holder,
      queue,
      services: engineServices,
    })
    closing.push(() => hub.calls.flush())
    const running = Object.assign(hub, { queue })
    if (options.isWorker) {
      const worker = await startWorker(running)
      closing.push(() => worker.stop())
    } else {
      closing.push(() => queue.stop())
    }
    return Object.assign(running, { stop })
  } catch (error) {
    await stop()
    throw error
  }
}
