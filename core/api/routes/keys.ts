import { createRoute, z } from '@hono/zod-openapi'
import { type ApiKey, createKey, listKeys, revokeKey } from '../../access/keys.ts'
import { transact } from '../../db/transact.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { personNow } from '../gate.ts'
import { answer, body, done, givenInstant, idParam, instant, refusals } from '../shapes.ts'
import { role } from './user-shapes.ts'

const tags = ['keys']

const keySchema = z
  .object({
    id: z.string().openapi({ example: 'key_01k5' }),
    name: z.string().openapi({ example: 'Prometheus' }),
    start: z.string().openapi({ description: 'How the key begins.' }),
    owner: z.string().openapi({ description: 'Who made it: it may never do more than they may.' }),
    role,
    tags: z
      .array(z.string())
      .nullable()
      .openapi({ description: 'The parts of the API it may call; null for all.' }),
    state: z.enum(['works', 'expired', 'revoked']),
    createdAt: instant,
    expiresAt: instant.nullable(),
    lastUsedAt: instant.nullable().openapi({ description: 'To the minute.' }),
    revokedAt: instant.nullable(),
  })
  .openapi('ApiKey')

const list = createRoute({
  method: 'get',
  path: '/keys',
  operationId: 'listKeys',
  tags,
  summary: 'All API keys, also those that no longer work',
  responses: { 200: answer(z.object({ items: z.array(keySchema) }), 'By name.') },
})

const create = createRoute({
  method: 'post',
  path: '/keys',
  operationId: 'createKey',
  tags,
  summary: 'Makes an API key; it is shown in this answer and never again',
  request: {
    body: body(
      z.strictObject({
        name: z.string().trim().min(1).max(100),
        role,
        tags: z.array(z.string().max(50)).min(1).max(50).nullable().optional(),
        expiresAt: givenInstant.nullable().optional(),
      }),
    ),
  },
  responses: {
    201: answer(z.object({ id: z.string(), key: z.string() }), 'Keep it: only its hash stays here.'),
    ...refusals(400, 403, 409),
  },
})

const revoke = createRoute({
  method: 'delete',
  path: '/keys/{id}',
  operationId: 'revokeKey',
  tags,
  summary: 'Ends an API key at once',
  request: { params: idParam('key_01k5') },
  responses: { 200: answer(done, 'It was revoked.'), ...refusals(404, 409) },
})

export const keyRoutes = ({ hub, act }: ApiContext) => {
  const show = ({ ownerId: _, ...key }: ApiKey) => {
    const isExpired = key.expiresAt !== null && key.expiresAt <= hub.clock.now()
    return {
      ...key,
      state: key.revokedAt ? ('revoked' as const) : isExpired ? ('expired' as const) : ('works' as const),
    }
  }
  return createRouter()
    .openapi(list, async (c) => c.json({ items: (await listKeys(hub.db)).map(show) }, 200))
    .openapi(create, async (c) => {
      const { id } = personNow()
      const made = await transact(hub.db, (tx) => createKey(tx, c.req.valid('json'), id, act()))
      return c.json(made, 201)
    })
    .openapi(revoke, async (c) => {
      await transact(hub.db, (tx) => revokeKey(tx, c.req.valid('param').id, act()))
      return c.json({ ok: true as const }, 200)
    })
}
