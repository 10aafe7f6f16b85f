import { createHash, randomBytes } from 'node:crypto'
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { authAccounts, authLinks, authSessions, authUsers } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import { assertPassword, hashPassword } from './password.ts'

const hourMs = 3_600_000
const lifeMs = { first_admin: 24 * hourMs, invitation: 7 * 24 * hourMs, password_reset: 24 * hourMs } as const
export type LinkPurpose = keyof typeof lifeMs

/** Held while the first admin is made, so that there is one. */
const firstAdminLock = 7_203_010

export type NewLink = { token: string; expiresAt: Date }

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')
const gone = () =>
  new NotFoundError('This link was used already, was replaced, or has expired. Ask an admin for a new one.')

/** Makes a link that works once; an earlier one for the same purpose stops working. Only its hash is kept. */
export async function makeLink(
  tx: Tx,
  purpose: LinkPurpose,
  userId: string | null,
  act: Act,
): Promise<NewLink> {
  await tx
    .delete(authLinks)
    .where(
      and(
        eq(authLinks.purpose, purpose),
        userId === null ? isNull(authLinks.userId) : eq(authLinks.userId, userId),
      ),
    )
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(act.now.getTime() + lifeMs[purpose])
  await tx.insert(authLinks).values({
    tokenHash: hashOf(token),
    purpose,
    userId,
    createdBy: act.actor,
    createdAt: act.now,
    expiresAt,
  })
  return { token, expiresAt }
}

/** While nobody can sign in: a new link that makes the first admin. Null once somebody can. */
export async function makeFirstAdminLink(tx: Tx, act: Act): Promise<NewLink | null> {
  return (await isSetUp(tx)) ? null : makeLink(tx, 'first_admin', null, act)
}

/** Whether there is anybody who can sign in. */
export async function isSetUp(db: DbOrTx): Promise<boolean> {
  const [someone] = await db
    .select({ id: authUsers.id })
    .from(authUsers)
    .where(eq(authUsers.emailVerified, true))
    .limit(1)
  return someone !== undefined
}

/** What a link is for, and for whom. @throws NotFoundError when it does not work (any more) */
export async function readLink(db: DbOrTx, token: string, now: Date) {
  const [found] = await db
    .select({
      purpose: authLinks.purpose,
      expiresAt: authLinks.expiresAt,
      email: authUsers.email,
      name: authUsers.name,
    })
    .from(authLinks)
    .leftJoin(authUsers, eq(authUsers.id, authLinks.userId))
    .where(and(eq(authLinks.tokenHash, hashOf(token)), gt(authLinks.expiresAt, now)))
  if (!found) throw gone()
  return found
}

export type Redemption = {
  token: string
  password: string
  name?: string | undefined
  email?: string | undefined
}

/**
 * Follows a link: the person has a password then, and the link is used up. Returns the e-mail address to sign in with.
 * @throws NotFoundError, InputError naming the field, ConflictError when the first admin is there already
 */
export async function redeemLink(tx: Tx, redemption: Redemption, now: Date): Promise<{ email: string }> {
  const { token, password } = redemption
  const { purpose } = await readLink(tx, token, now)
  if (purpose === 'first_admin') {
    await tx.execute(sql`select pg_advisory_xact_lock(${firstAdminLock})`)
    if (await isSetUp(tx)) throw new ConflictError('The first admin is there already. Ask for an invitation.')
  }
  // Deleting decides between two who follow it at once.
  const [link] = await tx
    .delete(authLinks)
    .where(eq(authLinks.tokenHash, hashOf(token)))
    .returning()
  if (!link) throw gone()
  const user =
    purpose === 'first_admin'
      ? await addFirstAdmin(tx, redemption, now)
      : await settle(tx, link.userId!, redemption, now)
  assertPassword(password, user.email)
  const hash = await hashPassword(password)
  await tx
    .insert(authAccounts)
    .values({
      id: newId('acc', now.getTime()),
      accountId: user.id,
      providerId: 'credential',
      userId: user.id,
      password: hash,
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoUpdate({
      target: [authAccounts.userId, authAccounts.providerId],
      set: { password: hash, updatedAt: now },
    })
  await tx.delete(authSessions).where(eq(authSessions.userId, user.id))
  const actions = {
    first_admin: 'user.added',
    invitation: 'user.joined',
    password_reset: 'user.password_reset',
  }
  await appendAudit(
    tx,
    { actor: `user:${user.email}`, now },
    { action: actions[purpose], subject: user.id, after: { email: user.email, role: user.role } },
  )
  return { email: user.email }
}

async function addFirstAdmin(tx: Tx, { name, email }: Redemption, now: Date) {
  if (!email) throw new InputError('An e-mail address is needed to sign in with.', 'email')
  if (!name) throw new InputError('A name is needed.', 'name')
  const values = {
    name,
    role: 'admin' as const,
    emailVerified: true,
    disabledAt: null,
    createdAt: now,
    updatedAt: now,
  }
  const [added] = await tx
    .insert(authUsers)
    .values({ id: newId('usr', now.getTime()), email: email.toLowerCase(), ...values })
    .onConflictDoUpdate({ target: authUsers.email, set: values })
    .returning()
  return added!
}

async function settle(tx: Tx, userId: string, { name }: Redemption, now: Date) {
  const [user] = await tx
    .update(authUsers)
    .set({ emailVerified: true, updatedAt: now, ...(name ? { name } : {}) })
    .where(and(eq(authUsers.id, userId), isNull(authUsers.disabledAt)))
    .returning()
  if (!user) throw gone()
  return user
}
