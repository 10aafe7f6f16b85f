import { sql } from 'drizzle-orm'
import { type Executor, query, rows, texts } from 'entrepot/sdk'
import type { Finding } from './finding.ts'

/** The newest judgement of a listing. */
export type Result = {
  listingId: string
  connectionId: string
  productId: string
  variantId: string
  sku: string
  categoryKey: string | null
  locale: string
  status: string
  title: string
  score: number
  findings: Finding[]
  measures: string[]
  /** Of all that it was judged by: what is the same need not be judged again. */
  fingerprint: string
  judgedAt: Date
}

type Row = {
  listing_id: string
  connection_id: string
  product_id: string
  variant_id: string
  sku: string
  category_key: string | null
  locale: string
  status: string
  title: string
  score: number
  findings: Finding[]
  measures: string[]
  fingerprint: string
  judged_at: string
}

const toResult = (row: Row): Result => ({
  listingId: row.listing_id,
  connectionId: row.connection_id,
  productId: row.product_id,
  variantId: row.variant_id,
  sku: row.sku,
  categoryKey: row.category_key,
  locale: row.locale,
  status: row.status,
  title: row.title,
  score: row.score,
  findings: row.findings,
  measures: row.measures,
  fingerprint: row.fingerprint,
  judgedAt: new Date(row.judged_at),
})

const columns =
  'listing_id text, connection_id text, product_id text, variant_id text, sku text, category_key text, locale text, status text, title text, score integer, findings jsonb, measures jsonb, fingerprint text, judged_at timestamptz'
const names = columns
  .split(', ')
  .map((column) => column.split(' ')[0]!)
  .join(', ')
const news = names
  .split(', ')
  .slice(1)
  .map((name) => `${name} = excluded.${name}`)
  .join(', ')

export async function saveResults(db: Executor, results: readonly Result[]): Promise<void> {
  if (results.length === 0) return
  const items = results.map(
    (result): Row => ({
      listing_id: result.listingId,
      connection_id: result.connectionId,
      product_id: result.productId,
      variant_id: result.variantId,
      sku: result.sku,
      category_key: result.categoryKey,
      locale: result.locale,
      status: result.status,
      title: result.title,
      score: result.score,
      findings: result.findings,
      measures: result.measures,
      fingerprint: result.fingerprint,
      judged_at: result.judgedAt.toISOString(),
    }),
  )
  await db.execute(sql`
    insert into listing_audit_results (${sql.raw(names)}) select ${sql.raw(names)} from ${rows(items, columns)}
    on conflict (listing_id) do update set ${sql.raw(news)}`)
}

export async function dropResults(db: Executor, listingIds: readonly string[]): Promise<void> {
  if (listingIds.length === 0) return
  await db.execute(sql`delete from listing_audit_results where listing_id in (${texts(listingIds)})`)
}

/** Drops judgements of listings that are there no more, between two that are. Null stands for the end. */
export async function dropBetween(
  db: Executor,
  span: { after: string; upTo: string | null; present: readonly string[]; connectionId: string | undefined },
): Promise<void> {
  const { after, upTo, present, connectionId } = span
  await db.execute(sql`
    delete from listing_audit_results where listing_id > ${after}
      ${upTo === null ? sql`` : sql`and listing_id <= ${upTo}`}
      ${connectionId === undefined ? sql`` : sql`and connection_id = ${connectionId}`}
      and listing_id not in (${texts(present)})`)
}

export async function readResults(db: Executor, listingIds: readonly string[]): Promise<Result[]> {
  if (listingIds.length === 0) return []
  const found = await query<Row>(
    db,
    sql`select * from listing_audit_results where listing_id in (${texts(listingIds)}) order by listing_id`,
  )
  return found.map(toResult)
}

export const readResult = async (db: Executor, listingId: string): Promise<Result | null> =>
  (await readResults(db, [listingId]))[0] ?? null

export type ResultFilter = {
  connectionId?: string | undefined
  ruleId?: string | undefined
  severity?: string | undefined
  effect?: string | undefined
}

/** Judgements with a finding that fits, the findings that fit alone, in the order of listing ids. */
export async function listResults(
  db: Executor,
  filter: ResultFilter,
  page: { after: string; limit: number },
): Promise<Result[]> {
  const wanted = JSON.stringify([
    {
      ...(filter.ruleId === undefined ? {} : { ruleId: filter.ruleId }),
      ...(filter.severity === undefined ? {} : { severity: filter.severity }),
      ...(filter.effect === undefined ? {} : { effect: filter.effect }),
    },
  ])
  const found = await query<Row>(
    db,
    sql`
    select * from listing_audit_results where listing_id > ${page.after} and findings @> ${wanted}::text::jsonb
      ${filter.connectionId === undefined ? sql`` : sql`and connection_id = ${filter.connectionId}`}
    order by listing_id limit ${page.limit}`,
  )
  const fits = (finding: Finding) =>
    (filter.ruleId === undefined || finding.ruleId === filter.ruleId) &&
    (filter.severity === undefined || finding.severity === filter.severity) &&
    (filter.effect === undefined || finding.effect === filter.effect)
  return found.map(toResult).map((result) => ({ ...result, findings: result.findings.filter(fits) }))
}

/** The judgements with the lowest scores. */
export async function listWorst(db: Executor, limit: number, connectionId?: string): Promise<Result[]> {
  const found = await query<Row>(
    db,
    sql`
    select * from listing_audit_results where score < 100 ${connectionId === undefined ? sql`` : sql`and connection_id = ${connectionId}`}
    order by score, listing_id limit ${limit}`,
  )
  return found.map(toResult)
}
