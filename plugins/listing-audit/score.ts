import type { Finding } from './finding.ts'

export type Deduction = { ruleId: string; points: number; because: string }
export type Score = { score: number; deductions: Deduction[] }

const bySeverity = { info: 2, warning: 8, error: 25 } as const
const byEffect = { none: 0, blocks: 40, unlawful: 60 } as const
/** The same fault over and over is one habit: from the third time on it costs no more. */
const mostTimes = 2

/** 100 without findings, less for each rule that was broken, never below 0. */
export function scoreOf(findings: readonly Finding[]): Score {
  const deductions = [...Map.groupBy(findings, ({ ruleId }) => ruleId)].map(([ruleId, broken]): Deduction => {
    const { severity, effect, message } = broken[0]!
    const each = Math.max(bySeverity[severity], byEffect[effect])
    const times = Math.min(mostTimes, broken.length)
    const kind = effect === 'none' ? severity : effect
    return {
      ruleId,
      points: each * times,
      because: `${kind}: ${each} points, ${broken.length} found. ${message}`,
    }
  })
  const lost = deductions.reduce((sum, { points }) => sum + points, 0)
  return { score: Math.max(0, 100 - lost), deductions: deductions.toSorted((a, b) => b.points - a.points) }
}
