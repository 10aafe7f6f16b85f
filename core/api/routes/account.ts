import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import {
  changeAccount,
  changePassword,
  confirmSecondFactor,
  readAccount,
  removeSecondFactor,
  renewBackupCodes,
  setUpSecondFactor,
} from '../../access/account.ts'
import { endOtherSessions, endSession, listSessions } from '../../access/sessions.ts'
import { transact } from '../../db/transact.ts'
import { roles } from '../../sdk/role.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { callerNow, operationsOf, personNow, sendCookies, visitorOf } from '../gate.ts'
import { answer, body, done, idParam, instant, refusals } from '../shapes.ts'
import { userSchema } from './user-shapes.ts'

const tags = ['account']
const password = z.string().min(1).max(500)
const ownPassword = body(z.strictObject({ password }))
const backupCodes = z.array(z.string()).openapi({ description: 'Each works once. They are shown this once.' })

const account = userSchema
  .extend({ locale: z.string().nullable(), theme: z.enum(['light', 'dark', 'auto']) })
  .openapi('Account')

const me = z.object({
  actor: z.string().openapi({ example: 'user:ada@shop.example' }),
  role: z.enum(roles),
  account: account.nullable().openapi({ description: 'Null for an API key.' }),
  operations: z.array(z.string()).openapi({ description: 'What the caller may use, by operationId.' }),
})

const route = <Path extends string, Rest extends object>(path: Path, rest: Rest) => ({ path, tags, ...rest })

const read = createRoute({
  ...route('/me', { operationId: 'readMe', summary: 'Who is signed in, and what they may do' }),
  method: 'get',
  responses: { 200: answer(me, 'The caller.') },
})

const change = createRoute({
  ...route('/me', { operationId: 'changeMe', summary: 'Changes what everybody may choose for themself' }),
  method: 'patch',
  request: {
    body: body(
      z.strictObject({
        name: z.string().trim().min(1).max(200).optional(),
        locale: z.string().max(35).nullable().optional().openapi({ example: 'de' }),
        theme: z.enum(['light', 'dark', 'auto']).optional(),
      }),
    ),
  },
  responses: { 200: answer(account, 'As it is now.'), ...refusals(400, 403) },
})

const setPassword = createRoute({
  ...route('/me/password', {
    operationId: 'changePassword',
    summary: 'Chooses another password; every other browser is signed out',
  }),
  method: 'put',
  request: { body: body(z.strictObject({ password, newPassword: z.string().max(500) })) },
  responses: { 200: answer(done, 'It was changed.'), ...refusals(400, 403, 429) },
})

const listAll = createRoute({
  ...route('/me/sessions', { operationId: 'listMySessions', summary: 'Where one is signed in' }),
  method: 'get',
  responses: {
    200: answer(
      z.object({
        items: z.array(
          z.object({
            id: z.string(),
            address: z.string().nullable(),
            userAgent: z.string().nullable(),
            startedAt: instant,
            usedAt: instant.openapi({ description: 'To ten minutes.' }),
            expiresAt: instant,
            isThis: z.boolean(),
          }),
        ),
      }),
      'The last used first.',
    ),
    ...refusals(403),
  },
})

const endOne = createRoute({
  ...route('/me/sessions/{id}', { operationId: 'endMySession', summary: 'Signs one browser out' }),
  method: 'delete',
  request: { params: idParam('ses_01k5') },
  responses: { 200: answer(done, 'It was signed out.'), ...refusals(403, 404) },
})

const endOthers = createRoute({
  ...route('/me/sessions/end-others', {
    operationId: 'endMyOtherSessions',
    summary: 'Signs every other browser out',
  }),
  method: 'post',
  responses: { 200: answer(z.object({ ended: z.number() }), 'So many were signed out.'), ...refusals(403) },
})

