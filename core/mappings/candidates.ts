import { sql } from 'drizzle-orm'
import { type Db, query } from '../db/client.ts'
import { texts } from '../lib/sql.ts'
import { safeReadingsOf } from '../orders/status.ts'
import type { RemoteOrderStatus } from '../sdk/model/order.ts'
import { remoteOrderStatuses } from '../sdk/model/order.ts'
import type { TermKind } from '../sdk/model/term.ts'
import type { MappingKind } from './kinds.ts'
import { type LearntMeaning, type Rank, suggestionLimit, type VocabularyOf } from './rank.ts'
import type { RefreshSource } from './refresh.ts'
import { type Candidate, createVocabulary, type Suggestion, type Vocabulary } from './vocabulary.ts'

/** Beyond this many SKUs only those that equal the word, or carry it as their GTIN, are looked for. */
const mostSkusByTitle = 50_000

/** What shops call the statuses of an order. */
const statusNames: Readonly<Record<RemoteOrderStatus, readonly string[]>> = {
  pending_payment: ['pending payment', 'awaiting payment', 'unpaid', 'on hold', 'payment pending'],
  paid: [
    'paid',
    'processing',
    'awaiting shipment',
    'ready to ship',
    'awaiting pickup',
    'unshipped',
    'picking',
    'packing',
  ],
  shipped: ['shipped', 'dispatched', 'sent', 'in transit', 'out for delivery'],
  delivered: ['delivered', 'received', 'picked up'],
  completed: ['completed', 'complete', 'closed', 'finished', 'done'],
  cancelled: ['cancelled', 'canceled', 'void', 'abandoned', 'rejected'],
  refunded: ['refunded', 'returned', 'refund'],
}

/** What ranks the words of a kind on a connection. */
export async function loadVocabulary(
  db: Db,
  source: RefreshSource,
  kind: MappingKind,
): Promise<VocabularyOf> {
  if (kind === 'sku') return skuVocabulary(db, source)
  if (kind === 'order_state') return stateVocabulary(db, source)
  if (kind === 'attribute_value') return valueVocabulary(db, source)
  const vocabulary = createVocabulary(await readCandidates(db, source.id, kind, ''))
  return async () => ranked(vocabulary)
}

const ranked =
  (vocabulary: Vocabulary): Rank =>
  (word, learnt) =>
    vocabulary.size === 0
      ? taughtElsewhere(learnt)
      : vocabulary.rank({ name: word.name, path: word.path, learnt }, suggestionLimit)

/** Where the platform lists nothing, the same platform's own word on another connection is all there is. */
const taughtElsewhere = (learnt: readonly LearntMeaning[]): Suggestion[] =>
  [...new Map(learnt.filter((one) => one.isSameConnector).map((one) => [one.target, one])).values()]
    .slice(0, suggestionLimit)
    .map(({ target, name, path, connection }, index) => ({
      target,
      name,
      path,
      confidence: index === 0 ? 0.9 : 0.6,
      reason: `mapped so on ${connection}`,
    }))

const readCandidates = (db: Db, connectionId: string, kind: TermKind, scope: string): Promise<Candidate[]> =>
  query<Candidate>(
    db,
    sql`
    select id as target, name, path from external_terms
    where connection_id = ${connectionId} and kind = ${kind} and scope = ${scope} and is_listed and is_assignable order by id`,
  )

/** Values are looked for among those of the attribute that theirs is mapped to. */
async function valueVocabulary(db: Db, source: RefreshSource): Promise<VocabularyOf> {
  const known = new Map<string, Rank>()
  const attributes = await query<{ scope: string; theirs: string }>(
    db,
    sql`select word as scope, theirs from mappings where connection_id = ${source.id} and kind = 'attribute'`,
  )
  const theirs = new Map(attributes.map((row) => [row.scope, row.theirs]))
  return async (page) => {
    for (const scope of new Set(page.map((row) => row.scope))) {
      if (known.has(scope)) continue
      const of = theirs.get(scope)
      const candidates = of === undefined ? [] : await readCandidates(db, source.id, 'attribute_value', of)
      known.set(scope, ranked(createVocabulary(candidates)))
    }
    return (word, learnt) => known.get(word.scope)!(word, learnt)
  }
}

