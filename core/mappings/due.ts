import { asc, eq, ne } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { connections, mappingKindStates } from '../db/schema/index.ts'
import { type MappingKind, mappingKinds } from './kinds.ts'
import type { RefreshSource } from './refresh.ts'

const minuteMs = 60_000
/** Words of a few listings are worked out every minute; dear ones take no more than one part in a thousand of the time. */
const restMs = (tookMs: number): number => Math.max(minuteMs, tookMs * 1000)

/** The kinds of each connection whose words should be worked out again. */
export async function dueKinds(
  db: DbOrTx,
  now: Date,
): Promise<{ source: RefreshSource; due: MappingKind[] }[]> {
  const sources = await db
    .select({
      id: connections.id,
      name: connections.name,
      connector: connections.connector,
      locale: connections.locale,
    })
    .from(connections)
    .where(ne(connections.status, 'paused'))
    .orderBy(asc(connections.id))
  const result: { source: RefreshSource; due: MappingKind[] }[] = []
  for (const source of sources) {
    const states = await db
      .select()
      .from(mappingKindStates)
      .where(eq(mappingKindStates.connectionId, source.id))
    const known = new Map(states.map((state) => [state.kind, state]))
    const due = mappingKinds.filter((kind) => {
      const state = known.get(kind)
      return !state || now.getTime() - state.refreshedAt.getTime() >= restMs(state.tookMs)
    })
    if (due.length > 0) result.push({ source, due })
  }
  return result
}
