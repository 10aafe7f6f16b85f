import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { onceCalls } from '../db/schema/index.ts'
import type { Lane } from './lane.ts'
import { makeCalls } from './once-call.ts'
import type { OnceCall } from './once-request.ts'

const pageSize = 100
/** Calls that are marked as running, and recorded, together. */
const chunkSize = 20

/** Makes the open calls of a connection, each once. What an earlier worker left running is looked for first. */
export async function runOnceCalls(lane: Lane): Promise<void> {
  for (;;) {
    const due = await claim(lane)
    if (due.length === 0) return
    for (const calls of Map.groupBy(due, (call) => call.operation).values()) {
      for (let at = 0; at < calls.length; at += chunkSize) {
        lane.run.assertWanted()
        await makeCalls(lane, calls.slice(at, at + chunkSize))
      }
    }
  }
}

async function claim(lane: Lane): Promise<OnceCall[]> {
  const { db, clock } = lane.hub
  return db
    .select()
    .from(onceCalls)
    .where(
      and(
        eq(onceCalls.connectionId, lane.connection.id),
        inArray(onceCalls.state, ['waiting', 'running', 'uncertain']),
        sql`(${onceCalls.notBefore} is null or ${onceCalls.notBefore} <= ${clock.now().toISOString()}::timestamptz)`,
      ),
    )
    .orderBy(asc(onceCalls.createdAt), asc(onceCalls.id))
    .limit(pageSize)
}
