import { sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { type DbOrTx, query, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { instant, texts } from '../lib/sql.ts'
import type { Coupon } from '../sdk/model/coupon.ts'

/** How long a coupon that the marketplace refused to end rests before it is asked again. */
const restInterval = '1 day'

/** Ends what waits and is over, unless a call may still make it. Returns the ids. */
export async function endNeverMade(tx: Tx, act: Act): Promise<string[]> {
  const ended = await query<{ id: string; code: string }>(
    tx,
    sql`
    update coupons coupon set state = 'ended', ended_at = ${instant(act.now)}
    where coupon.state = 'waiting' and coupon.ends_at <= greatest(coupon.starts_at, ${instant(act.now)})
      and not exists (
        select 1 from once_calls call where call.connection_id = coupon.connection_id and call.operation = 'createCoupon'
          and call.key = coupon.id and call.state in ('waiting', 'running', 'uncertain', 'needs_decision'))
    returning coupon.id, coupon.code`,
  )
  for (const { id, code } of ended)
    await appendAudit(tx, act, { action: 'coupon.never_made', subject: id, before: { code } })
  return ended.map(({ id }) => id)
}

export type DueCoupon = {
  id: string
  connectionId: string
  connection: string
  coupon: Coupon
  /** Whether any of the goods it is for is listed; a coupon for none of them would be one for all. */
  hasGoods: boolean
}

type Row = Omit<Coupon, 'least' | 'externalIds' | 'endsAt'> & {
  id: string
  connectionId: string
  connection: string
  leastMinor: string | null
  leastCurrency: string | null
  endsAt: string
  isForAll: boolean
  externalIds: string[] | null
}

/** What should have started and was not asked for. A code that an older coupon still holds there waits for its end. */
export async function readDueStarts(db: DbOrTx, now: Date): Promise<DueCoupon[]> {
  const found = await query<Row>(
    db,
    sql`
    select coupon.id, coupon.connection_id as "connectionId", connection.name as connection, coupon.code,
           coupon.basis_points as "basisPoints", coupon.least_minor::text as "leastMinor",
           coupon.least_currency as "leastCurrency", coupon.excludes_reduced as "excludesReduced",
           coupon.usage_limit as "usageLimit", coupon.ends_at as "endsAt", coupon.variant_ids is null as "isForAll",
           (select jsonb_agg(listing.external_id order by listing.external_id) from listings listing
            where listing.connection_id = coupon.connection_id and listing.external_id is not null and listing.status <> 'ended'
              and listing.variant_id in (select jsonb_array_elements_text(coupon.variant_ids))) as "externalIds"
    from coupons coupon join connections connection on connection.id = coupon.connection_id
    where coupon.state = 'waiting' and coupon.starts_at <= ${instant(now)} and coupon.ends_at > ${instant(now)}
      and not exists (
        select 1 from once_calls call where call.connection_id = coupon.connection_id and call.operation = 'createCoupon'
          and call.key = coupon.id and call.state <> 'abandoned')
      and not exists (
        select 1 from coupons other where other.connection_id = coupon.connection_id and lower(other.code) = lower(coupon.code)
          and other.state = 'live')
    order by coupon.starts_at, coupon.id`,
  )
  return found.map(({ id, connectionId, connection, leastMinor, leastCurrency, isForAll, ...row }) => ({
    id,
    connectionId,
    connection,
    hasGoods: isForAll || row.externalIds !== null,
    coupon: {
      ...row,
      least: leastMinor === null ? null : { minor: Number(leastMinor), currency: leastCurrency! },
      externalIds: isForAll ? [] : (row.externalIds ?? []),
      endsAt: new Date(row.endsAt),
    },
  }))
}

/** The marketplace is told of these ends: a later one cannot be had any more. */
export async function fixEnds(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.execute(sql`update coupons set latest_ends_at = ends_at where id in (${texts(ids)})`)
}

export type DueEnd = { id: string; connectionId: string; code: string }

/** What is over and was not asked to end. One that the marketplace refused to end is asked again after a while. */
export const readDueEnds = (db: DbOrTx, now: Date): Promise<DueEnd[]> =>
  query<DueEnd>(
    db,
    sql`
    select coupon.id, coupon.connection_id as "connectionId", coupon.code from coupons coupon
    where coupon.state = 'live' and coupon.ends_at <= ${instant(now)}
      and not exists (
        select 1 from once_calls call where call.connection_id = coupon.connection_id and call.operation = 'endCoupon'
          and call.key = coupon.id and call.state <> 'abandoned'
          and (call.state <> 'refused' or call.finished_at > ${instant(now)} - ${restInterval}::interval))
    order by coupon.ends_at, coupon.id`,
  )

/** Those of these coupons that are over. */
export async function readOver(db: DbOrTx, ids: readonly string[], now: Date): Promise<Set<string>> {
  const found = await query<{ id: string }>(
    db,
    sql`select id from coupons where id in (${texts(ids)}) and ends_at <= ${instant(now)}`,
  )
  return new Set(found.map(({ id }) => id))
}
