import { sql } from 'drizzle-orm'
import { query } from 'entrepot/sdk'
import { type Campaign, type CampaignPhase, isCoupon } from '../campaign.ts'
import { soldKey } from '../goods.ts'
import { withPhases } from '../phases.ts'
import { type PlannedGoods, readGoods } from '../planned-goods.ts'
import { measureProgress, type Progress, plannedUnits } from '../progress.ts'
import type { Context } from '../run-checks.ts'
import type { Figure } from '../simulate.ts'
import { readCampaign } from '../store.ts'
import { type Incident, readIncidents } from '../watch-prices.ts'

export type ReportFigure = Figure & { label: string; unit: 'count' | 'money' | 'percent'; currency?: string }

export type Report = {
  campaignId: string
  title: string
  goal: string
  owner: string
  phase: CampaignPhase
  startsAt: string
  endsAt: string
  madeAt: string
  figures: ReportFigure[]
  goods: {
    sku: string
    connection: string
    currency: string
    regularMinor: number
    priceMinor: number
    unitsBefore: number
    unitsDuring: number
    unitsAfter: number | null
  }[]
  incidents: Incident[]
  stops: { at: string; rule: string; reason: string; status: string }[]
  lessons: string
}

/** What a campaign did: the time it held beside the same time before it and after it. */
export async function makeReport(context: Context, id: string): Promise<Report> {
  const { db, services, clock } = context
  const now = clock.now()
  const campaign = await readCampaign(db, id)
  const goods = await readGoods(db, id)
  const from = campaign.startsOn.getTime()
  const to = Math.min((campaign.stoppedAt ?? campaign.endsOn).getTime(), now.getTime())
  const lasted = Math.max(0, to - from)
  const isAfterKnown = lasted > 0 && now.getTime() >= to + lasted && to < now.getTime()
  const before = await countUnits(context, goods, from - lasted, from)
  const during = await countUnits(context, goods, from, to)
  const after = isAfterKnown ? await countUnits(context, goods, to, to + lasted) : null
  const names = new Map(
    (await services.listConnections()).map((connection) => [connection.id, connection.name]),
  )
  return {
    campaignId: id,
    title: campaign.title,
    goal: campaign.goal,
    owner: campaign.owner,
    phase: (await withPhases(context, [campaign]))[0]!.phase,
    startsAt: campaign.startsOn.toISOString(),
    endsAt: (campaign.stoppedAt ?? campaign.endsOn).toISOString(),
    madeAt: now.toISOString(),
    figures: [
      ...unitFigures({ goods, before, during, after, now }),
      ...(await measureProgress(context, campaign, goods, now)).flatMap((progress) =>
        moneyFigures(progress, campaign, goods, during),
      ),
    ],
    goods: goods.map((item) => {
      const key = soldKey(item.connectionId, item.variantId)
      return {
        sku: item.sku,
        connection: names.get(item.connectionId) ?? item.connectionId,
        currency: item.currency,
        regularMinor: item.regularMinor,
        priceMinor: item.priceMinor,
        unitsBefore: before.get(key) ?? 0,
        unitsDuring: during.get(key) ?? 0,
        unitsAfter: after && (after.get(key) ?? 0),
      }
    }),
    incidents: await readIncidents(db, id),
    stops: await readStops(context, id),
    lessons: campaign.lessons,
  }
}

type Units = Map<string, number>

async function countUnits(
  { services }: Context,
  goods: readonly PlannedGoods[],
  from: number,
  to: number,
): Promise<Units> {
  const wanted = new Set(goods.map((item) => soldKey(item.connectionId, item.variantId)))
  const found: Units = new Map()
  if (to <= from) return found
  for await (const page of services.streamSales({ from: new Date(from), to: new Date(to) }))
    for (const { connectionId, variantId, units } of page) {
      const key = soldKey(connectionId, variantId)
      if (wanted.has(key)) found.set(key, (found.get(key) ?? 0) + units)
    }
  return found
}

const total = (units: Units): number => [...units.values()].reduce((sum, value) => sum + value, 0)

type Sold = { goods: readonly PlannedGoods[]; before: Units; during: Units; after: Units | null; now: Date }

function unitFigures({ goods, before, during, after, now }: Sold): ReportFigure[] {
  const [was, is] = [total(before), total(during)]
  const planned = plannedUnits(goods, now)
  return [
    {
      label: 'Units before',
      unit: 'count',
      value: was,
      because: 'sold of these goods in the same time right before it',
    },
    {
      label: 'Units during',
      unit: 'count',
      value: is,
      because: 'sold of these goods from its start to its end or until now',
    },
    {
      label: 'Units after',
      unit: 'count',
      value: after && total(after),
      because: after
        ? 'sold in the same time right after it'
        : 'No data: the same time has not passed since its end',
    },
    {
      label: 'Units planned',
      unit: 'count',
      value: planned === null ? null : Math.round(planned),
      because:
        planned === null
          ? 'No data: too little was sold before it'
          : 'the forecast at the time of the proposal, in step with the time',
    },
    {
      label: 'Uplift',
      unit: 'percent',
      value: was === 0 ? null : Math.round(((is - was) * 1000) / was) / 10,
      because: was === 0 ? 'No data: nothing was sold before it' : `(${is} - ${was}) / ${was}`,
    },
  ]
}

function moneyFigures(
  { currency, revenueMinor, discountMinor }: Progress,
  { kind }: Campaign,
  goods: readonly PlannedGoods[],
  during: Units,
): ReportFigure[] {
  const mine = goods.filter((item) => item.currency === currency)
  const sold = (item: PlannedGoods) => during.get(soldKey(item.connectionId, item.variantId)) ?? 0
  const isCosted = mine.every((item) => item.costMinor !== null || sold(item) === 0)
  const cost = mine.reduce((sum, item) => sum + (item.costMinor ?? 0) * sold(item), 0)
  return [
    {
      label: 'Revenue',
      unit: 'money',
      currency,
      value: revenueMinor,
      because: 'what buyers paid for these goods while their price held, without carriage',
    },
    {
      label: 'Discounts',
      unit: 'money',
      currency,
      value: discountMinor,
      because: isCoupon(kind)
        ? 'units at the regular price of the proposal less what buyers paid, whether with the code or not'
        : 'units times the regular price at the proposal less the campaign price',
    },
    {
      label: 'Margin',
      unit: 'money',
      currency,
      value: isCosted ? revenueMinor - cost : null,
      because: isCosted
        ? 'revenue less the cost of the goods at the proposal'
        : 'No data: the cost of goods that were sold is not known',
    },
  ]
}

async function readStops({ db, services }: Context, campaignId: string): Promise<Report['stops']> {
  const found = await query<{ proposal_id: string; rule: string; reason: string; proposed_at: string }>(
    db,
    sql`select proposal_id, rule, reason, proposed_at from promotions_stops where campaign_id = ${campaignId} order by proposed_at`,
  )
  const states = new Map(
    (await services.readProposals(found.map((row) => row.proposal_id))).map(({ id, status }) => [id, status]),
  )
  return found.map((row) => ({
    at: new Date(row.proposed_at).toISOString(),
    rule: row.rule,
    reason: row.reason,
    status: states.get(row.proposal_id) ?? 'unknown',
  }))
}
