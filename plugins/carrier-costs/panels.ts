import type { PanelBlock, PanelContent, PluginContext, PluginPanel } from 'entrepot/sdk'
import { listContracts } from './contracts/store-contracts.ts'
import { dateOf } from './days.ts'
import { type CostReport, readCosts } from './invoices/cost-truth.ts'
import { listDisputes } from './invoices/disputes.ts'
import { streamCosts } from './invoices/shipment-costs.ts'
import { contractTable, disputeTable, laneTable, scorecardTable } from './panel-tables.ts'
import { readScorecard, type ScorecardRow, take } from './scorecard/scorecard.ts'

type Period = { from: Date; to: Date }
const dayMs = 86_400_000
const shownDays = 91
/** With fewer parcels a share says little. */
const minSample = 10

const costBasis = 'as invoiced where there is an invoice, else as booked, else as quoted'

/** What the last thirteen weeks cost: week by week, by carrier and lane, and what carriers still owe. */
async function readPage(context: PluginContext): Promise<PanelContent> {
  const to = context.clock.now()
  const period = { from: new Date(to.getTime() - shownDays * dayMs), to }
  const [lanes, rows, weeks, disputes, contracts] = await Promise.all([
    readCosts(context, 'lane', period),
    readScorecard(context, { period, by: ['carrier'], minSample }),
    readWeeks(context, period),
    listDisputes(context.db, { state: 'open' }),
    listContracts(context),
  ])
  if (rows.length === 0)
    return {
      blocks: [
        { kind: 'text', text: 'Nothing was shipped in the last thirteen weeks.' },
        contractTable(contracts),
      ],
    }
  return {
    blocks: [
      { kind: 'figures', figures: figuresOf(lanes, rows) },
      ...weeks.map(weekPlot),
      ...perParcelPlots(rows),
      scorecardTable(rows),
      laneTable(lanes),
      disputeTable(disputes),
      contractTable(contracts),
      { kind: 'actions', actions },
    ],
  }
}

const actions = [
  { label: 'Costs of each order', method: 'GET' as const, path: '/costs?by=order&format=csv' },
  { label: 'Costs of each SKU', method: 'GET' as const, path: '/costs?by=sku&format=csv' },
  { label: 'Disputes', method: 'GET' as const, path: '/disputes?format=csv' },
]

function figuresOf({ rows, withoutCost }: CostReport, scorecard: readonly ScorecardRow[]) {
  const money = [...Map.groupBy(rows, ({ currency }) => currency)].map(([currency, mine]) => {
    const shipments = mine.reduce((sum, row) => sum + row.shipments, 0)
    return {
      label: `Shipping costs, ${currency}`,
      value: mine.reduce((sum, row) => sum + row.costMinor, 0),
      unit: 'money' as const,
      currency,
      because: `What ${shipments} shipments of the last thirteen weeks cost, ${costBasis}.`,
    }
  })
  const parcels = scorecard.reduce((sum, row) => sum + row.parcels, 0)
  return [
    ...money,
    {
      label: 'Parcels',
      value: parcels,
      unit: 'count' as const,
      because: 'Parcels of shipments booked in the last thirteen weeks, without cancelled ones.',
    },
    {
      label: 'Without a known cost',
      value: withoutCost,
      unit: 'count' as const,
      because: 'Shipments that were neither invoiced nor booked nor quoted with a price.',
    },
  ]
}

type Weeks = { currency: string; carriers: string[]; rows: Record<string, string | number>[] }

/** Costs by the Monday of the week of booking (UTC) and by carrier, a plot each currency. */
async function readWeeks(context: Pick<PluginContext, 'db' | 'services'>, period: Period): Promise<Weeks[]> {
  const sums = new Map<string, Map<number, Map<string, number>>>()
  for await (const { shipment, costs } of streamCosts(context, period))
    for (const { currency, minor } of costs) {
      const weeks = take(sums, currency, new Map<number, Map<string, number>>())
      const carriers = take(weeks, mondayOf(shipment.bookedAt), new Map<string, number>())
      const carrier = shipment.carrier ?? ''
      carriers.set(carrier, (carriers.get(carrier) ?? 0) + minor)
    }
  return [...sums].map(([currency, weeks]) => ({
    currency,
    carriers: [...new Set([...weeks.values()].flatMap((week) => [...week.keys()]))].sort(),
    rows: [...weeks]
      .sort(([a], [b]) => a - b)
      .map(([monday, carriers]) => ({ week: dateOf(monday), ...Object.fromEntries(carriers) })),
  }))
}

/** The Monday of an instant's week, as a day that counts from 1970-01-01, which was a Thursday. */
function mondayOf(at: Date): number {
  const day = Math.floor(at.getTime() / dayMs)
  return day - ((day + 3) % 7)
}

const weekPlot = ({ currency, carriers, rows }: Weeks): PanelBlock => ({
  kind: 'plot',
  title: `Costs by week, ${currency}`,
  shape: 'bar',
  x: { key: 'week', label: 'Week of' },
  series: carriers.map((carrier) => ({ key: carrier, label: carrier || '—', unit: 'money', currency })),
  rows,
})

/** What a parcel cost with each carrier, a plot each currency. */
function perParcelPlots(rows: readonly ScorecardRow[]): PanelBlock[] {
  const known = rows.flatMap(({ carrier, costs }) =>
    costs.flatMap(({ currency, perParcelMinor }) =>
      perParcelMinor === null ? [] : [{ carrier: carrier ?? '—', currency, perParcelMinor }],
    ),
  )
  return [...Map.groupBy(known, ({ currency }) => currency)].map(([currency, mine]) => ({
    kind: 'plot',
    title: `Cost of a parcel, ${currency}`,
    shape: 'bar',
    x: { key: 'carrier', label: 'Carrier' },
    series: [{ key: 'perParcelMinor', label: 'Cost of a parcel', unit: 'money', currency }],
    rows: mine,
  }))
}

export const panels: readonly PluginPanel[] = [
  { id: 'costs', title: 'Carrier costs', slot: 'page', read: (_input, context) => readPage(context) },
]
