import type { PanelBlock, PluginPanel } from 'entrepot/sdk'
import { listing } from './listing-panel.ts'
import { listWorst } from './results.ts'
import { scoreOf } from './score.ts'
import type { AuditSettings } from './settings.ts'
import { countRules, readStandings, type Standing } from './standings.ts'
import { meanByDay, readTrend, round } from './trend.ts'

type Panel = PluginPanel<AuditSettings>
const trendDays = 90
const dayMs = 86_400_000

const sum = (
  standings: readonly Standing[],
  field: 'listings' | 'scoreSum' | 'errors' | 'blocked' | 'unlawful',
) => standings.reduce((total, standing) => total + standing[field], 0)

function figuresOf(standings: readonly Standing[]): PanelBlock {
  const listings = sum(standings, 'listings')
  const figure = (label: string, field: 'errors' | 'blocked' | 'unlawful', because: string) => ({
    label,
    value: listings === 0 ? null : sum(standings, field),
    unit: 'count' as const,
    because,
  })
  return {
    kind: 'figures',
    figures: [
      {
        label: 'Mean score',
        value: listings === 0 ? null : round(sum(standings, 'scoreSum') / listings),
        unit: 'score',
        because: `The mean of ${listings} judged listings; each starts at 100 and loses points for every rule that it breaks.`,
      },
      {
        label: 'Listings judged',
        value: listings,
        unit: 'count',
        because: 'Listings that are on sale or about to be; ended ones are left out.',
      },
      figure('With errors', 'errors', 'Listings that break at least one rule of the severity error.'),
      figure(
        'Held back',
        'blocked',
        'Listings that break a rule which keeps them from being sent to the marketplace.',
      ),
      figure(
        'Unlawful',
        'unlawful',
        'Listings that break a rule marked unlawful; those on the shelf are proposed for delisting.',
      ),
    ],
  }
}

const page: Panel = {
  id: 'audit',
  title: 'Listing audit',
  slot: 'page',
  read: async (_input, { db, services, clock }) => {
    const [standings, rules, worst, connections] = [
      await readStandings(db),
      await countRules(db, 20),
      await listWorst(db, 50),
      await services.listConnections(),
    ]
    const names = new Map(connections.map(({ id, name }) => [id, name]))
    const from = new Date(clock.now().getTime() - trendDays * dayMs).toISOString().slice(0, 10)
    const trend = meanByDay(await readTrend(db, { from }))
    return {
      blocks: [
        figuresOf(standings),
        {
          kind: 'plot',
          title: `Mean score of the last ${trendDays} days`,
          shape: 'line',
          x: { key: 'day', label: 'Day' },
          series: [{ key: 'score', label: 'Mean score', unit: 'score' }],
          rows: trend,
        },
        {
          kind: 'table',
          title: 'By account',
          columns: [
            { key: 'account', label: 'Account' },
            { key: 'score', label: 'Mean score', type: 'count' },
            { key: 'listings', label: 'Listings', type: 'count' },
            { key: 'errors', label: 'With errors', type: 'count' },
            { key: 'unlawful', label: 'Unlawful', type: 'count' },
          ],
          rows: standings.map(({ connectionId, listings, scoreSum, errors, unlawful }) => ({
            account: names.get(connectionId) ?? connectionId,
            score: round(scoreSum / listings),
            listings,
            errors,
            unlawful,
          })),
          empty: 'No listing was judged yet.',
        },
        {
          kind: 'table',
          title: 'Rules that most listings break',
          columns: [
            { key: 'ruleId', label: 'Rule' },
            { key: 'severity', label: 'Severity', isWords: true },
            { key: 'effect', label: 'What follows', isWords: true },
            { key: 'listings', label: 'Listings', type: 'count' },
            { key: 'findings', label: 'Findings', type: 'count' },
          ],
          rows: rules,
          empty: 'No rule is broken.',
        },
        {
          kind: 'table',
          title: 'Lowest scores',
          columns: [
            { key: 'sku', label: 'SKU' },
            { key: 'account', label: 'Account' },
            { key: 'title', label: 'Title' },
            { key: 'score', label: 'Score', type: 'count' },
            { key: 'because', label: 'Because' },
          ],
          rows: worst.map(({ sku, connectionId, title, score, findings }) => ({
            sku,
            account: names.get(connectionId) ?? connectionId,
            title,
            score,
            because: scoreOf(findings)
              .deductions.slice(0, 3)
              .map(({ ruleId, points }) => `${ruleId} -${points}`)
              .join(', '),
          })),
          empty: 'No listing lost a point.',
        },
        {
          kind: 'actions',
          actions: [
            { label: 'Findings as CSV', method: 'GET', path: '/findings?format=csv' },
            { label: 'Scores as CSV', method: 'GET', path: '/trend?format=csv' },
          ],
        },
      ],
    }
  },
}

const overview: Panel = {
  id: 'standing',
  title: 'Listing audit',
  slot: 'overview',
  read: async (_input, { db }) => ({ blocks: [figuresOf(await readStandings(db))] }),
}

export const panels: readonly Panel[] = [page, overview, listing]
