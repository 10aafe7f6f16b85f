import { createReadStream, existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { actorOf, InputError, type PluginCommand, type PluginContext, type PluginDb } from 'entrepot/sdk'
import { Hono } from 'hono'
import { z } from 'zod'
import { checkInvoices } from './check-invoices.ts'
import { readCosts, readView, toCostTable, writeCosts } from './cost-truth.ts'
import { type Dispute, decideDispute, listDisputes, remindOfDeadlines, writeDisputes } from './disputes.ts'
import { importInvoices, type RowFault } from './import-invoices.ts'
import { readPeriod } from './period.ts'
import { parseInput, parseJson, rows } from './rows.ts'
import { listProfiles, readProfile, readSettings, saveProfile, saveSettings } from './settings.ts'
import { toDecimal, writeCsv } from './write-csv.ts'

/** Invoices that were imported, the newest first. */
const listInvoices = (db: PluginDb) =>
  rows<{ carrier: string; invoice: string; day: string; currency: string; lines: number; unknown: number }>(
    db,
    sql`
    select carrier, invoice_number as invoice, max(invoice_date)::text as day, currency, count(*)::int as lines,
      count(*) filter (where shipment_id is null)::int as unknown, sum(amount_minor)::text as "totalMinor"
    from carrier_costs_invoice_lines group by 1, 2, 4 order by 3 desc, 1, 2, 4`,
  )

const period = [
  { name: 'from', description: 'first day, such as 2026-03-01; 30 days before the last if left out' },
  { name: 'to', description: 'last day; today if left out' },
]

const importing: PluginCommand = {
  name: 'invoices-import',
  description: "read a carrier's invoice file; the same file again adds nothing",
  args: [{ name: 'file', description: 'CSV' }],
  options: [
    { name: 'profile', description: 'how it is read', default: 'generic' },
    { name: 'carrier', description: 'the courier in our word, where the profile is for any' },
    { name: 'rejects', description: 'write every refused row with its reason into this CSV file' },
  ],
  run: async ({ args: [file], options, actor }, context) => {
    if (!existsSync(file!)) throw new InputError(`There is no file ${file}.`, 'file')
    const profile = await readProfile(context.db, options.profile!)
    const rejects: RowFault[] = []
    const report = await importInvoices(context, {
      profile,
      carrier: options.carrier,
      bytes: createReadStream(file!),
      actor,
      onProgress: (done) => context.progress(done, null),
      ...(options.rejects ? { onFault: (fault) => rejects.push(fault) } : {}),
    })
    if (options.rejects) await writeFile(options.rejects, writeCsv(rejects, ['line', 'column', 'reason']))
    return report
  },
}

const disputing: readonly PluginCommand[] = [
  {
    name: 'disputes',
    description: 'what was billed otherwise than agreed, what must be disputed soonest first',
    options: [
      { name: 'state', description: 'open, claimed, credited, rejected, written_off, in_our_favour' },
      { name: 'cause', description: 'weight, size, surcharge, duplicate, price, unknown, cancelled' },
      { name: 'carrier', description: 'the courier in our word' },
      { name: 'csv', description: 'write them into this file' },
    ],
    run: async ({ options }, { db }) => {
      const found = await listDisputes(db, options)
      if (!options.csv) return found.map(toDisputeRow)
      await writeFile(options.csv, writeDisputes(found))
      return `${found.length} written to ${options.csv}.`
    },
  },
  {
    name: 'dispute-decide',
    description: 'record what became of a dispute',
    args: [
      { name: 'subject', description: 'as `disputes` shows it' },
      { name: 'key', description: 'as `disputes` shows it' },
      { name: 'state', description: 'open, claimed, credited, rejected, written_off' },
    ],
    options: [{ name: 'note', description: "such as the carrier's case number", default: '' }],
    run: async ({ args, options, actor }, context) => {
      const [subject, key, state] = args as [string, string, string]
      await decideDispute(context, { subject, key, state, note: options.note ?? '', actor })
      return `${key} of ${subject} is ${state}.`
    },
  },
]

const toDisputeRow = ({ amountMinor, creditedMinor, currency, ...rest }: Dispute) => ({
  subject: rest.subject,
  key: rest.key,
  carrier: rest.carrier,
  cause: rest.cause,
  amount: toDecimal(amountMinor, currency),
  credited: toDecimal(creditedMinor, currency),
  currency,
  state: rest.state,
  deadline: rest.deadline,
  reason: rest.reason,
})

export const commands: readonly PluginCommand[] = [
  importing,
  ...disputing,
  {
    name: 'invoices',
    description: 'the invoices that were imported',
    run: (_input, { db }) => listInvoices(db),
  },
  {
    name: 'invoices-check',
    description: 'look again for unknown shipments, and judge every line anew',
    run: (_input, context) => checkInvoices(context, true),
  },
  {
    name: 'invoice-profiles',
    description: 'how invoice files are read',
    run: (_input, { db }) => listProfiles(db),
  },
  {
    name: 'invoice-profile-save',
    description: 'save a profile for invoice files',
    args: [{ name: 'file', description: 'JSON' }],
    run: async ({ args: [file], actor }, context) => {
      const { name } = await saveProfile(context, parseJson(await readFile(file!, 'utf8'), file!), actor)
      return `Saved "${name}".`
    },
  },
  {
    name: 'invoice-settings',
    description: 'show or change what is let pass and how long invoices can be disputed',
    options: [
      { name: 'tolerance-minor', description: 'differences up to it are let pass, in minor units' },
      { name: 'dispute-days', description: 'days after the invoice' },
    ],
    run: async ({ options, actor }, context) => {
      const change = {
        ...(options['tolerance-minor'] === undefined
          ? {}
          : { toleranceMinor: Number(options['tolerance-minor']) }),
        ...(options['dispute-days'] === undefined ? {} : { disputeDays: Number(options['dispute-days']) }),
      }
      return Object.keys(change).length === 0
        ? readSettings(context.db)
        : saveSettings(context, change, actor)
    },
  },
  {
    name: 'costs',
    description: 'logistics costs of a period, as invoiced, else booked, else quoted',
    options: [
      { name: 'by', description: 'order, sku, channel or lane', default: 'order' },
      ...period,
      { name: 'csv', description: 'write them into this file' },
    ],
    run: async ({ options }, context) => {
      const report = await readCosts(context, readView(options.by), readPeriod(options, context.clock.now()))
      if (!options.csv) return toCostTable(report.rows)
      await writeFile(options.csv, writeCosts(report.rows))
      return `${report.rows.length} written to ${options.csv}; ${report.withoutCost} shipments have no known cost.`
    },
  },
]

const decision = z.strictObject({
  subject: z.string(),
  key: z.string(),
  state: z.string(),
  note: z.string().max(500).default(''),
})
const csv = (body: string) =>
  new Response(body, { headers: { 'content-type': 'text/csv; charset=utf-8; header=present' } })
const hasCsv = (format: string | undefined) => format === 'csv'

export const routes = (context: PluginContext) =>
  new Hono()
    .get('/invoices', async (c) => c.json(await listInvoices(context.db)))
    .post('/invoices', async (c) => {
      const { profile = 'generic', carrier } = c.req.query()
      const bytes = [new Uint8Array(await c.req.arrayBuffer())]
      const read = await readProfile(context.db, profile)
      return c.json(
        await importInvoices(context, { profile: read, carrier, bytes: toAsync(bytes), actor: actorOf(c) }),
      )
    })
    .post('/invoices/check', async (c) => c.json(await checkInvoices(context, true)))
    .get('/invoices/profiles', async (c) => c.json(await listProfiles(context.db)))
    .put('/invoices/profiles', async (c) =>
      c.json(await saveProfile(context, parseJson(await c.req.text(), 'The body'), actorOf(c))),
    )
    .get('/invoices/settings', async (c) => c.json(await readSettings(context.db)))
    .put('/invoices/settings', async (c) =>
      c.json(await saveSettings(context, parseJson(await c.req.text(), 'The body'), actorOf(c))),
    )
    .get('/disputes', async (c) => {
      const { format, ...filter } = c.req.query()
      const found = await listDisputes(context.db, filter)
      return hasCsv(format) ? csv(writeDisputes(found)) : c.json(found)
    })
    .post('/disputes/decide', async (c) => {
      const body = parseInput(decision, parseJson(await c.req.text(), 'The body'), 'The decision')
      await decideDispute(context, { ...body, actor: actorOf(c) })
      return c.json({ ok: true })
    })
    .get('/costs', async (c) => {
      const { by, from, to, format } = c.req.query()
      const report = await readCosts(context, readView(by), readPeriod({ from, to }, context.clock.now()))
      return hasCsv(format) ? csv(writeCosts(report.rows)) : c.json(report)
    })

async function* toAsync(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

export const jobs = [
  {
    id: 'invoices',
    cron: '30 5 * * *',
    run: async (context: PluginContext) => {
      await checkInvoices(context, false)
      await remindOfDeadlines(context)
    },
  },
] as const
