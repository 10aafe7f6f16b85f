import { createRoute, z } from '@hono/zod-openapi'
import { Hono } from 'hono'
import { transact } from '../../db/transact.ts'
import {
  assertEnabled,
  findPlugin,
  readPluginState,
  savePluginSettings,
  setPluginEnabled,
  settingsSchema,
} from '../../plugins/settings.ts'
import { NotFoundError } from '../../sdk/errors.ts'
import { panelContent, panelSlots } from '../../sdk/panel.ts'
import type { PluginDefinition } from '../../sdk/plugin.ts'
import type { Hub } from '../../sync/hub.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, refusals, spoken } from '../shapes.ts'
import { sayForm, sayPanel, speak } from '../speech.ts'

const tags = ['plugins']
const params = z.object({ id: z.string().openapi({ example: 'carrier-costs' }) })
const asked = z.object({ language: spoken })

const plugin = z
  .object({
    id: z.string().openapi({ example: 'carrier-costs' }),
    name: z.string(),
    isEnabled: z.boolean(),
    events: z.array(z.string()),
    filters: z.array(z.string()),
    jobs: z.array(z.object({ id: z.string(), cron: z.string(), timeZone: z.string() })),
    panels: z.array(z.object({ id: z.string(), title: z.string(), slot: z.enum(panelSlots) })),
    proposals: z.array(z.string()),
    settings: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'As they were set; the rest has its default.' }),
    form: z
      .record(z.string(), z.unknown())
      .nullable()
      .openapi({ description: 'JSON Schema of the settings.' }),
    revision: z.number(),
  })
  .openapi('Plugin')

const list = createRoute({
  method: 'get',
  path: '/plugins',
  operationId: 'listPlugins',
  tags,
  summary: 'The plugins that are installed, with what each brings',
  request: { query: asked },
  responses: { 200: answer(z.object({ items: z.array(plugin) }), 'All of them.'), ...refusals(400) },
})

const read = createRoute({
  method: 'get',
  path: '/plugins/{id}',
  operationId: 'readPlugin',
  tags,
  summary: 'A plugin with its settings and their form',
  request: { params, query: asked },
  responses: { 200: answer(plugin, 'The plugin.'), ...refusals(400, 404) },
})

const save = createRoute({
  method: 'put',
  path: '/plugins/{id}/settings',
  operationId: 'savePluginSettings',
  tags,
  summary: 'Replaces the settings of a plugin; what is left out has its default',
  request: {
    params,
    body: body(
      z.strictObject({
        settings: z.record(z.string(), z.unknown()),
        revision: z
          .int()
          .optional()
          .openapi({ description: 'The one that was edited: guards against a lost update.' }),
      }),
    ),
  },
  responses: { 200: answer(plugin, 'They were saved.'), ...refusals(400, 404, 409) },
})

const toggle = (verb: 'enable' | 'disable') =>
  createRoute({
    method: 'post',
    path: `/plugins/{id}/${verb}`,
    operationId: `${verb}Plugin`,
    tags,
    summary:
      verb === 'enable' ? 'Switches a plugin on' : 'Switches a plugin off; its tables and settings stay',
    request: { params },
    responses: { 200: answer(plugin, 'The plugin.'), ...refusals(404) },
  })

const panel = createRoute({
  method: 'get',
  path: '/plugins/{id}/panels/{panel}',
  operationId: 'readPanel',
  tags,
  summary: 'What a panel of a plugin says now',
  request: {
    params: params.extend({ panel: z.string().openapi({ example: 'overview' }) }),
    query: asked
      .extend({ subject: z.string().max(200).optional().openapi({ description: 'What it stands beside.' }) })
      .catchall(z.string().max(500)),
  },
  responses: {
    200: answer(panelContent, 'Blocks for the UI to draw.'),
    ...refusals(400, 404, 409),
  },
})

export const pluginResources = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(list, async (c) => {
      const { language } = c.req.valid('query')
      return c.json({ items: await Promise.all(hub.plugins.map((one) => show(hub, one, language))) }, 200)
    })
    .openapi(read, async (c) => {
      const one = findPlugin(hub.plugins, c.req.valid('param').id)
      return c.json(await show(hub, one, c.req.valid('query').language), 200)
    })
    .openapi(save, async (c) => {
      const one = findPlugin(hub.plugins, c.req.valid('param').id)
      await transact(hub.db, (tx) => savePluginSettings(tx, one, c.req.valid('json'), act()))
      return c.json(await show(hub, one), 200)
    })
    .openapi(toggle('enable'), async (c) => {
      const one = findPlugin(hub.plugins, c.req.valid('param').id)
      await transact(hub.db, (tx) => setPluginEnabled(tx, one, true, act()))
      return c.json(await show(hub, one), 200)
    })
    .openapi(toggle('disable'), async (c) => {
      const one = findPlugin(hub.plugins, c.req.valid('param').id)
      await transact(hub.db, (tx) => setPluginEnabled(tx, one, false, act()))
      return c.json(await show(hub, one), 200)
    })
    .openapi(panel, async (c) => {
      const { id, panel: panelId } = c.req.valid('param')
      const one = findPlugin(hub.plugins, id)
      await assertEnabled(hub.db, one)
      const found = one.panels?.find((entry) => entry.id === panelId)
      if (!found) throw new NotFoundError(`The plugin "${id}" has no panel "${panelId}".`)
      const { language, subject = null, ...query } = c.req.valid('query')
      const content = panelContent.parse(await found.read({ subject, query }, hub.pluginContext(id)))
      return c.json(sayPanel(content, speak(one, language)), 200)
    })

async function show(hub: Hub, one: PluginDefinition, language?: string): Promise<z.infer<typeof plugin>> {
  const say = speak(one, language)
  const form = settingsSchema(one)
  const { isEnabled, settings, revision } = await readPluginState(hub.db, one.id)
  return {
    id: one.id,
    name: say(one.name),
    isEnabled,
    events: Object.keys(one.on ?? {}),
    filters: Object.keys(one.filter ?? {}),
    jobs: (one.jobs ?? []).map(({ id, cron, timeZone = 'UTC' }) => ({ id, cron, timeZone })),
    panels: (one.panels ?? []).map(({ id, title, slot }) => ({ id, title: say(title), slot })),
    proposals: Object.keys(one.proposals ?? {}),
    settings,
    form: form && sayForm(form, say),
    revision,
  }
}

/**
 * What a plugin answers below /plugins/<id>, while it is switched on. One whose routes cannot be made fails there,
 * and nowhere else.
 */
export function pluginRoutes({ hub }: ApiContext, one: PluginDefinition): Hono {
  const app = new Hono()
  app.use(async (_c, next) => {
    await assertEnabled(hub.db, one)
    await next()
  })
  try {
    if (one.routes) app.route('/', one.routes(hub.pluginContext(one.id)))
  } catch (error) {
    app.all('*', () => {
      throw error
    })
  }
  return app
}
