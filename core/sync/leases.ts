import { sql } from 'drizzle-orm'
import { type Db, type DbOrTx, query } from '../db/client.ts'

/** How long a lane stays taken when its holder dies without a word. Renewed every third of it. */
export const leaseMs = 9_000

/** A lane of a connection, held by this worker. The token fences off results of an earlier holder. */
export type Lease = {
  connectionId: string
  lane: string
  token: number
  failures: number
  approvedUntil: Date | null
  /** Listings that the lane has sold out or repriced within the last hour. */
  drastic: number
}

/** Another worker holds the lane now: what this one found must not be written. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError'
}

export type LeaseAttempt = { lease: Lease } | { busyUntil: Date } | { restsUntil: Date }

type Row = {
  token: string
  failures: number
  approved_until: string | null
  drastic: number
  is_ours: boolean
  not_before: string | null
  expires_at: string
  rests: boolean
}

const drasticNow = sql`case when drastic_since > hub_now() - interval '1 hour' then drastic_count else 0 end`

/** Counts listings that are about to be sold out or repriced, so that many small runs make one large one. */
export async function noteDrastic(db: DbOrTx, lease: Lease, count: number): Promise<void> {
  if (count === 0) return
  lease.drastic += count
  await db.execute(sql`
    update leases set drastic_count = ${drasticNow} + ${count}::int,
      drastic_since = case when drastic_since > hub_now() - interval '1 hour' then drastic_since else hub_now() end
    where connection_id = ${lease.connectionId} and lane = ${lease.lane} and token = ${lease.token}`)
}

/** Takes the lane if it is free and not resting after failures. Time is the database's. */
export async function acquireLease(
  db: Db,
  connectionId: string,
  lane: string,
  holder: string,
): Promise<LeaseAttempt> {
  const [row] = await query<Row>(
    db,
    sql`
    with taken as (
      insert into leases (connection_id, lane, holder, token, expires_at)
      values (${connectionId}, ${lane}, ${holder}, 1, hub_now() + ${leaseMs}::float8 * interval '1 millisecond')
      on conflict (connection_id, lane) do update
      set holder = excluded.holder, token = leases.token + 1, expires_at = excluded.expires_at
      where leases.expires_at <= hub_now() and (leases.not_before is null or leases.not_before <= hub_now())
      returning *
    )
    select token, failures, approved_until, ${drasticNow} as drastic, true as is_ours, not_before, expires_at, false as rests from taken
    union all
    select token, failures, approved_until, 0, false, not_before, expires_at, expires_at <= hub_now() from leases
    where connection_id = ${connectionId} and lane = ${lane} and not exists (select 1 from taken)`,
  )
  if (!row) return { busyUntil: new Date() }
  if (row.is_ours) {
    const approvedUntil = row.approved_until === null ? null : new Date(row.approved_until)
    const { failures, drastic } = row
    return { lease: { connectionId, lane, token: Number(row.token), failures, approvedUntil, drastic } }
  }
  return row.rests ? { restsUntil: new Date(row.not_before!) } : { busyUntil: new Date(row.expires_at) }
}

/** Holds the lane for longer. @throws LeaseLostError when it is another's by now. */
export async function renewLease(db: DbOrTx, lease: Lease): Promise<void> {
  const kept = await query(
    db,
    sql`
    update leases set expires_at = hub_now() + ${leaseMs}::float8 * interval '1 millisecond'
    where connection_id = ${lease.connectionId} and lane = ${lease.lane} and token = ${lease.token} returning 1`,
  )
  if (kept.length === 0) throw lost(lease)
}

/** Called in the transaction that writes results: they count only while the lane is ours. @throws LeaseLostError */
export async function assertLease(tx: DbOrTx, lease: Lease): Promise<void> {
  const held = await query(
    tx,
    sql`
    select 1 from leases where connection_id = ${lease.connectionId} and lane = ${lease.lane} and token = ${lease.token} for share`,
  )
  if (held.length === 0) throw lost(lease)
}

/** Gives the lane back, with how the run went: failures in a row and how long to rest. */
export async function releaseLease(
  db: DbOrTx,
  lease: Lease,
  after: { failures: number; restMs: number },
): Promise<void> {
  await db.execute(sql`
    update leases set expires_at = hub_now(), failures = ${after.failures},
      not_before = case when ${after.restMs}::float8 > 0 then hub_now() + ${after.restMs}::float8 * interval '1 millisecond' end
    where connection_id = ${lease.connectionId} and lane = ${lease.lane} and token = ${lease.token}`)
}

const lost = (lease: Lease) =>
  new LeaseLostError(`Another worker took over lane "${lease.lane}" of connection ${lease.connectionId}.`)
