import { createRoute, z } from '@hono/zod-openapi'
import { receiveWebhook, webhookReply } from '../../sync/webhook.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, refusals } from '../shapes.ts'

const receive = createRoute({
  method: 'post',
  path: '/webhooks/{connectionId}',
  operationId: 'receiveWebhook',
  tags: ['webhooks'],
  summary: 'Takes a webhook of a platform',
  description:
    'The only route that may be reached from outside, through a tunnel or a proxy that passes on `/webhooks/` and nothing else. The platform signs the raw body; what it says is only taken as "pull now".',
  request: {
    params: z.object({
      connectionId: z
        .string()
        .max(200)
        .openapi({ param: { name: 'connectionId', in: 'path' }, example: 'con_01k5' }),
    }),
    body: {
      required: true,
      description: 'Whatever the platform sends, up to 5 MB.',
      content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
    },
  },
  responses: {
    200: answer(
      z
        .looseObject({ outcome: z.enum(['accepted', 'ignored']).optional() })
        .openapi({ description: 'The outcome, or what the platform wants to read.' }),
      'It was understood, or is of no interest; either way the platform need not send it again.',
    ),
    ...refusals(401, 404, 413),
  },
})

export const webhookRoutes = ({ hub }: ApiContext) =>
  createRouter().openapi(receive, async (c) => {
    const { connectionId } = c.req.valid('param')
    const rawBody = Buffer.from(await c.req.arrayBuffer())
    const outcome = await receiveWebhook(hub, connectionId, c.req.raw.headers, rawBody)
    if (outcome === 'forged')
      return c.json({ error: { code: 'unauthorized' as const, message: 'The signature is wrong.' } }, 401)
    if (outcome === 'unknown')
      return c.json(
        { error: { code: 'not_found' as const, message: `Connection ${connectionId} takes no webhooks.` } },
        404,
      )
    const reply = await webhookReply(hub, connectionId)
    return c.json(reply ?? { outcome }, 200)
  })
