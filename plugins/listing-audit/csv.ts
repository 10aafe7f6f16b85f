import { csvLine } from 'entrepot/sdk'
import type { Result } from './results.ts'
import type { TrendPoint } from './trend.ts'

export const findingsHead = csvLine([
  'listing_id',
  'connection_id',
  'sku',
  'score',
  'rule',
  'category',
  'severity',
  'effect',
  'field',
  'excerpt',
  'from',
  'to',
  'message',
  'basis',
])

/** A line a finding. */
export const findingLines = ({ listingId, connectionId, sku, score, findings }: Result): string =>
  findings
    .map((f) =>
      csvLine([
        listingId,
        connectionId,
        sku,
        score,
        f.ruleId,
        f.category,
        f.severity,
        f.effect,
        f.field,
        f.excerpt,
        f.from,
        f.to,
        f.message,
        f.basis,
      ]),
    )
    .join('')

/** A line a day, account and category. */
export const trendCsv = (points: readonly TrendPoint[]): string =>
  [
    csvLine([
      'day',
      'connection_id',
      'category',
      'listings',
      'score',
      'errors',
      'warnings',
      'blocked',
      'unlawful',
    ]),
    ...points.map((p) =>
      csvLine([
        p.day,
        p.connectionId,
        p.categoryKey,
        p.listings,
        p.score,
        p.errors,
        p.warnings,
        p.blocked,
        p.unlawful,
      ]),
    ),
  ].join('')
