import type { PluginPanel } from 'entrepot/sdk'
import type { Finding } from './finding.ts'
import { readResult } from './results.ts'
import { consistencyRules } from './rules/consistency.ts'
import { scoreOf } from './score.ts'
import type { AuditSettings } from './settings.ts'

/** What is wrong with a listing, beside it. */
export const listing: PluginPanel<AuditSettings> = {
  id: 'findings',
  title: 'Audit',
  slot: 'listing',
  read: async ({ subject }, { db }) => {
    const result = subject === null ? null : await readResult(db, subject)
    if (result === null)
      return { blocks: [{ kind: 'text', text: 'This listing was not judged yet.', tone: 'plain' }] }
    const { score, deductions } = scoreOf(result.findings)
    const because =
      deductions.length === 0
        ? 'No rule is broken.'
        : `From 100: ${deductions.map(({ ruleId, points }) => `${ruleId} -${points}`).join(', ')}.`
    const canFix = result.findings.some(({ fix }) => fix !== undefined)
    const path = `/listings/${encodeURIComponent(result.listingId)}`
    return {
      blocks: [
        { kind: 'figures', figures: [{ label: 'Score', value: score, unit: 'score', because }] },
        {
          kind: 'table',
          title: `Findings of ${result.judgedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
          columns: [
            { key: 'severity', label: 'Severity', isWords: true },
            { key: 'field', label: 'Field' },
            { key: 'excerpt', label: 'Evidence' },
            { key: 'place', label: 'Position' },
            { key: 'message', label: 'What is wrong', isWords: true },
            { key: 'basis', label: 'Rests on', isWords: true },
            { key: 'ruleId', label: 'Rule' },
          ],
          rows: result.findings.map(toRow),
          empty: 'No rule is broken.',
        },
        {
          kind: 'actions',
          actions: [
            { label: 'Audit again', method: 'POST', path: `${path}/audit` },
            ...(canFix ? [{ label: 'Propose a fix', method: 'POST' as const, path: `${path}/fix` }] : []),
          ],
        },
      ],
    }
  },
}

function toRow({ ruleId, severity, effect, field, excerpt, from, to, message, basis }: Finding) {
  const { complaint } = consistencyRules
  // Words of a marketplace are evidence: what is wrong is told in our own, which can be translated.
  const told =
    ruleId === complaint.ruleId ? { excerpt: message, message: complaint.message } : { excerpt, message }
  return {
    ruleId,
    severity: effect === 'none' ? severity : `${severity}, ${effect}`,
    field,
    place: from === null ? null : `${from}–${to}`,
    basis,
    ...told,
  }
}
