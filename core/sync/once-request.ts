import { sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { onceCalls } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { wake } from '../listings/dirty.ts'

export type OnceCall = typeof onceCalls.$inferSelect
export type OnceOperation =
  | 'createListing'
  | 'acknowledgeOrder'
  | 'confirmShipment'
  | 'cancelOrder'
  | 'refund'
  | 'bookShipment'
  | 'cancelShipment'
  | 'createCoupon'
  | 'endCoupon'

/** The key of the problem that a call which failed, or whose outcome is unclear, is. */
export const onceProblemKey = (callId: string) => `once:${callId}`

export type OnceRequest = {
  connectionId: string
  operation: OnceOperation
  key: string
  subject: string
  input: unknown
}

/**
 * Asks for something that must not happen twice. The row with its key is there before the call; asking again
 * with the same key changes nothing. One that was refused or abandoned may be asked for anew, and so may a
 * creation that is done: it is asked for again only while variants are not listed, which it refused.
 */
export async function requestOnce(tx: Tx, requests: readonly OnceRequest[], act: Act): Promise<number> {
  if (requests.length === 0) return 0
  const made = await tx
    .insert(onceCalls)
    .values(
      requests.map((request) => ({ id: newId('onc', act.now.getTime()), ...request, createdAt: act.now })),
    )
    .onConflictDoUpdate({
      target: [onceCalls.connectionId, onceCalls.operation, onceCalls.key],
      set: {
        state: 'waiting',
        input: sql`excluded.input`,
        attempts: 0,
        error: null,
        notBefore: null,
        finishedAt: null,
      },
      setWhere: sql`${onceCalls.state} in ('refused', 'abandoned') or (${onceCalls.state} = 'done' and ${onceCalls.operation} = 'createListing')`,
    })
    .returning({ id: onceCalls.id })
  await wake(
    tx,
    requests.map((request) => ({ task: 'once', connectionId: request.connectionId })),
  )
  return made.length
}
