import { writeFile } from 'node:fs/promises'
import {
  formatMoney,
  InputError,
  NotFoundError,
  type PluginContext,
  parseInput,
  readBody,
} from 'entrepot/sdk'
import { type Context, Hono } from 'hono'
import { stream } from 'hono/streaming'
import { z } from 'zod'
import type { CostPart } from '../part.ts'
import type { ComparedOffer, Comparison } from './compare-offers.ts'
import { historyCsv } from './csv.ts'
import type { HistoryRow } from './history-totals.ts'
import { parseRequest, runComparison } from './run-comparison.ts'
import { type HistoryAnswer, type HistoryWish, runHistory } from './run-history.ts'

const currencyOption = { name: 'currency', description: 'in which amounts are compared' }
const cardsOption = { name: 'cards', description: 'ids of rate cards with commas between; all if left out' }

/** Comparing offers for a parcel or an order, and what past shipments would have cost. */
export const comparePart: CostPart = {
  commands: [
    {
      name: 'compare',
      description: 'offers side by side for a parcel or an order, in one currency',
      options: [
        { name: 'order', description: 'the id of an order, as it would be packed now' },
        { name: 'from', description: 'DE:10115' },
        { name: 'to', description: 'US:90001:CA' },
        { name: 'weight', description: '1200, 1.2kg or 2lb; several parcels with commas between' },
        { name: 'size', description: '300x200x100 for each parcel, with commas between' },
        { name: 'ship-on', description: 'the day of hand-over; now if left out' },
        { name: 'deliver-by', description: 'a day or an instant' },
        currencyOption,
        cardsOption,
        { name: 'as', description: 'table, or json for all of it', default: 'table' },
      ],
      run: async ({ options }, context) => {
        const order = options.order
        const shipAt = options['ship-on'] ? readInstant(options['ship-on'], 'ship-on') : context.clock.now()
        const request = order
          ? await context.services.readShippingRequest(order)
          : parseRequest(options, shipAt)
        const cards = splitIds(options.cards)
        const comparison = await runComparison(context, {
          request: cards ? { ...request, cards } : request,
          currency: options.currency,
          deadline: options['deliver-by'] ? readInstant(options['deliver-by'], 'deliver-by') : null,
        })
        return options.as === 'json' ? comparison : toRows(comparison)
      },
    },
    {
      name: 'history',
      description: 'what the booked shipments of a period would have cost with our rate cards',
      options: [
        { name: 'from', description: 'the first day' },
        { name: 'to', description: 'the day after the last' },
        currencyOption,
        cardsOption,
        { name: 'csv', description: 'a file to write all of it to' },
      ],
      run: async ({ options }, { progress, ...context }) => {
        const { from, to, currency, csv } = options
        const wish = parseInput(historyQuery, { from, to, currency, cards: options.cards })
        const run = runHistory(context, wish)
        for (;;) {
          const step = await run.next()
          if (!step.done) {
            progress(step.value.shipments, null, step.value.at.toISOString().slice(0, 10))
            continue
          }
          if (csv) await writeFile(csv, historyCsv(step.value.rows, step.value.currency))
          return step.value.rows.map((row) => toHistoryRow(row, step.value.currency))
        }
      },
    },
  ],
  routes: (context) =>
    new Hono()
      .post('/compare', async (c) => c.json(await compareBody(context, await readBody(c, compareInput))))
      .get('/history', (c) => streamHistory(c, context)),
}

const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'is no day or instant such as 2026-03-01')
  .transform((text) => new Date(text))
const currency = z.string().regex(/^[A-Z]{3}$/, 'is no ISO 4217 currency code such as EUR')
const ids = z
  .string()
  .transform((text) => splitIds(text))
  .optional()

const readInstant = (text: string, field: string): Date =>
  parseInput(z.object({ [field]: instant }), { [field]: text })[field]!
const splitIds = (text: string | undefined): string[] | undefined =>
  text
    ?.split(',')
    .map((id) => id.trim())
    .filter(Boolean)

const historyQuery = z.object({ from: instant, to: instant, currency, cards: ids })

const place = z.object({
  country: z.string().regex(/^[A-Z]{2}$/),
  postcode: z.string().nullable().default(null),
  city: z.string().nullable().default(null),
  region: z.string().nullable().default(null),
  isResidential: z.boolean().nullable().default(null),
})
const side = z.int().min(1).nullable().default(null)
const compareInput = z
  .object({
    orderId: z.string().min(1).optional(),
    from: place.optional(),
    to: place.optional(),
    parcels: z
      .array(z.object({ weightGrams: z.int().min(1), lengthMm: side, widthMm: side, heightMm: side }))
      .min(1)
      .max(500)
      .optional(),
    shipAt: instant.optional(),
    declaredValue: z
      .object({ minor: z.int().min(0), currency })
      .nullable()
      .default(null),
    services: z.array(z.string()).optional(),
    cards: z.array(z.string()).optional(),
    currency: currency.optional(),
    deliverBy: instant.optional(),
  })
  .refine(({ orderId, from, to, parcels }) => orderId || (from && to && parcels), {
    message: 'Give orderId, or from, to and parcels.',
    path: ['orderId'],
  })

