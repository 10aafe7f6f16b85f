import { actorOf, InputError, NotFoundError, parseInput } from 'entrepot/sdk'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { z } from 'zod'
import type { AuditContext } from './audit.ts'
import { auditOne } from './changes.ts'
import { findingLines, findingsHead, trendCsv } from './csv.ts'
import { proposeDelisting } from './delist.ts'
import { effects, severities } from './finding.ts'
import { proposeFix, readFacts } from './fix.ts'
import { listRules } from './judge.ts'
import { listResults, readResult } from './results.ts'
import { scoreOf } from './score.ts'
import { suggestTexts } from './suggest.ts'
import { readTrend } from './trend.ts'

const format = z.enum(['json', 'csv']).default('json')
const day = z.iso.date('is no day such as 2026-03-01')
const findingsQuery = z.object({
  connection: z.string().optional(),
  rule: z.string().optional(),
  severity: z.enum(severities).optional(),
  effect: z.enum(effects).optional(),
  after: z.string().default(''),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  format,
})
const trendQuery = z.object({
  from: day.optional(),
  to: day.optional(),
  connection: z.string().optional(),
  category: z.string().optional(),
  format,
})

/** A page of the CSV: nothing is held but this. */
const csvPage = 1000

/** What the plugin answers over HTTP. */
export const routes = (context: AuditContext) =>
  new Hono()
    .get('/rules', (c) => c.json(listRules()))
    .get('/findings', async (c) => {
      const wish = parseInput(findingsQuery, c.req.query())
      const { connection: connectionId, rule: ruleId, severity, effect, after, limit } = wish
      const filter = { connectionId, ruleId, severity, effect }
      if (wish.format === 'json') {
        const items = await listResults(context.db, filter, { after, limit })
        return c.json({ items, next: items.length === limit ? items.at(-1)!.listingId : null })
      }
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('content-disposition', 'attachment; filename="findings.csv"')
      return stream(c, async (out) => {
        await out.write(findingsHead)
        for (let last = after; !out.aborted; ) {
          const page = await listResults(context.db, filter, { after: last, limit: csvPage })
          await out.write(page.map(findingLines).join(''))
          if (page.length < csvPage) return
          last = page.at(-1)!.listingId
        }
      })
    })
    .get('/trend', async (c) => {
      const { from, to, connection, category, format } = parseInput(trendQuery, c.req.query())
      const points = await readTrend(context.db, {
        from,
        to,
        connectionId: connection,
        categoryKey: category,
      })
      if (format === 'json') return c.json(points)
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('content-disposition', 'attachment; filename="scores.csv"')
      return c.body(trendCsv(points))
    })
    .get('/listings/:id', async (c) => {
      const id = c.req.param('id')
      const result = await readResult(context.db, id)
      if (!result) throw new NotFoundError(`Listing ${id} was not judged.`)
      const { content } = await readFacts(context.services, id)
      const { deductions } = scoreOf(result.findings)
      return c.json({ ...result, deductions, suggestions: suggestTexts(content, result.findings) })
    })
    .post('/listings/:id/audit', async (c) => {
      await readFacts(context.services, c.req.param('id'))
      await auditOne(context, c.req.param('id'))
      return c.json(await readResult(context.db, c.req.param('id')))
    })
    .post('/listings/:id/fix', async (c) =>
      c.json({ proposalId: await proposeFix(context, c.req.param('id'), actorOf(c)) }, 201),
    )
    .post('/listings/:id/delist', async (c) => {
      const facts = await readFacts(context.services, c.req.param('id'))
      const result = await readResult(context.db, facts.listingId)
      const broken = result?.findings.filter(({ severity }) => severity !== 'info') ?? []
      if (broken.length === 0) throw new InputError(`Nothing speaks for taking ${facts.sku} off the shelf.`)
      return c.json(
        { proposalId: await proposeDelisting(context, facts, broken, { askedBy: actorOf(c) }) },
        201,
      )
    })
