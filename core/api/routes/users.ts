import { createRoute, z } from '@hono/zod-openapi'
import type { NewLink } from '../../access/links.ts'
import {
  changeUser,
  inviteUser,
  listUsers,
  renewLink,
  resetSecondFactor,
  revokeSessions,
} from '../../access/users.ts'
import { transact } from '../../db/transact.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { linkPath } from '../links.ts'
import { answer, body, idParam, instant, refusals } from '../shapes.ts'
import { role, userSchema } from './user-shapes.ts'

const tags = ['users']
const params = idParam('usr_01k5')
const link = z.object({
  path: z.string().openapi({ description: 'To be put behind the address of the hub. Shown this once.' }),
  expiresAt: instant,
})
const name = z.string().trim().min(1).max(200).openapi({ example: 'Ada Lovelace' })

const list = createRoute({
  method: 'get',
  path: '/users',
  operationId: 'listUsers',
  tags,
  summary: 'Everybody who has or had an account, by e-mail address',
  responses: { 200: answer(z.object({ items: z.array(userSchema) }), 'All of them.') },
})

const invite = createRoute({
  method: 'post',
  path: '/users',
  operationId: 'inviteUser',
  tags,
  summary: 'Adds a person and answers with the one-time link to be sent to them',
  request: { body: body(z.strictObject({ email: z.email().max(200), name, role })) },
  responses: { 201: answer(z.object({ user: userSchema, link }), 'It was added.'), ...refusals(400, 409) },
})

const change = createRoute({
  method: 'patch',
  path: '/users/{id}',
  operationId: 'changeUser',
  tags,
  summary: 'Changes name or role, or lets a person in or not',
  request: {
    params,
    body: body(
      z.strictObject({
        name: name.optional(),
        role: role.optional(),
        isDisabled: z.boolean().optional(),
        revision: z.int().openapi({ description: 'The one that was edited: guards against a lost update.' }),
      }),
    ),
  },
  responses: { 200: answer(userSchema, 'As it is now.'), ...refusals(400, 404, 409) },
})

const renew = createRoute({
  method: 'post',
  path: '/users/{id}/link',
  operationId: 'renewUserLink',
  tags,
  summary: 'A new one-time link for a person: to join, or to choose another password',
  request: { params },
  responses: {
    200: answer(
      z.object({ purpose: z.enum(['first_admin', 'invitation', 'password_reset']), link }),
      'The link.',
    ),
    ...refusals(404, 409),
  },
})

const signOut = createRoute({
  method: 'post',
  path: '/users/{id}/sign-out',
  operationId: 'revokeUserSessions',
  tags,
  summary: 'Signs a person out everywhere',
  request: { params },
  responses: { 200: answer(z.object({ ended: z.number() }), 'So many sessions ended.'), ...refusals(404) },
})

const reset = createRoute({
  method: 'post',
  path: '/users/{id}/reset-second-factor',
  operationId: 'resetUserSecondFactor',
  tags,
  summary: 'Takes the second factor away from a person who lost it',
  request: { params },
  responses: { 200: answer(userSchema, 'As it is now.'), ...refusals(404) },
})

const showLink = ({ token, expiresAt }: NewLink) => ({ path: linkPath(token), expiresAt })

export const userRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(list, async (c) => c.json({ items: await listUsers(hub.db) }, 200))
    .openapi(invite, async (c) => {
      const made = await transact(hub.db, (tx) => inviteUser(tx, c.req.valid('json'), act()))
      return c.json({ user: made.user, link: showLink(made.link) }, 201)
    })
    .openapi(change, async (c) => {
      const { id } = c.req.valid('param')
      return c.json(await transact(hub.db, (tx) => changeUser(tx, id, c.req.valid('json'), act())), 200)
    })
    .openapi(renew, async (c) => {
      const made = await transact(hub.db, (tx) => renewLink(tx, c.req.valid('param').id, act()))
      return c.json({ purpose: made.purpose, link: showLink(made.link) }, 200)
    })
    .openapi(signOut, async (c) => {
      const { id } = c.req.valid('param')
      return c.json({ ended: await transact(hub.db, (tx) => revokeSessions(tx, id, act())) }, 200)
    })
    .openapi(reset, async (c) => {
      const { id } = c.req.valid('param')
      return c.json(await transact(hub.db, (tx) => resetSecondFactor(tx, id, act())), 200)
    })
