import { createOTP } from '@better-auth/utils/otp'
import { desc, eq, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  auditLog,
  authAccounts,
  authSessions,
  authTwoFactors,
  authUsers,
} from '../../core/db/schema/index.ts'
import { addPerson, cookiesOf, signInAs, testPassword } from '../support/callers.ts'
import { useDatabase } from '../support/database.ts'
import { type Answer, useApi } from './support.ts'

describe('signing in', () => {
  const database = useDatabase()
  const made = useApi(database)
  let email = ''
  let count = 0
  let userId: string
  beforeEach(async () => {
    const { db } = database()
    await db.execute(sql`truncate auth_sessions, auth_two_factors, auth_attempts`)
    count += 1
    email = `ada${count}@shop.example`
    userId = await addPerson(db, email, 'operator')
  })
  const ask = (method: string, path: string, json?: unknown, cookie = '') =>
    made().call(method, path, json, cookie)
  const tryPassword = (password: string, as = email) => ask('POST', '/api/session', { email: as, password })
  const setCookies = ({ headers }: Answer) => headers.getSetCookie()
  const cookieOf = ({ headers }: Answer) => cookiesOf({ headers } as Response)
  const audited = async (action: string) =>
    database().db.select().from(auditLog).where(eq(auditLog.action, action)).orderBy(desc(auditLog.id))

  test('the session is a cookie that no script reads, no other site sends, and no answer or table tells', async () => {
    const answer = await tryPassword(testPassword)
    expect(answer).toMatchObject({ status: 200, json: { state: 'signed_in' } })
    const [cookie] = setCookies(answer)
    expect(cookie).toMatch(/^entrepot\.session_token=/)
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Strict/i)
    const [row] = await database().db.select().from(authSessions)
    const value = decodeURIComponent(cookieOf(answer).split('=')[1]!)
    expect(value.startsWith(`${row!.token}.`)).toBe(true)
    const forged = `entrepot.session_token=${encodeURIComponent(`${row!.token}.${'A'.repeat(43)}=`)}`
    expect((await ask('GET', '/api/me', undefined, forged)).status).toBe(401)
    const me = await ask('GET', '/api/me', undefined, cookieOf(answer))
    expect(me.json).toMatchObject({
      actor: `user:${email}`,
      role: 'operator',
      account: { email, theme: 'auto' },
    })
    expect(me.json.operations).toContain('planShipment')
    expect(me.json.operations).not.toContain('approveProposal')
  })

  test('what a person changes bears their name, in the change and in the audit log', async () => {
    const cookie = await signInAs(made().api, email)
    const saved = await ask(
      'PUT',
      '/api/packagings',
      { code: 'S', name: 'Small box', lengthMm: 100, widthMm: 100, heightMm: 50, maxWeightGrams: 1000 },
      cookie,
    )
    expect(saved.status).toBe(200)
    expect(
      (await database().db.select().from(auditLog).orderBy(desc(auditLog.id)).limit(1))[0],
    ).toMatchObject({
      actor: `user:${email}`,
    })
  })

  test('a wrong password, an unknown address and a disabled account are answered alike', async () => {
    await database().db.update(authUsers).set({ disabledAt: new Date() }).where(eq(authUsers.id, userId))
    const disabled = await tryPassword(testPassword)
    await database().db.update(authUsers).set({ disabledAt: null }).where(eq(authUsers.id, userId))
    const wrong = await tryPassword('not the password')
    const unknown = await tryPassword(testPassword, 'nobody@shop.example')
    for (const answer of [disabled, wrong, unknown]) {
      expect(answer).toMatchObject({ status: 401, text: wrong.text })
      expect(setCookies(answer)).toEqual([])
    }
    const refused = await audited('session.refused')
    expect(refused.slice(0, 3).map(({ subject }) => subject)).toEqual(['unknown account', userId, userId])
    expect(JSON.stringify(refused)).not.toMatch(/not the password|nobody@/)
  })

  test('guessing ends after ten attempts on an account, however parallel, and says when to go on', async () => {
    const answers = await Promise.all(Array.from({ length: 14 }, () => tryPassword('not the password')))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
    const locked = answers.find(({ status }) => status === 429)!
    expect(locked.json.error).toMatchObject({
      code: 'too_many',
      message: expect.stringContaining('15 minutes'),
    })
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(800)
    expect((await tryPassword(testPassword)).status).toBe(429)
    expect(
      (await audited('session.refused')).filter(
        ({ after }) => (after as { reason: string }).reason === 'locked',
      ),
    ).toHaveLength(1)
    await database().db.execute(sql`update auth_attempts set since = since - interval '16 minutes'`)
    expect((await tryPassword(testPassword)).status).toBe(200)
    expect((await tryPassword('not the password')).status).toBe(401)
  })

  test('one address may not try account after account', async () => {
    await database().db.execute(sql`update auth_attempts set count = 100 where key like 'address:%'`)
    await tryPassword('once')
    await database().db.execute(sql`update auth_attempts set count = 100 where key like 'address:%'`)
    expect((await tryPassword(testPassword, 'somebody@shop.example')).status).toBe(429)
    expect((await ask('POST', '/api/links/read', { token: 'guess' })).status).toBe(429)
  })

  test('a session ends by signing out, by idling, and for who is disabled', async () => {
    const cookie = await signInAs(made().api, email)
    const other = await signInAs(made().api, email)
    const works = async (which: string) => (await ask('GET', '/api/me', undefined, which)).status === 200
    expect((await ask('DELETE', '/api/session', undefined, cookie)).status).toBe(200)
    expect([await works(cookie), await works(other)]).toEqual([false, true])
    await database()
      .db.update(authSessions)
      .set({ expiresAt: new Date(Date.now() - 1000) })
    expect(await works(other)).toBe(false)
    const third = await signInAs(made().api, email)
    await made().call('PATCH', `/api/users/${userId}`, { isDisabled: true, revision: 1 })
    expect(await works(third)).toBe(false)
  })

  test('using a session makes it last longer', async () => {
    const cookie = await signInAs(made().api, email)
    const soon = new Date(Date.now() + 60_000)
    await database().db.update(authSessions).set({ expiresAt: soon })
    const answer = await ask('GET', '/api/me', undefined, cookie)
    expect(setCookies(answer)[0]).toMatch(/^entrepot\.session_token=.*Max-Age=86400/)
    const [row] = await database().db.select().from(authSessions)
    expect(row!.expiresAt.getTime()).toBeGreaterThan(soon.getTime() + 3_600_000)
  })

  test('behind HTTPS the cookie travels by nothing else', async () => {
    const { createApi } = await import('../../core/api/app.ts')
    const { readReach } = await import('../../core/api/visitor.ts')
    const api = createApi(made().hub, { reach: readReach({ publicUrl: 'https://hub.example' }) })
    const signIn = (origin: string) =>
      api.request('/api/session', {
        method: 'POST',
        body: JSON.stringify({ email, password: testPassword }),
        headers: { host: 'hub.example', origin, 'content-type': 'application/json' },
      })
    expect((await signIn('https://evil.example')).status).toBe(403)
    const answer = await signIn('https://hub.example')
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Secure-entrepot\.session_token=.*; Secure/)
    const me = await api.request('/api/me', { headers: { host: 'hub.example', cookie: cookiesOf(answer) } })
    expect(me.status).toBe(200)
  })

  describe('with a second factor', () => {
    const codeOf = (uri: string) => createOTP(secretOf(uri)).totp()
    const secretOf = (uri: string) => {
      const base32 = new URL(uri).searchParams.get('secret')!
      const bits = [...base32]
        .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
        .join('')
      return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2))).toString()
    }
    const enable = async () => {
      const cookie = await signInAs(made().api, email)
      const setUp = await ask('POST', '/api/me/second-factor', { password: testPassword }, cookie)
      expect(setUp.status).toBe(200)
      const { uri, backupCodes } = setUp.json as { uri: string; backupCodes: string[] }
      const code = await codeOf(uri)
      const confirmed = await ask('POST', '/api/me/second-factor/confirm', { code }, cookie)
      expect(confirmed.status).toBe(200)
      return { uri, backupCodes, cookie: cookieOf(confirmed) }
    }
    const prove = (code: string, cookie: string, isBackupCode = false) =>
      ask('POST', '/api/session/code', { code, isBackupCode }, cookie)

    test('signing in takes the code of the app as well, and the password alone opens nothing', async () => {
      const { uri } = await enable()
      const half = await tryPassword(testPassword)
      expect(half).toMatchObject({ status: 200, json: { state: 'needs_code' } })
      expect((await ask('GET', '/api/me', undefined, cookieOf(half))).status).toBe(401)
      expect(await prove('000000', cookieOf(half))).toMatchObject({ status: 401 })
      const whole = await prove(await codeOf(uri), cookieOf(half))
      expect(whole).toMatchObject({ status: 200, json: { state: 'signed_in' } })
      const me = await ask('GET', '/api/me', undefined, cookieOf(whole))
      expect(me.json).toMatchObject({ account: { hasSecondFactor: true } })
    })

    test('a backup code works once', async () => {
      const { backupCodes } = await enable()
      const first = await tryPassword(testPassword)
      expect((await prove(backupCodes[0]!, cookieOf(first), true)).status).toBe(200)
      const second = await tryPassword(testPassword)
      expect((await prove(backupCodes[0]!, cookieOf(second), true)).status).toBe(401)
      expect((await prove(backupCodes[1]!, cookieOf(second), true)).status).toBe(200)
    })

    test('guessing codes locks the second factor, also across new sign-ins', async () => {
      const { uri } = await enable()
      for (let guess = 0; guess < 5; guess += 1)
        await prove('000000', cookieOf(await tryPassword(testPassword)))
      const half = await tryPassword(testPassword)
      expect(await prove(await codeOf(uri), cookieOf(half))).toMatchObject({
        status: 429,
        json: { error: { message: expect.stringContaining('15 minutes') } },
      })
      expect((await audited('session.refused')).length).toBeGreaterThan(4)
    })

    test('secret and codes are encrypted, and open with another key only after they were rotated', async () => {
      const { uri, backupCodes } = await enable()
      const [row] = await database().db.select().from(authTwoFactors)
      expect(JSON.stringify(row)).not.toContain(secretOf(uri))
      expect(JSON.stringify(row)).not.toContain(backupCodes[0]!)
      const { randomBytes } = await import('node:crypto')
      const { rotateAccessSecret, accessSecret } = await import('../../core/access/secret.ts')
      const { symmetricDecrypt } = await import('better-auth/crypto')
      const next = randomBytes(32)
      await database().db.transaction((tx) => rotateAccessSecret(tx, made().hub.key, next))
      const [rotated] = await database().db.select().from(authTwoFactors)
      expect(await symmetricDecrypt({ key: accessSecret(next), data: rotated!.secret })).toBe(secretOf(uri))
      await expect(
        symmetricDecrypt({ key: accessSecret(made().hub.key), data: rotated!.secret }),
      ).rejects.toThrow()
      expect(await database().db.select().from(authSessions)).toEqual([])
    })

    test('an admin takes a lost one away', async () => {
      const { cookie } = await enable()
      expect((await made().call('POST', `/api/users/${userId}/reset-second-factor`)).status).toBe(200)
      expect((await ask('GET', '/api/me', undefined, cookie)).status).toBe(401)
      expect(await tryPassword(testPassword)).toMatchObject({ json: { state: 'signed_in' } })
    })
  })

  test('another password needs the old one, signs other browsers out, and is kept as scrypt alone', async () => {
    const [cookie, other] = [await signInAs(made().api, email), await signInAs(made().api, email)]
    const change = (password: string, newPassword: string) =>
      ask('PUT', '/api/me/password', { password, newPassword }, cookie)
    expect(await change('wrong', 'four other random words')).toMatchObject({
      status: 400,
      json: { error: { field: 'password' } },
    })
    for (const weak of ['short', 'password1234', 'aaaaaaaaaaaaaa', email])
      expect(await change(testPassword, weak)).toMatchObject({
        status: 400,
        json: { error: { field: 'newPassword' } },
      })
    const changed = await change(testPassword, 'four other random words')
    expect(changed.status).toBe(200)
    expect((await ask('GET', '/api/me', undefined, other)).status).toBe(401)
    expect((await ask('GET', '/api/me', undefined, cookieOf(changed))).status).toBe(200)
    expect((await tryPassword('four other random words')).status).toBe(200)
    const [account] = await database().db.select().from(authAccounts).where(eq(authAccounts.userId, userId))
    expect(account!.password).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/)
    expect(JSON.stringify(await database().db.select().from(auditLog))).not.toContain('random words')
  })
})
