import { z } from '@hono/zod-openapi'
import { InputError } from '../sdk/errors.ts'
import { errorSchema } from './errors.ts'

/** An answer of a route, as JSON. */
export const answer = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

/** A body that must be there and must be JSON. */
export const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { 'application/json': { schema } },
})

const refusalWords = {
  400: 'The request is not valid; `field` names what to correct.',
  401: 'Nobody is signed in, or what was told does not prove who asks.',
  403: 'Who asks may not do this.',
  404: 'What was named does not exist.',
  409: 'It does not fit the present state.',
  413: 'The body is too large.',
  429: 'Too many attempts; `details.retryAt` says when to try again.',
  502: 'The platform failed or refused; `details.kind` says how, `details.vendorMessage` in its own words.',
  503: 'Not ready.',
} as const

/** The refusals a route can answer with. */
export const refusals = <Status extends keyof typeof refusalWords>(...statuses: Status[]) =>
  Object.fromEntries(statuses.map((status) => [status, answer(errorSchema, refusalWords[status])])) as Record<
    Status,
    { description: string; content: { 'application/json': { schema: typeof errorSchema } } }
  >

/** An instant in an answer. */
export const instant = z.iso.datetime().openapi({ example: '2026-05-04T10:00:00.000Z' })
/** An instant in a request. */
export const givenInstant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .openapi({ type: 'string', format: 'date-time', example: '2026-05-04T10:00:00Z' })

const idPattern = (name: string, example: string) =>
  z
    .string()
    .min(1)
    .max(200)
    .openapi({ param: { name, in: 'path' }, example })

/** The id in a path. */
export const idParam = (example: string) => z.object({ id: idPattern('id', example) })
export const skuParam = z.object({ sku: idPattern('sku', 'TEE-M') })

export const money = z
  .strictObject({
    minor: z.int().openapi({ description: 'Minor units: cents, or whole yen.', example: 1990 }),
    currency: z.string().length(3).openapi({ example: 'EUR' }),
  })
  .openapi('Money')

/** A sentence's worth of "done". */
/** Field by field, what a push would change. */
export const fieldDiffs = z.array(
  z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
)

export const done = z.object({ ok: z.literal(true) }).openapi('Done')

export const maxPage = 500

/** Which part of a list is wanted. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(maxPage).default(100).openapi({ example: 100 }),
  after: z
    .string()
    .max(500)
    .optional()
    .openapi({ description: 'The `next` of the page before.', example: 'prd_01k5' }),
})

/** A page of a list: `next` is the `after` of the next page, null on the last. */
export const pageOf = <Schema extends z.ZodType>(item: Schema) =>
  z.object({ items: z.array(item), next: z.string().nullable() })

/** The page out of one row more than was asked for. */
export function toPage<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
): { items: Row[]; next: string | null } {
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? cursorOf(items.at(-1)!) : null }
}

/** A cursor that counts. @throws InputError */
export function countingCursor(after: string | undefined): number {
  const offset = Number(after ?? 0)
  if (!Number.isSafeInteger(offset) || offset < 0)
    throw new InputError(`"${after}" is not the "next" of a page.`, 'after')
  return offset
}

/** The language that words of plugins and connectors are asked for in. */
export const spoken = z.string().max(35).optional().openapi({
  description: 'The language of titles, labels and sentences; what has no text in it is English.',
  example: 'zh-CN',
})

/** A flag in a query. */
export const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .openapi({ type: 'string', enum: ['true', 'false'] })
