import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { makeFirstAdminLink } from '../../core/access/links.ts'
import { changeUser } from '../../core/access/users.ts'
import { auditLog, authLinks, authUsers } from '../../core/db/schema/index.ts'
import { propose } from '../../core/proposals/proposals.ts'
import { addPerson, makeKey, signInAs, testPassword } from '../support/callers.ts'
import { cloneDatabase, useDatabase } from '../support/database.ts'
import { testAct } from '../support/hub.ts'
import { useApi } from './support.ts'

describe('the first admin', () => {
  const database = useDatabase()
  const made = useApi(database)
  const redeem = (token: string, rest: object = {}) =>
    made().call('POST', '/api/links/redeem', { token, password: testPassword, ...rest }, '')
  const link = async (now = new Date()) =>
    (await database().db.transaction((tx) => makeFirstAdminLink(tx, { actor: 'start', now })))!

  test('is made by the newest link of the log, once, while nobody can sign in', async () => {
    const expired = await link(new Date(Date.now() - 25 * 3_600_000))
    expect((await redeem(expired.token)).status).toBe(404)
    const replaced = await link()
    const { token } = await link()
    const first = { name: 'Ada', email: 'Ada@Shop.example' }
    expect((await redeem(replaced.token, first)).status).toBe(404)
    expect(await database().db.select().from(authLinks)).toHaveLength(1)
    expect(JSON.stringify(await database().db.select().from(authLinks))).not.toContain(token)
    expect((await made().call('POST', '/api/links/read', { token }, '')).json).toMatchObject({
      purpose: 'first_admin',
    })
    expect((await redeem(token)).json.error.field).toBe('email')
    expect((await redeem(token, { ...first, password: 'short' })).json.error.field).toBe('password')
    expect((await made().call('GET', '/api/session', undefined, '')).json).toEqual({
      isSignedIn: false,
      isSetUp: false,
    })
    const both = await Promise.all([
      redeem(token, first),
      redeem(token, { ...first, email: 'eve@shop.example' }),
    ])
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await redeem(token, first)).status).toBe(404)
    const users = await database().db.select().from(authUsers)
    expect(users).toMatchObject([{ role: 'admin', emailVerified: true }])
    expect(await database().db.transaction((tx) => makeFirstAdminLink(tx, testAct()))).toBeNull()
  })
})

describe('people and their roles', () => {
  const database = useDatabase()
  const made = useApi(database)

  test('an invitation lets its person in with their own password, and nobody signs up without one', async () => {
    const invite = (email: string) =>
      made().call('POST', '/api/users', { email, name: 'Grace', role: 'operator' })
    const invited = await invite('Grace@shop.example')
    expect(invited).toMatchObject({
      status: 201,
      json: { user: { email: 'grace@shop.example', state: 'invited' } },
    })
    expect((await invite('grace@SHOP.example')).status).toBe(409)
    const token = invited.json.link.path.split('#')[1]
    const joined = await made().call(
      'POST',
      '/api/links/redeem',
      { token, password: testPassword, name: 'Grace H.' },
      '',
    )
    expect(joined.json).toEqual({ email: 'grace@shop.example' })
    const cookie = await signInAs(made().api, 'grace@shop.example')
    expect((await made().call('GET', '/api/me', undefined, cookie)).json).toMatchObject({
      role: 'operator',
      account: { name: 'Grace H.', state: 'active' },
    })
    for (const path of ['/api/auth/sign-up/email', '/sign-up/email', '/api/auth/sign-in/email'])
      expect(
        (await made().call('POST', path, { email: 'eve@shop.example', password: testPassword, name: 'Eve' }))
          .status,
      ).toBe(404)
  })

  test('a new role counts at the next request; who edited an older state is told who was first', async () => {
    const id = await addPerson(database().db, 'mia@shop.example', 'manager')
    const cookie = await signInAs(made().api, 'mia@shop.example')
    const pause = () => made().call('POST', '/api/connections/none/pause', { reason: 'x' }, cookie)
    expect((await pause()).status).toBe(404)
    const demote = () => made().call('PATCH', `/api/users/${id}`, { role: 'viewer', revision: 1 })
    expect((await demote()).status).toBe(200)
    expect((await pause()).status).toBe(403)
    expect((await demote()).json.error).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('by key:tests'),
    })
    const [entry] = await database().db.select().from(auditLog).where(eq(auditLog.action, 'user.changed'))
    expect(entry).toMatchObject({ subject: id, before: { role: 'manager' }, after: { role: 'viewer' } })
  })

  test('the last admin who can sign in stays one, also when two demote each other at once', async () => {
    const { database: other, drop } = await cloneDatabase()
    const [ada, bob] = [
      await addPerson(other.db, 'ada@a.example', 'admin'),
      await addPerson(other.db, 'bob@a.example', 'admin'),
    ]
    const demote = (id: string) =>
      other.db.transaction((tx) => changeUser(tx, id, { role: 'viewer' }, testAct()))
    const outcomes = await Promise.allSettled([demote(ada), demote(bob)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const admins = await other.db.select().from(authUsers).where(eq(authUsers.role, 'admin'))
    expect(admins).toHaveLength(1)
    const disable = () =>
      other.db.transaction((tx) => changeUser(tx, admins[0]!.id, { isDisabled: true }, testAct()))
    await expect(disable()).rejects.toThrow(/only admin/)
    await drop()
  })

  test('a key is shown once, kept as a hash, never more than its owner, and ends when it is revoked', async () => {
    await addPerson(database().db, 'another@shop.example', 'admin')
    const ownerId = await addPerson(database().db, 'owner@shop.example', 'admin')
    const cookie = await signInAs(made().api, 'owner@shop.example')
    const create = (json: object) =>
      made().call('POST', '/api/keys', { name: 'ERP', role: 'manager', ...json }, cookie)
    const { status, json } = await create({})
    expect(status).toBe(201)
    expect((await create({})).status).toBe(409)
    expect((await create({ name: 'Late', expiresAt: '2020-01-01T00:00:00Z' })).json.error.field).toBe(
      'expiresAt',
    )
    const list = await made().call('GET', '/api/keys')
    expect(list.text).not.toContain(json.key)
    expect(list.json.items).toContainEqual(
      expect.objectContaining({ name: 'ERP', state: 'works', owner: 'owner@shop.example' }),
    )
    const pause = async () =>
      (
        await made().api.request('/api/connections/none/pause', {
          method: 'POST',
          body: '{"reason":"x"}',
          headers: { 'x-api-key': json.key, 'content-type': 'application/json' },
        })
      ).status
    expect(await pause()).toBe(404)
    const change = (wanted: object) =>
      database().db.transaction((tx) => changeUser(tx, ownerId, wanted, testAct()))
    await change({ role: 'viewer' })
    expect(await pause()).toBe(403)
    await change({ role: 'admin', isDisabled: true })
    expect(await pause()).toBe(401)
    await change({ isDisabled: false })
    expect(await pause()).toBe(404)
    expect((await made().call('DELETE', `/api/keys/${json.id}`)).status).toBe(200)
    expect(await pause()).toBe(401)
    expect((await made().call('DELETE', `/api/keys/${json.id}`)).status).toBe(409)
  })
})

