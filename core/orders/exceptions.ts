import { type SQL, sql } from 'drizzle-orm'
import { type DbOrTx, query, texts } from '../db/client.ts'
import { orders } from '../db/schema/index.ts'

/** Why an open order cannot go on, and what to do about it. */
export const exceptionCauses = {
  unknown_sku: 'Create the SKU or map it to one of ours; the order heals by itself.',
  short: 'Bring in stock, ship what is there, or give the missing units back.',
  address: 'Correct the address, or ship with the platform’s own label.',
  hold: 'Release the order when its reason is gone.',
  problem: 'Do what the problem says.',
} as const
export type ExceptionCause = keyof typeof exceptionCauses

/** The orders that have a cause. Each set is small or has an index of its own. */
const withCause: Record<ExceptionCause, SQL> = {
  unknown_sku: sql`select line.order_id from order_lines line where line.variant_id is null and line.quantity > line.cancelled_quantity`,
  short: sql`select line.order_id from shortfalls short join order_lines line on line.id = short.order_line_id`,
  address: sql`select party.order_id from order_parties party where party.role = 'ship_to' and coalesce(party.corrected, party.party) ->> 'country' is null`,
  hold: sql`select held.id from orders held where held.held_at is not null`,
  problem: sql`select problem.subject from problems problem where problem.resolved_at is null and problem.subject is not null and problem.kind <> 'oversold'`,
}

/** Whether there may still be something to ship: history takes nothing and waits for nothing. */
export const isOpenOrder = sql`${orders.status} in ('pending_payment', 'paid', 'allocated') and not ${orders.flags} ? 'history'`

/** Whether an open order has a cause, or any. */
export function hasException(cause: ExceptionCause | 'any'): SQL {
  const causes = cause === 'any' ? Object.values(withCause) : [withCause[cause]]
  return sql`${isOpenOrder} and ${orders.id} in (${sql.join(causes, sql` union all `)})`
}

export type OrderException = {
  orderId: string
  cause: ExceptionCause
  message: string
  problemId: string | null
}

/** Why these orders cannot go on: each cause with what it is about. */
export async function readExceptions(db: DbOrTx, orderIds: readonly string[]): Promise<OrderException[]> {
  if (orderIds.length === 0) return []
  const ids = sql`(${texts(orderIds)})`
  return query<OrderException>(
    db,
    sql`
    select o.id as "orderId", found.cause, found.message, found."problemId" from orders o, lateral (
      select 'unknown_sku' as cause, 'No SKU here is known for ' || string_agg(distinct coalesce(line.sku, line.title), ', ') as message, null as "problemId", 1 as rank
      from order_lines line where line.order_id = o.id and line.variant_id is null and line.quantity > line.cancelled_quantity having count(*) > 0
      union all
      select 'short', string_agg(short.quantity || ' of ' || coalesce(line.sku, line.title) || ' missing', ', '), null, 2
      from order_lines line join shortfalls short on short.order_line_id = line.id where line.order_id = o.id having count(*) > 0
      union all
      select 'address', case when party.erased_at is not null then 'The recipient was erased'
          when party.party ->> 'kind' = 'handle' then 'The platform keeps the recipient to itself' else 'The recipient has no country' end, null, 3
      from order_parties party where party.order_id = o.id and party.role = 'ship_to' and coalesce(party.corrected, party.party) ->> 'country' is null
      union all
      select 'hold', 'On hold by ' || o.held_by || ': ' || o.hold_reason, null, 4 where o.held_at is not null
      union all
      select 'problem', problem.message, problem.id, 5 from problems problem where problem.subject = o.id and problem.resolved_at is null and problem.kind <> 'oversold'
    ) found
    where o.id in ${ids} and o.status in ('pending_payment', 'paid', 'allocated') and not o.flags ? 'history'
    order by o.id, found.rank, found."problemId"`,
  )
}

/** How many open orders each cause stops. */
export async function countExceptions(db: DbOrTx): Promise<Record<ExceptionCause, number>> {
  const causes = Object.keys(withCause) as ExceptionCause[]
  const [row] = await query<Record<ExceptionCause, number>>(
    db,
    sql`select ${sql.join(
      causes.map(
        (cause) =>
          sql`(select count(*)::int from ${orders} where ${hasException(cause)}) as ${sql.identifier(cause)}`,
      ),
      sql`, `,
    )}`,
  )
  return row!
}
