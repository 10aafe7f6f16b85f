import { InputError, type PluginCommand, parseInput } from 'entrepot/sdk'
import { z } from 'zod'
import { auditAll } from './audit.ts'
import { effects, severities } from './finding.ts'
import { proposeFix } from './fix.ts'
import { listRules } from './judge.ts'
import { setRequired } from './required.ts'
import { listResults } from './results.ts'
import type { AuditSettings } from './settings.ts'
import { readTrend } from './trend.ts'

const connectionOption = { name: 'connection', description: 'the id of one account; all if left out' }
const wish = z.object({
  severity: z.enum(severities).optional(),
  effect: z.enum(effects).optional(),
  limit: z.coerce.number().int().min(1).max(10_000),
})
const day = z.iso.date('is no day such as 2026-03-01').optional()
const period = z.object({ from: day, to: day })

export const commands: readonly PluginCommand<AuditSettings>[] = [
  {
    name: 'audit',
    description: 'judge all listings and write down their scores',
    options: [connectionOption],
    run: async ({ options: { connection } }, { progress, ...context }) => {
      if (
        connection !== undefined &&
        !(await context.services.listConnections()).some(({ id }) => id === connection)
      )
        throw new InputError(`There is no connection ${connection}.`, 'connection')
      const { listings, judged } = await auditAll(context, connection, (done) =>
        progress(done, null, 'listings'),
      )
      return `${listings} listings looked at, ${judged} judged anew.`
    },
  },
  {
    name: 'findings',
    description: 'what is wrong, with the evidence',
    options: [
      connectionOption,
      { name: 'rule', description: 'the id of one rule' },
      { name: 'severity', description: 'info, warning or error' },
      { name: 'effect', description: 'none, blocks or unlawful' },
      { name: 'limit', description: 'so many listings', default: '50' },
    ],
    run: async ({ options }, { db }) => {
      const { severity, effect, limit } = parseInput(wish, options)
      const filter = { connectionId: options.connection, ruleId: options.rule, severity, effect }
      const found = await listResults(db, filter, { after: '', limit })
      return found.flatMap(({ listingId, sku, score, findings }) =>
        findings.map(({ ruleId, severity: level, field, excerpt, from, message }) => ({
          listing: listingId,
          sku,
          score,
          rule: ruleId,
          severity: level,
          field,
          excerpt: excerpt?.slice(0, 60) ?? '',
          at: from ?? '',
          message,
        })),
      )
    },
  },
  {
    name: 'trend',
    description: 'scores by day, account and category',
    options: [
      { name: 'from', description: 'the first day' },
      { name: 'to', description: 'the day after the last' },
      connectionOption,
      { name: 'category', description: 'the key of one category' },
    ],
    run: async ({ options }, { db }) => {
      const { from, to } = parseInput(period, options)
      return readTrend(db, { from, to, connectionId: options.connection, categoryKey: options.category })
    },
  },
  {
    name: 'rules',
    description: 'every rule with its severity, what follows and what it rests on',
    run: async () =>
      listRules().map(({ ruleId, pack, severity, effect, basis }) => ({
        rule: ruleId,
        pack: pack ?? '',
        severity,
        effect,
        basis,
      })),
  },
  {
    name: 'require',
    description: 'set the attributes that a category demands; none takes all demands away',
    args: [
      { name: 'category', description: "our own category's key" },
      { name: 'attributes', description: 'their names', isOptional: true, isMany: true },
    ],
    run: async ({ args: [category, ...attributes], actor }, { db, services }) => {
      const before = await setRequired(db, category!, attributes)
      await services.audit({
        actor,
        action: 'listing-audit.required_changed',
        subject: category!,
        before: { attributes: before },
        after: { attributes },
      })
      return attributes.length === 0
        ? `${category} demands nothing. Listings are judged by it in the next audit.`
        : `${category} demands ${attributes.join(', ')}. Listings are judged by it in the next audit.`
    },
  },
  {
    name: 'fix',
    description: 'propose the texts of a listing without what its rules forbid',
    args: [{ name: 'listing', description: 'the id of the listing' }],
    run: async ({ args: [listing] }, { progress: _progress, ...context }) =>
      `Proposed as ${await proposeFix(context, listing!)}.`,
  },
]
