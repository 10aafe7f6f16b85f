import { type SQL, sql } from 'drizzle-orm'
import { type DbOrTx, query, type Tx } from '../db/client.ts'
import type { MappingKind } from '../db/schema/mappings.ts'
import type { Act } from '../lib/act.ts'
import { rows, texts } from '../lib/sql.ts'
import { markListingsDirty } from '../listings/dirty.ts'
import { kinds } from './kinds.ts'
import type { WordRef } from './meanings.ts'

/** Which products or variants use one of the words, for the kinds that content follows from. */
const uses: Partial<Record<MappingKind, (words: readonly WordRef[]) => SQL>> = {
  category: (words) =>
    sql`product.category_id in (select id from categories where key in (${texts(words.map(({ word }) => word))}))`,
  tax: (words) => sql`variant.tax_class in (${texts(words.map(({ word }) => word))})`,
  attribute: (words) => {
    const names = sql`array(${texts(words.map(({ word }) => word))})`
    return sql`(product.attributes ?| ${names} or variant.options ?| ${names})`
  },
  attribute_value: (words) => sql`exists (select 1 from ${rows(words, 'scope text, word text')}
    where product.attributes ->> item.scope = item.word or variant.options ->> item.scope = item.word)`,
}

/** Marks the content of the listings that use one of these words: it is pushed anew. Returns how many. */
export async function markUses(
  tx: Tx,
  connectionId: string,
  kind: MappingKind,
  words: readonly WordRef[],
  act: Act,
): Promise<number> {
  const use = uses[kind]
  if (kinds[kind].follows !== 'content' || !use || words.length === 0) return 0
  return markListingsDirty(tx, 'content', connectionId, usersOf(connectionId, use(words)), act)
}

const usersOf = (connectionId: string, use: SQL): SQL => sql`
  select listing.id from listings listing join variants variant on variant.id = listing.variant_id
  join products product on product.id = variant.product_id
  where listing.connection_id = ${connectionId} and listing.status <> 'ended' and ${use}`

/** A listing that uses the word; null where none does, or the kind says nothing of content. */
export async function findUser(
  db: DbOrTx,
  connectionId: string,
  kind: MappingKind,
  word: WordRef,
): Promise<string | null> {
  const use = uses[kind]
  if (!use) return null
  const [found] = await query<{ id: string }>(db, sql`${usersOf(connectionId, use([word]))} limit 1`)
  return found?.id ?? null
}
