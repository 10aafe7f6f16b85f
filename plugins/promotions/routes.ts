import { actorOf, InputError, NotFoundError, parseInput, readBody, requireRole } from 'entrepot/sdk'
import { Hono } from 'hono'
import { z } from 'zod'
import { calendarCsv, calendarIcs } from './calendar.ts'
import { campaignInput, isCoupon } from './campaign.ts'

import { withPhases } from './phases.ts'
import { piecesOf, readGoods } from './planned-goods.ts'
import { readProgress } from './progress.ts'
import { campaignKey, proposeCampaign } from './propose.ts'
import { proposeStop } from './propose-stop.ts'
import { makeReport } from './report/make-report.ts'
import { reportPdf } from './report/report-pdf.ts'
import { reportXlsx } from './report/report-xlsx.ts'
import { type Context, runChecks } from './run-checks.ts'
import {
  addCampaign,
  changeCampaign,
  listCampaigns,
  readCampaign,
  readSignatures,
  removeCampaign,
  signCampaign,
  writeLessons,
} from './store.ts'

const revision = z.coerce.number().int().min(1)
const change = campaignInput.extend({ revision })
const signature = z.object({
  revision,
  role: z.string().min(1),
  note: z.string().default(''),
})
const stop = z.object({ reason: z.string().trim().min(1), skus: z.array(z.string()).min(1).optional() })

/** The campaigns of the hub. A change names the revision that it read; another's change meanwhile is a 409. */
export const routes = (context: Context) =>
  new Hono()
    .get('/campaigns', async (c) => c.json(await withPhases(context, await listCampaigns(context.db))))
    .post('/campaigns', async (c) => {
      const input = await readBody(c, campaignInput)
      const id = await addCampaign(context.db, input, actorOf(c), context.clock.now())
      await context.services.audit({
        actor: actorOf(c),
        action: 'promotions.added',
        subject: id,
        after: input,
      })
      return c.json(await show(context, id), 201)
    })
    .get('/campaigns/:id', async (c) => {
      const campaign = await readCampaign(context.db, c.req.param('id'))
      const progress = await readProgress(context.db, campaign.id)
      const signatures = await readSignatures(context.db, campaign)
      return c.json({ ...(await show(context, campaign.id)), progress, signatures })
    })
    .put('/campaigns/:id', async (c) => {
      const id = c.req.param('id')
      const { revision: read, ...input } = await readBody(c, change)
      const before = await readCampaign(context.db, id)
      await changeCampaign(context.db, id, read, input)
      await context.services.withdrawProposal(campaignKey(id))
      await context.services.audit({
        actor: actorOf(c),
        action: 'promotions.changed',
        subject: id,
        before: campaignInput.parse(before),
        after: input,
      })
      return c.json(await show(context, id))
    })
    .delete('/campaigns/:id', async (c) => {
      const id = c.req.param('id')
      const before = await readCampaign(context.db, id)
      await removeCampaign(context.db, id, parseInput(revision, c.req.query('revision')))
      await context.services.withdrawProposal(campaignKey(id))
      await context.services.audit({
        actor: actorOf(c),
        action: 'promotions.removed',
        subject: id,
        before: campaignInput.parse(before),
      })
      return c.body(null, 204)
    })
    .get('/campaigns/:id/checks', async (c) => c.json((await look(context, c.req.param('id'))).checks))
    .get('/campaigns/:id/simulation', async (c) =>
      c.json((await look(context, c.req.param('id'))).simulation),
    )
    .get('/campaigns/:id/goods', async (c) => c.json(await readGoods(context.db, c.req.param('id'))))
    .post('/campaigns/:id/propose', async (c) =>
      c.json({ proposalId: await proposeCampaign(context, c.req.param('id'), actorOf(c)) }, 201),
    )
    .post('/campaigns/:id/sign', async (c) => {
      requireRole(c, 'manager')
      const body = await readBody(c, signature)
      await signCampaign(context.db, {
        id: c.req.param('id'),
        ...body,
        signedBy: actorOf(c),
        signedAt: context.clock.now(),
      })
      await context.services.audit({
        actor: actorOf(c),
        action: 'promotions.signed',
        subject: c.req.param('id'),
        after: body,
      })
      return c.json(await readSignatures(context.db, await readCampaign(context.db, c.req.param('id'))))
    })
    .post('/campaigns/:id/stop', async (c) => {
      requireRole(c, 'manager')
      const proposalId = await stopByHand(context, c.req.param('id'), await readBody(c, stop), actorOf(c))
      return c.json({ proposalId }, 201)
    })
    .put('/campaigns/:id/lessons', async (c) => {
      const { lessons } = await readBody(c, z.object({ lessons: z.string().max(20_000) }))
      await writeLessons(context.db, c.req.param('id'), lessons)
      return c.json({ lessons })
    })
    .get('/campaigns/:id/report', async (c) => c.json(await makeReport(context, c.req.param('id'))))
    .get('/campaigns/:id/report.xlsx', async (c) =>
      c.body(new Uint8Array(await reportXlsx(await makeReport(context, c.req.param('id')))), 200, {
        'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'content-disposition': 'attachment; filename="campaign.xlsx"',
      }),
    )
    .get('/campaigns/:id/report.pdf', async (c) =>
      c.body(new Uint8Array(await reportPdf(await makeReport(context, c.req.param('id')))), 200, {
        'content-type': 'application/pdf',
        'content-disposition': 'attachment; filename="campaign.pdf"',
      }),
    )
    .get('/calendar.csv', async (c) =>
      c.body(calendarCsv(await withPhases(context, await listCampaigns(context.db))), 200, {
        'content-type': 'text/csv; charset=utf-8',
      }),
    )
    .get('/calendar.ics', async (c) =>
      c.body(
        calendarIcs(await withPhases(context, await listCampaigns(context.db)), context.clock.now()),
        200,
        {
          'content-type': 'text/calendar; charset=utf-8',
        },
      ),
    )

/** Checks and simulation of a campaign as it stands. */
export const look = async (context: Context, id: string) =>
  runChecks(context, await readCampaign(context.db, id))

/** A person ends prices now: of some SKUs, or of all. @throws NotFoundError when a SKU is none of the campaign */
export async function stopByHand(
  context: Context,
  id: string,
  { reason, skus }: z.output<typeof stop>,
  actor: string,
): Promise<string> {
  const campaign = await readCampaign(context.db, id)
  if (skus && isCoupon(campaign.kind))
    throw new InputError(`"${campaign.title}" is one coupon: it is stopped as a whole.`, 'skus')
  const goods = skus ? (await readGoods(context.db, id)).filter(({ sku }) => skus.includes(sku)) : []
  const missing = skus?.filter((sku) => !goods.some((item) => item.sku === sku)) ?? []
  if (missing.length > 0)
    throw new NotFoundError(
      `"${campaign.title}" has no price for ${[...piecesOf(missing, 10)][0]!.join(', ')}.`,
    )
  const listingIds = skus ? goods.map(({ listingId }) => listingId).sort() : null
  await context.services.audit({
    actor,
    action: 'promotions.stopped',
    subject: id,
    after: { reason, skus: skus ?? 'all' },
  })
  return proposeStop(
    context,
    campaign,
    { rule: 'by-hand', listingIds, reason: `${actor}: ${reason}` },
    { isAutomatic: true },
  )
}

const show = async (context: Context, id: string) =>
  (await withPhases(context, [await readCampaign(context.db, id)]))[0]!
