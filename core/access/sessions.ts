import { and, desc, eq, gt, isNull, ne } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { authSessions, authUsers } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { NotFoundError } from '../sdk/errors.ts'
import type { Role } from '../sdk/role.ts'
import { cookiePrefix } from './auth.ts'
import { type Access, headersOf, type Visitor, type WithCookies } from './open.ts'

/** A person who is signed in, with the session they are signed in by. */
export type Person = { id: string; email: string; role: Role; sessionId: string }

/** Who is signed in in a browser; null when nobody is. The cookies make the session last longer now and then. */
export async function identifySession(access: Access, visitor: Visitor): Promise<WithCookies<Person | null>> {
  if (!visitor.cookies.includes(`${cookiePrefix}.session_token`)) return { answer: null, cookies: [] }
  const { headers, response } = await access
    .authOf(visitor)
    .api.getSession({ headers: headersOf(visitor), returnHeaders: true })
  const cookies = headers.getSetCookie()
  if (!response || response.user.disabledAt) return { answer: null, cookies }
  const { id, email, role } = response.user
  return { answer: { id, email, role: role as Role, sessionId: response.session.id }, cookies }
}

/** Whether a session that was found before still holds. Looking does not make it last longer. */
export async function isSessionOpen(db: DbOrTx, sessionId: string, now: Date): Promise<boolean> {
  const [found] = await db
    .select({ id: authSessions.id })
    .from(authSessions)
    .innerJoin(authUsers, eq(authUsers.id, authSessions.userId))
    .where(and(eq(authSessions.id, sessionId), gt(authSessions.expiresAt, now), isNull(authUsers.disabledAt)))
  return found !== undefined
}

export type Session = {
  id: string
  address: string | null
  userAgent: string | null
  startedAt: Date
  /** To ten minutes. */
  usedAt: Date
  expiresAt: Date
}

/** Where a person is signed in, the last used first. */
export async function listSessions(db: DbOrTx, userId: string): Promise<Session[]> {
  return db
    .select({
      id: authSessions.id,
      address: authSessions.ipAddress,
      userAgent: authSessions.userAgent,
      startedAt: authSessions.createdAt,
      usedAt: authSessions.updatedAt,
      expiresAt: authSessions.expiresAt,
    })
    .from(authSessions)
    .where(and(eq(authSessions.userId, userId), gt(authSessions.expiresAt, new Date())))
    .orderBy(desc(authSessions.updatedAt))
}

/** Ends a session of a person. @throws NotFoundError */
export async function endSession(tx: Tx, userId: string, sessionId: string, act: Act): Promise<void> {
  const isIt = and(eq(authSessions.userId, userId), eq(authSessions.id, sessionId))
  const ended = await tx.delete(authSessions).where(isIt).returning({ id: authSessions.id })
  if (ended.length === 0)
    throw new NotFoundError(`There is no session ${sessionId}. It may have ended already.`)
  await appendAudit(tx, act, { action: 'session.revoked', subject: userId, after: { sessionId } })
}

/** Ends all sessions of a person but the one that is kept. Returns how many. */
export async function endOtherSessions(tx: Tx, userId: string, keptId: string, act: Act): Promise<number> {
  const isOther = and(eq(authSessions.userId, userId), ne(authSessions.id, keptId))
  const ended = await tx.delete(authSessions).where(isOther).returning({ id: authSessions.id })
  await appendAudit(tx, act, {
    action: 'session.revoked',
    subject: userId,
    after: { sessions: ended.length },
  })
  return ended.length
}
