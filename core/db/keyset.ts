import { type Column, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { InputError } from '../sdk/errors.ts'
import { type DbOrTx, query } from './client.ts'

/** What the places of rows are compared as. */
type Type = 'text' | 'bigint' | 'numeric' | 'timestamptz'

type Compared = { by: Column | SQL; type: Type }

/** What a list may be sorted by. An index on it, followed by the list's keys unless it is unique, must stand behind it. */
export type SortColumn = Compared &
  (
    | {
        /** No two rows have the same: the keys are not needed to tell rows apart. */
        isUnique?: boolean
        isNullable?: never
      }
    | {
        /** Rows without a value come last, whichever way the list is sorted. */
        isNullable?: boolean
        isUnique?: never
      }
  )

/** How a list is sorted: by one of these, and among equals by the keys, which together are unique. */
export type ListSorts<Field extends string> = {
  by: Readonly<Record<Field, SortColumn>>
  keys: readonly Compared[]
}

/** Where a row stands in its list: its sort value and its keys, each as PostgreSQL writes it. */
export type Place = readonly (string | null)[]

/** Which part of a list is wanted, in which order. `after` is the place of the row before. */
export type ListOrder<Field extends string> = {
  field: Field
  isDescending: boolean
  after: Place | null
  limit: number
}

/** What a list's statement takes to be one part of a page. Its rows must carry `place`. */
export type PagePart = { place: SQL<Place>; where: SQL; orderBy: SQL[]; limit: number }

export type Placed = { place: Place }

/**
 * A page of a list, one row more than `limit`, each with its place. Rows are compared as a whole, so that an index
 * leads to the first one however deep the page lies; rows without a sort value are a part of their own behind the
 * others, because no index leads into "greater or null". `read` runs once or twice.
 * @throws InputError when `after` is the place of no row in this order.
 */
export async function readPage<Field extends string, Row extends Placed>(
  sorts: ListSorts<Field>,
  order: ListOrder<Field>,
  read: (part: PagePart) => PromiseLike<Row[]>,
): Promise<Row[]> {
  const column = sorts.by[order.field]
  const { after, limit } = order
  if (after) assertPlace(after, column, sorts.keys)
  const columns = column.isUnique ? [column] : [column, ...sorts.keys]
  const part = (rows: number, only: SQL, from?: SQL): PagePart => ({
    place: placeOf(columns),
    where: from === undefined ? only : sql`${only} and ${from}`,
    // Also where it is null: PostgreSQL does not know then that an index on it gives the order of the keys.
    orderBy: columns.map(({ by }) => (order.isDescending ? sql`${by} desc` : sql`${by} asc`)),
    limit: rows,
  })
  const beyond = (sorted: readonly Compared[], from: Place | null) =>
    from === null ? undefined : isBeyond(sorted, from, order.isDescending)
  if (!column.isNullable) return read(part(limit + 1, sql`true`, beyond(columns, after)))
  const isInTail = after !== null && after[0] === null
  const valued = isInTail
    ? []
    : await read(part(limit + 1, sql`${column.by} is not null`, beyond(columns, after)))
  if (valued.length > limit) return valued
  const from = isInTail ? beyond(sorts.keys, after.slice(1)) : undefined
  return [...valued, ...(await read(part(limit + 1 - valued.length, sql`${column.by} is null`, from)))]
}

const placeOf = (columns: readonly Compared[]): SQL<Place> =>
  sql<Place>`json_build_array(${sql.join(
    columns.map(({ by }) => sql`${by}::text`),
    sql`, `,
  )})`

function isBeyond(columns: readonly Compared[], place: Place, isDescending: boolean): SQL {
  const ours = sql.join(
    columns.map(({ by }) => sql`${by}`),
    sql`, `,
  )
  const theirs = sql.join(
    columns.map(({ type }, index) => sql`${place[index]}::text::${sql.raw(type)}`),
    sql`, `,
  )
  const isPast = isDescending ? sql`(${ours}) < (${theirs})` : sql`(${ours}) > (${theirs})`
  if (columns.length === 1) return isPast
  // Where the keys are another table's, no index holds the row as a whole: the first column alone leads there.
  const [first] = columns
  const value = sql`${place[0]}::text::${sql.raw(first!.type)}`
  return sql`${first!.by} ${isDescending ? sql`<=` : sql`>=`} ${value} and ${isPast}`
}

const patterns: Record<Type, RegExp> = {
  text: /^[^\0]*$/,
  bigint: /^-?\d{1,18}$/,
  numeric: /^-?\d{1,40}(\.\d{1,40})?$/,
  timestamptz: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d$/,
}

function assertPlace(place: Place, column: SortColumn, keys: readonly Compared[]): void {
  const columns = column.isUnique ? [column] : [column, ...keys]
  const fits = columns.every(({ type }, index) => {
    const value = place[index]
    return value === null
      ? index === 0 && column.isNullable === true
      : value !== undefined && patterns[type].test(value)
  })
  if (!fits || place.length !== columns.length)
    throw new InputError('This is not the "next" of a page of this list.', 'after')
}

/** So few rows of a million are sorted faster than their share of the list is read through in its order. */
const few = 10_000
/** Where PostgreSQL expects so many, looking for the first few would only cost time. */
const surelyMany = 50_000

/**
 * Whether a column's value is among `ids` (a statement of one column, `id`, that an index answers). Few are found first
 * and then sorted; of many, enough stand in any part of the list. PostgreSQL would have to guess which it is.
 */
export async function narrow(db: DbOrTx, column: Column, ids: SQL): Promise<SQL> {
  const list = (await expectedRows(db, ids)) < surelyMany ? await findFew(db, ids) : null
  // The offset keeps PostgreSQL from joining: each row along the order is looked up, and the page is soon full.
  return list === null
    ? sql`exists (select 1 from (${ids}) many where many.id = ${column} offset 0)`
    : sql`${column} = any(${list}::text[])`
}

async function expectedRows(db: DbOrTx, statement: SQL): Promise<number> {
  const [found] = await query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    db,
    sql`explain (format json) ${statement}`,
  )
  return found!['QUERY PLAN'][0].Plan['Plan Rows']
}

/** The ids as PostgreSQL writes a list; null when they are more than a few. */
async function findFew(db: DbOrTx, ids: SQL): Promise<string | null> {
  const [found] = await query<{ ids: string | null }>(
    db,
    sql`select case when count(*) <= ${few}::int then coalesce(array_agg(distinct id)::text, '{}') end as ids from (${ids} limit ${few + 1}::int) found`,
  )
  return found!.ids
}

/** How many rows of a list are counted; beyond it a list only says that there are more. */
export const mostCounted = 10_000

export type ListCount = { rows: number; isMore: boolean }

/** Counts the rows of a statement that is limited to `mostCounted` and one more. */
export async function countRows(db: DbOrTx, limited: SQLWrapper): Promise<ListCount> {
  const [found] = await query<{ rows: number }>(db, sql`select count(*)::int as rows from ${limited} counted`)
  const rows = found!.rows
  return { rows: Math.min(rows, mostCounted), isMore: rows > mostCounted }
}
