import { readFile } from 'node:fs/promises'
import { actorOf, InputError, type PluginCommand, type PluginContext } from 'entrepot/sdk'
import { Hono } from 'hono'
import { z } from 'zod'
import { parseInput, parseJson } from '../invoices/rows.ts'
import {
  endContract,
  listContracts,
  readContract,
  remindOfContracts,
  saveContract,
} from './store-contracts.ts'

export const commands: readonly PluginCommand[] = [
  {
    name: 'contracts',
    description: 'contracts with carriers, and which of them end soon',
    run: async (_input, context) =>
      (await listContracts(context)).map(
        ({ id, carrier, title, validFrom, validUntil, endedOn, reminders }) => ({
          id,
          carrier,
          title,
          validFrom,
          validUntil,
          endedOn,
          due: reminders.map(({ about, on }) => `${about} ${on}`),
        }),
      ),
  },
  {
    name: 'contract-show',
    description: 'everything of a contract',
    args: [{ name: 'id', description: 'such as dhl-2026' }],
    run: ({ args: [id] }, { db }) => readContract(db, id!),
  },
  {
    name: 'contract-save',
    description: 'save a contract under its id',
    args: [{ name: 'file', description: 'JSON' }],
    run: async ({ args: [file], actor }, context) => {
      const { id } = await saveContract(context, parseJson(await readFile(file!, 'utf8'), file!), actor)
      return `Saved ${id}.`
    },
  },
  {
    name: 'contract-end',
    description: 'record that a contract was ended',
    args: [{ name: 'id', description: 'such as dhl-2026' }],
    options: [
      { name: 'on', description: 'its last day, such as 2026-12-31' },
      { name: 'reason', description: 'why', default: '' },
    ],
    run: async ({ args: [id], options, actor }, context) => {
      if (!options.on) throw new InputError('Name the last day with --on.', 'on')
      await endContract(context, { id: id!, on: options.on, reason: options.reason ?? '', actor })
      return `${id} ends on ${options.on}.`
    },
  },
]

const end = z.strictObject({ on: z.string(), reason: z.string().max(500).default('') })

export const routes = (context: PluginContext) =>
  new Hono()
    .get('/contracts', async (c) => c.json(await listContracts(context)))
    .get('/contracts/:id', async (c) => c.json(await readContract(context.db, c.req.param('id'))))
    .put('/contracts', async (c) =>
      c.json(await saveContract(context, parseJson(await c.req.text(), 'The body'), actorOf(c))),
    )
    .post('/contracts/:id/end', async (c) => {
      const { on, reason } = parseInput(end, parseJson(await c.req.text(), 'The body'), 'The end')
      await endContract(context, { id: c.req.param('id'), on, reason, actor: actorOf(c) })
      return c.json({ ok: true })
    })

export const jobs = [{ id: 'contracts', cron: '0 6 * * *', run: remindOfContracts }] as const
