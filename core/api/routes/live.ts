import { createRoute, z } from '@hono/zod-openapi'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { isStillIn } from '../gate.ts'
import { topics } from '../live.ts'
import { flag, refusals } from '../shapes.ts'

/** How often a quiet stream says that it is alive, and looks whether its reader may still read it. */
const heartbeatMs = 15_000

const live = createRoute({
  method: 'get',
  path: '/live',
  operationId: 'followChanges',
  tags: ['live'],
  summary: 'Tells what changed as it does, as server-sent events, at most twice a second',
  description: `The first event, \`ready\`, and every \`changed\` carry \`{ "topics": [...] }\`: the resources to read again. After a break connect again: \`ready\` names all of them. Topics: ${topics.join(', ')}.`,
  request: {
    query: z.object({
      once: flag.optional().openapi({ description: 'Ends after the first event: proves that it works.' }),
    }),
  },
  responses: {
    200: {
      description: 'Events until the reader leaves, its session ends or the hub stops.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...refusals(400),
  },
})

export const liveRoutes = ({ access, live: changes }: ApiContext) =>
  createRouter().openapi(live, (c) => {
    const { once } = c.req.valid('query')
    const response = streamSSE(c, async (stream) => {
      const outbox = createOutbox(stream)
      stream.onAbort(outbox.end)
      // The reader connects again by itself; why it could not be served stands in the log.
      const leave = await changes.join(outbox).catch(() => null)
      if (!leave) return
      await stream.writeSSE({ event: 'ready', data: JSON.stringify({ topics }) })
      if (once) outbox.end()
      const heartbeat = setInterval(() => void outbox.beat(() => isStillIn(c, access)), heartbeatMs)
      await outbox.over
      clearInterval(heartbeat)
      leave()
    })
    // A proxy that collects the answer before it passes it on would make it useless.
    response.headers.set('x-accel-buffering', 'no')
    // Once it has ended nothing keeps its connection, and so the server, open.
    response.headers.set('connection', 'close')
    return response as never
  })

/** Writes to a stream one thing after another; a reader that left ends it. */
function createOutbox(stream: SSEStreamingApi) {
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  const write = (event: string, data: object) =>
    stream.writeSSE({ event, data: JSON.stringify(data) }).catch(() => end())
  return {
    over,
    end: () => end(),
    tell: (changed: readonly string[]) => void write('changed', { topics: changed }),
    async beat(mayStay: () => Promise<boolean>): Promise<void> {
      // Whoever cannot be asked for may not stay: the reader connects again and is told why not.
      if (await mayStay().catch(() => false)) await write('heartbeat', {})
      else end()
    },
  }
}
