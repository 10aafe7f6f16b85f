import { csvLine } from 'entrepot/sdk'
import type { Finding } from './finding.ts'
import type { Result } from './results.ts'
import type { TrendPoint } from './trend.ts'

type Cell = string | number | null

const findingColumns: readonly [string, (result: Result, finding: Finding) => Cell][] = [
  ['listing_id', ({ listingId }) => listingId],
  ['connection_id', ({ connectionId }) => connectionId],
  ['sku', ({ sku }) => sku],
  ['score', ({ score }) => score],
  ['rule', (_result, { ruleId }) => ruleId],
  ['category', (_result, { category }) => category],
  ['severity', (_result, { severity }) => severity],
  ['effect', (_result, { effect }) => effect],
  ['field', (_result, { field }) => field],
  ['excerpt', (_result, { excerpt }) => excerpt],
  ['from', (_result, { from }) => from],
  ['to', (_result, { to }) => to],
  ['message', (_result, { message }) => message],
  ['basis', (_result, { basis }) => basis],
]

export const findingsHead = csvLine(findingColumns.map(([name]) => name))

/** A line a finding. */
export const findingLines = (result: Result): string =>
  result.findings.map((finding) => csvLine(findingColumns.map(([, read]) => read(result, finding)))).join('')

const trendColumns: readonly [string, (point: TrendPoint) => Cell][] = [
  ['day', ({ day }) => day],
  ['connection_id', ({ connectionId }) => connectionId],
  ['category', ({ categoryKey }) => categoryKey],
  ['listings', ({ listings }) => listings],
  ['score', ({ score }) => score],
  ['errors', ({ errors }) => errors],
  ['warnings', ({ warnings }) => warnings],
  ['blocked', ({ blocked }) => blocked],
  ['unlawful', ({ unlawful }) => unlawful],
]

/** A line a day, account and category. */
export const trendCsv = (points: readonly TrendPoint[]): string =>
  [
    csvLine(trendColumns.map(([name]) => name)),
    ...points.map((point) => csvLine(trendColumns.map(([, read]) => read(point)))),
  ].join('')
