import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { tryGetContext } from 'hono/context-storage'
import { matchedRoutes } from 'hono/route'
import { identifyKey } from '../access/keys.ts'
import type { Access, Visitor } from '../access/open.ts'
import { identifySession, isSessionOpen, type Person } from '../access/sessions.ts'
import { ForbiddenError } from '../sdk/errors.ts'
import { isAtLeast, type Role } from '../sdk/role.ts'
import { refuse } from './errors.ts'
import { leastRoles } from './roles.ts'

/** Who asks: a person with a session, or a program with a key. */
export type Caller = {
  /** As the audit log writes it down. */
  actor: string
  role: Role
  person: Person | null
  /** The tags of the API that a key may call; null for all. */
  tags: readonly string[] | null
}
/** What the guard and the gate leave in the context of a request. */
type GateEnv = { Variables: { visitor: Visitor; caller: Caller; actor: string; role: Role } }

/** Whoever makes the request that is being answered; also in work that it started. @throws ForbiddenError when nobody does */
export function callerNow(): Caller {
  const caller = tryGetContext<GateEnv>()?.get('caller')
  if (!caller) throw new ForbiddenError('Nobody is signed in.')
  return caller
}

/** The person who makes the request. @throws ForbiddenError when it is a program */
export function personNow(): Person {
  const { person } = callerNow()
  if (!person) throw new ForbiddenError('An API key has no account of its own. Sign in as a person.')
  return person
}

export const visitorOf = (c: Context): Visitor => (c as Context<GateEnv>).get('visitor')

/** Hands cookies to the browser that asked. */
export function sendCookies(c: Context, cookies: readonly string[]): void {
  for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
}

/** Finds out who asks, by key or by session. */
export async function identify(c: Context, access: Access): Promise<Caller | null> {
  const key = c.req.header('x-api-key') ?? c.req.header('authorization')?.match(/^Bearer (.+)$/i)?.[1]
  if (key !== undefined) {
    const holder = await identifyKey(access.db, key, access.clock.now())
    return holder && { actor: `key:${holder.name}`, role: holder.role, person: null, tags: holder.tags }
  }
  const { answer: person, cookies } = await identifySession(access, visitorOf(c))
  sendCookies(c, cookies)
  return person && { actor: `user:${person.email}`, role: person.role, person, tags: null }
}

/** Whether whoever opened a long answer may still read it: their session or key holds. */
export async function isStillIn(c: Context, access: Access): Promise<boolean> {
  const { person } = callerNow()
  if (person) return isSessionOpen(access.db, person.sessionId, access.clock.now())
  return (await identify(c, access)) !== null
}

type Rule = { least: Role | 'public'; tag: string | null }

/** Asks everybody who they are and lets them through to what their role may do, before any handler runs. */
export function createGate(access: Access) {
  const rules = new Map<string, Rule>()

  const ruleOf = (c: Context): Rule => {
    for (const { method, path } of matchedRoutes(c)) {
      const rule = rules.get(`${method} ${path}`)
      if (rule) return rule
    }
    const { path, method } = c.req
    if (path.startsWith('/plugins/'))
      return { least: isReading(method) ? 'viewer' : 'operator', tag: 'plugins' }
    const isOurs = path === '/api' || path.startsWith('/api/') || path === '/openapi.json'
    return { least: isOurs ? 'viewer' : 'public', tag: null }
  }

  const middleware: MiddlewareHandler<GateEnv> = async (c, next) => {
    const { least, tag } = ruleOf(c)
    if (least === 'public') return next()
    const caller = await identify(c, access)
    if (!caller) return refuse(c, { status: 401, code: 'unauthorized', message: whoAreYou(c) })
    const reason = whyNot(caller, least, tag)
    if (reason) return refuse(c, { status: 403, code: 'forbidden', message: reason })
    c.set('caller', caller)
    c.set('actor', caller.actor)
    c.set('role', caller.role)
    return next()
  }

  /** Learns the operations of the finished API. @throws Error for one that the table of roles does not name */
  const close = (app: OpenAPIHono): void => {
    for (const definition of app.openAPIRegistry.definitions) {
      if (definition.type !== 'route') continue
      const { method, path, operationId, tags = [] } = definition.route
      const least = leastRoles[operationId ?? '']
      if (!least)
        throw new Error(`core/api/roles.ts says nothing of ${operationId} (${method.toUpperCase()} ${path}).`)
      const routed = path.replaceAll(/\/{(.+?)}/g, '/:$1')
      rules.set(`${method.toUpperCase()} ${routed}`, { least, tag: tags[0] ?? null })
    }
  }
  return { middleware, close }
}

/** The operations that a caller may use. */
export const operationsOf = ({ role, tags }: Caller, app: OpenAPIHono): string[] =>
  app.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return []
    const { operationId = '', tags: [tag = null] = [] } = definition.route
    const least = leastRoles[operationId]
    const may = least === 'public' || (least && whyNot({ role, tags }, least, tag) === null)
    return may ? [operationId] : []
  })

const isReading = (method: string) => method === 'GET' || method === 'HEAD'

function whoAreYou(c: Context): string {
  return c.req.header('x-api-key') || c.req.header('authorization')
    ? 'The API key does not work: it is unknown, was revoked, or has expired.'
    : 'Sign in first, or send an API key as x-api-key.'
}

function whyNot(
  { role, tags }: Pick<Caller, 'role' | 'tags'>,
  least: Role,
  tag: string | null,
): string | null {
  if (!isAtLeast(role, least)) return `This takes the role "${least}", and you have "${role}". Ask an admin.`
  if (tags !== null && tag !== null && !tags.includes(tag))
    return `The key may call ${tags.join(', ')} only, and this is ${tag}.`
  return null
}
