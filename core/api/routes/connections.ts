import { createRoute, z } from '@hono/zod-openapi'
import { changeConnection } from '../../connections/change.ts'
import {
  addConnection,
  findConnection,
  listConnections,
  pauseConnection,
  replaceCredentials,
  resumeConnection,
} from '../../connections/connections.ts'
import { showConnection } from '../../connections/read.ts'
import { transact } from '../../db/transact.ts'
import { InputError } from '../../sdk/errors.ts'
import { enqueueTask } from '../../sync/enqueue.ts'
import { connectorOf } from '../../sync/hub.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, body, done, refusals } from '../shapes.ts'
import { connectionChange, connectionParam, connectionSchema, newConnection } from './connection-shapes.ts'

const tags = ['connections']

const list = createRoute({
  method: 'get',
  path: '/connections',
  operationId: 'listConnections',
  tags,
  summary: 'All connections, by name',
  responses: { 200: answer(z.object({ items: z.array(connectionSchema) }), 'All of them.') },
})

const add = createRoute({
  method: 'post',
  path: '/connections',
  operationId: 'addConnection',
  tags,
  summary: 'Adds a connection with its credentials and the default schedule of its connector',
  request: { body: body(newConnection) },
  responses: { 201: answer(connectionSchema, 'It was added.'), ...refusals(400, 409) },
})

const read = createRoute({
  method: 'get',
  path: '/connections/{id}',
  operationId: 'readConnection',
  tags,
  summary: 'A connection, by id or name',
  request: { params: connectionParam },
  responses: { 200: answer(connectionSchema, 'The connection.'), ...refusals(404) },
})

const change = createRoute({
  method: 'patch',
  path: '/connections/{id}',
  operationId: 'changeConnection',
  tags,
  summary: 'Changes name, settings or guard rails',
  request: { params: connectionParam, body: body(connectionChange) },
  responses: { 200: answer(connectionSchema, 'As it is now.'), ...refusals(400, 404, 409) },
})

const setCredentials = createRoute({
  method: 'put',
  path: '/connections/{id}/credentials',
  operationId: 'replaceCredentials',
  tags,
  summary: 'Replaces the credentials; they are never shown again',
  request: { params: connectionParam, body: body(z.record(z.string(), z.unknown())) },
  responses: { 200: answer(done, 'They were replaced.'), ...refusals(400, 404) },
})

const test = createRoute({
  method: 'post',
  path: '/connections/{id}/test',
  operationId: 'testConnection',
  tags,
  summary: 'Proves that the connection works',
  request: { params: connectionParam },
  responses: {
    200: answer(z.object({ message: z.string() }), 'Whom we reached.'),
    ...refusals(404, 502),
  },
})

const pause = createRoute({
  method: 'post',
  path: '/connections/{id}/pause',
  operationId: 'pauseConnection',
  tags,
  summary: 'Stops everything of a connection; changes meanwhile wait',
  request: {
    params: connectionParam,
    body: body(z.strictObject({ reason: z.string().min(1).max(500).openapi({ example: 'Shop moves' }) })),
  },
  responses: { 200: answer(connectionSchema, 'As it is now.'), ...refusals(400, 404) },
})

const resume = createRoute({
  method: 'post',
  path: '/connections/{id}/resume',
  operationId: 'resumeConnection',
  tags,
  summary: 'Lets a connection go on',
  request: { params: connectionParam },
  responses: { 200: answer(connectionSchema, 'As it is now.'), ...refusals(404) },
})

export const connectionRoutes = ({ hub, act }: ApiContext) => {
  const find = (id: string) => findConnection(hub.db, id)
  const show = async (id: string) => showConnection(hub.db, hub.connectors, await find(id))
  return createRouter()
    .openapi(list, async (c) => {
      const all = await listConnections(hub.db)
      const items = await Promise.all(all.map((row) => showConnection(hub.db, hub.connectors, row)))
      return c.json({ items }, 200)
    })
    .openapi(add, async (c) => {
      const { connector: connectorId, ...input } = c.req.valid('json')
      const connector = hub.connectors.get(connectorId)
      if (!connector) throw new InputError(`No connector "${connectorId}" is installed.`, 'connector')
      const added = await transact(hub.db, (tx) => addConnection(tx, hub.key, connector, input, act()))
      // What can be mapped to is there before somebody looks for it.
      if (connector.kind === 'marketplace')
        await enqueueTask(hub.queue, { task: 'terms', connectionId: added.id })
      return c.json(await show(added.id), 201)
    })
    .openapi(read, async (c) => c.json(await show(c.req.valid('param').id), 200))
    .openapi(change, async (c) => {
      const connection = await find(c.req.valid('param').id)
      const connector = connectorOf(hub.connectors, connection)
      await transact(hub.db, (tx) => changeConnection(tx, connector, connection, c.req.valid('json'), act()))
      return c.json(await show(connection.id), 200)
    })
    .openapi(setCredentials, async (c) => {
      const connection = await find(c.req.valid('param').id)
      const connector = connectorOf(hub.connectors, connection)
      await transact(hub.db, (tx) =>
        replaceCredentials(tx, hub.key, connector, connection.id, c.req.valid('json'), act()),
      )
      return c.json({ ok: true as const }, 200)
    })
    .openapi(test, async (c) => {
      const connection = await find(c.req.valid('param').id)
      const connector = connectorOf(hub.connectors, connection)
      const client = await hub.openClient(connection, true)
      return c.json({ message: await connector.check(client) }, 200)
    })
    .openapi(pause, async (c) => {
      const connection = await find(c.req.valid('param').id)
      await transact(hub.db, (tx) => pauseConnection(tx, connection.id, c.req.valid('json').reason, act()))
      return c.json(await show(connection.id), 200)
    })
    .openapi(resume, async (c) => {
      const connection = await find(c.req.valid('param').id)
      await transact(hub.db, (tx) => resumeConnection(tx, connection.id, act()))
      return c.json(await show(connection.id), 200)
    })
}
