import { InputError } from 'entrepot/sdk'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { z } from 'zod'
import { verdicts } from './analysis.ts'
import type { Context } from './context.ts'
import { csvHeader, csvLines } from './csv.ts'
import { dayOf } from './days.ts'
import { detectPromotions } from './detect-promotions.ts'
import { explainFinding } from './explain.ts'
import { countVerdicts, listFindings } from './findings.ts'
import { readPriceSeries } from './import-snapshots.ts'
import { measureEffect, measureFreed } from './measure.ts'
import { proposeSteps } from './propose.ts'

export const findingQuery = z.object({
  verdict: z.enum(verdicts).optional(),
  connection: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.string().optional(),
})

/** @throws InputError naming the field */
export function readFindingQuery(values: Record<string, string | undefined>) {
  const parsed = findingQuery.safeParse(values)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new InputError(`${issue!.path.join('.')}: ${issue!.message}`, issue!.path.join('.'))
  }
  const { connection: connectionId, ...query } = parsed.data
  return { ...query, connectionId }
}

const exportPage = 1000

export const routes = (context: Context) =>
  new Hono()
    .get('/findings', async (c) => {
      const found = await listFindings(context.db, readFindingQuery(c.req.query()))
      return c.json({
        verdicts: await countVerdicts(context.db),
        findings: found.map((finding) => ({ ...finding, because: explainFinding(finding) })),
      })
    })
    .get('/findings.csv', (c) => {
      const { verdict, connectionId } = readFindingQuery(c.req.query())
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('content-disposition', 'attachment; filename="slow-sellers.csv"')
      return stream(c, async (out) => {
        await out.write(csvHeader)
        for (let after = ''; !out.aborted; ) {
          const page = await listFindings(context.db, { verdict, connectionId, after, limit: exportPage })
          if (page.length === 0) return
          await out.write(csvLines(page))
          after = page.at(-1)!.listingId
        }
      })
    })
    .get('/effect', async (c) => {
      const settings = await context.settings()
      const today = dayOf(context.clock.now(), settings.timeZone)
      return c.json({
        effects: await measureEffect(context.db, today, settings),
        freed: await measureFreed(context.db),
      })
    })
    .get('/promotions/:connection', async (c) => {
      const series = await readPriceSeries(context.db, c.req.param('connection'))
      return c.json(
        [...series].flatMap(([sku, points]) => detectPromotions(points).map((found) => ({ sku, ...found }))),
      )
    })
    .post('/propose', async (c) => c.json(await proposeSteps(context)))
