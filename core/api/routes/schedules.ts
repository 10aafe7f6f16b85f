import { createRoute, z } from '@hono/zod-openapi'
import { findConnection, listSchedules, type Schedule, setSchedule } from '../../connections/connections.ts'
import { transact } from '../../db/transact.ts'
import { scheduledTasks } from '../../sdk/connector.ts'
import { assertCron } from '../../sync/schedule.ts'
import type { ApiContext, ApiHub } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, idParam, instant, refusals } from '../shapes.ts'

const scheduleSchema = z
  .object({
    connectionId: z.string(),
    task: z.enum(scheduledTasks),
    cron: z.string().openapi({ example: '*/5 * * * *' }),
    timeZone: z.string().openapi({ example: 'UTC' }),
    isEnabled: z.boolean(),
    lastTickAt: instant.nullable(),
    nextTickAt: instant.nullable().openapi({ description: 'Null while it is switched off.' }),
  })
  .openapi('Schedule')

const schedules = z.object({ items: z.array(scheduleSchema) })
const params = idParam('con_01k5')

const list = createRoute({
  method: 'get',
  path: '/connections/{id}/schedules',
  operationId: 'listSchedules',
  tags: ['connections'],
  summary: 'When the tasks of a connection run',
  request: { params },
  responses: { 200: answer(schedules, 'One a task.'), ...refusals(404) },
})

const set = createRoute({
  method: 'put',
  path: '/connections/{id}/schedules/{task}',
  operationId: 'setSchedule',
  tags: ['connections'],
  summary: 'Sets when a task runs, or switches it off',
  request: {
    params: params.extend({
      task: z.enum(scheduledTasks).openapi({ param: { name: 'task', in: 'path' }, example: 'stock' }),
    }),
    body: body(
      z.strictObject({
        cron: z.string().max(200).optional().openapi({ example: '*/5 * * * *' }),
        timeZone: z.string().max(100).optional().openapi({ example: 'Europe/Berlin' }),
        isEnabled: z.boolean().optional(),
      }),
    ),
  },
  responses: { 200: answer(schedules, 'All schedules of the connection.'), ...refusals(400, 404) },
})

/** When a schedule comes round next. */
function nextTick({ queue, clock }: ApiHub, { cron, timeZone, isEnabled }: Schedule): Date | null {
  if (!isEnabled) return null
  return queue.boss.previewSchedule(cron, { tz: timeZone, from: clock.now(), count: 1 })[0] ?? null
}

export const scheduleRoutes = ({ hub, act }: ApiContext) => {
  const show = async (connectionId: string) => {
    const found = await listSchedules(hub.db, connectionId)
    const items = found.map((one) => ({ ...one, nextTickAt: nextTick(hub, one) }))
    return { items: items.sort((a, b) => (a.task < b.task ? -1 : 1)) }
  }
  return createRouter()
    .openapi(list, async (c) => {
      const connection = await findConnection(hub.db, c.req.valid('param').id)
      return c.json(await show(connection.id), 200)
    })
    .openapi(set, async (c) => {
      const { id, task } = c.req.valid('param')
      const { cron, timeZone, isEnabled } = c.req.valid('json')
      const connection = await findConnection(hub.db, id)
      assertCron(cron ?? '* * * * *', timeZone)
      const wanted = {
        ...(cron === undefined ? {} : { cron }),
        ...(timeZone === undefined ? {} : { timeZone }),
        ...(isEnabled === undefined ? {} : { isEnabled }),
      }
      if (Object.keys(wanted).length > 0)
        await transact(hub.db, (tx) => setSchedule(tx, connection.id, task, wanted, act()))
      return c.json(await show(connection.id), 200)
    })
}
