import { openDatabase } from '../../core/db/client.ts'
import { startQueue } from '../../core/sync/queue.ts'
import { startWorker } from '../../core/sync/worker.ts'
import { givenOptions, serve } from './child.ts'
import { createBenchHub, type HubKind } from './hub.ts'

export type WorkerOptions = { url: string; holder: string; kind: HubKind }

/** A worker as `entrepot worker` runs it: its own process, pools and queues. */
const { url, holder, kind } = givenOptions<WorkerOptions>()
const database = await openDatabase(url)
const queue = await startQueue(database, { isWorker: true })
await startWorker(createBenchHub(database, { holder, kind, queue }))

export const control = { rssBytes: () => process.memoryUsage().rss }
serve(control)
