import { beforeAll, describe, expect, test } from 'vitest'
import { leastRoles } from '../../core/api/roles.ts'
import { isAtLeast, type Role, roles } from '../../core/sdk/role.ts'
import { addPerson, makeKey, signInAs } from '../support/callers.ts'
import { useDatabase } from '../support/database.ts'
import { type TestApi, useApi } from './support.ts'

type Operation = { id: string; method: string; path: string; tag: string }
type Ask = (operation: Operation) => Promise<number>

const bodies: Record<string, string> = { POST: '[]', PUT: '[]', PATCH: '[]' }

/** Asks in a way that changes nothing: of things that nobody has, with a body that nothing takes. */
const asking =
  ({ api }: TestApi, headers: Record<string, string>): Ask =>
  async ({ method, path }) => {
    const init = bodies[method] === undefined ? {} : { body: bodies[method] }
    const answer = await api.request(path.replaceAll(/\{\w+\}/g, 'nobody'), {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...init,
    })
    return answer.status
  }

const isRefused = (status: number) => status === 401 || status === 403

describe('who may call what: every operation, asked by everybody', () => {
  const database = useDatabase()
  const made = useApi(database)
  let operations: Operation[]
  beforeAll(async () => {
    const { json } = await made().call('GET', '/openapi.json')
    operations = Object.entries(
      json.paths as Record<string, Record<string, { operationId: string; tags: string[] }>>,
    )
      .flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({
          id: operation.operationId,
          tag: operation.tags[0]!,
          method: method.toUpperCase(),
          path,
        })),
      )
      // Whoever signs out may ask nothing afterwards.
      .sort((a, b) => Number(a.id === 'signOut') - Number(b.id === 'signOut'))
  })

  /** Who was let through to what they may not, or kept from what they may. */
  const findWrong = async (ask: Ask, may: (operation: Operation) => boolean): Promise<string[]> => {
    const wrong: string[] = []
    for (const operation of operations) {
      // A wrong signature, code or link is refused too, for reasons of its own.
      if (leastRoles[operation.id] === 'public') continue
      const status = await ask(operation)
      if (isRefused(status) === may(operation)) wrong.push(`${operation.id}: ${status}`)
    }
    return wrong
  }

  test('nobody who is not signed in gets past what is public, and is told to sign in', async () => {
    const wrong: string[] = []
    // An empty cookie: a browser without a session.
    const ask = asking(made(), { cookie: '' })
    for (const operation of operations) {
      const status = await ask(operation)
      const isPublic = leastRoles[operation.id] === 'public'
      if ((status === 401) === isPublic && operation.id !== 'receiveWebhook')
        wrong.push(`${operation.id}: ${status}`)
    }
    expect(wrong).toEqual([])
    expect(await ask({ id: '', tag: '', method: 'GET', path: '/api/nothing' })).toBe(401)
    expect(await ask({ id: '', tag: '', method: 'GET', path: '/openapi.json' })).toBe(401)
    expect(await ask({ id: '', tag: '', method: 'POST', path: '/plugins/shop-notes/notes' })).toBe(401)
  })

  test.each(roles)('a person who is %s may do what takes that role or less', async (role: Role) => {
    const email = `${role}@shop.example`
    await addPerson(database().db, email, role)
    const cookie = await signInAs(made().api, email)
    const may = ({ id }: Operation) => isAtLeast(role, leastRoles[id] as Role)
    expect(await findWrong(asking(made(), { cookie }), may)).toEqual([])
  })

  test('a key does no more than its scope says', async () => {
    const { db } = database()
    const key = await makeKey(db, { name: 'stock of the warehouse', role: 'operator', tags: ['stock'] })
    const may = ({ id, tag }: Operation) => tag === 'stock' && isAtLeast('operator', leastRoles[id] as Role)
    expect(await findWrong(asking(made(), { 'x-api-key': key }), may)).toEqual([])
    const bearer = asking(made(), { cookie: '', authorization: `Bearer ${key}` })
    expect(await bearer(operations.find(({ id }) => id === 'listStock')!)).toBe(200)
  })

  test('below a plugin a viewer reads, an operator writes, and a key needs the tag for it', async () => {
    const { db } = database()
    const ask = (key: string, method: string, path = '/plugins/shop-notes/notes') =>
      asking(made(), { 'x-api-key': key })({ id: '', tag: '', method, path })
    const viewer = await makeKey(db, { role: 'viewer' })
    const operator = await makeKey(db, { role: 'operator' })
    const other = await makeKey(db, { role: 'admin', name: 'orders only', tags: ['orders'] })
    expect(await ask(viewer, 'GET')).toBe(200)
    expect(await ask(viewer, 'POST')).toBe(403)
    expect(isRefused(await ask(operator, 'POST'))).toBe(false)
    expect(await ask(other, 'GET')).toBe(403)
    expect(await ask(other, 'GET', '/api/orders')).toBe(200)
  })
})
