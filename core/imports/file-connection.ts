import { eq } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { connections } from '../db/schema/index.ts'
import { newId } from '../lib/id.ts'
import { ConflictError } from '../sdk/errors.ts'

/** The connector of connections that are fed by files: it has no operations, so nothing is ever pushed or pulled. */
export const fileConnector = 'file'

/**
 * The connection that a file's orders belong to, made at first use. Its orders never touch stock: they
 * happened before it was counted.
 * @throws ConflictError when the name belongs to a real shop.
 */
export async function ensureFileConnection(
  db: DbOrTx,
  wanted: { name: string; currency: string; locale: string },
): Promise<{ id: string; name: string; ordersFrom: Date | null }> {
  await db
    .insert(connections)
    .values({ id: newId('con'), connector: fileConnector, settings: {}, ordersFrom: null, ...wanted })
    .onConflictDoNothing({ target: connections.name })
  const [found] = await db.select().from(connections).where(eq(connections.name, wanted.name))
  if (found?.connector !== fileConnector) {
    throw new ConflictError(
      `The connection "${wanted.name}" is a ${found?.connector} shop. Give the profile another "connection".`,
    )
  }
  return { id: found.id, name: found.name, ordersFrom: found.ordersFrom }
}
