import { and, eq, inArray, sql } from 'drizzle-orm'
import { rows, type Tx } from '../db/client.ts'
import { mappings } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { instant } from '../lib/sql.ts'
import { statusRead } from '../orders/status.ts'
import type { RemoteOrder, RemoteOrderStatus, ToldOrder, Unreadable } from '../sdk/model/order.ts'

type Source = { id: string; name: string }

/**
 * Orders with the status that their state means: what a person mapped it to, as far as that is safe, else what
 * the connector says. One whose state nobody can read is put aside until somebody maps it.
 */
export async function readOrderStates(
  tx: Tx,
  source: Source,
  told: readonly ToldOrder[],
  act: Act,
): Promise<{ orders: RemoteOrder[]; unreadable: Unreadable[] }> {
  const states = [...new Set(told.map((order) => order.externalStatus))]
  if (states.length === 0) return { orders: [], unreadable: [] }
  await keepStates(tx, source.id, told, act)
  const mapped = await tx
    .select({ state: mappings.word, status: mappings.ours })
    .from(mappings)
    .where(
      and(
        eq(mappings.connectionId, source.id),
        eq(mappings.kind, 'order_state'),
        inArray(mappings.word, states),
      ),
    )
  const meaning = new Map(mapped.map(({ state, status }) => [state, status as RemoteOrderStatus]))
  const orders: RemoteOrder[] = []
  const unreadable: Unreadable[] = []
  for (const order of told) {
    const status = statusRead(order, meaning.get(order.externalStatus) ?? null)
    if (status !== null) orders.push({ ...order, status })
    else
      unreadable.push({
        externalId: order.externalId,
        raw: order,
        reason: `nobody knows what its state "${order.externalStatus}" means. Map the order state`,
      })
  }
  return { orders, unreadable }
}

/** Remembers the states that orders show, with how the connector reads them: they can be mapped from then on. */
async function keepStates(tx: Tx, connectionId: string, told: readonly ToldOrder[], act: Act): Promise<void> {
  const seen = new Map(told.map((order) => [order.externalStatus, order.status]))
  const items = [...seen].map(([id, reading]) => ({ id, reading })).sort((a, b) => (a.id < b.id ? -1 : 1))
  await tx.execute(sql`
    insert into external_terms (connection_id, kind, id, name, reading, is_listed, seen_at)
    select ${connectionId}, 'order_state', item.id, item.id, item.reading, false, ${instant(act.now)}
    from ${rows(items, 'id text, reading text')}
    on conflict (connection_id, kind, scope, id) do update set reading = excluded.reading
      where external_terms.reading is distinct from excluded.reading`)
}
