import { and, asc, eq, isNull, ne, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { describeLastChange } from '../audit/read.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { authLinks, authSessions, authTwoFactors, authUsers } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import type { Role } from '../sdk/role.ts'
import { type LinkPurpose, makeLink, type NewLink } from './links.ts'

export type User = {
  id: string
  name: string
  email: string
  role: Role
  /** `invited` until the one-time link was followed. */
  state: 'invited' | 'active' | 'disabled'
  hasSecondFactor: boolean
  lastSignInAt: Date | null
  createdAt: Date
  revision: number
}

type Row = typeof authUsers.$inferSelect

export const userOf = (row: Row): User => ({
  id: row.id,
  name: row.name,
  email: row.email,
  role: row.role,
  state: row.disabledAt ? 'disabled' : row.emailVerified ? 'active' : 'invited',
  hasSecondFactor: row.twoFactorEnabled ?? false,
  lastSignInAt: row.lastSignInAt,
  createdAt: row.createdAt,
  revision: row.revision,
})

/** Everybody who has or had an account, by e-mail address. */
export async function listUsers(db: DbOrTx): Promise<User[]> {
  return (await db.select().from(authUsers).orderBy(asc(authUsers.email))).map(userOf)
}

/** A person by id or e-mail address. @throws NotFoundError */
export async function findUser(db: DbOrTx, idOrEmail: string): Promise<User> {
  const column = idOrEmail.includes('@') ? authUsers.email : authUsers.id
  const [found] = await db.select().from(authUsers).where(eq(column, idOrEmail.toLowerCase()))
  if (!found) throw new NotFoundError(`There is no user ${idOrEmail}.`)
  return userOf(found)
}

export type Invitation = { email: string; name: string; role: Role }

/** Adds a person who has not signed in yet, with the link to do so. @throws ConflictError when the address is known */
export async function inviteUser(
  tx: Tx,
  { email, name, role }: Invitation,
  act: Act,
): Promise<{ user: User; link: NewLink }> {
  const address = email.trim().toLowerCase()
  if (!/^[^@\s]+@[^@\s]+$/.test(address)) throw new InputError(`"${email}" is no e-mail address.`, 'email')
  const [added] = await tx
    .insert(authUsers)
    .values({
      id: newId('usr', act.now.getTime()),
      email: address,
      name: name.trim() || address,
      role,
      createdAt: act.now,
      updatedAt: act.now,
    })
    .onConflictDoNothing()
    .returning()
  if (!added) throw new ConflictError(`There is a user ${address} already. Make a new link for them instead.`)
  await appendAudit(tx, act, { action: 'user.invited', subject: added.id, after: { email: address, role } })
  return { user: userOf(added), link: await makeLink(tx, 'invitation', added.id, act) }
}

/** A new link for a person: to join, or to choose another password. @throws ConflictError when they are disabled */
export async function renewLink(
  tx: Tx,
  id: string,
  act: Act,
): Promise<{ user: User; purpose: LinkPurpose; link: NewLink }> {
  const user = await findUser(tx, id)
  if (user.state === 'disabled')
    throw new ConflictError(`${user.email} is disabled. Enable the account first.`)
  const purpose = user.state === 'invited' ? 'invitation' : 'password_reset'
  await appendAudit(tx, act, { action: 'user.link_made', subject: user.id, after: { purpose } })
  return { user, purpose, link: await makeLink(tx, purpose, user.id, act) }
}

export type UserChange = {
  name?: string | undefined
  role?: Role | undefined
  isDisabled?: boolean | undefined
  /** The one that was edited; left out, the change is made whatever was there. */
  revision?: number | undefined
}

/**
 * Changes a name or a role, or lets a person in or not. Who is disabled is signed out everywhere, and their keys rest.
 * @throws NotFoundError, ConflictError when it was changed meanwhile or nobody would be left to manage the hub
 */
export async function changeUser(tx: Tx, id: string, change: UserChange, act: Act): Promise<User> {
  const [before] = await tx.select().from(authUsers).where(eq(authUsers.id, id)).for('update')
  if (!before) throw new NotFoundError(`There is no user ${id}.`)
  const { name = before.name, role = before.role, revision = before.revision } = change
  if (revision !== before.revision)
    throw new ConflictError(`${before.email} was changed meanwhile${await describeLastChange(tx, id)}.`)
  const isDisabled = change.isDisabled ?? before.disabledAt !== null
  if (before.role === 'admin' && before.disabledAt === null && (isDisabled || role !== 'admin'))
    await assertOtherAdmin(tx, before)
  const [after] = await tx
    .update(authUsers)
    .set({
      name,
      role,
      disabledAt: isDisabled ? (before.disabledAt ?? act.now) : null,
      revision: before.revision + 1,
      updatedAt: act.now,
    })
    .where(eq(authUsers.id, id))
    .returning()
  if (isDisabled) {
    await tx.delete(authSessions).where(eq(authSessions.userId, id))
    await tx.delete(authLinks).where(eq(authLinks.userId, id))
  }
  await appendAudit(tx, act, {
    action: 'user.changed',
    subject: id,
    before: { name: before.name, role: before.role, isDisabled: before.disabledAt !== null },
    after: { name, role, isDisabled },
  })
  return userOf(after!)
}

/** Two admins who demote each other wait for one another here, and the second finds nobody left. */
async function assertOtherAdmin(tx: Tx, { id, email }: Row): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${lastAdminLock})`)
  const [other] = await tx
    .select({ id: authUsers.id })
    .from(authUsers)
    .where(
      and(
        eq(authUsers.role, 'admin'),
        isNull(authUsers.disabledAt),
        eq(authUsers.emailVerified, true),
        ne(authUsers.id, id),
      ),
    )
    .limit(1)
  if (!other)
    throw new ConflictError(`${email} is the only admin who can sign in. Make somebody else an admin first.`)
}
const lastAdminLock = 7_203_011

/** Signs a person out everywhere. Returns how many sessions ended. */
export async function revokeSessions(tx: Tx, id: string, act: Act): Promise<number> {
  const user = await findUser(tx, id)
  const ended = await tx
    .delete(authSessions)
    .where(eq(authSessions.userId, user.id))
    .returning({ id: authSessions.id })
  await appendAudit(tx, act, {
    action: 'user.signed_out',
    subject: user.id,
    after: { sessions: ended.length },
  })
  return ended.length
}

/** Takes the second factor away from a person who lost it; they are signed out everywhere. */
export async function resetSecondFactor(tx: Tx, id: string, act: Act): Promise<User> {
  const { id: userId } = await findUser(tx, id)
  await tx.delete(authTwoFactors).where(eq(authTwoFactors.userId, userId))
  const [after] = await tx
    .update(authUsers)
    .set({ twoFactorEnabled: false, revision: sql`${authUsers.revision} + 1`, updatedAt: act.now })
    .where(eq(authUsers.id, userId))
    .returning()
  await tx.delete(authSessions).where(eq(authSessions.userId, userId))
  await appendAudit(tx, act, { action: 'user.second_factor_reset', subject: userId })
  return userOf(after!)
}
