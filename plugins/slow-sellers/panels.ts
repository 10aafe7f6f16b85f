import type { PanelBlock, PanelContent, PluginPanel } from 'entrepot/sdk'
import type { Context } from './context.ts'
import { dayOf } from './days.ts'
import { explainFinding, sayReasons, verdictWords } from './explain.ts'
import { type Bound, countVerdicts, type Finding, listFindings, sumBound } from './findings.ts'
import { type Effect, type Freed, measureEffect, measureFreed } from './measure.ts'
import type { Settings } from './settings.ts'

const notYet: PanelContent = {
  blocks: [
    {
      kind: 'text',
      text: 'Nothing was analysed yet. It is done every night, or by "entrepot slow-sellers analyse".',
    },
  ],
}

const slowestShown = 50

/** The whole of it: verdicts, money bound, the slowest, what the steps did. */
async function readPage(context: Context): Promise<PanelContent> {
  const { db, clock } = context
  const settings = await context.settings()
  const counts = await countVerdicts(db)
  if (counts.length === 0) return notYet
  const slowest = await listFindings(db, { verdict: 'slow', limit: slowestShown })
  const effects = await measureEffect(db, dayOf(clock.now(), settings.timeZone), settings)
  return {
    blocks: [
      {
        kind: 'figures',
        figures: [...boundFigures(await sumBound(db)), ...freedFigures(await measureFreed(db))],
      },
      {
        kind: 'plot',
        title: 'Listings by verdict',
        shape: 'bar',
        x: { key: 'verdict', label: 'Verdict', isWords: true },
        series: [{ key: 'count', label: 'Listings', unit: 'count' }],
        rows: counts.map(({ verdict, count }) => ({ verdict: verdictWords[verdict], count })),
      },
      slowTable(slowest),
      effectTable(effects),
      { kind: 'actions', actions: pageActions },
    ],
  }
}

const pageActions = [
  { label: 'Export all', method: 'GET' as const, path: '/findings.csv' },
  {
    label: 'Propose the next steps',
    method: 'POST' as const,
    path: '/propose',
    confirm: 'Steps that the policy lets happen by themselves are taken at once. Go on?',
  },
]

const boundFigures = (bounds: readonly Bound[]) =>
  bounds.map(({ currency, minor, listings, unknown }) => ({
    label: `Money bound in slow goods, ${currency}`,
    value: minor,
    unit: 'money' as const,
    currency,
    because: `Units on hand times cost of the variants of ${listings} slow listings${unknown > 0 ? `; ${unknown} variants without a known cost are not in it` : ''}.`,
  }))

const freedFigures = (freed: readonly Freed[]) =>
  freed.flatMap(({ currency, capitalMinor, unknownCost, shelvedMinor, slots }) => [
    {
      label: `Money freed, ${currency}`,
      value: capitalMinor,
      unit: 'money' as const,
      currency,
      because: `Units that went since the first step on each, at cost${unknownCost > 0 ? `; ${unknownCost} variants without a known cost are not in it` : ''}.`,
    },
    {
      label: `Slots freed, ${currency}`,
      value: slots,
      unit: 'count' as const,
      because: 'Listings that were ended, not taken back, and are off the shelf.',
    },
    {
      label: `Stock of ended listings, ${currency}`,
      value: shelvedMinor,
      unit: 'money' as const,
      currency,
      because: 'What they held when they were ended, at cost. It is off this shelf, but not yet money.',
    },
  ])

const slowTable = (slowest: readonly Finding[]): PanelBlock => ({
  kind: 'table',
  title: 'The slowest, by the money they bind',
  columns: [
    { key: 'sku', label: 'SKU' },
    { key: 'title', label: 'Title' },
    { key: 'why', label: 'Why', isWords: true },
    { key: 'units', label: 'Units', type: 'count' },
    { key: 'inStock', label: 'Days in stock', type: 'count' },
    { key: 'onHand', label: 'On hand', type: 'count' },
    { key: 'cover', label: 'Cover, days', type: 'count' },
    { key: 'age', label: 'Oldest unit, days', type: 'count' },
    { key: 'margin', label: 'Margin', type: 'percent' },
    { key: 'bound', label: 'Binds', type: 'money', currencyKey: 'currency' },
    { key: 'since', label: 'Slow since', type: 'day' },
  ],
  rows: slowest.map((found) => ({
    sku: found.sku,
    title: found.title,
    why: sayReasons(found.reasons),
    units: found.units,
    inStock: found.daysInStock,
    onHand: found.onHand,
    cover: found.coverDays === null ? null : Math.round(found.coverDays),
    age: found.stockAgeDays,
    margin: found.marginPercent === null ? null : Math.round(found.marginPercent * 10) / 10,
    bound: found.boundMinor,
    currency: found.currency,
    since: found.slowSince,
  })),
  empty: 'No listing is slow.',
})

const effectTable = (effects: readonly Effect[]): PanelBlock => ({
  kind: 'table',
  title: 'What the steps did',
  columns: [
    { key: 'kind', label: 'Step', isWords: true },
    { key: 'treated', label: 'Treated', type: 'count' },
    { key: 'heldBack', label: 'Held back', type: 'count' },
    { key: 'difference', label: 'Units a day more' },
    { key: 'because', label: 'Because', isWords: true },
  ],
  rows: effects.map(({ kind, treated, control, difference, because }) => ({
    kind,
    treated: treated.listings,
    heldBack: control.listings,
    difference: difference === null ? null : difference.toFixed(3),
    because,
  })),
  empty: 'No step is old enough to be measured.',
})

/** Why one listing, or each of a product's, is slow or not. */
async function readBeside(
  { db }: Context,
  of: { listingId: string } | { productId: string },
): Promise<PanelContent> {
  const found = await listFindings(db, { ...of, limit: 20 })
  if (found.length === 0) return notYet
  return {
    blocks: found.flatMap((finding): PanelBlock[] => {
      const lines = explainFinding(finding)
      return [
        { kind: 'text', text: `${finding.sku}: ${lines[0]}`, tone: toneOf(finding) },
        { kind: 'figures', figures: figuresOf(finding, lines) },
      ]
    }),
  }
}

const toneOf = ({ verdict }: Finding) =>
  verdict === 'slow' ? ('warning' as const) : verdict === 'fine' ? ('good' as const) : ('plain' as const)

function figuresOf(found: Finding, [, sales, presence, pace, season, cover, age, margin, bound]: string[]) {
  const pace30 = found.velocity === null ? null : found.velocity * 30
  const index = found.seasonIndex === null ? null : found.seasonIndex * 100
  return [
    { label: 'Units sold', value: found.units, unit: 'count' as const, because: sales! },
    { label: 'Days in stock', value: found.daysInStock, unit: 'days' as const, because: presence! },
    { label: 'Units in 30 days', value: pace30, unit: 'count' as const, because: pace! },
    { label: 'Season', value: index, unit: 'percent' as const, because: season! },
    { label: 'Cover', value: found.coverDays, unit: 'days' as const, because: cover! },
    { label: 'Oldest unit', value: found.stockAgeDays, unit: 'days' as const, because: age! },
    { label: 'Margin', value: found.marginPercent, unit: 'percent' as const, because: margin! },
    {
      label: 'Money bound',
      value: found.boundMinor,
      unit: 'money' as const,
      currency: found.currency,
      because: bound!,
    },
  ]
}

export const panels: readonly PluginPanel<Settings>[] = [
  { id: 'slow-sellers', title: 'Slow sellers', slot: 'page', read: (_input, context) => readPage(context) },
  {
    id: 'listing',
    title: 'Does it earn its place?',
    slot: 'listing',
    read: ({ subject }, context) => readBeside(context, { listingId: subject ?? '' }),
  },
  {
    id: 'product',
    title: 'Does it earn its place?',
    slot: 'product',
    read: ({ subject }, context) => readBeside(context, { productId: subject ?? '' }),
  },
]
