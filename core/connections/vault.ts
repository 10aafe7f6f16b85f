import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { DbOrTx, Tx } from '../db/client.ts'
import { accessTokens, credentials } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { seal, unseal } from '../lib/crypto.ts'
import { NotFoundError } from '../sdk/errors.ts'
import type { MasterKey } from './keys.ts'

const keyBinding = (connectionId: string) => `data-key:${connectionId}`
const bodyBinding = (connectionId: string) => `credentials:${connectionId}`

/** Seals credentials with a new data key of their own. Access tokens bought with the old ones are forgotten. */
export async function storeCredentials(
  tx: Tx,
  master: MasterKey,
  connectionId: string,
  value: unknown,
  act: Act,
): Promise<void> {
  const dataKey = randomBytes(32)
  const sealedKey = seal(master, dataKey, keyBinding(connectionId))
  const sealed = seal(dataKey, Buffer.from(JSON.stringify(value)), bodyBinding(connectionId))
  const values = { sealedKey, sealed, updatedAt: act.now }
  await tx
    .insert(credentials)
    .values({ connectionId, ...values })
    .onConflictDoUpdate({ target: credentials.connectionId, set: values })
  await tx.delete(accessTokens).where(eq(accessTokens.connectionId, connectionId))
}

export type OpenVault = { credentials: unknown; dataKey: Buffer }

/** Opens the credentials of a connection. @throws Error when the master key is not the one they were sealed with. */
export async function openVault(db: DbOrTx, master: MasterKey, connectionId: string): Promise<OpenVault> {
  const [row] = await db.select().from(credentials).where(eq(credentials.connectionId, connectionId))
  if (!row) throw new NotFoundError(`Connection ${connectionId} has no credentials.`)
  try {
    const dataKey = unseal(master, row.sealedKey, keyBinding(connectionId))
    return {
      dataKey,
      credentials: JSON.parse(unseal(dataKey, row.sealed, bodyBinding(connectionId)).toString()),
    }
  } catch (cause) {
    throw new Error(
      `The credentials of connection ${connectionId} cannot be opened: the key is not the one they were sealed with. Set ENTREPOT_KEY to the right one.`,
      { cause },
    )
  }
}

/** Seals every data key with a new master key; the credentials themselves are not touched. Returns how many. */
export async function rotateMasterKey(tx: Tx, from: MasterKey, to: MasterKey): Promise<number> {
  const all = await tx.select().from(credentials).for('update')
  for (const row of all) {
    const dataKey = unseal(from, row.sealedKey, keyBinding(row.connectionId))
    await tx
      .update(credentials)
      .set({ sealedKey: seal(to, dataKey, keyBinding(row.connectionId)) })
      .where(eq(credentials.connectionId, row.connectionId))
  }
  return all.length
}
