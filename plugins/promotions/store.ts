import { randomUUID } from 'node:crypto'
import { type SQL, sql } from 'drizzle-orm'
import { ConflictError, type Executor, instant, NotFoundError, query } from 'entrepot/sdk'
import {
  type Campaign,
  type CampaignInput,
  type CampaignStatus,
  campaignInput,
  wholePeriod,
} from './campaign.ts'
import { toDate } from './nullable.ts'

type Row = {
  id: string
  revision: number
  status: CampaignStatus
  input: unknown
  starts_on: string
  ends_on: string
  proposal_id: string | null
  plan_fingerprint: string | null
  approved_at: string | null
  stopped_at: string | null
  lessons: string
}

const toCampaign = (row: Row): Campaign => ({
  ...campaignInput.parse(row.input),
  id: row.id,
  revision: row.revision,
  status: row.status,
  startsOn: new Date(row.starts_on),
  endsOn: new Date(row.ends_on),
  proposalId: row.proposal_id,
  planFingerprint: row.plan_fingerprint,
  approvedAt: toDate(row.approved_at),
  stoppedAt: toDate(row.stopped_at),
  lessons: row.lessons,
})

const read = async (db: Executor, where: SQL): Promise<Campaign[]> =>
  (await query<Row>(db, sql`select * from promotions_campaigns where ${where} order by starts_on, id`)).map(
    toCampaign,
  )

/** Campaigns that hold at some time in a period; all without one. */
export const listCampaigns = (db: Executor, period?: { from: Date; to: Date }): Promise<Campaign[]> =>
  read(db, period ? sql`starts_on < ${instant(period.to)} and ends_on > ${instant(period.from)}` : sql`true`)

/** @throws NotFoundError */
export async function readCampaign(db: Executor, id: string): Promise<Campaign> {
  const [found] = await read(db, sql`id = ${id}`)
  if (!found) throw new NotFoundError(`There is no campaign ${id}.`)
  return found
}

/** Approved campaigns that have begun, and whose goods are not known to be back at their prices yet. */
export const listWatched = (db: Executor, now: Date): Promise<Campaign[]> =>
  read(
    db,
    sql`status in ('approved', 'stopped') and approved_at is not null and settled_at is null and starts_on <= ${instant(now)}`,
  )

/** Plans a campaign. Returns its id. @throws InputError when its times are none */
export async function addCampaign(
  db: Executor,
  input: CampaignInput,
  actor: string,
  now: Date,
): Promise<string> {
  const { startsOn, endsOn } = wholePeriod(input)
  const id = `cmp_${randomUUID()}`
  await db.execute(sql`
    insert into promotions_campaigns (id, input, starts_on, ends_on, created_by, created_at)
    values (${id}, ${JSON.stringify(input)}::text::jsonb, ${instant(startsOn)}, ${instant(endsOn)}, ${actor}, ${instant(now)})`)
  return id
}

/**
 * Changes a campaign that was not approved yet; a proposal of it is none any more.
 * @throws ConflictError when somebody else changed it meanwhile, or it is approved
 */
export async function changeCampaign(
  db: Executor,
  id: string,
  revision: number,
  input: CampaignInput,
): Promise<Campaign> {
  const { startsOn, endsOn } = wholePeriod(input)
  const changed = await query(
    db,
    sql`
    update promotions_campaigns set input = ${JSON.stringify(input)}::text::jsonb, starts_on = ${instant(startsOn)}, ends_on = ${instant(endsOn)},
      revision = revision + 1, status = 'draft', plan_fingerprint = null
    where id = ${id} and revision = ${revision} and status in ('draft', 'proposed') returning id`,
  )
  const now = await readCampaign(db, id)
  if (changed.length === 0) throw lostUpdate(now, revision)
  return now
}

/** @throws ConflictError when it is approved or was changed meanwhile */
export async function removeCampaign(db: Executor, id: string, revision: number): Promise<void> {
  const removed = await query(
    db,
    sql`delete from promotions_campaigns where id = ${id} and revision = ${revision} and status in ('draft', 'proposed') returning id`,
  )
  if (removed.length === 0) throw lostUpdate(await readCampaign(db, id), revision)
}

const lostUpdate = (now: Campaign, revision: number): ConflictError =>
  new ConflictError(
    now.revision === revision
      ? `"${now.title}" is ${now.status}: it can be stopped, or its proposal taken back, but not changed.`
      : `"${now.title}" was changed meanwhile: it is at revision ${now.revision}, not ${revision}. Read it again.`,
  )

/** What the owner learnt; kept also after the end. @throws NotFoundError */
export async function writeLessons(db: Executor, id: string, lessons: string): Promise<void> {
  const changed = await query(
    db,
    sql`update promotions_campaigns set lessons = ${lessons} where id = ${id} returning id`,
  )
  if (changed.length === 0) throw new NotFoundError(`There is no campaign ${id}.`)
}

export type Signature = { role: string; signedBy: string; signedAt: Date; note: string }

/** Signs a revision, once a role; signing again replaces it. @throws ConflictError, NotFoundError */
export async function signCampaign(
  db: Executor,
  { id, revision, ...signature }: { id: string; revision: number } & Signature,
): Promise<void> {
  const now = await readCampaign(db, id)
  if (now.revision !== revision || !['draft', 'proposed'].includes(now.status))
    throw lostUpdate(now, revision)
  await db.execute(sql`
    insert into promotions_signatures (campaign_id, revision, role, signed_by, signed_at, note)
    values (${id}, ${revision}, ${signature.role}, ${signature.signedBy}, ${instant(signature.signedAt)}, ${signature.note})
    on conflict (campaign_id, revision, role) do update set signed_by = excluded.signed_by, signed_at = excluded.signed_at, note = excluded.note`)
}

/** Who signed this revision: an edit voids what was signed before. */
export async function readSignatures(
  db: Executor,
  { id, revision }: Pick<Campaign, 'id' | 'revision'>,
): Promise<Signature[]> {
  const found = await query<{ role: string; signed_by: string; signed_at: string; note: string }>(
    db,
    sql`select role, signed_by, signed_at, note from promotions_signatures where campaign_id = ${id} and revision = ${revision} order by signed_at`,
  )
  return found.map((row) => ({
    role: row.role,
    signedBy: row.signed_by,
    signedAt: new Date(row.signed_at),
    note: row.note,
  }))
}
