import { eq } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { authUsers } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import { forgiveAttempts } from './attempts.ts'
import type { Auth } from './auth.ts'
import { type Access, headersOf, refusalCode, type Visitor, type WithCookies, withAuth } from './open.ts'
import { assertPassword } from './password.ts'
import type { Person } from './sessions.ts'
import { takeAttempts } from './sign-in.ts'
import { type User, userOf } from './users.ts'

export type Account = User & { locale: string | null; theme: 'light' | 'dark' | 'auto' }

/** A person's own account. @throws NotFoundError */
export async function readAccount(db: DbOrTx, userId: string): Promise<Account> {
  const [row] = await db.select().from(authUsers).where(eq(authUsers.id, userId))
  if (!row) throw new NotFoundError(`There is no user ${userId}.`)
  return { ...userOf(row), locale: row.locale, theme: row.theme }
}

export type Preferences = {
  name?: string | undefined
  locale?: string | null | undefined
  theme?: Account['theme'] | undefined
}

/** Changes what a person may choose for themself. */
export async function changeAccount(tx: Tx, userId: string, wanted: Preferences, act: Act): Promise<Account> {
  const before = await readAccount(tx, userId)
  const { name = before.name, locale = before.locale, theme = before.theme } = wanted
  await tx.update(authUsers).set({ name, locale, theme, updatedAt: act.now }).where(eq(authUsers.id, userId))
  await appendAudit(tx, act, {
    action: 'account.changed',
    subject: userId,
    before: { name: before.name, locale: before.locale, theme: before.theme },
    after: { name, locale, theme },
  })
  return readAccount(tx, userId)
}

/** Runs what takes a person's own password or code, and writes it into the audit log. @throws InputError, LockedError */
async function prove<Answer>(
  access: Access,
  visitor: Visitor,
  person: Person,
  action: string,
  call: (api: Auth['api'], headers: Headers) => Promise<{ headers: Headers; response: Answer }>,
): Promise<WithCookies<Answer>> {
  const attempt = { kind: 'account', subject: person.email } as const
  await takeAttempts(access, visitor, [attempt], person.email)
  try {
    return await withAuth(access, visitor, async (auth, tx) => {
      const { headers, response } = await call(auth.api, headersOf(visitor))
      const act = { actor: `user:${person.email}`, now: access.clock.now() }
      await appendAudit(tx, act, { action, subject: person.id })
      await forgiveAttempts(tx, [attempt])
      return { answer: response, cookies: headers.getSetCookie() }
    })
  } catch (error) {
    throw refusals[refusalCode(error) ?? '']?.() ?? error
  }
}

const refusals: Record<string, () => Error> = {
  INVALID_PASSWORD: () => new InputError('This is not your password.', 'password'),
  INVALID_CODE: () => new InputError('The code is wrong. Take the one that the app shows now.', 'code'),
  TOTP_ALREADY_ENABLED: () => new ConflictError('You have a second factor already. Switch it off first.'),
  TOTP_NOT_ENABLED: () => new ConflictError('Begin with setting up the second factor.'),
  TWO_FACTOR_NOT_ENABLED: () => new ConflictError('You have no second factor.'),
}

/** Chooses another password; every other browser is signed out. */
export async function changePassword(
  access: Access,
  visitor: Visitor,
  person: Person,
  { password, newPassword }: { password: string; newPassword: string },
): Promise<string[]> {
  assertPassword(newPassword, person.email, 'newPassword')
  const body = { currentPassword: password, newPassword, revokeOtherSessions: true }
  const { cookies } = await prove(access, visitor, person, 'account.password_changed', (api, headers) =>
    api.changePassword({ body, headers, returnHeaders: true }),
  )
  return cookies
}

export type SecondFactorSetup = { uri: string; backupCodes: string[] }

/** Begins a second factor: it counts once a code of it was told. Uri and codes are shown this once. */
export async function setUpSecondFactor(
  access: Access,
  visitor: Visitor,
  person: Person,
  password: string,
): Promise<SecondFactorSetup> {
  const { answer } = await prove(access, visitor, person, 'account.second_factor_begun', (api, headers) =>
    api.enableTwoFactor({ body: { password }, headers, returnHeaders: true }),
  )
  if (answer.method !== 'totp')
    throw new Error('better-auth set up another second factor than was asked for.')
  return { uri: answer.totpURI, backupCodes: answer.backupCodes }
}

/** Proves that the app shows the right codes: from now on signing in takes one. */
export async function confirmSecondFactor(
  access: Access,
  visitor: Visitor,
  person: Person,
  code: string,
): Promise<string[]> {
  const { cookies } = await prove(access, visitor, person, 'account.second_factor_on', (api, headers) =>
    api.verifyTOTP({ body: { code }, headers, returnHeaders: true }),
  )
  return cookies
}

export async function removeSecondFactor(
  access: Access,
  visitor: Visitor,
  person: Person,
  password: string,
): Promise<string[]> {
  const { cookies } = await prove(access, visitor, person, 'account.second_factor_off', (api, headers) =>
    api.disableTwoFactor({ body: { password }, headers, returnHeaders: true }),
  )
  return cookies
}

/** New backup codes; the old ones no longer work. */
export async function renewBackupCodes(
  access: Access,
  visitor: Visitor,
  person: Person,
  password: string,
): Promise<string[]> {
  const { answer } = await prove(access, visitor, person, 'account.backup_codes_renewed', (api, headers) =>
    api.generateBackupCodes({ body: { password }, headers, returnHeaders: true }),
  )
  return answer.backupCodes
}
