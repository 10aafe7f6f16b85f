import { createRoute, z } from '@hono/zod-openapi'
import { takeAttempt } from '../../access/attempts.ts'
import { isSetUp, readLink, redeemLink } from '../../access/links.ts'
import { proveSecondFactor, signIn, signOut } from '../../access/sign-in.ts'
import { transact } from '../../db/transact.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { identify, personNow, sendCookies, visitorOf } from '../gate.ts'
import { answer, body, done, instant, refusals } from '../shapes.ts'

const tags = ['session']
const password = z.string().min(1).max(500).openapi({ example: 'four random words here' })
const email = z.email().max(200).openapi({ example: 'ada@shop.example' })
const token = z.string().min(1).max(200)

const read = createRoute({
  method: 'get',
  path: '/session',
  operationId: 'readSession',
  tags,
  summary: 'Whether somebody is signed in, and whether there is anybody who could',
  responses: {
    200: answer(
      z.object({
        isSignedIn: z.boolean(),
        isSetUp: z.boolean().openapi({ description: 'False until the first admin has a password.' }),
      }),
      'The state.',
    ),
  },
})

const start = createRoute({
  method: 'post',
  path: '/session',
  operationId: 'signIn',
  tags,
  summary: 'Signs in with e-mail address and password; the session is a cookie',
  request: { body: body(z.strictObject({ email, password })) },
  responses: {
    200: answer(
      z.object({ state: z.enum(['signed_in', 'needs_code']) }),
      'Signed in, or a code of the second factor is asked for.',
    ),
    ...refusals(400, 401, 429),
  },
})

const prove = createRoute({
  method: 'post',
  path: '/session/code',
  operationId: 'proveSecondFactor',
  tags,
  summary: 'Tells the code of the second factor that signing in asked for',
  request: {
    body: body(
      z.strictObject({
        code: z.string().trim().min(1).max(50).openapi({ example: '123456' }),
        isBackupCode: z.boolean().default(false),
      }),
    ),
  },
  responses: {
    200: answer(z.object({ state: z.literal('signed_in') }), 'Signed in.'),
    ...refusals(400, 401, 429),
  },
})

const end = createRoute({
  method: 'delete',
  path: '/session',
  operationId: 'signOut',
  tags,
  summary: 'Ends the session of this browser',
  responses: { 200: answer(done, 'Signed out.'), ...refusals(401, 403) },
})

const look = createRoute({
  method: 'post',
  path: '/links/read',
  operationId: 'readLink',
  tags,
  summary: 'What a one-time link is for, and for whom',
  request: { body: body(z.strictObject({ token })) },
  responses: {
    200: answer(
      z.object({
        purpose: z.enum(['first_admin', 'invitation', 'password_reset']),
        email: z.string().nullable(),
        name: z.string().nullable(),
        expiresAt: instant,
      }),
      'The link works.',
    ),
    ...refusals(400, 404, 429),
  },
})

const redeem = createRoute({
  method: 'post',
  path: '/links/redeem',
  operationId: 'redeemLink',
  tags,
  summary: 'Follows a one-time link: chooses a password, and with it joins',
  request: {
    body: body(
      z.strictObject({
        token,
        password: z.string().max(500),
        name: z.string().trim().min(1).max(200).optional(),
        email: email.optional().openapi({ description: 'Of the first admin only; others have theirs.' }),
      }),
    ),
  },
  responses: {
    200: answer(z.object({ email: z.string() }), 'Sign in with this address now.'),
    ...refusals(400, 404, 409, 429),
  },
})

export const sessionRoutes = ({ hub, access }: ApiContext) =>
  createRouter()
    .openapi(read, async (c) => {
      const caller = await identify(c, access)
      return c.json({ isSignedIn: caller !== null, isSetUp: await isSetUp(hub.db) }, 200)
    })
    .openapi(start, async (c) => {
      const { answer: outcome, cookies } = await signIn(access, visitorOf(c), c.req.valid('json'))
      sendCookies(c, cookies)
      const { state, message } = outcome
      if (state === 'refused')
        return c.json({ error: { code: 'unauthorized' as const, message: message! } }, 401)
      return c.json({ state }, 200)
    })
    .openapi(prove, async (c) => {
      const { answer: outcome, cookies } = await proveSecondFactor(access, visitorOf(c), c.req.valid('json'))
      sendCookies(c, cookies)
      const { state, message } = outcome
      if (state !== 'signed_in')
        return c.json({ error: { code: 'unauthorized' as const, message: message! } }, 401)
      return c.json({ state }, 200)
    })
    .openapi(end, async (c) => {
      sendCookies(c, await signOut(access, visitorOf(c), personNow().email))
      return c.json({ ok: true as const }, 200)
    })
    .openapi(look, async (c) => {
      await takeAttempt(hub.db, { kind: 'address', subject: visitorOf(c).address }, hub.clock.now())
      return c.json(await readLink(hub.db, c.req.valid('json').token, hub.clock.now()), 200)
    })
    .openapi(redeem, async (c) => {
      const now = hub.clock.now()
      await takeAttempt(hub.db, { kind: 'address', subject: visitorOf(c).address }, now)
      return c.json(await transact(hub.db, (tx) => redeemLink(tx, c.req.valid('json'), now)), 200)
    })
