import { sql } from 'drizzle-orm'
import { type Executor, query, texts } from 'entrepot/sdk'

/** Attributes that each category demands, by the category's key. */
export async function readRequired(db: Executor): Promise<Map<string, string[]>> {
  const rows = await query<{ category_key: string; attribute: string }>(
    db,
    sql`select category_key, attribute from listing_audit_required order by 1, 2`,
  )
  return new Map(
    [...Map.groupBy(rows, (row) => row.category_key)].map(([key, of]) => [
      key,
      of.map((row) => row.attribute),
    ]),
  )
}

/** Sets what a category demands; none takes all demands away. Returns what was before. */
export async function setRequired(
  db: Executor,
  categoryKey: string,
  attributes: readonly string[],
): Promise<string[]> {
  const before = await query<{ attribute: string }>(
    db,
    sql`select attribute from listing_audit_required where category_key = ${categoryKey} order by 1`,
  )
  await db.execute(sql`
    delete from listing_audit_required where category_key = ${categoryKey} and attribute not in (${texts(attributes)})`)
  await db.execute(sql`
    insert into listing_audit_required (category_key, attribute)
    select distinct ${categoryKey}, attribute from (${texts(attributes)}) given(attribute) on conflict do nothing`)
  return before.map(({ attribute }) => attribute)
}