async function compareBody(context: PluginContext, body: z.output<typeof compareInput>): Promise<Comparison> {
  const { orderId, from, to, parcels, shipAt, declaredValue, services, cards, deliverBy } = body
  const request = orderId
    ? await context.services.readShippingRequest(orderId)
    : { from: from!, to: to!, parcels: parcels!, shipAt: shipAt ?? context.clock.now(), declaredValue }
  const wanted = { ...(services ? { services } : {}), ...(cards ? { cards } : {}) }
  return runComparison(context, {
    request: { ...request, ...wanted },
    currency: body.currency,
    deadline: deliverBy ?? null,
  })
}

/**
 * Lines of JSON: `{"progress": …}` now and then, `{"row": …}` for each row, `{"answer": …}` in the end; or the rows
 * as CSV. What fails in between is told as `{"error": …}`, because the status has been sent by then.
 */
function streamHistory(c: Context, context: PluginContext): Response {
  const { format = 'ndjson', ...query } = c.req.query()
  if (format !== 'ndjson' && format !== 'csv')
    throw new InputError(`There is no format "${format}". Use ndjson or csv.`, 'format')
  const wish = parseInput(historyQuery, query)
  c.header('content-type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
  return stream(c, async (out) => {
    let isGone = false
    out.onAbort(() => {
      isGone = true
    })
    const say = (line: unknown) =>
      format === 'csv' ? Promise.resolve(out) : out.write(`${JSON.stringify(line)}\n`)
    try {
      const answer = await followHistory(context, wish, say, () => isGone)
      if (answer === null) return
      if (format === 'csv') await out.write(historyCsv(answer.rows, answer.currency))
      const { rows, ...sums } = answer
      for (const row of rows) await say({ row })
      await say({ answer: sums })
    } catch (error) {
      const isOurs = error instanceof InputError || error instanceof NotFoundError
      if (!isOurs)
        context.log.error({ error: (error as Error).name }, 'A comparison of past shipments failed')
      const message = isOurs ? error.message : 'The comparison failed; nothing of it holds. The log has more.'
      await out.write(
        format === 'csv'
          ? `error,${JSON.stringify(message)}\r\n`
          : `${JSON.stringify({ error: { message } })}\n`,
      )
    }
  })
}

/** The answer; null where nobody waits for it any more. */
async function followHistory(
  context: PluginContext,
  wish: HistoryWish,
  say: (line: unknown) => Promise<unknown>,
  isGone: () => boolean,
): Promise<HistoryAnswer | null> {
  const run = runHistory(context, wish)
  for (;;) {
    const step = await run.next()
    if (step.done) return step.value
    if (isGone()) {
      await run.return(undefined as never)
      return null
    }
    await say({ progress: step.value })
  }
}

const toRows = ({ offers, notOffered, currency, deadline }: Comparison) => [
  ...offers.map((offer) => ({
    carrier: offer.carrier,
    service: offer.serviceName,
    price: formatMoney({ minor: offer.totalMinor, currency: offer.currency }),
    [`in ${currency}`]: offer.compared
      ? `${formatMoney({ minor: offer.compared.totalMinor, currency })}${offer.compared.rateDay ? ` at ${offer.compared.rateDay}` : ''}`
      : 'no exchange rate',
    days: offer.transit ? `${offer.transit.days} ${offer.transit.basis}` : 'no data',
    'on time': sayOnTime(offer),
    ...(deadline
      ? { 'in time': offer.keepsDeadline === null ? 'not known' : offer.keepsDeadline ? 'yes' : 'no' }
      : {}),
    source: offer.source.name,
    mark: marksOf(offer).join(', '),
  })),
  ...notOffered.map(({ source, service, reason }) => ({
    carrier: '',
    service: service ?? '',
    price: 'not offered',
    source: source.name,
    mark: reason,
  })),
]

const sayOnTime = ({ onTime: { basisPoints, sample } }: ComparedOffer): string =>
  basisPoints === null ? `no data (${sample})` : `${(basisPoints / 100).toFixed(1)} % of ${sample}`

const marksOf = ({ isCheapest, isFastest, isBestValue, isPareto, connectionId }: ComparedOffer): string[] => [
  ...(isCheapest ? ['cheapest'] : []),
  ...(isFastest ? ['fastest'] : []),
  ...(isBestValue ? ['best value'] : []),
  ...(isPareto ? [] : ['outdone by another']),
  ...(connectionId === null ? ['for comparison only'] : []),
]

function toHistoryRow(row: HistoryRow, inCurrency: string) {
  const money = (minor: number) => formatMoney({ minor, currency: inCurrency })
  const difference = ({ shipments, differenceMinor }: HistoryRow['againstQuoted']) =>
    shipments === 0 ? '' : `${money(differenceMinor)} over ${shipments}`
  const isActual = row.kind === 'actual'
  return {
    kind: row.kind,
    card: row.card,
    carrier: row.carrier,
    service: row.service,
    lane: row.lane,
    shipments: row.shipments,
    priced: row.priced,
    total: money(row.totalMinor),
    'to quoted': isActual ? '' : difference(row.againstQuoted),
    'to booked': isActual ? '' : difference(row.againstBooked),
    unpriced: row.unpriced.map(({ reason, shipments }) => `${shipments}: ${reason}`).join(' '),
  }
}
