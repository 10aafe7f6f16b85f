import { sql } from 'drizzle-orm'
import { type Executor, instant, type PluginContext, query, rows } from 'entrepot/sdk'
import { type Campaign, isCoupon } from './campaign.ts'
import { soldKey } from './goods.ts'
import type { PlannedGoods } from './planned-goods.ts'

/** What goods of a campaign sold while their price held, by currency. */
export type Progress = { currency: string; units: number; revenueMinor: number; discountMinor: number }

/**
 * Sales while the campaign prices held. The discount is the regular price at the time of the proposal less the
 * campaign price, for each unit; of a coupon, that nobody has to use, less what the buyers paid.
 */
export async function measureProgress(
  { services }: Pick<PluginContext, 'services'>,
  { kind }: Pick<Campaign, 'kind'>,
  goods: readonly PlannedGoods[],
  now: Date,
): Promise<Progress[]> {
  const totals = new Map<string, Progress>()
  // Goods of one zone that end together are one window: sales are asked for window by window.
  const windows = Map.groupBy(
    goods.filter(({ startsAt }) => startsAt < now),
    (item) => `${item.startsAt.toISOString()} ${untilOf(item, now).toISOString()}`,
  )
  for (const mine of windows.values()) {
    const byKey = new Map(mine.map((item) => [soldKey(item.connectionId, item.variantId), item]))
    const period = { from: mine[0]!.startsAt, to: untilOf(mine[0]!, now) }
    if (period.to <= period.from) continue
    for await (const page of services.streamSales(period))
      for (const { connectionId, variantId, units, revenueMinor, currency } of page) {
        const item = byKey.get(soldKey(connectionId, variantId))
        if (!item || item.currency !== currency) continue
        const total = totals.get(currency) ?? { currency, units: 0, revenueMinor: 0, discountMinor: 0 }
        total.units += units
        total.revenueMinor += revenueMinor
        total.discountMinor += isCoupon(kind)
          ? Math.max(0, units * item.regularMinor - revenueMinor)
          : units * (item.regularMinor - item.priceMinor)
        totals.set(currency, total)
      }
  }
  return [...totals.values()]
}

/** Until when the price of goods held, or has held so far. */
export const untilOf = ({ endsAt, stoppedAt }: Pick<PlannedGoods, 'endsAt' | 'stoppedAt'>, now: Date): Date =>
  new Date(Math.min(now.getTime(), endsAt.getTime(), stoppedAt?.getTime() ?? Number.MAX_SAFE_INTEGER))

/** Units that the plan expects until now, in step with the time; null where nothing is known. */
export function plannedUnits(goods: readonly PlannedGoods[], now: Date): number | null {
  const known = goods.filter(({ expectedMilliUnits }) => expectedMilliUnits !== null)
  if (known.length === 0) return null
  const milliUnits = known.reduce((sum, item) => {
    const whole = item.endsAt.getTime() - item.startsAt.getTime()
    const passed = Math.max(0, untilOf(item, now).getTime() - item.startsAt.getTime())
    return sum + Math.round((item.expectedMilliUnits! * passed) / whole)
  }, 0)
  return milliUnits / 1000
}

export async function saveProgress(
  db: Executor,
  campaignId: string,
  progress: readonly Progress[],
  now: Date,
): Promise<void> {
  const items = progress.map(({ currency, units, revenueMinor, discountMinor }) => ({
    currency,
    units,
    revenue: revenueMinor,
    discount: discountMinor,
  }))
  await db.execute(sql`
    insert into promotions_progress (campaign_id, currency, measured_at, units, revenue_minor, discount_minor)
    select ${campaignId}::text, currency, ${instant(now)}, units, revenue, discount from ${rows(items, 'currency text, units bigint, revenue bigint, discount bigint')}
    on conflict (campaign_id, currency) do update set measured_at = excluded.measured_at, units = excluded.units,
      revenue_minor = excluded.revenue_minor, discount_minor = excluded.discount_minor`)
}

export async function readProgress(
  db: Executor,
  campaignId: string,
): Promise<(Progress & { measuredAt: string })[]> {
  const found = await query<{
    currency: string
    measured_at: string
    units: string
    revenue_minor: string
    discount_minor: string
  }>(db, sql`select * from promotions_progress where campaign_id = ${campaignId} order by currency`)
  return found.map((row) => ({
    currency: row.currency,
    units: Number(row.units),
    revenueMinor: Number(row.revenue_minor),
    discountMinor: Number(row.discount_minor),
    measuredAt: new Date(row.measured_at).toISOString(),
  }))
}
