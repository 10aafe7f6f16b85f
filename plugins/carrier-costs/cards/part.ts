import { actorOf, type HubServices, InputError, type PluginContext, readBody } from 'entrepot/sdk'
import { Hono } from 'hono'
import { z } from 'zod'
import type { CostPart } from '../part.ts'
import { explainBooked } from '../quotes/explain-booked.ts'
import { bindService, readBindings, unbindService } from './bindings.ts'
import { importCard, importUpload, profileNames } from './import-card.ts'
import { readCards, readHeads } from './in-force.ts'
import { withdrawVersion } from './save-card.ts'

const tables = `
  create table carrier_costs_cards (
    id text primary key,
    name text not null,
    carrier text not null,
    currency text not null,
    time_zone text not null);
  create table carrier_costs_card_versions (
    card_id text not null references carrier_costs_cards,
    number integer not null,
    valid_from date not null,
    valid_until date,
    document jsonb not null,
    fingerprint text not null,
    imported_at timestamptz not null,
    imported_by text not null,
    is_withdrawn boolean not null default false,
    primary key (card_id, number));
  create table carrier_costs_bindings (
    card_id text not null references carrier_costs_cards,
    service text not null,
    connection_id text not null,
    remote_service text not null,
    bound_at timestamptz not null,
    bound_by text not null,
    primary key (card_id, service),
    constraint carrier_costs_bindings_remote unique (card_id, remote_service))`

/** Rate cards: their tables, imports, bindings, and what of them priced a shipment. */
export const cardsPart: CostPart = {
  tables: [{ id: '0001-cards', statements: tables }],
  commands: [
    {
      name: 'import',
      description: 'a rate card; the same prices again change nothing, other ones are a new version',
      args: [
        { name: 'profile', description: profileNames.join(', ') },
        { name: 'path', description: 'an Excel workbook, or the folder of the files' },
      ],
      options: [
        {
          name: 'zones',
          description: 'a zones.csv for a tariff that has no zone chart, such as usps-notice',
        },
      ],
      run: async ({ args: [profile, path], options, actor }, context) => {
        const { versions, notes } = await importCard(
          context,
          { profile: profile!, path: path!, zones: options.zones },
          actor,
        )
        return [...versions, ...notes.map((note) => ({ note }))]
      },
    },
    {
      name: 'cards',
      description: 'cards with the versions that price, and the services that can be booked',
      run: (_input, context) => listCards(context),
    },
    {
      name: 'bind',
      description: "lets a card's service be booked; without a connection it is for comparison only again",
      args: [
        { name: 'card', description: 'its id' },
        { name: 'service', description: "the card's code for it" },
        { name: 'connection', description: 'of the courier that books it', isOptional: true },
        { name: 'courier-service', description: "the courier's own code for it", isOptional: true },
      ],
      run: async ({ args: [card, service, connection, remote], actor }, context) => {
        await bind(context, { card: card!, service: service!, connection, remoteService: remote }, actor)
        return listCards(context)
      },
    },
    {
      name: 'withdraw',
      description: 'takes a version of a card out of use; the one that it superseded prices again',
      args: [
        { name: 'card', description: 'its id' },
        { name: 'version', description: 'its number' },
      ],
      run: async ({ args: [card, number], actor }, context) => {
        await withdraw(context, card!, number!, actor)
        return listCards(context)
      },
    },
    {
      name: 'explain',
      description: 'how the price that a shipment was booked at came about, by the version that priced it',
      args: [{ name: 'shipment', description: 'our id, the courier’s id, or a tracking number' }],
      run: async ({ args: [name] }, context) => {
        const found = await explainBooked(context, name!)
        return [found.summary, ...found.services.flatMap(({ explanation }) => explanation)].join('\n')
      },
    },
  ],
  routes: (context) => cardRoutes(context),
}

function cardRoutes(context: PluginContext): Hono {
  return new Hono()
    .get('/cards', async (c) => c.json({ cards: await listCards(context) }))
    .get('/cards/:id/versions', async (c) =>
      c.json({ versions: await readHeads(context.db, c.req.param('id')) }),
    )
    .post('/cards', async (c) => {
      const form = await c.req.parseBody({ all: true })
      const files = await Promise.all([form.files ?? []].flat().map(readUpload))
      const zones = form.zones === undefined ? null : await readUpload([form.zones].flat()[0]!)
      const profile = typeof form.profile === 'string' ? form.profile : 'table'
      return c.json(await importUpload(context, { profile, files, zones }, actorOf(c)))
    })
    .put('/cards/:id/services/:service/binding', async (c) => {
      const { connection, remoteService } = await readBody(c, bindingBody)
      const { id: card, service } = c.req.param()
      return c.json(await bind(context, { card, service, connection, remoteService }, actorOf(c)))
    })
    .delete('/cards/:id/services/:service/binding', async (c) => {
      const { id: card, service } = c.req.param()
      return c.json(await bind(context, { card, service }, actorOf(c)))
    })
    .post('/cards/:id/versions/:number/withdraw', async (c) => {
      const { id, number } = c.req.param()
      await withdraw(context, id, number, actorOf(c))
      return c.json({ card: id, version: Number(number), isWithdrawn: true })
    })
    .get('/shipments/:name/explanation', async (c) =>
      c.json(await explainBooked(context, c.req.param('name'))),
    )
}

const bindingBody = z.object({ connection: z.string().min(1), remoteService: z.string().min(1) })

async function readUpload(file: File | string): Promise<{ name: string; bytes: Uint8Array }> {
  if (typeof file === 'string') throw new InputError('Send files, each with its name.', 'files')
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
}

async function listCards({
  db,
  services,
}: Pick<PluginContext, 'db'> & { services: Pick<HubServices, 'listConnections'> }) {
  const [cards, bindings, connections] = await Promise.all([
    readCards(db),
    readBindings(db),
    services.listConnections(),
  ])
  const nameOf = new Map(connections.map(({ id, name }) => [id, name]))
  return cards.map(({ versions, ...card }) => ({
    ...card,
    versions: versions.map(
      ({ number, validFrom, validUntil }) => `${number}: ${validFrom} to ${validUntil ?? 'further notice'}`,
    ),
    bookable: bindings
      .filter(({ cardId }) => cardId === card.id)
      .map(
        ({ service, connectionId, remoteService }) =>
          `${service} as ${remoteService} of ${nameOf.get(connectionId) ?? `${connectionId}, which is gone`}`,
      ),
  }))
}

type BindingWish = {
  card: string
  service: string
  connection?: string | undefined
  remoteService?: string | undefined
}

async function bind(
  context: PluginContext,
  { card, service, connection, remoteService }: BindingWish,
  actor: string,
) {
  const { db, clock, services } = context
  const before =
    (await readBindings(db)).find((one) => one.cardId === card && one.service === service) ?? null
  const after =
    connection === undefined
      ? await unbindService(db, card, service).then(() => null)
      : await bindService(
          context,
          { card, service, connection, remoteService: remoteService ?? service },
          { actor, now: clock.now() },
        )
  await services.audit({
    actor,
    action: 'carrier-costs.service-bound',
    subject: `${card} ${service}`,
    before,
    after,
  })
  return { card, service, binding: after }
}

async function withdraw(context: PluginContext, card: string, number: string, actor: string): Promise<void> {
  if (!/^\d{1,9}$/.test(number)) throw new InputError(`"${number}" is no version's number.`, 'version')
  await withdrawVersion(context.db, card, Number(number))
  await context.services.audit({
    actor,
    action: 'carrier-costs.version-withdrawn',
    subject: card,
    after: { version: Number(number) },
  })
}
