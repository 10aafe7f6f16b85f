import { and, eq, lt } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { Tx } from '../db/client.ts'
import { authSessions, authUsers, authVerifications } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import { type Attempt, forgiveAttempts, LockedError, takeAttempt } from './attempts.ts'
import { cookiePrefix, secondFactorLock } from './auth.ts'
import { type Access, headersOf, refusalCode, type Visitor, type WithCookies, withAuth } from './open.ts'

/** What came of an attempt to sign in. */
export type SignIn = { state: 'signed_in' | 'needs_code' | 'refused'; message: string | null }

/** One answer for all that can be wrong, so that nobody learns who has an account. */
const refused: SignIn = { state: 'refused', message: 'The e-mail address or the password is wrong.' }
const done: SignIn = { state: 'signed_in', message: null }
const stranger = 'anonymous'

/** Signs a person in by e-mail address and password. @throws LockedError */
export async function signIn(
  access: Access,
  visitor: Visitor,
  { email, password }: { email: string; password: string },
): Promise<WithCookies<SignIn>> {
  const account = email.toLowerCase()
  const attempts = [
    { kind: 'address', subject: visitor.address },
    { kind: 'account', subject: account },
  ] as const
  await takeAttempts(access, visitor, attempts, account)
  const now = access.clock.now()
  return withAuth(access, visitor, async (auth, tx) => {
    try {
      const { response, headers } = await auth.api.signInEmail({
        body: { email: account, password },
        headers: headersOf(visitor),
        returnHeaders: true,
      })
      const cookies = headers.getSetCookie()
      if (!('user' in response))
        return { answer: { state: 'needs_code', message: null } satisfies SignIn, cookies }
      await forgiveAttempts(tx, attempts)
      await recordSignIn(tx, visitor, { id: response.user.id, email: account }, now)
      return { answer: done, cookies }
    } catch (error) {
      if (!isRefusal(refusalCode(error))) throw error
      await recordRefusal(tx, visitor, account, 'password', now)
      return { answer: refused, cookies: [] }
    }
  })
}

/** better-auth's words for a wrong password and for an account that may not sign in. */
const isRefusal = (code: string | null): boolean =>
  code === 'INVALID_EMAIL_OR_PASSWORD' || code === 'INVALID_EMAIL' || code === 'FAILED_TO_CREATE_SESSION'

export type SecondFactor = { code: string; isBackupCode: boolean }

const wrongCode: Record<string, string> = {
  INVALID_CODE: 'The code is wrong. Take the one that the app shows now.',
  INVALID_BACKUP_CODE: 'This backup code is wrong or was used already.',
  INVALID_TWO_FACTOR_COOKIE: 'This sign-in has expired. Start again with your password.',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'Too many wrong codes. Start again with your password.',
  FAILED_TO_CREATE_SESSION: 'This sign-in has expired. Start again with your password.',
  TOTP_NOT_ENABLED: 'This sign-in has expired. Start again with your password.',
  BACKUP_CODES_NOT_ENABLED: 'There are no backup codes for this account. Use the app.',
}

/** The second step of signing in, where a person has a second factor. @throws LockedError */
export async function proveSecondFactor(
  access: Access,
  visitor: Visitor,
  { code, isBackupCode }: SecondFactor,
): Promise<WithCookies<SignIn>> {
  const attempts = [{ kind: 'address', subject: visitor.address }] as const
  await takeAttempts(access, visitor, attempts, null)
  const now = access.clock.now()
  // What it counts must stay counted: a refusal is an answer here and rolls nothing back.
  const outcome = await withAuth(access, visitor, async (auth, tx) => {
    const user = await findChallenged(tx, visitor)
    const request = { body: { code }, headers: headersOf(visitor), returnHeaders: true } as const
    try {
      const { headers } = isBackupCode
        ? await auth.api.verifyBackupCode(request)
        : await auth.api.verifyTOTP(request)
      await forgiveAttempts(tx, [
        ...attempts,
        ...(user ? [{ kind: 'account', subject: user.email } as const] : []),
      ])
      if (user) await recordSignIn(tx, visitor, user, now)
      return { answer: done, cookies: headers.getSetCookie() }
    } catch (error) {
      const reason = refusalCode(error)
      const isLocked = reason === 'ACCOUNT_TEMPORARILY_LOCKED'
      const message = reason === null ? undefined : wrongCode[reason]
      if (!isLocked && message === undefined) throw error
      if (user) await recordRefusal(tx, visitor, user.email, isLocked ? 'locked' : 'code', now)
      return isLocked
        ? null
        : { answer: { state: 'refused', message: message! } satisfies SignIn, cookies: [] }
    }
  })
  if (outcome === null)
    throw new LockedError(new Date(now.getTime() + secondFactorLock.minutes * 60_000), now, false)
  return outcome
}

/** Whose second factor is asked for. better-auth checks the signature of the cookie; this is for the records. */
async function findChallenged(tx: Tx, { cookies }: Visitor): Promise<{ id: string; email: string } | null> {
  const value = cookies.match(new RegExp(`${cookiePrefix}\\.two_factor=([^;]+)`))?.[1]
  const [identifier = ''] = decodeURIComponent(value ?? '').split('.')
  const [found] = await tx
    .select({ id: authUsers.id, email: authUsers.email })
    .from(authVerifications)
    .innerJoin(authUsers, eq(authUsers.id, authVerifications.value))
    .where(eq(authVerifications.identifier, identifier))
  return found ?? null
}

/** Ends the session of a browser. */
export async function signOut(access: Access, visitor: Visitor, email: string): Promise<string[]> {
  return withAuth(access, visitor, async (auth, tx) => {
    const { headers } = await auth.api.signOut({ headers: headersOf(visitor), returnHeaders: true })
    const act = { actor: `user:${email}`, now: access.clock.now() }
    await appendAudit(tx, act, { action: 'session.ended', subject: email })
    return headers.getSetCookie()
  })
}

/** Counts attempts; the first one too many of a quarter of an hour is audited. @throws LockedError */
export async function takeAttempts(
  { db, clock }: Access,
  visitor: Visitor,
  attempts: readonly Attempt[],
  account: string | null,
): Promise<void> {
  const now = clock.now()
  try {
    for (const attempt of attempts) await takeAttempt(db, attempt, now)
  } catch (error) {
    if (error instanceof LockedError && error.isFirst)
      await transact(db, (tx) => recordRefusal(tx, visitor, account, 'locked', now))
    throw error
  }
}

async function recordSignIn(
  tx: Tx,
  { address }: Visitor,
  { id, email }: { id: string; email: string },
  now: Date,
): Promise<void> {
  await tx.update(authUsers).set({ lastSignInAt: now }).where(eq(authUsers.id, id))
  await tx
    .delete(authSessions)
    .where(and(eq(authSessions.userId, id), lt(authSessions.expiresAt, new Date())))
  await appendAudit(
    tx,
    { actor: `user:${email}`, now },
    { action: 'session.started', subject: id, after: { address } },
  )
}

/** Names the account only where there is one: in place of an address people may have typed a password. */
async function recordRefusal(
  tx: Tx,
  { address }: Visitor,
  account: string | null,
  reason: 'password' | 'code' | 'locked',
  now: Date,
): Promise<void> {
  const [user] = await tx
    .select({ id: authUsers.id })
    .from(authUsers)
    .where(eq(authUsers.email, account ?? ''))
  await appendAudit(
    tx,
    { actor: stranger, now },
    { action: 'session.refused', subject: user?.id ?? 'unknown account', after: { reason, address } },
  )
}
