import { openDatabase } from '../../core/db/client.ts'
import { startQueue } from '../../core/sync/queue.ts'
import { startWorker } from '../../core/sync/worker.ts'
import { serve } from './child.ts'
import { createBenchHub, type HubKind } from './hub.ts'

export type WorkerOptions = { url: string; holder: string; kind: HubKind }

/** A worker as `entrepot worker` runs it: its own process, pools and queues. One after another, on one database each. */
let open: { close(): Promise<void> } | null = null

export const control = {
  open: async ({ url, holder, kind }: WorkerOptions) => {
    const database = await openDatabase(url)
    const queue = await startQueue(database, { isWorker: true })
    const worker = await startWorker(createBenchHub(database, { holder, kind, queue }))
    open = {
      close: async () => {
        await worker.stop()
        await database.close()
      },
    }
  },
  close: async () => {
    await open?.close()
    open = null
    globalThis.gc?.()
  },
}
serve(control)
