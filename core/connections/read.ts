import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { DbOrTx } from '../db/client.ts'
import { credentials } from '../db/schema/index.ts'
import type { Connector } from '../sdk/connector.ts'
import type { Connection } from './connections.ts'

/** A form drawn from a schema: JSON Schema of what a person enters, with title, description and secret. */
export const toFormSchema = (schema: z.ZodType): Record<string, unknown> =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>

/** The names of the fields that nobody may read back. */
export function secretFields(schema: z.ZodType): string[] {
  const properties = (toFormSchema(schema).properties ?? {}) as Record<string, { secret?: unknown }>
  return Object.keys(properties).filter((name) => properties[name]?.secret === true)
}

/** Settings without what is secret, and the names of what was left out. Of an unknown connector nothing is shown. */
export function visibleSettings(
  connector: Connector | undefined,
  settings: Record<string, unknown>,
): { settings: Record<string, unknown>; hiddenSettings: string[] } {
  const names = Object.keys(settings)
  const secrets = connector ? secretFields(connector.settings) : names
  const shown = Object.entries(settings).filter(([name]) => !secrets.includes(name))
  return {
    settings: Object.fromEntries(shown),
    hiddenSettings: names.filter((name) => secrets.includes(name)),
  }
}

/** A connection as people may see it: no secret, only when the credentials were last replaced. */
export async function showConnection(
  db: DbOrTx,
  connectors: ReadonlyMap<string, Connector>,
  connection: Connection,
) {
  const [vault] = await db
    .select({ updatedAt: credentials.updatedAt })
    .from(credentials)
    .where(eq(credentials.connectionId, connection.id))
  return {
    ...connection,
    ...visibleSettings(connectors.get(connection.connector), connection.settings),
    credentialsUpdatedAt: vault?.updatedAt ?? null,
  }
}