describe('a second person', () => {
  const database = useDatabase()
  const made = useApi(database)
  const open = (actor: string) =>
    database().db.transaction((tx) =>
      propose(
        tx,
        {
          kind: 'price_step',
          key: `k${Math.random()}`,
          title: 'A step',
          reason: 'r',
          diff: [],
          payload: { steps: [] },
        },
        { actor, now: new Date() },
      ),
    )
  const approve = async (id: string, who: { cookie?: string; key?: string }) => {
    const headers: Record<string, string> = who.key ? { 'x-api-key': who.key } : { cookie: who.cookie! }
    const answer = await made().api.request(`/api/proposals/${id}/approve`, { method: 'POST', headers })
    return { status: answer.status, text: await answer.text() }
  }

  test('approves what a person proposed, unless an admin has switched that off', async () => {
    const { db } = database()
    await addPerson(db, 'ada@shop.example', 'manager')
    await addPerson(db, 'bob@shop.example', 'manager')
    const [ada, bob] = [
      await signInAs(made().api, 'ada@shop.example'),
      await signInAs(made().api, 'bob@shop.example'),
    ]
    const key = await makeKey(db, { role: 'manager', name: 'robot' })
    const own = await open('user:ada@shop.example')
    expect((await made().call('GET', `/api/proposals/${own}`)).json).toMatchObject({
      status: 'open',
      needsSecondPerson: true,
    })
    expect(await approve(own, { cookie: ada })).toMatchObject({
      status: 403,
      text: expect.stringContaining('another manager'),
    })
    expect(await approve(own, { key })).toMatchObject({
      status: 403,
      text: expect.stringContaining('a person has to'),
    })
    const refusedByRule = async (actor: string, who: object) =>
      (await approve(await open(actor), who)).status === 403
    expect(await refusedByRule('key:robot', { key })).toBe(true)
    expect(await refusedByRule('user:ada@shop.example', { cookie: bob })).toBe(false)
    expect(await refusedByRule('key:robot', { cookie: bob })).toBe(false)
    for (const actor of ['hub', 'plugin:slow-sellers', 'api'])
      expect(await refusedByRule(actor, { cookie: ada })).toBe(false)
    expect(
      (await made().call('PUT', '/api/settings', { needsSecondPerson: false, revision: 0 }, bob)).status,
    ).toBe(403)
    expect(
      (await made().call('PUT', '/api/settings', { needsSecondPerson: false, revision: 0 })).status,
    ).toBe(200)
    expect((await made().call('PUT', '/api/settings', { needsSecondPerson: true, revision: 0 })).status).toBe(
      409,
    )
    expect((await approve(own, { cookie: ada })).status).not.toBe(403)
  })
})
