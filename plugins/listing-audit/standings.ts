import { sql } from 'drizzle-orm'
import { type Executor, query } from 'entrepot/sdk'

export type Standing = {
  connectionId: string
  listings: number
  scoreSum: number
  errors: number
  blocked: number
  unlawful: number
}

const having = (path: string) => sql.raw(`count(*) filter (where findings @> '[${path}]'::jsonb)::int`)
/** Counts over judgements; each listing counts once a word. */
export const tallies = sql`count(*)::int as listings, sum(score)::text as score_sum, ${having('{"severity":"error"}')} as errors,
  ${having('{"severity":"warning"}')} as warnings, ${having('{"effect":"blocks"}')} as blocked, ${having('{"effect":"unlawful"}')} as unlawful`

/** How each account stands now. */
export async function readStandings(db: Executor): Promise<Standing[]> {
  const found = await query<{
    connection_id: string
    listings: number
    score_sum: string
    errors: number
    blocked: number
    unlawful: number
  }>(db, sql`select connection_id, ${tallies} from listing_audit_results group by 1 order by 1`)
  return found.map(({ connection_id, score_sum, listings, errors, blocked, unlawful }) => ({
    connectionId: connection_id,
    listings,
    scoreSum: Number(score_sum),
    errors,
    blocked,
    unlawful,
  }))
}

export type RuleCount = {
  ruleId: string
  severity: string
  effect: string
  listings: number
  findings: number
}

/** The rules that most listings break. */
export async function countRules(db: Executor, limit: number): Promise<RuleCount[]> {
  const found = await query<{
    rule_id: string
    severity: string
    effect: string
    listings: number
    findings: number
  }>(
    db,
    sql`
    select finding->>'ruleId' as rule_id, finding->>'severity' as severity, finding->>'effect' as effect,
      count(distinct listing_id)::int as listings, count(*)::int as findings
    from listing_audit_results, jsonb_array_elements(findings) finding
    group by 1, 2, 3 order by 4 desc, 1 limit ${limit}`,
  )
  return found.map(({ rule_id, ...row }) => ({ ruleId: rule_id, ...row }))
}
