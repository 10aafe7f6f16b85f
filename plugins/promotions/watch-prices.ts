import { sql } from 'drizzle-orm'
import { instant, query } from 'entrepot/sdk'
import { type Campaign, isCoupon } from './campaign.ts'
import type { PlannedGoods } from './planned-goods.ts'
import type { Context } from './run-checks.ts'

/** Whether every marketplace acknowledged the last switch of prices. One that is late is a problem until it has. */
export async function watchPrices(
  context: Context,
  campaign: Campaign,
  goods: readonly PlannedGoods[],
): Promise<void> {
  const { db, services, clock } = context
  const now = clock.now()
  const switched = lastSwitch(goods, now)
  if (!switched) return
  const connections = new Set(goods.map(({ connectionId }) => connectionId))
  const waiting = isCoupon(campaign.kind)
    ? await countCoupons(context, goods, now)
    : await services.countUnacknowledged('price', [...new Set(goods.map(({ variantId }) => variantId))])
  const late = Object.entries(waiting).filter(
    ([connectionId, count]) => connections.has(connectionId) && count > 0,
  )
  const { lateAfterMinutes } = await context.settings()
  const key = `late:${campaign.id}`
  if (late.length === 0) {
    await services.settleProblem(key)
    await db.execute(
      sql`update promotions_incidents set ended_at = ${instant(now)} where campaign_id = ${campaign.id} and ended_at is null`,
    )
    const isOver = goods.every(
      ({ endsAt, stoppedAt }) => endsAt <= now || (stoppedAt !== null && stoppedAt <= now),
    )
    if (isOver)
      await db.execute(
        sql`update promotions_campaigns set settled_at = ${instant(now)} where id = ${campaign.id}`,
      )
    return
  }
  if (now.getTime() - switched.getTime() < lateAfterMinutes * 60_000) return
  const names = new Map((await services.listConnections()).map(({ id, name }) => [id, name]))
  const count = late.reduce((sum, [, waits]) => sum + waits, 0)
  const where = late
    .map(([connectionId, waits]) => `${names.get(connectionId) ?? connectionId} (${waits})`)
    .join(', ')
  const what = isCoupon(campaign.kind) ? 'coupons' : 'prices'
  const message = `${count} ${what} of "${campaign.title}" are not acknowledged since they switched at ${switched.toISOString()}: ${where}.`
  await services.raiseProblem({
    key,
    message,
    subject: campaign.id,
    holdsUp: 'the right prices of a campaign on a marketplace',
    remedy:
      'See the problems of these connections. The hub goes on trying and settles this when every price is acknowledged.',
  })
  await db.execute(sql`
    insert into promotions_incidents (campaign_id, key, message, began_at) values (${campaign.id}, ${`late:${switched.toISOString()}`}, ${message}, ${instant(now)})
    on conflict (campaign_id, key) do update set message = excluded.message, ended_at = null`)
}

/** Coupons that should have started or ended by now and have not, by connection. One that was refused is a problem of its own. */
async function countCoupons(
  { services }: Context,
  goods: readonly PlannedGoods[],
  now: Date,
): Promise<Record<string, number>> {
  const held = new Map(goods.flatMap((item) => (item.promotionId ? [[item.promotionId, item] as const] : [])))
  const late = (await services.readCoupons([...held.keys()])).filter(({ id, state }) => {
    const { startsAt, endsAt, stoppedAt } = held.get(id)!
    const isOver = now >= (stoppedAt ?? endsAt)
    return isOver ? state === 'live' : state === 'waiting' && now >= startsAt
  })
  return Object.fromEntries(
    [...Map.groupBy(late, ({ connectionId }) => connectionId)].map(([id, mine]) => [id, mine.length]),
  )
}

/** When prices of these goods switched last. */
function lastSwitch(goods: readonly PlannedGoods[], now: Date): Date | null {
  const instants = goods
    .flatMap(({ startsAt, endsAt, stoppedAt }) => [startsAt, stoppedAt ?? endsAt])
    .filter((at) => at <= now)
  return instants.length === 0 ? null : instants.reduce((last, at) => (at > last ? at : last))
}

export type Incident = { message: string; beganAt: string; endedAt: string | null }

/** What went wrong during a campaign. */
export async function readIncidents(db: Context['db'], campaignId: string): Promise<Incident[]> {
  const found = await query<{ message: string; began_at: string; ended_at: string | null }>(
    db,
    sql`select message, began_at, ended_at from promotions_incidents where campaign_id = ${campaignId} order by began_at`,
  )
  const iso = (text: string) => new Date(text).toISOString()
  return found.map((row) => ({
    message: row.message,
    beganAt: iso(row.began_at),
    endedAt: row.ended_at && iso(row.ended_at),
  }))
}
