import type { Database } from '../db/client.ts'
import type { Log } from '../lib/log.ts'

/** What a change can be of: the names of resources. Triggers tell of tables, and jobs are looked at. */
export const topics = [
  'listings',
  'products',
  'stock',
  'orders',
  'shipments',
  'returns',
  'problems',
  'proposals',
  'runs',
  'connections',
  'mappings',
  'imports',
  'work',
  'jobs',
] as const
export type Topic = (typeof topics)[number]

/** The channel on which a commit of any process tells what changed. */
const changeChannel = 'entrepot_changed'
/** Changes within this time are told together. */
const quietMs = 500

type Listener = { tell(topics: readonly Topic[]): void; end(): void }

/** Tells listeners what changed, in whatever process it did. */
export type Live = {
  /** @returns how to leave. */
  join(listener: Listener): Promise<() => void>
  /** Ends all listeners; whoever joins afterwards is ended at once. */
  close(): void
}

const isTopic = (text: string): text is Topic => (topics as readonly string[]).includes(text)

/** Nothing is listened to before somebody joins. */
export function createLive(database: Pick<Database, 'listen'>, log: Log): Live {
  const listeners = new Set<Listener>()
  const pending = new Set<Topic>()
  let timer: NodeJS.Timeout | undefined
  let listening: Promise<void> | undefined
  let isClosed = false

  function note(changed: readonly Topic[]): void {
    for (const topic of changed) pending.add(topic)
    timer ??= setTimeout(tell, quietMs).unref()
  }

  function tell(): void {
    timer = undefined
    const told = [...pending]
    pending.clear()
    for (const listener of listeners) listener.tell(told)
  }

  /** What was told while the connection was away was missed: then anything may have changed. */
  const startListening = (): Promise<void> => {
    let isFirst = true
    return database.listen(
      changeChannel,
      (payload) => {
        if (isTopic(payload)) note([payload])
      },
      () => {
        if (!isFirst) note(topics)
        isFirst = false
      },
    )
  }

  return {
    async join(listener) {
      if (isClosed) {
        listener.end()
        return () => {}
      }
      listening ??= startListening().catch((error: unknown) => {
        listening = undefined
        log.warn({ err: error }, 'Changes cannot be listened to')
        throw error
      })
      await listening
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      isClosed = true
      clearTimeout(timer)
      for (const listener of listeners) listener.end()
      listeners.clear()
    },
  }
}
