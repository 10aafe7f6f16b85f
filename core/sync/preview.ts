import { sql } from 'drizzle-orm'
import type { Connection } from '../connections/connections.ts'
import { query } from '../db/client.ts'
import { type Aspect, aspects } from '../sdk/model/listing.ts'
import { pushOf } from './aspects.ts'
import { connectorOf, type Hub } from './hub.ts'
import { callsOf, planPush, toBatches } from './plan.ts'
import { approvedSteps } from './price-steps.ts'
import { claimDirty, countDirty } from './push-state.ts'

export type PreviewLine = {
  aspect: Aspect
  sku: string
  field: string
  from: string | null
  to: string | null
  reason: string
}
export type Preview = {
  lines: PreviewLine[]
  blocked: { aspect: Aspect; sku: string; reason: string }[]
  /** Calls that are made once, such as listing a product, by operation. */
  once: { operation: string; calls: number }[]
  unchanged: number
  calls: number
}

const pageSize = 1000

/** What a sync would send now, field by field with its reason, and how many calls it would cost. Sends nothing. */
export async function previewSync(
  hub: Hub,
  connection: Connection,
  wanted: readonly Aspect[] = aspects,
): Promise<Preview> {
  const preview: Preview = { lines: [], blocked: [], once: [], unchanged: 0, calls: 0 }
  const connector = connectorOf(hub.connectors, connection)
  for (const aspect of wanted) {
    const push = pushOf(connector.operations, aspect)
    if (!push) continue
    const now = hub.clock.now()
    const isLong =
      push.bulk !== undefined &&
      (await countDirty(hub.db, connection.id, aspect, now, push.bulk.fromItems)) >= push.bulk.fromItems
    const form = isLong ? push.bulk! : push
    const toSend = []
    for (let after = ''; ; ) {
      const page = await claimDirty(hub.db, connection.id, aspect, now, pageSize, after)
      if (page.length === 0) break
      const plan = await planPush(
        { hub, connection },
        aspect,
        page,
        await approvedSteps(hub.db, aspect, page, hub.clock.now()),
      )
      toSend.push(...plan.toSend)
      preview.unchanged += plan.unchanged.length
      preview.blocked.push(
        ...plan.blocked.map(({ item, problem }) => ({ aspect, sku: item.ref.sku, reason: problem.message })),
      )
      preview.blocked.push(
        ...plan.steps.map(({ item, shareText }) => ({
          aspect,
          sku: item.ref.sku,
          reason: `a step of ${shareText} needs approval`,
        })),
      )
      after = page.at(-1)!.listingId
    }
    preview.calls += callsOf(form, toBatches(form, toSend))
    for (const item of toSend) {
      const reason =
        item.terms.map((term) => `${term.label} = ${term.value}`).join('; ') || 'the product changed'
      preview.lines.push(...item.diff.map((line) => ({ aspect, sku: item.ref.sku, ...line, reason })))
    }
  }
  preview.once = await waitingCalls(hub, connection.id)
  preview.calls += preview.once.reduce((sum, entry) => sum + entry.calls, 0)
  preview.blocked.push(...(await heldBack(hub, connection.id, wanted)))
  return preview
}

async function waitingCalls(hub: Hub, connectionId: string): Promise<Preview['once']> {
  return query(
    hub.db,
    sql`
    select operation, count(*)::int as calls from (
      select operation from once_calls where connection_id = ${connectionId} and state in ('waiting', 'running', 'uncertain')
      union all
      select 'endListing' from listings
      where connection_id = ${connectionId} and ending_since is not null and external_id is not null and status <> 'ended'
    ) waiting group by operation order by operation`,
  )
}

/** What was refused or waits for approval is not sent again by itself: it must not look like being in step. */
async function heldBack(
  hub: Hub,
  connectionId: string,
  wanted: readonly Aspect[],
): Promise<Preview['blocked']> {
  const held = await query<{ aspect: Aspect; sku: string; reason: string | null }>(
    hub.db,
    sql`
    select state.aspect, variant.sku, coalesce(
      (select message from problems where key = 'push:' || state.listing_id || ':' || state.aspect and resolved_at is null),
      (select title || ' waits for approval (' || id || ')' from proposals where key = 'price_step:' || state.listing_id and status = 'open')) as reason
    from listing_aspects state join listings listing on listing.id = state.listing_id join variants variant on variant.id = listing.variant_id
    where state.connection_id = ${connectionId} and state.revision > state.acknowledged_revision and listing.status <> 'ended'
      and state.refused_revision is not null and state.not_before > ${hub.clock.now().toISOString()}::timestamptz
    order by variant.sku limit 500`,
  )
  return held
    .filter(({ aspect }) => wanted.includes(aspect))
    .map(({ aspect, sku, reason }) => ({
      aspect,
      sku,
      reason: reason ?? 'it was refused and waits for a change',
    }))
}
