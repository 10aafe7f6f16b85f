import { Hono } from 'hono'
import { createKey } from '../../core/access/keys.ts'
import { redeemLink } from '../../core/access/links.ts'
import { findUser, inviteUser } from '../../core/access/users.ts'
import type { Api } from '../../core/api/app.ts'
import type { Db } from '../../core/db/client.ts'
import { NotFoundError } from '../../core/sdk/errors.ts'
import type { Role } from '../../core/sdk/role.ts'
import { testAct } from './hub.ts'

export const testPassword = 'a password for tests'

/** A person who can sign in with the password of the tests. Returns their id. */
export async function addPerson(db: Db, email: string, role: Role): Promise<string> {
  const { user, link } = await db.transaction((tx) => inviteUser(tx, { email, name: email, role }, testAct()))
  await db.transaction((tx) => redeemLink(tx, { token: link.token, password: testPassword }, new Date()))
  return user.id
}

/** A key of an admin, who is added where there is none. */
export async function makeKey(
  db: Db,
  {
    role = 'admin',
    name = `tests as ${role}`,
    tags = null,
  }: { role?: Role; name?: string; tags?: string[] | null },
): Promise<string> {
  const email = 'owner@tests.example'
  const { id } = await findUser(db, email).catch(async (error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error
    const added = await db.transaction((tx) =>
      inviteUser(tx, { email, name: 'Owner', role: 'admin' }, testAct()),
    )
    return added.user
  })
  const { key } = await db.transaction((tx) => createKey(tx, { name, role, tags }, id, testAct()))
  return key
}

/** Signs a person in through the API itself. Returns the Cookie header of their browser. */
export async function signInAs(api: Api, email: string, password = testPassword): Promise<string> {
  const answer = await api.request('/api/session', {
    method: 'POST',
    body: JSON.stringify({ email, password }),
    headers: { 'content-type': 'application/json' },
  })
  if (answer.status !== 200) throw new Error(`${email} could not sign in: ${await answer.text()}`)
  return cookiesOf(answer)
}

/** The Cookie header that a browser sends after an answer. */
export const cookiesOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

/** Routes of a plugin alone, as an admin who is signed in asks them. */
// biome-ignore lint/suspicious/noExplicitAny: each plugin has its own Hono environment.
export const asAdmin = (routes: Hono<any>, actor = 'user:anna@shop.example') =>
  new Hono<{ Variables: { actor: string; role: Role } }>()
    .use(async (c, next) => {
      c.set('actor', actor)
      c.set('role', 'admin')
      await next()
    })
    .route('/', routes)

const keys = new WeakMap<Db, Promise<string>>()
const keyOfTests = (db: Db): Promise<string> => {
  const made = keys.get(db) ?? makeKey(db, { name: 'tests' })
  keys.set(db, made)
  return made
}

/** The API as `key:tests`, an admin's program, calls it; a request that brings a key or cookie of its own keeps it. */
export function withKey<Called extends Pick<Api, 'request' | 'fetch'>>(api: Called, db: Db): Called {
  const request = async (input: string | URL | Request, init: RequestInit = {}, env?: object) => {
    const headers = new Headers(init.headers)
    if (!headers.has('x-api-key') && !headers.has('cookie')) headers.set('x-api-key', await keyOfTests(db))
    return api.request(input, { ...init, headers }, env)
  }
  // What a server passes on, so that a browser of a test is `key:tests` until it signs in.
  const fetch: Called['fetch'] = async (asked, ...rest) => {
    if (!asked.headers.has('x-api-key') && !asked.headers.has('cookie'))
      asked.headers.set('x-api-key', await keyOfTests(db))
    return api.fetch(asked, ...rest)
  }
  return new Proxy(api, {
    get(target, name) {
      if (name === 'request') return request
      if (name === 'fetch') return fetch
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
