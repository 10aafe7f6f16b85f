import type { ListingContent } from 'entrepot/sdk'
import type { Finding } from './finding.ts'

export type Suggestion = { field: 'title' | 'description'; from: string; to: string; ruleIds: string[] }

/** The texts as they would be with all fixes that the findings offer; a field that would lose all is left out. */
export function suggestTexts(content: ListingContent, findings: readonly Finding[]): Suggestion[] {
  return (['title', 'description'] as const).flatMap((field) => {
    const text = content[field]
    const edits = findings
      .filter(
        (finding) => finding.field === field && finding.fix && finding.from !== null && finding.to !== null,
      )
      .toSorted((a, b) => b.from! - a.from! || b.to! - a.to!)
    let to = text
    let reached = text.length
    const ruleIds = new Set<string>()
    for (const { from, to: end, fix, ruleId } of edits) {
      if (end! > reached) continue
      to = to.slice(0, from!) + fix!.replacement + to.slice(end!)
      reached = from!
      ruleIds.add(ruleId)
    }
    to = field === 'title' ? to.replace(/\s{2,}/gu, ' ').trim() : to.trim()
    return to === text || to === '' ? [] : [{ field, from: text, to, ruleIds: [...ruleIds].sort() }]
  })
}
