import { type SQL, sql } from 'drizzle-orm'
import { type Executor, query, rows, texts } from 'entrepot/sdk'
import type { Context } from './context.ts'
import { type Finding, findingColumns } from './findings.ts'
import type { Taken } from './ladder.ts'
import { type Settings, type StepKind, suggestions } from './settings.ts'

/** A row of a step to be written down. */
export type StepRow = {
  listingId: string
  variantId: string
  currency: string
  onHand: number | null
  costMinor: number | null
}
export type StepGroup = {
  connectionId: string
  kind: StepKind
  day: string
  policyVersion: string
  items: readonly StepRow[]
}

/** Writes down what became of a step. The same step of a day is one row. */
export async function recordSteps(
  db: Executor,
  { connectionId, kind, day, policyVersion, items }: StepGroup,
  status: 'proposed' | 'applied' | 'held_back',
  proposalId: string | null,
): Promise<void> {
  if (items.length === 0) return
  const list = items.map(({ listingId, variantId, currency, onHand, costMinor }) => ({
    listing_id: listingId,
    variant_id: variantId,
    currency,
    on_hand: onHand,
    cost_minor: costMinor,
  }))
  await db.execute(sql`
    insert into slow_sellers_steps (listing_id, connection_id, variant_id, kind, day, status, policy_version, proposal_id, currency, on_hand, cost_minor)
    select listing_id, ${connectionId}, variant_id, ${kind}, ${day}::date, ${status}, ${policyVersion}, ${proposalId}::text, currency, on_hand, cost_minor
    from ${rows(list, 'listing_id text, variant_id text, currency text, on_hand integer, cost_minor bigint')}
    on conflict on constraint slow_sellers_steps_once do update set status = excluded.status, proposal_id = excluded.proposal_id
      where slow_sellers_steps.status in ('proposed', 'applied')`)
}

/** What was applied counts from the day of its approval. */
export async function applySteps(
  db: Executor,
  group: StepGroup,
  proposalId: string,
  today: string,
): Promise<void> {
  await db.execute(
    sql`delete from slow_sellers_steps where connection_id = ${group.connectionId} and kind = ${group.kind} and status = 'proposed'`,
  )
  await recordSteps(db, { ...group, day: today }, 'applied', proposalId)
}

export async function undoSteps(db: Executor, proposalId: string): Promise<void> {
  await db.execute(
    sql`update slow_sellers_steps set status = 'undone' where proposal_id = ${proposalId} and status = 'applied'`,
  )
}

/** Keeps what people refused, and forgets what waits: it is proposed anew with the figures of now. */
export async function settleOpen(
  { db, services }: Pick<Context, 'db' | 'services'>,
  today: string,
): Promise<void> {
  const open = await query<{ id: string }>(
    db,
    sql`select distinct proposal_id as id from slow_sellers_steps where status = 'proposed' and proposal_id is not null`,
  )
  const states = await services.readProposals(open.map(({ id }) => id))
  const refused = states.filter(({ status }) => status === 'rejected').map(({ id }) => id)
  await db.execute(sql`
    update slow_sellers_steps step set status = 'rejected', day = ${today}::date
    where step.proposal_id in (${texts(refused)}) and step.status = 'proposed'
      and not exists (select 1 from slow_sellers_steps other where other.listing_id = step.listing_id and other.kind = step.kind and other.day = ${today}::date and other.id <> step.id)`)
  await db.execute(sql`delete from slow_sellers_steps where status = 'proposed'`)
}

/** A slow listing with all that its next step depends on. */
export type Candidate = Finding & { saleMinor: number | null; otherListings: number; taken: Taken[] }

/** Slow listings of a connection, those that bind the most money first, page by page. */
export async function* streamCandidates(
  db: Executor,
  connectionId: string,
  pageSize = 500,
): AsyncGenerator<Candidate[]> {
  for (let offset = 0; ; offset += pageSize) {
    const page = await query<Candidate>(
      db,
      sql`
      select ${findingColumns}, goods.sale_minor::float8 as "saleMinor",
        (select count(*)::int from slow_sellers_goods other where other.variant_id = goods.variant_id and other.listing_id <> goods.listing_id and other.status = 'live') as "otherListings",
        coalesce((select jsonb_agg(jsonb_build_object('kind', step.kind, 'day', step.day::text, 'status', step.status))
          from slow_sellers_steps step where step.listing_id = goods.listing_id and step.status <> 'proposed' and step.day >= found.slow_since), '[]') as taken
      from slow_sellers_findings found join slow_sellers_goods goods using (listing_id)
      where found.verdict = 'slow' and goods.status = 'live' and goods.connection_id = ${connectionId}
      order by found.bound_minor desc nulls last, found.listing_id limit ${pageSize} offset ${offset}`,
    )
    if (page.length === 0) return
    yield page
    if (page.length < pageSize) return
  }
}

export type Shop = { connectionId: string; live: number; lately: number }

/** Connections with live listings, and on how many of them the ladder acted within the cap's days. */
export function readShops(db: Executor, today: string, { capDays }: Settings): Promise<Shop[]> {
  return query(
    db,
    sql`
    select goods.connection_id as "connectionId", (count(*) filter (where goods.status = 'live'))::int as live,
      (select count(distinct step.listing_id)::int from slow_sellers_steps step
        where step.connection_id = goods.connection_id and step.status = 'applied' and step.kind not in (${list(suggestions)}) and step.day > ${today}::date - ${capDays}::int) as lately
    from slow_sellers_goods goods group by 1 order by 1`,
  )
}

/** Slow listings of a connection that a person was asked to work on, and whose time runs. */
export function findAsked(
  db: Executor,
  connectionId: string,
  today: string,
  { waitDays }: Settings,
): Promise<{ sku: string; kind: StepKind }[]> {
  return query(
    db,
    sql`
    select goods.sku, step.kind from slow_sellers_steps step join slow_sellers_goods goods using (listing_id) join slow_sellers_findings found using (listing_id)
    where step.connection_id = ${connectionId} and step.status = 'applied' and step.kind in (${list(suggestions)})
      and step.day > ${today}::date - ${waitDays}::int and found.verdict = 'slow' and goods.status = 'live' order by goods.sku`,
  )
}

const list = (values: readonly string[]): SQL =>
  sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )
