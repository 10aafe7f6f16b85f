import { sql } from 'drizzle-orm'
import { ConflictError, InputError, NotFoundError, type PluginContext, type PluginDb } from 'entrepot/sdk'
import { parseInput, rows } from '../invoices/rows.ts'
import { type RuleSet, ruleSet } from './rule-set.ts'

export const rulesTable = `
  create table carrier_costs_rules (
    version integer primary key check (version > 0),
    rules jsonb not null,
    note text not null default '',
    changed_by text not null,
    changed_at timestamptz not null
  )`

export type RulesVersion = {
  version: number
  rules: RuleSet
  note: string
  changedBy: string
  changedAt: Date
}

/** A version of the rules, the newest if none is named; null where none was ever saved. @throws NotFoundError */
export async function readRules(db: PluginDb, version?: number): Promise<RulesVersion | null> {
  const [row] = await rows<Omit<RulesVersion, 'changedAt'> & { changedAt: string }>(
    db,
    sql`
    select version, rules, note, changed_by as "changedBy", changed_at as "changedAt" from carrier_costs_rules
    where ${version ?? null}::int is null or version = ${version ?? null}::int order by version desc limit 1`,
  )
  if (row) return { ...row, rules: ruleSet.parse(row.rules), changedAt: new Date(row.changedAt) }
  if (version === undefined) return null
  throw new NotFoundError(`There is no version ${version} of the shipping rules.`)
}

/** Who changed the rules when, the newest first. */
export const listRuleVersions = (db: PluginDb) =>
  rows<{ version: number; rules: number; note: string; changedBy: string; changedAt: string }>(
    db,
    sql`
    select version, jsonb_array_length(rules -> 'rules') as rules, note, changed_by as "changedBy",
      to_char(changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "changedAt"
    from carrier_costs_rules order by version desc`,
  )

export type RulesChange = {
  rules: unknown
  /** The version that was changed: 0 for the first. Another one that was saved meanwhile is not overwritten. */
  basedOn: number
  note: string
  actor: string
}

/** Saves the rules as a new version, which decides from then on. @throws InputError, ConflictError */
export async function saveRules(
  { db, clock, services }: PluginContext,
  { rules, basedOn, note, actor }: RulesChange,
): Promise<number> {
  const valid = parseInput(ruleSet, rules, 'The rules')
  if (!Number.isSafeInteger(basedOn) || basedOn < 0)
    throw new InputError('Name the version that was changed as a whole number, 0 for the first.', 'basedOn')
  const before = await readRules(db)
  const newest = before?.version ?? 0
  const saved =
    basedOn === newest
      ? await rows(
          db,
          sql`
          insert into carrier_costs_rules (version, rules, note, changed_by, changed_at)
          values (${newest + 1}, ${JSON.stringify(valid)}::jsonb, ${note}, ${actor}, ${clock.now().toISOString()}::timestamptz)
          on conflict do nothing returning version`,
        )
      : []
  if (saved.length === 0)
    throw new ConflictError(
      `The shipping rules were changed meanwhile: they are at version ${(await readRules(db))?.version ?? 0}, not ${basedOn}. Look at that one and save again.`,
    )
  await services.audit({
    actor,
    action: 'carrier-costs.rules.saved',
    subject: `rules ${newest + 1}`,
    before: before?.rules ?? null,
    after: valid,
  })
  return newest + 1
}
