import { hkdfSync } from 'node:crypto'
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import { eq } from 'drizzle-orm'
import type { MasterKey } from '../connections/keys.ts'
import type { Tx } from '../db/client.ts'
import { authSessions, authTwoFactors } from '../db/schema/index.ts'

/** What session cookies are signed and second factors are encrypted with: from the hub's key, never in the database. */
export const accessSecret = (master: MasterKey): string =>
  Buffer.from(hkdfSync('sha256', master, '', 'entrepot access', 32)).toString('base64')

/** Encrypts every second factor anew for another key, and ends all sessions: their cookies no longer fit. */
export async function rotateAccessSecret(tx: Tx, from: MasterKey, to: MasterKey): Promise<void> {
  const anew = async (data: string) =>
    symmetricEncrypt({
      key: accessSecret(to),
      data: await symmetricDecrypt({ key: accessSecret(from), data }),
    })
  for (const factor of await tx.select().from(authTwoFactors).for('update'))
    await tx
      .update(authTwoFactors)
      .set({ secret: await anew(factor.secret), backupCodes: await anew(factor.backupCodes) })
      .where(eq(authTwoFactors.id, factor.id))
  await tx.delete(authSessions)
}
