import { InputError } from 'entrepot/sdk'
import type { z } from 'zod'

export { query as rows } from '../part.ts'

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
