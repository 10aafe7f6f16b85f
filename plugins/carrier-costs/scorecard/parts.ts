import { actorOf, formatMoney, InputError, type PluginCommand, type PluginContext } from 'entrepot/sdk'
import { Hono } from 'hono'
import { z } from 'zod'
import { readPeriod } from '../invoices/period.ts'
import { parseInput, parseJson } from '../invoices/rows.ts'
import { percent } from '../rules/pick-offer.ts'
import { changeClaim, listClaims, makeClaim } from './claims.ts'
import { type Measure, readKeys, readScorecard, type ScorecardRow } from './scorecard.ts'

const defaultMinSample = 20

function readMinSample(text: string | undefined): number {
  if (text === undefined) return defaultMinSample
  if (!/^\d{1,6}$/.test(text) || Number(text) < 1)
    throw new InputError(`"${text}" is no smallest sample: write a whole number from 1.`, 'min-sample')
  return Number(text)
}

const toTableRow = (row: ScorecardRow) => {
  const money = (minor: number | null, currency: string) =>
    minor === null ? '' : formatMoney({ minor, currency })
  const tell = ({ value, sample }: Measure, say: (value: number) => string) =>
    value === null ? `no data (${sample})` : `${say(value)} (${sample})`
  return {
    carrier: row.carrier,
    service: row.service,
    lane: row.lane,
    shipments: row.shipments,
    cancelled: row.cancelled,
    parcels: row.parcels,
    cost: row.costs.map((cost) => money(cost.totalMinor, cost.currency)),
    perParcel: row.costs.map((cost) => money(cost.perParcelMinor, cost.currency)),
    perKg: row.costs.map((cost) => money(cost.perKgMinor, cost.currency)),
    quotedInvoiced: row.costs
      .filter(({ compared }) => compared > 0)
      .map(
        (cost) => `${money(cost.quotedMinor, cost.currency)} / ${money(cost.invoicedMinor, cost.currency)}`,
      ),
    medianDays: tell(row.medianDays, String),
    p90Days: tell(row.p90Days, String),
    onTime: tell(row.onTime, percent),
    lost: tell(row.lost, percent),
    damaged: tell(row.damaged, percent),
    claimed: row.claims.map((sum) => `${sum.made}: ${money(sum.madeMinor, sum.currency)}`),
    paid: row.claims.map((sum) => `${sum.paid}: ${money(sum.paidMinor, sum.currency)}`),
    disputed: row.disputes.map((sum) => `${sum.found}: ${money(sum.amountMinor, sum.currency)}`),
  }
}

export const commands: readonly PluginCommand[] = [
  {
    name: 'scorecard',
    description:
      'how carriers did: cost, time, losses, claims and disputes of the shipments booked in a period',
    options: [
      { name: 'from', description: 'first day, such as 2026-03-01; 30 days before the last if left out' },
      { name: 'to', description: 'last day; today if left out' },
      { name: 'by', description: 'any of carrier, service, lane', default: 'carrier,service,lane' },
      {
        name: 'min-sample',
        description: 'with fewer parcels there is no data',
        default: String(defaultMinSample),
      },
    ],
    run: async ({ options }, context) => {
      const wish = {
        period: readPeriod(options, context.clock.now()),
        by: readKeys(options.by),
        minSample: readMinSample(options['min-sample']),
      }
      return (await readScorecard(context, wish)).map(toTableRow)
    },
  },
  {
    name: 'claims',
    description: 'claims that were made with carriers',
    options: [{ name: 'state', description: 'made, accepted, paid, rejected, withdrawn' }],
    run: ({ options }, { db }) => listClaims(db, { state: options.state }),
  },
  {
    name: 'claim-make',
    description: 'record a claim that was made with a carrier',
    args: [
      { name: 'shipment', description: "our id, the courier's id, or a tracking number for one parcel" },
      { name: 'reason', description: 'lost, damaged, delayed, other' },
      { name: 'amount', description: 'in minor units: 1290 is 12.90' },
      { name: 'currency', description: 'ISO 4217' },
    ],
    options: [{ name: 'note', description: "such as the carrier's case number", default: '' }],
    run: ({ args: [shipment, reason, amount, currency], options, actor }, context) =>
      makeClaim(
        context,
        { shipment, reason, amountMinor: Number(amount), currency, note: options.note },
        actor,
      ),
  },
  {
    name: 'claim-change',
    description: 'record what became of a claim',
    args: [
      { name: 'id', description: 'such as clm_…' },
      { name: 'state', description: 'made, accepted, paid, rejected, withdrawn' },
    ],
    options: [
      { name: 'paid', description: 'how much was paid, in minor units' },
      { name: 'note', description: 'why', default: '' },
    ],
    run: async ({ args, options, actor }, context) => {
      const [id, state] = args as [string, string]
      const paidMinor = options.paid === undefined ? null : Number(options.paid)
      await changeClaim(context, { id, state, paidMinor, note: options.note ?? '', actor })
      return `${id} is ${state}.`
    },
  },
]

const change = z.strictObject({
  state: z.string(),
  paidMinor: z.int().nullable().default(null),
  note: z.string().max(500).default(''),
})

export const routes = (context: PluginContext) =>
  new Hono()
    .get('/scorecard', async (c) => {
      const { from, to, by, minSample } = c.req.query()
      const period = readPeriod({ from, to }, context.clock.now())
      return c.json(
        await readScorecard(context, { period, by: readKeys(by), minSample: readMinSample(minSample) }),
      )
    })
    .get('/claims', async (c) => c.json(await listClaims(context.db, { state: c.req.query('state') })))
    .post('/claims', async (c) =>
      c.json(await makeClaim(context, parseJson(await c.req.text(), 'The body'), actorOf(c)), 201),
    )
    .post('/claims/:id', async (c) => {
      const body = parseInput(change, parseJson(await c.req.text(), 'The body'), 'The change')
      await changeClaim(context, { id: c.req.param('id'), ...body, actor: actorOf(c) })
      return c.json({ ok: true })
    })
