import { z } from '@hono/zod-openapi'
import type { ListCount, ListOrder, Placed } from '../db/keyset.ts'
import { InputError } from '../sdk/errors.ts'
import { flag, maxPage } from './shapes.ts'

/** What every list takes: which part, in which order, whether to count. `initial` is the order nobody asked for. */
export const listQuery = <Field extends string>(
  fields: readonly Field[],
  initial: NoInfer<Field | `-${Field}`>,
) =>
  z.object({
    limit: z.coerce.number().int().min(1).max(maxPage).default(100).openapi({ example: 100 }),
    after: z.string().max(2000).optional().openapi({ description: 'The `next` of the page before.' }),
    sort: sortOf(fields, initial),
    count: flag
      .default(false)
      .openapi({ description: 'Whether to count the rows too, which takes longer.', default: false }),
  })

const sortOf = <Field extends string>(fields: readonly Field[], initial: NoInfer<Field | `-${Field}`>) =>
  z
    .enum(
      fields.flatMap((field) => [field, `-${field}` as const]) as [
        Field | `-${Field}`,
        ...(Field | `-${Field}`)[],
      ],
    )
    .default(initial as never)
    .openapi({ description: 'A field, the smallest first; with a minus in front the largest first.' })

/** The fields that a list may be sorted by. */
export const fieldsOf = <Field extends string>(sorts: { by: Readonly<Record<Field, unknown>> }): Field[] =>
  Object.keys(sorts.by) as Field[]

/** What is looked for, in any script. */
export const searched = z.string().trim().min(1).max(200).optional()

/** What a list's CSV takes: the order, and which columns. Spread the list's own filters behind it. */
export const csvQuery = <Field extends string, Column extends string>(
  fields: readonly Field[],
  initial: NoInfer<Field | `-${Field}`>,
  columns: readonly Column[],
) =>
  z.object({
    sort: sortOf(fields, initial),
    columns: z
      .string()
      .max(2000)
      .default(columns.join(','))
      .transform((text, context) => {
        const names = [...new Set(text.split(','))]
        const unknown = names.find((name) => !columns.includes(name as Column))
        if (unknown === undefined) return names as Column[]
        context.addIssue(`There is no column "${unknown}". There are: ${columns.join(', ')}.`)
        return z.NEVER
      })
      .openapi({ type: 'string', description: `Which of ${columns.join(', ')}; all if left out.` }),
  })

type Sorted<Field extends string> = {
  sort: Field | `-${Field}`
  limit?: number
  after?: string | undefined
}

/** The order that a query asks for. @throws InputError when `after` is no cursor, or that of another order. */
export function orderOf<Field extends string>(query: Sorted<Field>): ListOrder<Field> {
  const { sort, limit = maxPage, after } = query
  const isDescending = sort.startsWith('-')
  return {
    field: (isDescending ? sort.slice(1) : sort) as Field,
    isDescending,
    after: after === undefined ? null : readCursor(after, sort),
    limit,
  }
}

const cursor = z.tuple([z.string()], z.string().nullable())

/** A cursor names its order, so that it is refused in another one instead of leading somewhere. */
const writeCursor = (sort: string, { place }: Placed): string =>
  Buffer.from(JSON.stringify([sort, ...place])).toString('base64url')

function readCursor(after: string, sort: string): (string | null)[] {
  const [madeFor, ...place] = parseCursor(after)
  if (madeFor !== sort)
    throw new InputError(
      `This "after" belongs to the list sorted by ${madeFor}. Begin again without it.`,
      'after',
    )
  return place
}

function parseCursor(after: string): z.output<typeof cursor> {
  try {
    return cursor.parse(JSON.parse(Buffer.from(after, 'base64url').toString()))
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error
    throw new InputError('This is not the "next" of a page.', 'after')
  }
}

const countSchema = z
  .object({
    rows: z.number().openapi({ example: 10_000 }),
    isMore: z.boolean().openapi({ description: 'Whether there are more than were counted.' }),
  })
  .openapi('ListCount')

/** A page of a list: `next` is the `after` of the next page, null on the last. `count` is there if asked for. */
export const listOf = <Schema extends z.ZodType>(item: Schema) =>
  z.object({ items: z.array(item), next: z.string().nullable(), count: countSchema.optional() })

/** A page with its count, if it was asked for. */
export async function listPage<Row extends Placed>(
  query: { sort: string; limit: number; count: boolean },
  rows: readonly Row[],
  count: () => Promise<ListCount>,
) {
  return { ...toListPage(rows, query), ...(query.count ? { count: await count() } : {}) }
}

/** The page out of one row more than was asked for, without the places of its rows. */
export function toListPage<Row extends Placed>(
  rows: readonly Row[],
  { sort, limit }: { sort: string; limit: number },
): { items: Omit<Row, 'place'>[]; next: string | null } {
  const items = rows.slice(0, limit)
  return {
    items: items.map(({ place: _place, ...item }) => item),
    next: rows.length > limit ? writeCursor(sort, items.at(-1)!) : null,
  }
}
