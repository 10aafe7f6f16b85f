import { type SQL, sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import type { MappingKind, Suggestion } from '../db/schema/mappings.ts'
import { InputError } from '../sdk/errors.ts'
import { kinds } from './kinds.ts'
import { targetOf } from './meanings.ts'
import { likeOf } from './terms.ts'

export const wordStates = ['unmapped', 'suggested', 'mapped'] as const
export type WordState = (typeof wordStates)[number]
/** What can be asked for: `open` is all that is not mapped. */
export const wordFilters = ['open', ...wordStates] as const
export const wordSorts = ['-weight', '-confidence', 'word', '-word'] as const
export type WordSort = (typeof wordSorts)[number]

export type WordFilter = {
  state?: (typeof wordFilters)[number] | undefined
  minConfidence?: number | undefined
  scope?: string | undefined
  q?: string | undefined
  sort: WordSort
  after?: string | undefined
  limit: number
}

export type WordRow = {
  scope: string
  word: string
  name: string
  path: string
  listings: number
  orders: number
  problems: number
  weight: number
  state: WordState
  confidence: number
  suggestions: Suggestion[]
  target: string | null
  targetName: string | null
  targetPath: string | null
  reading: string | null
  revision: number
  changedAt: string | null
  changedBy: string | null
}

/** How each order goes on after a row. */
const orders: Readonly<Record<WordSort, { by: SQL; column: SQL | null; isDown: boolean }>> = {
  '-weight': { by: sql`w.weight desc nulls last, w.scope, w.word`, column: sql`w.weight`, isDown: true },
  '-confidence': {
    by: sql`w.confidence desc nulls last, w.scope, w.word`,
    column: sql`w.confidence`,
    isDown: true,
  },
  word: { by: sql`w.scope, w.word`, column: null, isDown: false },
  '-word': { by: sql`w.scope desc, w.word desc`, column: null, isDown: true },
}

const conditionsOf = (
  connectionId: string,
  kind: MappingKind,
  filter: Omit<WordFilter, 'sort' | 'limit'>,
): SQL => sql`
  w.connection_id = ${connectionId} and w.kind = ${kind}
  ${filter.state === undefined ? sql`` : filter.state === 'open' ? sql`and w.state <> 'mapped'` : sql`and w.state = ${filter.state}`}
  ${filter.minConfidence === undefined ? sql`` : sql`and w.confidence >= ${filter.minConfidence}::real`}
  ${filter.scope === undefined ? sql`` : sql`and w.scope = ${filter.scope}`}
  ${filter.q === undefined ? sql`` : sql`and w.search like ${likeOf(filter.q)}`}`

/** Words in use with what they mean and what they could mean. One row more than `limit`. @throws InputError */
export async function listWords(
  db: DbOrTx,
  connectionId: string,
  kind: MappingKind,
  filter: WordFilter,
): Promise<WordRow[]> {
  const theirs = kinds[kind].word === 'ours' ? sql`mapping.theirs` : sql`w.word`
  return query<WordRow>(
    db,
    sql`
    select w.scope, w.word, w.name, w.path, w.listings, w.orders, w.problems, w.weight, w.state, w.confidence, w.suggestions,
           ${targetOf} as target, term.name as "targetName", term.path as "targetPath", term.reading,
           coalesce(mapping.revision, last.revision, 0) as revision, coalesce(mapping.updated_at, last.at) as "changedAt", coalesce(mapping.updated_by, last.actor) as "changedBy"
    from (
      select * from mapping_words w where ${conditionsOf(connectionId, kind, filter)} ${goOn(filter)}
      order by ${orders[filter.sort].by} limit ${filter.limit + 1}
    ) w
    left join mappings mapping on mapping.connection_id = w.connection_id and mapping.kind = w.kind and mapping.scope = w.scope and mapping.word = w.word
    left join mappings attribute on ${kind === 'attribute_value'} and attribute.connection_id = w.connection_id and attribute.kind = 'attribute' and attribute.word = w.scope and attribute.scope = ''
    left join external_terms term on term.connection_id = w.connection_id and term.kind = w.kind and term.scope = coalesce(attribute.theirs, '') and term.id = ${theirs}
    left join lateral (
      select change.revision, change.at, change.actor from mapping_changes change
      where change.connection_id = w.connection_id and change.kind = w.kind and change.scope = w.scope and change.word = w.word order by change.id desc limit 1
    ) last on true
    order by ${orders[filter.sort].by}`,
  )
}

/** Words, listings and orders behind a filter. */
export async function countWords(
  db: DbOrTx,
  connectionId: string,
  kind: MappingKind,
  filter: Omit<WordFilter, 'sort' | 'limit' | 'after'>,
): Promise<{ words: number; listings: number; orders: number }> {
  const [row] = await query<{ words: number; listings: number; orders: number }>(
    db,
    sql`
    select count(*)::int as words, coalesce(sum(w.listings), 0)::int as listings, coalesce(sum(w.orders), 0)::int as orders
    from mapping_words w where ${conditionsOf(connectionId, kind, filter)}`,
  )
  return row!
}

type Place = { value: number; scope: string; word: string }

/** Where the next page begins. */
export const placeAfter = (row: WordRow, sort: WordSort): string => {
  const value = sort === '-confidence' ? row.confidence : row.weight
  return Buffer.from(JSON.stringify([value, row.scope, row.word])).toString('base64url')
}

function readPlace(after: string): Place {
  try {
    const [value, scope, word] = JSON.parse(Buffer.from(after, 'base64url').toString('utf8')) as [
      unknown,
      unknown,
      unknown,
    ]
    if (typeof value === 'number' && typeof scope === 'string' && typeof word === 'string')
      return { value, scope, word }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new InputError(`"${after}" is not the "next" of a page.`, 'after')
}

function goOn({ sort, after }: Pick<WordFilter, 'sort' | 'after'>): SQL {
  if (after === undefined) return sql``
  const { value, scope, word } = readPlace(after)
  const { column, isDown } = orders[sort]
  if (column === null)
    return isDown
      ? sql`and (w.scope, w.word) < (${scope}, ${word})`
      : sql`and (w.scope, w.word) > (${scope}, ${word})`
  return sql`and ${column} <= ${value}::real and (${column} < ${value}::real or (w.scope, w.word) > (${scope}, ${word}))`
}
