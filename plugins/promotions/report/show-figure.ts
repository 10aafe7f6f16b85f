import { formatMoney } from 'entrepot/sdk'
import type { ReportFigure } from './make-report.ts'

/** A figure as people read it. */
export function showFigure({ value, unit, currency }: ReportFigure): string {
  if (value === null) return 'no data'
  if (unit === 'money') return formatMoney({ minor: value, currency: currency! })
  return unit === 'percent' ? `${value} %` : String(value)
}
