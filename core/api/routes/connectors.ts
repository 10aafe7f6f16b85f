import { createRoute, z } from '@hono/zod-openapi'
import { toFormSchema } from '../../connections/read.ts'
import type { Connector } from '../../sdk/connector.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, refusals, spoken } from '../shapes.ts'
import { type Say, sayForm, speak } from '../speech.ts'

const formSchema = z.record(z.string(), z.unknown()).openapi({
  description:
    'JSON Schema of what a person enters. `title` and `description` label a field; `secret: true` says that it is never shown again.',
})

const connectorSchema = z
  .object({
    id: z.string().openapi({ example: 'woocommerce' }),
    name: z.string().openapi({ example: 'WooCommerce' }),
    operations: z.array(z.string()).openapi({ example: ['pullOrders', 'pushStock'] }),
    takesWebhooks: z.boolean(),
    settings: formSchema,
    credentials: formSchema,
    buckets: z.record(z.string(), z.object({ perSecond: z.number(), burst: z.number(), source: z.string() })),
    schedule: z.record(z.string(), z.string()),
  })
  .openapi('Connector')

const list = createRoute({
  method: 'get',
  path: '/connectors',
  operationId: 'listConnectors',
  tags: ['connections'],
  summary: 'The connectors that are installed, with the forms for their connections',
  request: { query: z.object({ language: spoken }) },
  responses: {
    200: answer(z.object({ items: z.array(connectorSchema) }), 'All of them, by id.'),
    ...refusals(400),
  },
})

export const connectorRoutes = ({ hub }: ApiContext) =>
  createRouter().openapi(list, (c) => {
    const installed = [...hub.connectors.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
    const { language } = c.req.valid('query')
    return c.json({ items: installed.map((one) => show(one, speak(one, language))) }, 200)
  })

const show = (connector: Connector, say: Say): z.infer<typeof connectorSchema> => ({
  id: connector.id,
  name: say(connector.name),
  operations: Object.keys(connector.operations),
  takesWebhooks: connector.webhook !== undefined,
  settings: sayForm(toFormSchema(connector.settings), say),
  credentials: sayForm(toFormSchema(connector.credentials), say),
  buckets: connector.buckets,
  schedule: connector.schedule as Record<string, string>,
})
