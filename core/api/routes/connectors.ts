import { createRoute, z } from '@hono/zod-openapi'
import { toFormSchema } from '../../connections/read.ts'
import type { Connector } from '../../sdk/connector.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer } from '../shapes.ts'

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
  responses: { 200: answer(z.object({ items: z.array(connectorSchema) }), 'All of them, by id.') },
})

export const connectorRoutes = ({ hub }: ApiContext) =>
  createRouter().openapi(list, (c) => {
    const installed = [...hub.connectors.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
    return c.json({ items: installed.map(show) }, 200)
  })

const show = (connector: Connector): z.infer<typeof connectorSchema> => ({
  id: connector.id,
  name: connector.name,
  operations: Object.keys(connector.operations),
  takesWebhooks: connector.webhook !== undefined,
  settings: toFormSchema(connector.settings),
  credentials: toFormSchema(connector.credentials),
  buckets: connector.buckets,
  schedule: connector.schedule as Record<string, string>,
})
