import { sql } from 'drizzle-orm'
import type { Connection } from '../connections/connections.ts'
import { query } from '../db/client.ts'
import { texts } from '../lib/sql.ts'
import { readActivePlugins } from '../plugins/settings.ts'
import { InputError } from '../sdk/errors.ts'
import { type Aspect, aspects } from '../sdk/model/listing.ts'
import { type AnyPush, type FieldDiff, filterOf, pushOf } from './aspects.ts'
import { connectorOf, type Hub } from './hub.ts'
import { callsOf, type Planned, planPush, toBatches } from './plan.ts'
import { approvedSteps } from './price-steps.ts'
import { claimDirty, claimListings, countDirty, type Dirty } from './push-state.ts'

/** Counted no further: beyond it a preview says "more than". */
const mostCounted = 10_000

export type PreviewScope = {
  aspects?: readonly Aspect[] | undefined
  /** Only these listings, whether they wait for a push or not. */
  listingIds?: readonly string[] | undefined
  skus?: readonly string[] | undefined
  after?: string | undefined
  limit: number
}

/** What a push would do with a listing now. */
export type PreviewItem = {
  aspect: Aspect
  listingId: string
  sku: string
  /** `send`; `in_step`: the marketplace shows it already; `approval`: its step is too large; `blocked`: see `reason`. */
  outcome: 'send' | 'in_step' | 'approval' | 'blocked'
  wasRefused: boolean
  changes: FieldDiff[]
  /** How the new value comes about, term by term; a plugin that changed it is one of them. */
  because: { label: string; value: string }[]
  reason: string | null
}

/** What pushing all that waits of an aspect costs. */
export type PreviewCost = {
  aspect: Aspect
  waiting: number
  isMore: boolean
  form: 'calls' | 'feed'
  maxBatch: number
  /** Calls for what waits: exact where all of it is on this page, else reckoned from it. */
  calls: number
  isExact: boolean
  bucket: string | null
  perSecond: number | null
  /** How long the calls take at the rate limit, with the tokens there are now. */
  seconds: number | null
  /** Plugins that have the last word on it. */
  plugins: string[]
}

export type PreviewPage = { items: PreviewItem[]; next: string | null; costs: PreviewCost[] }

type Cursor = { aspect: Aspect; listingId: string }

/** A page of what a sync would send now, in the order of aspects and listings, with what all of it costs. Sends nothing. */
export async function previewPage(
  hub: Hub,
  connection: Connection,
  scope: PreviewScope,
): Promise<PreviewPage> {
  const { operations } = connectorOf(hub.connectors, connection)
  const wanted = (scope.aspects ?? aspects).filter((aspect) => pushOf(operations, aspect))
  const only = await listingsOf(hub, connection, scope)
  let from = readCursor(scope.after, wanted)
  const items: PreviewItem[] = []
  const planned = new Map<Aspect, Planned[]>()
  let next: string | null = null
  for (const aspect of wanted.slice(from ? wanted.indexOf(from.aspect) : 0)) {
    const room = scope.limit - items.length
    const found = await claim(hub, connection, aspect, only, from?.listingId ?? '', room + 1)
    const page = found.slice(0, room)
    const plan = await planOf(hub, connection, aspect, page)
    items.push(...plan.items)
    planned.set(aspect, plan.toSend)
    if (found.length > room) {
      next = `${aspect}~${page.at(-1)?.listingId ?? from?.listingId ?? ''}`
      break
    }
    from = null
  }
  const isWhole = scope.after === undefined && next === null
  const costs = await Promise.all(
    wanted.map((aspect) => costOf(hub, connection, aspect, planned.get(aspect) ?? [], isWhole, only)),
  )
  return { items, next, costs }
}

function readCursor(after: string | undefined, wanted: readonly Aspect[]): Cursor | null {
  if (after === undefined) return null
  const [aspect, listingId] = after.split('~')
  if (!(wanted as readonly string[]).includes(aspect!) || listingId === undefined)
    throw new InputError(`"${after}" is not the "next" of a page.`, 'after')
  return { aspect: aspect as Aspect, listingId }
}

/** The listings that are asked about, by id; null: whatever waits. @throws InputError for a SKU without a listing. */
async function listingsOf(
  hub: Hub,
  { id, name }: Connection,
  { listingIds, skus }: PreviewScope,
): Promise<string[] | null> {
  if (listingIds === undefined && skus === undefined) return null
  const found = await query<{ id: string; sku: string }>(
    hub.db,
    sql`
    select listing.id, variant.sku from listings listing join variants variant on variant.id = listing.variant_id
    where listing.connection_id = ${id} and (listing.id in (${texts(listingIds ?? [])}) or variant.sku in (${texts(skus ?? [])}))
    order by listing.id`,
  )
  const listed = new Set(found.map((row) => row.sku))
  for (const [index, sku] of (skus ?? []).entries())
    if (!listed.has(sku)) throw new InputError(`${sku} is not listed on ${name}.`, `skus.${index}`)
  return found.map((row) => row.id)
}

