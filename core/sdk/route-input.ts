import type { Context } from 'hono'
import type { z } from 'zod'
import { InputError } from './errors.ts'

/** The value as the schema says. @throws InputError naming the field */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue!.path.join('.')
  throw new InputError(`${field || 'The request'}: ${issue!.message}`, field || undefined)
}

/** The body of a request as the schema says. @throws InputError naming the field */
export async function readBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  const body: unknown = await c.req.json().catch(() => {
    throw new InputError('The body is no JSON.')
  })
  return parseInput(schema, body)
}
