import { and, asc, eq, sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import { externalTerms, mappings } from '../db/schema/index.ts'
import { safeReadingsOf } from '../orders/status.ts'
import type { MappingKind } from './kinds.ts'
import type { WordRef } from './meanings.ts'
import { likeOf, listTerms } from './terms.ts'

/** Something that a word can be mapped to. */
export type Choice = {
  target: string
  name: string
  path: string
  isAssignable: boolean
  isRequired: boolean
}

const plain = (target: string, name = target): Choice => ({
  target,
  name,
  path: '',
  isAssignable: true,
  isRequired: false,
})

/**
 * What can be chosen for a word, by name: the platform's terms, or for what comes in, ours. Empty where the platform
 * lists nothing: then any text may be given. One row more than `limit`.
 */
export async function listChoices(
  db: DbOrTx,
  connectionId: string,
  kind: MappingKind,
  about: Partial<WordRef>,
  filter: { q?: string | undefined; after?: [string, string] | undefined; limit: number },
): Promise<Choice[]> {
  if (kind === 'sku') return skus(db, filter)
  if (kind === 'order_state') return statuses(db, connectionId, about.word, filter.q)
  const scope = kind === 'attribute_value' ? await attributeOf(db, connectionId, about.scope ?? '') : ''
  if (scope === null) return []
  const terms = await listTerms(db, connectionId, kind, { ...filter, scope })
  return terms.map(({ id, ...term }) => ({ target: id, ...term }))
}

async function attributeOf(db: DbOrTx, connectionId: string, attribute: string): Promise<string | null> {
  const [row] = await db
    .select({ theirs: mappings.theirs })
    .from(mappings)
    .where(
      and(
        eq(mappings.connectionId, connectionId),
        eq(mappings.kind, 'attribute'),
        eq(mappings.word, attribute),
      ),
    )
  return row?.theirs ?? null
}

async function statuses(
  db: DbOrTx,
  connectionId: string,
  state: string | undefined,
  q: string | undefined,
): Promise<Choice[]> {
  const [row] = await db
    .select({ reading: externalTerms.reading })
    .from(externalTerms)
    .where(
      and(
        eq(externalTerms.connectionId, connectionId),
        eq(externalTerms.kind, 'order_state'),
        eq(externalTerms.id, state ?? ''),
      ),
    )
    .orderBy(asc(externalTerms.id))
  return safeReadingsOf(row?.reading ?? null)
    .filter((status) => q === undefined || status.includes(q.toLowerCase()))
    .map((status) => plain(status))
}

/** SKUs whose number or title has the text. */
async function skus(
  db: DbOrTx,
  { q, after, limit }: { q?: string | undefined; after?: [string, string] | undefined; limit: number },
): Promise<Choice[]> {
  const found = await query<{ sku: string; title: string }>(
    db,
    sql`
    select variant.sku, coalesce((select value from jsonb_each_text(product.title) limit 1), '') as title
    from variants variant join products product on product.id = variant.product_id
    where true ${q === undefined ? sql`` : sql`and (variant.sku ilike ${likeOf(q)} or product.title::text ilike ${likeOf(q)})`}
      ${after === undefined ? sql`` : sql`and variant.sku > ${after[1]}`}
    order by variant.sku limit ${limit + 1}`,
  )
  return found.map((row) => plain(row.sku, row.title))
}
