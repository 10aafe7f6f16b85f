import { createHash, randomBytes } from 'node:crypto'
import { and, asc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { authApiKeys, authUsers } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import { lesserRole, type Role } from '../sdk/role.ts'

/** Every key begins with it, so that one that leaked is found by who looks for it. */
const keyPrefix = 'entrepot_'
/** How exactly the last use is known: writing it at each call would make parallel calls of a key wait. */
const useSeconds = 60

export type ApiKey = Omit<typeof authApiKeys.$inferSelect, 'keyHash'> & { owner: string }
export type NewKey = {
  name: string
  role: Role
  tags?: string[] | null | undefined
  expiresAt?: Date | null | undefined
}

const hashOf = (key: string) => createHash('sha256').update(key).digest('hex')

/** Makes a key for programs. The key itself is told here once; only its hash is kept. */
export async function createKey(
  tx: Tx,
  { name, role, tags = null, expiresAt = null }: NewKey,
  ownerId: string,
  act: Act,
): Promise<{ key: string; id: string }> {
  if (name.trim() === '') throw new InputError('A key needs a name that says what uses it.', 'name')
  if (expiresAt && expiresAt <= act.now)
    throw new InputError('The key would have expired already.', 'expiresAt')
  const key = `${keyPrefix}${randomBytes(32).toString('base64url')}`
  const [added] = await tx
    .insert(authApiKeys)
    .values({
      id: newId('key', act.now.getTime()),
      name: name.trim(),
      keyHash: hashOf(key),
      start: key.slice(0, keyPrefix.length + 4),
      ownerId,
      role,
      tags,
      expiresAt,
      createdAt: act.now,
    })
    .onConflictDoNothing()
    .returning({ id: authApiKeys.id })
  if (!added)
    throw new ConflictError(`There is a key "${name.trim()}" already. Revoke it or choose another name.`)
  await appendAudit(tx, act, {
    action: 'key.created',
    subject: added.id,
    after: { name, role, tags, expiresAt },
  })
  return { key, id: added.id }
}

/** All keys, also those that no longer work, by name. */
export async function listKeys(db: DbOrTx): Promise<ApiKey[]> {
  const found = await db
    .select({ key: authApiKeys, owner: authUsers.email })
    .from(authApiKeys)
    .innerJoin(authUsers, eq(authUsers.id, authApiKeys.ownerId))
    .orderBy(asc(authApiKeys.name), asc(authApiKeys.id))
  return found.map(({ key: { keyHash: _, ...key }, owner }) => ({ ...key, owner }))
}

/** Ends a key at once. @throws NotFoundError, ConflictError when it was ended before */
export async function revokeKey(tx: Tx, id: string, act: Act): Promise<void> {
  const [key] = await tx.select().from(authApiKeys).where(eq(authApiKeys.id, id)).for('update')
  if (!key) throw new NotFoundError(`There is no key ${id}.`)
  if (key.revokedAt) throw new ConflictError(`The key "${key.name}" was revoked already.`)
  await tx.update(authApiKeys).set({ revokedAt: act.now }).where(eq(authApiKeys.id, id))
  await appendAudit(tx, act, {
    action: 'key.revoked',
    subject: id,
    before: { name: key.name, role: key.role },
  })
}

export type KeyHolder = { id: string; name: string; role: Role; tags: readonly string[] | null }

/** Who a key speaks for, or null when it does not work. Its role is never more than its owner's. */
export async function identifyKey(db: DbOrTx, key: string, now: Date): Promise<KeyHolder | null> {
  if (!key.startsWith(keyPrefix)) return null
  const [found] = await db
    .select({ key: authApiKeys, ownerRole: authUsers.role })
    .from(authApiKeys)
    .innerJoin(authUsers, and(eq(authUsers.id, authApiKeys.ownerId), isNull(authUsers.disabledAt)))
    .where(
      and(
        eq(authApiKeys.keyHash, hashOf(key)),
        isNull(authApiKeys.revokedAt),
        or(isNull(authApiKeys.expiresAt), gt(authApiKeys.expiresAt, now)),
      ),
    )
  if (!found) return null
  const { id, name, role, tags, lastUsedAt } = found.key
  if (!lastUsedAt || now.getTime() - lastUsedAt.getTime() >= useSeconds * 1000)
    await db
      .update(authApiKeys)
      .set({ lastUsedAt: sql`greatest(${authApiKeys.lastUsedAt}, ${now.toISOString()}::timestamptz)` })
      .where(eq(authApiKeys.id, id))
  return { id, name, role: lesserRole(role, found.ownerRole), tags }
}
