import { fingerprint, type ListingFacts, type ListingFilter, type PluginContext } from 'entrepot/sdk'
import { proposeDelistings } from './delist.ts'
import { readMeasures } from './images/store.ts'
import { judge } from './judge.ts'
import { moveMark } from './mark.ts'
import { limitsOf } from './marketplaces.ts'
import { doContradict } from './measures.ts'
import { packs, packsOf } from './packs.ts'
import { readAhead } from './read-ahead.ts'
import { readRequired } from './required.ts'
import { dropBetween, dropResults, type Result, saveResults } from './results.ts'
import { contentsOf } from './rules/consistency.ts'
import { scoreOf } from './score.ts'
import type { AuditSettings } from './settings.ts'
import { readKnown, siblingsOf } from './siblings.ts'
import type { ImageMeasure, Sibling } from './subject.ts'
import { recordScores } from './trend.ts'

export type AuditContext = PluginContext<AuditSettings>
export type AuditCounts = {
  listings: number
  /** Judged anew, because something that they are judged by had changed. */
  judged: number
}
type Progress = (done: number) => void

/** What all listings of an audit are judged by. */
type Bench = {
  settings: AuditSettings
  required: ReadonlyMap<string, readonly string[]>
  /** Changes when any rule, setting or demand does. */
  version: string
}

/** Judges every listing, of one account or of all, and writes down today's scores. */
export async function auditAll(
  context: AuditContext,
  connectionId?: string,
  progress: Progress = () => {},
): Promise<AuditCounts> {
  const startedAt = context.clock.now()
  const counts = await auditListings(context, connectionId === undefined ? {} : { connectionId }, {
    isWhole: true,
    progress,
  })
  await recordScores(context.db, context.clock.now(), connectionId)
  if (connectionId === undefined) await moveMark(context.db, startedAt)
  return counts
}

/** Judges the listings of a filter, page by page. `isWhole`: what the stream does not name is there no more. */
export async function auditListings(
  context: AuditContext,
  filter: ListingFilter,
  { isWhole = false, progress = () => {} }: { isWhole?: boolean; progress?: Progress } = {},
): Promise<AuditCounts> {
  const bench = await openBench(context)
  const counts = { listings: 0, judged: 0 }
  // Few: only listings whose contents contradict one that was judged after them.
  const again = new Set<string>()
  let after = ''
  for await (const page of readAhead(context.services.streamListings(filter))) {
    counts.judged += await auditPage(context, bench, page, again)
    counts.listings += page.length
    const ids = page.map(({ listingId }) => listingId)
    if (isWhole) {
      const upTo = ids.at(-1)!
      await dropBetween(context.db, { after, upTo, present: ids, connectionId: filter.connectionId })
      after = upTo
    }
    progress(counts.listings)
  }
  if (isWhole)
    await dropBetween(context.db, { after, upTo: null, present: [], connectionId: filter.connectionId })
  if (again.size > 0)
    for await (const page of context.services.streamListings({ listingIds: [...again] }))
      counts.judged += await auditPage(context, bench, page, new Set())
  return counts
}

async function openBench({ db, settings }: AuditContext): Promise<Bench> {
  const [now, required] = [await settings(), await readRequired(db)]
  const version = fingerprint([judgement, packs, now, [...required]])
  return { settings: now, required, version }
}

/** Raised when rules in code change, so that every listing is judged anew. */
const judgement = 1

async function auditPage(
  context: AuditContext,
  bench: Bench,
  page: readonly ListingFacts[],
  again: Set<string>,
): Promise<number> {
  const { db, clock } = context
  const shown = page.filter(({ status }) => status !== 'ended')
  const known = await readKnown(db, shown)
  const images = bench.settings.measuresImages
    ? await readMeasures(db, [...new Set(shown.flatMap(({ content }) => content.images))])
    : new Map<string, ImageMeasure>()
  const siblings = siblingsOf(shown, known)
  const judged: { facts: ListingFacts; result: Result }[] = []
  for (const facts of shown) {
    const measures = contentsOf(facts.content)
    const others = siblings.get(facts.variantId)!.filter(({ listingId }) => listingId !== facts.listingId)
    const print = printOf(facts, others, images, bench.version)
    const before = known.byListing.get(facts.listingId)
    if (before?.fingerprint === print) continue
    const result = judgeListing({ facts, others, images, bench, measures, print, now: clock.now() })
    judged.push({ facts, result })
    for (const other of others)
      if (doContradict(measures, other.measures) || known.byListing.get(other.listingId)?.contradicts)
        again.add(other.listingId)
  }
  for (const { listingId } of judged.map(({ facts }) => facts)) again.delete(listingId)
  await saveResults(
    db,
    judged.map(({ result }) => result),
  )
  await dropResults(
    db,
    page.filter(({ status }) => status === 'ended').map(({ listingId }) => listingId),
  )
  await proposeDelistings(context, bench.settings, judged)
  return judged.length
}

function judgeListing(given: {
  facts: ListingFacts
  others: readonly Sibling[]
  images: ReadonlyMap<string, ImageMeasure>
  bench: Bench
  measures: string[]
  print: string
  now: Date
}): Result {
  const { facts, others, images, bench, measures, print, now } = given
  const findings = judge({
    facts,
    limits: limitsOf(facts.connector),
    packs: packsOf(facts.locale),
    settings: bench.settings,
    required: (facts.categoryKey === null ? undefined : bench.required.get(facts.categoryKey)) ?? [],
    siblings: others,
    images,
  })
  const { listingId, connectionId, productId, variantId, sku, categoryKey, locale, status, content } = facts
  return {
    listingId,
    connectionId,
    productId,
    variantId,
    sku,
    categoryKey,
    locale,
    status,
    title: content.title,
    score: scoreOf(findings).score,
    findings,
    measures,
    fingerprint: print,
    judgedAt: now,
  }
}

/** Of all that a listing is judged by. A sale that leaves enough in stock changes nothing. */
const printOf = (
  facts: ListingFacts,
  others: readonly Sibling[],
  images: ReadonlyMap<string, ImageMeasure>,
  version: string,
): string =>
  fingerprint([
    version,
    {
      ...facts,
      quantity: Math.min(0, facts.quantity),
      onHand: null,
      available: null,
      changedAt: null,
      createdAt: null,
    },
    facts.quantity > facts.available ? facts.quantity - facts.available : 0,
    others,
    facts.content.images.map((url) => images.get(url) ?? null),
  ])