async function claim(
  hub: Hub,
  { id }: Connection,
  aspect: Aspect,
  only: readonly string[] | null,
  after: string,
  limit: number,
): Promise<Dirty[]> {
  if (only === null) return claimDirty(hub.db, id, aspect, hub.clock.now(), limit, after)
  return claimListings(hub.db, id, aspect, only.filter((listingId) => listingId > after).slice(0, limit))
}

async function planOf(
  hub: Hub,
  connection: Connection,
  aspect: Aspect,
  page: readonly Dirty[],
): Promise<{ items: PreviewItem[]; toSend: Planned[] }> {
  const approved = await approvedSteps(hub.db, aspect, page, hub.clock.now())
  const plan = await planPush({ hub, connection }, aspect, page, approved)
  const show = (
    item: Dirty,
    outcome: PreviewItem['outcome'],
    more: Partial<PreviewItem> = {},
  ): PreviewItem => ({
    aspect,
    listingId: item.listingId,
    sku: item.ref.sku,
    outcome,
    wasRefused: item.wasRefused,
    changes: [],
    because: [],
    reason: null,
    ...more,
  })
  const told = (item: Planned) => ({
    changes: item.diff,
    because: item.terms.map(({ label, value }) => ({ label, value: String(value) })),
  })
  const items = [
    ...plan.toSend.map((item) => show(item, 'send', told(item))),
    ...plan.unchanged.map((item) => show(item, 'in_step')),
    ...plan.steps.map(({ item, shareText }) =>
      show(item, 'approval', { ...told(item), reason: `A step of ${shareText} needs approval.` }),
    ),
    ...plan.blocked.map(({ item, problem }) => show(item, 'blocked', { reason: problem.message })),
  ]
  return {
    items: items.sort((a, b) => (a.listingId < b.listingId ? -1 : 1)),
    toSend: plan.toSend,
  }
}

async function costOf(
  hub: Hub,
  connection: Connection,
  aspect: Aspect,
  toSend: readonly Planned[],
  isWhole: boolean,
  only: readonly string[] | null,
): Promise<PreviewCost> {
  const { operations, buckets } = connectorOf(hub.connectors, connection)
  const push = pushOf(operations, aspect)!
  const counted =
    only?.length ?? (await countDirty(hub.db, connection.id, aspect, hub.clock.now(), mostCounted + 1))
  const waiting = Math.min(counted, mostCounted)
  const isFeed = push.bulk !== undefined && counted >= push.bulk.fromItems
  const form: AnyPush = isFeed ? push.bulk! : push
  const onPage = callsOf(form, toBatches(form, toSend))
  const isExact = isWhole || waiting <= toSend.length
  const share = toSend.length === 0 ? 1 / form.maxBatch : onPage / toSend.length
  const calls = isExact
    ? onPage
    : Math.max(onPage, isFeed ? Math.ceil(waiting / form.maxBatch) : Math.ceil(waiting * share))
  const bucket = form.bucket ?? null
  const published = bucket === null ? undefined : buckets[bucket]
  const perSecond = published ? published.perSecond * connection.rateScale : null
  const tokens = bucket === null ? 0 : await tokensOf(hub, connection.id, bucket, published?.burst ?? 0)
  return {
    aspect,
    waiting,
    isMore: counted > mostCounted,
    form: isFeed ? 'feed' : 'calls',
    maxBatch: form.maxBatch,
    calls,
    isExact,
    bucket,
    perSecond,
    seconds: perSecond === null ? null : Math.max(0, calls - tokens) / perSecond,
    plugins: (await readActivePlugins(hub.db, hub.plugins))
      .filter(({ plugin }) => plugin.filter?.[filterOf[aspect]])
      .map(({ plugin }) => plugin.name),
  }
}

/** Tokens there are now; a bucket that was never used is full. */
async function tokensOf(hub: Hub, connectionId: string, bucket: string, burst: number): Promise<number> {
  const [row] = await query<{ tokens: number }>(
    hub.db,
    sql`
    select greatest(0, least(burst, tokens + per_second * extract(epoch from hub_now() - refilled_at)))::float8 as tokens
    from rate_buckets where connection_id = ${connectionId} and bucket = ${bucket}`,
  )
  return row?.tokens ?? burst
}
