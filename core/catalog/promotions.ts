import { and, eq, inArray, sql } from 'drizzle-orm'
import { type DbOrTx, query, rows, type Tx } from '../db/client.ts'
import { promotionalPrices } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import type { Money } from '../lib/money.ts'
import { markDirty, wakeForDatedPrices } from '../listings/dirty.ts'
import { InputError } from '../sdk/errors.ts'
import type { PromotionalPrice } from '../sdk/goods.ts'
import { assertPrice } from './prices.ts'

export type Promotion = {
  variantId: string
  connectionId: string | null
  price: Money
  startsAt: Date
  endsAt: Date
  priority?: number
  source: string
  /** Who approved it as it is: its step needs no approval of its own. */
  approvedBy?: string
}

/** Adds dated prices. They go out at their start and are taken back at their end by `markPromotionBoundaries`. */
export async function addPromotions(tx: Tx, promotions: readonly Promotion[], act: Act): Promise<string[]> {
  if (promotions.length === 0) return []
  for (const promotion of promotions) {
    assertPrice(promotion.price)
    if (promotion.endsAt <= promotion.startsAt)
      throw new InputError('A promotion must end after it starts.', 'endsAt')
  }
  const items = promotions.map(({ price, priority, variantId, connectionId, startsAt, endsAt, ...rest }) => ({
    id: newId('pro', act.now.getTime()),
    variant_id: variantId,
    connection_id: connectionId,
    currency: price.currency,
    amount: price.minor,
    starts_at: startsAt,
    ends_at: endsAt,
    priority: priority ?? 0,
    source: rest.source,
    approved_by: rest.approvedBy ?? null,
  }))
  await tx.execute(sql`
    insert into promotional_prices (id, variant_id, connection_id, currency, amount_minor, starts_at, ends_at, priority, source, approved_by)
    select * from ${rows(
      items,
      'id text, variant_id text, connection_id text, currency text, amount bigint, starts_at timestamptz, ends_at timestamptz, priority int, source text, approved_by text',
    )}`)
  await markDirty(
    tx,
    'price',
    promotions
      .filter((p) => p.startsAt <= act.now && p.endsAt > act.now)
      .map((p) => ({ variantId: p.variantId })),
    act,
  )
  await wakeForDatedPrices(tx)
  return items.map((item) => item.id)
}

/** Marks the prices dirty whose promotion starts or ends in (after, now]: called by the schedule. */
export async function markPromotionBoundaries(tx: Tx, after: Date, act: Act): Promise<number> {
  const touched = await query<{ variant_id: string }>(
    tx,
    sql`
    select distinct variant_id from promotional_prices
    where (starts_at > ${after.toISOString()}::timestamptz and starts_at <= ${act.now.toISOString()}::timestamptz)
       or (ends_at > ${after.toISOString()}::timestamptz and ends_at <= ${act.now.toISOString()}::timestamptz)`,
  )
  await markDirty(
    tx,
    'price',
    touched.map((row) => ({ variantId: row.variant_id })),
    act,
  )
  return touched.length
}

/** Dated prices that hold at some time in a period, in the order of their start. */
export async function listPromotions(
  db: DbOrTx,
  { from, to }: { from: Date; to: Date },
): Promise<PromotionalPrice[]> {
  const found = await db
    .select()
    .from(promotionalPrices)
    .where(
      sql`${promotionalPrices.startsAt} < ${to.toISOString()}::timestamptz and ${promotionalPrices.endsAt} > ${from.toISOString()}::timestamptz`,
    )
    .orderBy(promotionalPrices.startsAt, promotionalPrices.id)
  return found.map(({ currency, amountMinor, approvedBy: _approvedBy, ...row }) => ({
    ...row,
    price: { minor: amountMinor, currency },
  }))
}

/** Takes dated prices of one source away: what should hold without them is pushed. Others' are left alone. */
export async function removePromotions(
  tx: Tx,
  ids: readonly string[],
  source: string,
  act: Act,
): Promise<void> {
  const removed = await tx
    .delete(promotionalPrices)
    .where(and(inArray(promotionalPrices.id, [...ids]), eq(promotionalPrices.source, source)))
    .returning({ variantId: promotionalPrices.variantId, startsAt: promotionalPrices.startsAt })
  await markDirty(
    tx,
    'price',
    removed.filter(({ startsAt }) => startsAt <= act.now),
    act,
  )
}

/** Moves the end of dated prices of one source; one that would end before it starts is taken away. */
export async function endPromotions(
  tx: Tx,
  ids: readonly string[],
  source: string,
  endsAt: Date,
  act: Act,
): Promise<void> {
  const mine = and(inArray(promotionalPrices.id, [...ids]), eq(promotionalPrices.source, source))
  const dropped = await tx
    .delete(promotionalPrices)
    .where(and(mine, sql`${promotionalPrices.startsAt} >= ${endsAt.toISOString()}::timestamptz`))
    .returning({ variantId: promotionalPrices.variantId })
  const moved = await tx
    .update(promotionalPrices)
    .set({ endsAt })
    .where(mine)
    .returning({ variantId: promotionalPrices.variantId })
  await markDirty(tx, 'price', [...dropped, ...moved], act)
  await wakeForDatedPrices(tx)
}
