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

/** Our field on the left; its column and type. */
const columns: Record<keyof Result, readonly [string, string]> = {
  listingId: ['listing_id', 'text'],
  connectionId: ['connection_id', 'text'],
  productId: ['product_id', 'text'],
  variantId: ['variant_id', 'text'],
  sku: ['sku', 'text'],
  categoryKey: ['category_key', 'text'],
  locale: ['locale', 'text'],
  status: ['status', 'text'],
  title: ['title', 'text'],
  score: ['score', 'integer'],
  findings: ['findings', 'jsonb'],
  measures: ['measures', 'jsonb'],
  fingerprint: ['fingerprint', 'text'],
  judgedAt: ['judged_at', 'timestamptz'],
}
const each = (write: (field: string, column: string, type: string) => string): string =>
  Object.entries(columns)
    .map(([field, [column, type]]) => write(field, column, type))
    .join(', ')
const names = sql.raw(each((_field, column) => column))
const asResult = sql.raw(each((field, column) => `${column} as "${field}"`))

/** An instant comes as text. */
type Row = Omit<Result, 'judgedAt'> & { judgedAt: string }
const toResult = (row: Row): Result => ({ ...row, judgedAt: new Date(row.judgedAt) })

export async function saveResults(db: Executor, results: readonly Result[]): Promise<void> {
  if (results.length === 0) return
  await db.execute(sql`
    insert into listing_audit_results (${names}) select ${sql.raw(each((field) => `"${field}"`))}
    from ${rows(
      results,
      each((field, _column, type) => `"${field}" ${type}`),
    )}
    on conflict (listing_id) do update set ${sql.raw(each((_field, column) => `${column} = excluded.${column}`))}`)
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
    sql`select ${asResult} from listing_audit_results where listing_id in (${texts(listingIds)}) order by listing_id`,
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
    select ${asResult} from listing_audit_results where listing_id > ${page.after} and findings @> ${wanted}::text::jsonb
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
    select ${asResult} from listing_audit_results where score < 100 ${connectionId === undefined ? sql`` : sql`and connection_id = ${connectionId}`}
    order by score, listing_id limit ${limit}`,
  )
  return found.map(toResult)
}
