import { sql } from 'drizzle-orm'
import { type PanelContent, type PluginPanel, query } from 'entrepot/sdk'
import type { Campaign } from './campaign.ts'
import type { Check } from './checks/check.ts'
import { withPhases } from './phases.ts'
import { readProgress } from './progress.ts'
import { makeReport } from './report/make-report.ts'
import type { Context } from './run-checks.ts'
import type { Settings } from './settings.ts'
import { listCampaigns, readCampaign } from './store.ts'

type Block = PanelContent['blocks'][number]
const dayMs = 86_400_000

/** The calendar with what runs and what comes; beside a product, its campaigns. */
export const panels: readonly PluginPanel<Settings>[] = [
  {
    id: 'calendar',
    title: 'Promotions',
    slot: 'page',
    read: ({ query: asked }, context) =>
      asked.campaign ? readOne(context, asked.campaign) : readCalendar(context),
  },
  {
    id: 'product',
    title: 'Promotions',
    slot: 'product',
    read: ({ subject }, context) => readProduct(context, subject),
  },
]

async function readCalendar(context: Context): Promise<PanelContent> {
  const now = context.clock.now()
  const all = await withPhases(context, await listCampaigns(context.db))
  const running = all.filter(({ phase }) => phase === 'running')
  return {
    blocks: [
      {
        kind: 'calendar',
        title: 'Campaigns',
        entries: all.map((campaign) => ({
          id: campaign.id,
          title: campaign.title,
          from: campaign.startsOn.toISOString(),
          to: (campaign.stoppedAt ?? campaign.endsOn).toISOString(),
          state: campaign.phase,
        })),
      },
      ...(await Promise.all(running.map((campaign) => runningFigures(context, campaign)))),
      await checksTable(
        context,
        all.filter(({ status, startsOn }) => status !== 'stopped' && startsOn > now),
      ),
      {
        kind: 'actions',
        actions: [
          { label: 'Calendar as CSV', method: 'GET', path: '/calendar.csv' },
          { label: 'Calendar as ICS', method: 'GET', path: '/calendar.ics' },
        ],
      },
    ],
  }
}

async function runningFigures({ db }: Context, campaign: Campaign): Promise<Block> {
  const progress = await readProgress(db, campaign.id)
  if (progress.length === 0) return { kind: 'text', text: `${campaign.title}: no sales were measured yet.` }
  return {
    kind: 'figures',
    figures: progress.flatMap(({ currency, units, revenueMinor, discountMinor, measuredAt }) => [
      {
        label: `${campaign.title}: units`,
        value: units,
        unit: 'count' as const,
        because: `sold at the campaign price until ${measuredAt}`,
      },
      {
        label: `${campaign.title}: revenue`,
        value: revenueMinor,
        unit: 'money' as const,
        currency,
        because: `paid for these units until ${measuredAt}`,
      },
      {
        label: `${campaign.title}: discounts`,
        value: discountMinor,
        unit: 'money' as const,
        currency,
        because: 'units times the regular price at the proposal less the campaign price',
      },
    ]),
  }
}

async function checksTable({ db }: Context, coming: readonly Campaign[]): Promise<Block> {
  const found = await query<{ campaign_id: string; revision: number; checked_at: string; checks: Check[] }>(
    db,
    sql`select campaign_id, revision, checked_at, checks from promotions_checks`,
  )
  const byCampaign = new Map(found.map((row) => [row.campaign_id, row]))
  return {
    kind: 'table',
    title: 'Checks of what comes',
    columns: [
      { key: 'campaign', label: 'Campaign' },
      { key: 'check', label: 'Check', isWords: true },
      { key: 'status', label: 'Status', isWords: true },
      { key: 'message', label: 'What was found', isWords: true },
      { key: 'at', label: 'Checked', type: 'instant' },
    ],
    rows: coming.flatMap(({ id, title, revision }): Record<string, string | null>[] => {
      const row = byCampaign.get(id)
      if (!row || row.revision !== revision)
        return [
          {
            campaign: title,
            check: 'all',
            status: 'unchecked',
            message: 'Not checked since it was changed.',
            at: null,
          },
        ]
      return row.checks.map((check) => ({
        campaign: title,
        check: check.title,
        status: check.status,
        message: check.message,
        at: new Date(row.checked_at).toISOString(),
      }))
    }),
    empty: 'No campaign is planned.',
  }
}

