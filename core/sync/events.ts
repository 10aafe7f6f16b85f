import { sql } from 'drizzle-orm'
import { fromDrizzle } from 'pg-boss'
import type { Tx } from '../db/client.ts'
import { readActivePlugins } from '../plugins/settings.ts'
import type { HubEvent, HubEvents } from '../sdk/plugin.ts'
import type { Hub } from './hub.ts'

export type EventJob = { pluginId: string; event: HubEvent; data: HubEvents[HubEvent] }
export type EmittedEvent = { [E in HubEvent]: { event: E; data: HubEvents[E] } }[HubEvent]

/** The queue of plugin deliveries. */
export const eventQueue = 'event'

/** Tells plugins, once this transaction commits: each delivery is a job of its own, retried alone. */
export async function emitEvents(
  tx: Tx,
  hub: Pick<Hub, 'plugins' | 'queue'>,
  events: readonly EmittedEvent[],
): Promise<void> {
  const listening = hub.plugins.filter((plugin) => events.some(({ event }) => plugin.on?.[event]))
  if (listening.length === 0 || !hub.queue) return
  const active = await readActivePlugins(tx, listening)
  const jobs = events.flatMap(({ event, data }) =>
    active
      .filter(({ plugin }) => plugin.on?.[event] !== undefined)
      .map(({ plugin }) => ({ data: { pluginId: plugin.id, event, data } satisfies EventJob })),
  )
  if (jobs.length === 0) return
  await hub.queue.boss.insert(eventQueue, jobs, { db: fromDrizzle(tx, sql) })
}
