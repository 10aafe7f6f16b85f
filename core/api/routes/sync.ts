import { createRoute, z } from '@hono/zod-openapi'
import { type Connection, findConnection } from '../../connections/connections.ts'
import type { MarketplaceOperation } from '../../sdk/connector.ts'
import { ConflictError, InputError } from '../../sdk/errors.ts'
import { aspects } from '../../sdk/model/listing.ts'
import { enqueueTask } from '../../sync/enqueue.ts'
import { connectorOf } from '../../sync/hub.ts'
import { previewSync } from '../../sync/preview.ts'
import type { Task } from '../../sync/tasks.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, flag, idParam, refusals } from '../shapes.ts'

const tags = ['sync']
const params = idParam('con_01k5')
const tasks = [
  'orders',
  'once',
  'content',
  'price',
  'stock',
  'reconcile',
  'returns',
] as const satisfies Task[]
type SyncTask = (typeof tasks)[number]

/** How many lines a preview answers with; the count says how many there are. */
const linesShown = 1000

const preview = z.object({
  lines: z.array(
    z.object({
      aspect: z.enum(aspects),
      sku: z.string(),
      field: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      reason: z.string(),
    }),
  ),
  lineCount: z.number(),
  blocked: z.array(z.object({ aspect: z.enum(aspects), sku: z.string(), reason: z.string() })),
  blockedCount: z.number(),
  once: z.array(z.object({ operation: z.string(), calls: z.number() })),
  unchanged: z.number(),
  calls: z.number(),
})

const sync = createRoute({
  method: 'post',
  path: '/connections/{id}/sync',
  operationId: 'syncConnection',
  tags,
  summary: 'Starts tasks of a connection now; with dryRun shows what would be sent and sends nothing',
  request: {
    params,
    query: z.object({ dryRun: flag.optional() }),
    body: body(
      z.strictObject({
        tasks: z
          .array(z.enum(tasks))
          .min(1)
          .optional()
          .openapi({ example: ['orders', 'stock'] }),
      }),
    ),
  },
  responses: {
    200: answer(preview, 'What would be sent, field by field, with the reason.'),
    202: answer(z.object({ enqueued: z.array(z.enum(tasks)) }), 'The tasks will run.'),
    ...refusals(400, 404, 409),
  },
})

export const syncRoutes = ({ hub }: ApiContext) => {
  const supported = (connection: Connection): SyncTask[] => {
    const { operations } = connectorOf(hub.connectors, connection)
    return tasks.filter((task) => task === 'once' || operations[operationOf[task]] !== undefined)
  }
  return createRouter().openapi(sync, async (c) => {
    const connection = await findConnection(hub.db, c.req.valid('param').id)
    const can = supported(connection)
    const wanted = c.req.valid('json').tasks ?? can.filter((task) => task !== 'reconcile')
    const cannot = wanted.find((task) => !can.includes(task))
    if (cannot) throw new InputError(`${connection.name} offers no "${cannot}".`, 'tasks')
    if (c.req.valid('query').dryRun) {
      const pushed = aspects.filter((aspect) => wanted.includes(aspect))
      const { lines, blocked, ...rest } = await previewSync(hub, connection, pushed)
      const counts = { lineCount: lines.length, blockedCount: blocked.length }
      const shown = { lines: lines.slice(0, linesShown), blocked: blocked.slice(0, linesShown) }
      return c.json({ ...shown, ...counts, ...rest }, 200)
    }
    assertActive(connection)
    for (const task of wanted) await enqueueTask(hub.queue, { task, connectionId: connection.id })
    return c.json({ enqueued: wanted }, 202)
  })
}

/** What a connector must offer for a task. */
const operationOf: Record<Exclude<SyncTask, 'once'>, MarketplaceOperation> = {
  orders: 'pullOrders',
  content: 'pushContent',
  price: 'pushPrices',
  stock: 'pushStock',
  reconcile: 'pullListings',
  returns: 'pullReturns',
}

function assertActive({ name, status, pausedReason }: Connection): void {
  if (status === 'paused')
    throw new ConflictError(`${name} is paused: ${pausedReason ?? 'no reason given'}. Resume it first.`)
}