/** Only statuses that a state may safely mean are offered. */
async function stateVocabulary(db: Db, source: RefreshSource): Promise<VocabularyOf> {
  const states = await query<{ id: string; reading: RemoteOrderStatus | null }>(
    db,
    sql`select id, reading from external_terms where connection_id = ${source.id} and kind = 'order_state'`,
  )
  const readings = new Map(states.map((row) => [row.id, row.reading]))
  const vocabulary = createVocabulary(
    remoteOrderStatuses.flatMap((target) => statusNames[target].map((name) => ({ target, name, path: '' }))),
  )
  return async () => (word, learnt) => {
    const safe: readonly string[] = safeReadingsOf(readings.get(word.word) ?? null)
    const known = learnt.flatMap((one) =>
      safe.includes(one.target)
        ? [
            {
              target: one.target,
              name: one.target,
              path: '',
              confidence: one.isSameConnector ? 0.95 : 0.7,
              reason: `mapped so on ${one.connection}`,
            },
          ]
        : [],
    )
    const alike = vocabulary.rank({ name: word.name, path: '', learnt: [] }, suggestionLimit)
    return best([...known, ...alike.filter((one) => safe.includes(one.target))])
  }
}

/** The best of each target, best first. */
function best(suggestions: readonly Suggestion[]): Suggestion[] {
  const sorted = [...suggestions].sort((a, b) => b.confidence - a.confidence)
  return [...new Map(sorted.toReversed().map((one) => [one.target, one])).values()]
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, suggestionLimit)
}

type Sku = { sku: string; gtin: string | null; title: string; folded: string }

const foldSku = (sku: string): string => sku.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** SKUs by what they are, by GTIN and by title; those that are listed on the connection already are left out. */
async function skuVocabulary(db: Db, source: RefreshSource): Promise<VocabularyOf> {
  const free = sql`
    from variants variant join products product on product.id = variant.product_id
    where not exists (select 1 from listings listing where listing.connection_id = ${source.id} and listing.variant_id = variant.id and listing.external_id is not null)`
  const shown = sql`variant.sku, variant.gtin, coalesce(product.title ->> ${source.locale}::text, (select value from jsonb_each_text(product.title) limit 1), '')
    || coalesce((select string_agg(' ' || value, '' order by key) from jsonb_each_text(variant.options)), '') as title`
  const all = await query<Omit<Sku, 'folded'>>(db, sql`select ${shown} ${free} limit ${mostSkusByTitle + 1}`)
  const isWhole = all.length <= mostSkusByTitle
  const titles = createVocabulary(
    isWhole ? all.map(({ sku, title }) => ({ target: sku, name: title, path: '' })) : [],
  )
  const whole = isWhole ? lookupOf(all) : null
  return async (page) => {
    const words = page.flatMap(({ word }) => [word, word.toUpperCase(), word.toLowerCase()])
    const lookup =
      whole ??
      lookupOf(
        await query<Omit<Sku, 'folded'>>(
          db,
          sql`select ${shown} ${free} and (variant.sku in (${texts(words)}) or variant.gtin in (${texts(words)}))`,
        ),
      )
    return (word, learnt) =>
      best([
        ...learnt.map(({ target, connection }) => ({
          target,
          name: target,
          path: '',
          confidence: 0.97,
          reason: `mapped so on ${connection}`,
        })),
        ...lookup(word.word),
        ...titles
          .rank({ name: word.name, path: '', learnt: [] }, suggestionLimit)
          // Two goods may share a title: it alone never makes sure.
          .map((one) => ({
            ...one,
            confidence: Math.round(one.confidence * 850) / 1000,
            reason: `title: ${one.reason}`,
          })),
      ])
  }
}

function lookupOf(skus: readonly Omit<Sku, 'folded'>[]): (word: string) => Suggestion[] {
  const bySku = Map.groupBy(skus, (row) => foldSku(row.sku))
  const byGtin = Map.groupBy(
    skus.filter((row) => row.gtin !== null),
    (row) => row.gtin!.replace(/^0+/, ''),
  )
  return (word) => {
    const as = (rows: readonly Omit<Sku, 'folded'>[], confidence: number, reason: string) =>
      rows.map(({ sku, title }) => ({
        target: sku,
        name: title,
        path: '',
        confidence: rows.length === 1 ? confidence : 0.5,
        reason: rows.length === 1 ? reason : `${reason}; ${rows.length} fit alike`,
      }))
    const folded = foldSku(word)
    return [
      ...as(folded === '' ? [] : (bySku.get(folded) ?? []), 0.96, 'same SKU but for case and punctuation'),
      ...as(
        /^\d{8,14}$/.test(word) ? (byGtin.get(word.replace(/^0+/, '')) ?? []) : [],
        0.95,
        'its SKU is the GTIN of ours',
      ),
    ]
  }
}