const setUp = createRoute({
  ...route('/me/second-factor', {
    operationId: 'setUpSecondFactor',
    summary: 'Begins a second factor (TOTP); it counts once a code was confirmed',
  }),
  method: 'post',
  request: { body: ownPassword },
  responses: {
    200: answer(
      z.object({
        uri: z.string().openapi({ description: 'otpauth://, for the app of the phone.' }),
        backupCodes,
      }),
      'Shown this once.',
    ),
    ...refusals(400, 403, 409, 429),
  },
})

const confirm = createRoute({
  ...route('/me/second-factor/confirm', {
    operationId: 'confirmSecondFactor',
    summary: 'Proves that the app shows the right codes: from now on signing in takes one',
  }),
  method: 'post',
  request: {
    body: body(z.strictObject({ code: z.string().trim().min(1).max(20).openapi({ example: '123456' }) })),
  },
  responses: { 200: answer(done, 'The second factor is on.'), ...refusals(400, 403, 409, 429) },
})

const remove = createRoute({
  ...route('/me/second-factor/remove', {
    operationId: 'removeSecondFactor',
    summary: 'Switches the second factor off',
  }),
  method: 'post',
  request: { body: ownPassword },
  responses: { 200: answer(done, 'It is off.'), ...refusals(400, 403, 409, 429) },
})

const renew = createRoute({
  ...route('/me/backup-codes', {
    operationId: 'renewBackupCodes',
    summary: 'New backup codes; the old ones no longer work',
  }),
  method: 'post',
  request: { body: ownPassword },
  responses: { 200: answer(z.object({ backupCodes }), 'Shown this once.'), ...refusals(400, 403, 409, 429) },
})

const ok = { ok: true } as const

/** `app` is the whole API, for what a caller may do with it. */
export const accountRoutes = ({ hub, access, act }: ApiContext, app: () => OpenAPIHono) =>
  createRouter()
    .openapi(read, async (c) => {
      const caller = callerNow()
      const { actor, role, person } = caller
      return c.json(
        {
          actor,
          role,
          account: person && (await readAccount(hub.db, person.id)),
          operations: operationsOf(caller, app()),
        },
        200,
      )
    })
    .openapi(change, async (c) => {
      const { id } = personNow()
      return c.json(await transact(hub.db, (tx) => changeAccount(tx, id, c.req.valid('json'), act())), 200)
    })
    .openapi(setPassword, async (c) => {
      sendCookies(c, await changePassword(access, visitorOf(c), personNow(), c.req.valid('json')))
      return c.json(ok, 200)
    })
    .openapi(listAll, async (c) => {
      const { id, sessionId } = personNow()
      const found = await listSessions(hub.db, id)
      return c.json({ items: found.map((one) => ({ ...one, isThis: one.id === sessionId })) }, 200)
    })
    .openapi(endOne, async (c) => {
      const { id } = personNow()
      await transact(hub.db, (tx) => endSession(tx, id, c.req.valid('param').id, act()))
      return c.json(ok, 200)
    })
    .openapi(endOthers, async (c) => {
      const { id, sessionId } = personNow()
      return c.json(
        { ended: await transact(hub.db, (tx) => endOtherSessions(tx, id, sessionId, act())) },
        200,
      )
    })
    .openapi(setUp, async (c) =>
      c.json(await setUpSecondFactor(access, visitorOf(c), personNow(), c.req.valid('json').password), 200),
    )
    .openapi(confirm, async (c) => {
      sendCookies(c, await confirmSecondFactor(access, visitorOf(c), personNow(), c.req.valid('json').code))
      return c.json(ok, 200)
    })
    .openapi(remove, async (c) => {
      const cookies = await removeSecondFactor(
        access,
        visitorOf(c),
        personNow(),
        c.req.valid('json').password,
      )
      sendCookies(c, cookies)
      return c.json(ok, 200)
    })
    .openapi(renew, async (c) => {
      const { password: own } = c.req.valid('json')
      return c.json({ backupCodes: await renewBackupCodes(access, visitorOf(c), personNow(), own) }, 200)
    })