/** One campaign: what it did so far, and what may be done. */
async function readOne(context: Context, id: string): Promise<PanelContent> {
  const report = await makeReport(context, id)
  const campaign = await readCampaign(context.db, id)
  const path = `/campaigns/${id}`
  return {
    blocks: [
      {
        kind: 'calendar',
        title: 'Campaign',
        entries: [{ id, title: report.title, from: report.startsAt, to: report.endsAt, state: report.phase }],
      },
      ...(report.goal ? [{ kind: 'text' as const, text: `Goal: ${report.goal}` }] : []),
      { kind: 'figures', figures: report.figures },
      {
        kind: 'table',
        title: 'Problems and stops',
        columns: [
          { key: 'at', label: 'From', type: 'instant' },
          { key: 'what', label: 'What', isWords: true },
        ],
        rows: [
          ...report.incidents.map(({ beganAt, message }) => ({ at: beganAt, what: message })),
          ...report.stops.map(({ at, rule, reason, status }) => ({
            at,
            what: `Stop by ${rule}, ${status}: ${reason}`,
          })),
        ],
        empty: 'Nothing went wrong.',
      },
      {
        kind: 'text',
        text: report.lessons ? `Lessons: ${report.lessons}` : 'No lessons were written down yet.',
      },
      {
        kind: 'actions',
        actions: [
          ...(['draft', 'proposed'].includes(campaign.status)
            ? [{ label: 'Propose', method: 'POST' as const, path: `${path}/propose` }]
            : []),
          { label: 'Report as XLSX', method: 'GET', path: `${path}/report.xlsx` },
          { label: 'Report as PDF', method: 'GET', path: `${path}/report.pdf` },
        ],
      },
    ],
  }
}

async function readProduct({ db, clock }: Context, productId: string | null): Promise<PanelContent> {
  const since = new Date(clock.now().getTime() - 365 * dayMs).toISOString()
  const found = await query<{
    title: string
    sku: string
    currency: string
    price: string
    regular: string
    startsAt: string
    endsAt: string
  }>(
    db,
    sql`
    select campaign.input ->> 'title' as title, goods.sku, goods.currency, goods.price_minor::text as price, goods.regular_minor::text as regular,
      goods.starts_at as "startsAt", coalesce(goods.stopped_at, goods.ends_at) as "endsAt"
    from promotions_goods goods join promotions_campaigns campaign on campaign.id = goods.campaign_id
    where goods.product_id = ${productId ?? ''} and goods.promotion_id is not null and goods.ends_at > ${since}::timestamptz
    order by goods.starts_at desc, goods.sku limit 200`,
  )
  return {
    blocks: [
      {
        kind: 'table',
        title: 'Campaigns',
        columns: [
          { key: 'title', label: 'Campaign' },
          { key: 'sku', label: 'SKU' },
          { key: 'regular', label: 'Regular price', type: 'money', currencyKey: 'currency' },
          { key: 'price', label: 'Campaign price', type: 'money', currencyKey: 'currency' },
          { key: 'startsAt', label: 'Starts', type: 'instant' },
          { key: 'endsAt', label: 'Ends', type: 'instant' },
        ],
        rows: found.map((row) => ({
          ...row,
          price: Number(row.price),
          regular: Number(row.regular),
          startsAt: new Date(row.startsAt).toISOString(),
          endsAt: new Date(row.endsAt).toISOString(),
        })),
        empty: 'It takes part in no campaign.',
      },
    ],
  }
}
