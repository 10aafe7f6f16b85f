import { readFile } from 'node:fs/promises'
import {
  actorOf,
  InputError,
  isCurrency,
  type PluginCommand,
  type PluginContext,
  type ShippingChoice,
  type ShippingQuestion,
} from 'entrepot/sdk'
import { Hono } from 'hono'
import { z } from 'zod'
import { convertByRates } from '../exchange/convert.ts'
import { parseInput, parseJson } from '../invoices/rows.ts'
import { decideService } from './choose.ts'
import { listRuleVersions, readRules, saveRules } from './store-rules.ts'

/** Chooses by the newest rules; null where none of them decides. */
export async function choose(
  question: ShippingQuestion,
  context: PluginContext,
): Promise<ShippingChoice | null> {
  const source = await readRules(context.db)
  return source && (await decideService(source, question, context, convertByRates(context.db))).choice
}

const place = z.strictObject({
  country: z.string().regex(/^[A-Z]{2}$/, 'is no ISO 3166-1 alpha-2 code such as DE'),
  postcode: z.string().nullable().default(null),
  city: z.string().nullable().default(null),
  region: z.string().nullable().default(null),
  isResidential: z.boolean().nullable().default(null),
})
const side = z.int().min(1).nullable().default(null)
const instant = z.coerce.date()
const currency = z.string().refine(isCurrency, 'is no ISO 4217 currency code')

/** What a dry run takes: an order, or a request with what an order would add. */
const trial = z.union([
  z.strictObject({ orderId: z.string().min(1), version: z.int().min(1).optional() }),
  z.strictObject({
    version: z.int().min(1).optional(),
    request: z.strictObject({
      from: place,
      to: place,
      parcels: z
        .array(z.strictObject({ weightGrams: z.int().min(1), lengthMm: side, widthMm: side, heightMm: side }))
        .min(1),
      shipAt: instant,
      declaredValue: z
        .strictObject({ minor: z.int().min(0), currency })
        .nullable()
        .default(null),
    }),
    shipBy: instant.nullable().default(null),
    deliverBy: instant.nullable().default(null),
    order: z
      .strictObject({
        id: z.string().default('trial'),
        connectionId: z.string(),
        currency,
        totalMinor: z.int().min(0),
        shippingService: z.string().nullable().default(null),
        skus: z.array(z.string()).default([]),
      })
      .nullable()
      .default(null),
  }),
])

/** Says which rule would decide and what it would choose, without booking anything. */
async function tryRules(input: unknown, context: PluginContext) {
  const wanted = parseInput(trial, input, 'The trial')
  const { services, db } = context
  const asked =
    'orderId' in wanted
      ? {
          request: await services.readShippingRequest(wanted.orderId),
          ...(await services.readShippingFacts(wanted.orderId)),
        }
      : wanted
  const { request, shipBy, deliverBy, order } = asked
  const source = await readRules(db, wanted.version)
  if (!source) return { version: null, rule: null, tried: [], choice: null, offers: [] }
  const { offers, unavailable } = await services.quote(request)
  const question = { request, offers, unavailable, shipBy, deliverBy, order }
  const { rule, tried, choice } = await decideService(source, question, context, convertByRates(db))
  return { version: source.version, rule: rule && { id: rule.id, name: rule.name }, tried, choice, offers }
}

export const commands: readonly PluginCommand[] = [
  {
    name: 'rules-show',
    description: 'the shipping rules, the newest or those of a version',
    args: [{ name: 'version', description: 'such as 3', isOptional: true }],
    run: async ({ args: [version] }, { db }) =>
      readRules(db, version === undefined ? undefined : toVersion(version)),
  },
  {
    name: 'rules-history',
    description: 'who changed the shipping rules and when',
    run: (_input, { db }) => listRuleVersions(db),
  },
  {
    name: 'rules-save',
    description: 'make the rules of a JSON file the ones that decide',
    args: [{ name: 'file', description: 'JSON: {"rules": [...]}' }],
    options: [
      { name: 'based-on', description: 'the version that was changed; 0 for the first' },
      { name: 'note', description: 'why', default: '' },
    ],
    run: async ({ args: [file], options, actor }, context) => {
      const rules = parseJson(await readFile(file!, 'utf8'), file!)
      const basedOn = toVersion(options['based-on'] ?? '')
      const version = await saveRules(context, { rules, basedOn, note: options.note ?? '', actor })
      return `Saved as version ${version}.`
    },
  },
  {
    name: 'rules-test',
    description: 'which rule would decide for an order or a request, and what it would choose',
    args: [{ name: 'order', description: "the order's id", isOptional: true }],
    options: [
      { name: 'request', description: 'a JSON file with a request instead of an order' },
      { name: 'rules-version', description: 'try this version of the rules' },
    ],
    run: async ({ args: [orderId], options }, context) => {
      const { request: file, 'rules-version': version } = options
      if ((orderId === undefined) === (file === undefined))
        throw new InputError('Name either an order or, with --request, a JSON file.', 'order')
      const asked = file === undefined ? { orderId } : parseJson(await readFile(file, 'utf8'), file)
      return tryRules(
        version === undefined ? asked : { ...(asked as object), version: toVersion(version) },
        context,
      )
    },
  },
]

const toVersion = (text: string): number => {
  if (!/^\d{1,9}$/.test(text))
    throw new InputError(`"${text}" is no version: write a whole number.`, 'version')
  return Number(text)
}

const change = z.strictObject({
  rules: z.unknown(),
  basedOn: z.int().min(0),
  note: z.string().max(500).default(''),
})

export const routes = (context: PluginContext) =>
  new Hono()
    .get('/rules', async (c) => c.json(await readRules(context.db)))
    .get('/rules/history', async (c) => c.json(await listRuleVersions(context.db)))
    .get('/rules/:version{[0-9]+}', async (c) =>
      c.json(await readRules(context.db, toVersion(c.req.param('version')))),
    )
    .put('/rules', async (c) => {
      const { rules, basedOn, note } = parseInput(
        change,
        parseJson(await c.req.text(), 'The body'),
        'The change',
      )
      return c.json({ version: await saveRules(context, { rules, basedOn, note, actor: actorOf(c) }) })
    })
    .post('/rules/test', async (c) =>
      c.json(await tryRules(parseJson(await c.req.text(), 'The body'), context)),
    )
