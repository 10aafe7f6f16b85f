import type { SQL } from 'drizzle-orm'
import { InputError, type PluginDb } from 'entrepot/sdk'
import type { z } from 'zod'

/** What a statement returns. Instants come as text, whole numbers beyond 32 bits too. */
export const rows = async <Row>(db: Pick<PluginDb, 'execute'>, statement: SQL): Promise<Row[]> => [
  ...((await db.execute(statement)) as unknown as Row[]),
]

/** The value as the schema has it. @throws InputError naming the field. */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue!.path.join('.')
  throw new InputError(`${what}${field ? `, ${field}` : ''}: ${issue!.message}`, field || undefined)
}

/** @throws InputError for what is no JSON. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`${what} is no JSON: ${(error as Error).message}`)
  }
}
