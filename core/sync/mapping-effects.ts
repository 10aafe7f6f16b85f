import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Connection } from '../connections/connections.ts'
import { query } from '../db/client.ts'
import { orders, unboundListings } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { texts } from '../lib/sql.ts'
import { kinds, type MappingKind } from '../mappings/kinds.ts'
import { refreshWords } from '../mappings/refresh.ts'
import type { Saved } from '../mappings/save.ts'
import { wordOf } from '../mappings/uses.ts'
import { healUnknownSkus } from '../orders/lines.ts'
import { adopt } from './adopt.ts'
import { enqueueTask } from './enqueue.ts'
import { connectorOf, type Hub } from './hub.ts'
import type { Queue } from './queue.ts'

/** What a change of mappings came to beyond the mapping itself. */
export type MappingEffects = {
  dirtyListings: number
  healedLines: number
  boundListings: number
  /** Orders that are read again, because their state means something else now. */
  rereadOrders: number
}

/** Orders of a state beyond this many are read again by the next comparison with the platform. */
const mostReread = 5_000
const rereadBatch = 100

/** Lets what waited for these words go on. Called after the mappings are committed; a sweep finds what was missed. */
export async function followMappings(
  hub: Hub & { queue: Queue },
  connection: Connection,
  kind: MappingKind,
  saved: Saved,
  act: Act,
): Promise<MappingEffects> {
  const effects = {
    dirtyListings: saved.dirtyListings,
    healedLines: 0,
    boundListings: 0,
    rereadOrders: 0,
  }
  if (saved.changed.length === 0) return effects
  const words = saved.changed.map(({ word }) => word)
  if (kinds[kind].follows === 'skus') {
    effects.boundListings = await bindNamed(hub, connection, words, act)
    effects.healedLines = await healUnknownSkus(hub.db, act)
  }
  if (kinds[kind].follows === 'orders') effects.rereadOrders = await readAgain(hub, connection, words)
  // What an attribute means decides which of its values are asked for.
  if (kind === 'attribute') await refreshWords(hub.db, connection, 'attribute_value', hub.clock)
  return effects
}

/** Binds the listings of the platform that these SKUs of theirs name. */
async function bindNamed(
  hub: Hub,
  connection: Connection,
  words: readonly string[],
  act: Act,
): Promise<number> {
  const counts: Record<string, number> = {}
  await transact(hub.db, async (tx) => {
    const named = sql`${wordOf(sql`sku`, sql`external_id`)} in (${texts(words)})`
    const found = await tx
      .select()
      .from(unboundListings)
      .where(and(eq(unboundListings.connectionId, connection.id), named))
    const listings = found.map(({ externalId, externalParentId, sku, title }) => ({
      externalId,
      externalParentId,
      sku,
      title,
      status: 'live' as const,
      // Not known here: both are compared by the first push.
      price: null,
      quantity: null,
      issues: [],
    }))
    await adopt(tx, { connection, counts }, listings, act)
    await tx.execute(sql`
      delete from unbound_listings unbound where unbound.connection_id = ${connection.id} and exists (
        select 1 from listings listing where listing.connection_id = unbound.connection_id and listing.external_id = unbound.external_id)`)
  })
  return counts.bound ?? 0
}

/** Asks for the open orders in these states once more, and for those that were put aside because of them. */
async function readAgain(
  hub: Hub & { queue: Queue },
  connection: Connection,
  states: readonly string[],
): Promise<number> {
  if (!connectorOf(hub.connectors, connection).operations.readOrders) return 0
  const open = await hub.db
    .select({ externalId: orders.externalId })
    .from(orders)
    .where(
      and(
        eq(orders.connectionId, connection.id),
        inArray(orders.status, ['pending_payment', 'paid', 'allocated', 'shipped', 'delivered']),
        inArray(orders.externalStatus, [...states]),
      ),
    )
    .limit(mostReread)
  const aside = await query<{ externalId: string }>(
    hub.db,
    sql`
    select key as "externalId" from unreadable_documents
    where connection_id = ${connection.id} and kind = 'order' and raw ->> 'externalStatus' in (${texts(states)}) limit ${mostReread}`,
  )
  const ids = [...new Set([...aside, ...open].map((row) => row.externalId))]
  for (let at = 0; at < ids.length; at += rereadBatch)
    await enqueueTask(hub.queue, {
      task: 'orders',
      connectionId: connection.id,
      externalIds: ids.slice(at, at + rereadBatch),
    })
  return ids.length
}
