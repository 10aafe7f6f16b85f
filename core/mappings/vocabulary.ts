import type { Suggestion } from '../db/schema/mappings.ts'
import { fold, tokensOf, trigramsOf } from './fold.ts'

export type { Suggestion } from '../db/schema/mappings.ts'

/** Something that a word may mean. `path` names what stands above it, joined by " > ". */
export type Candidate = { target: string; name: string; path: string }
/** What the same word means on another connection. */
export type Learnt = { name: string; path: string; connection: string }
export type Word = { name: string; path: string; learnt: readonly Learnt[] }

/** How sure each kind of likeness is; similarity only goes up to its ceiling. */
const sureness = {
  same: 1,
  learnt: 0.97,
  folded: 0.97,
  reordered: 0.93,
  shared: 0.85,
  spelling: 0.8,
} as const
/** A word of ours that stands only above theirs counts so much of one in its name. */
const aboveShare = 0.4
/** What fits equally well several times is a guess. */
const tieShare = 0.6
/** The share of the confidence that the path decides where both sides have one. */
const pathShare = 0.15
const leastConfidence = 0.25
/** As many candidates are looked at closely as could matter. */
const closeLook = 40

type Entry = Candidate & {
  folded: string
  tokens: string[]
  key: string
  above: Set<string>
  grams: Set<string>
  /** What a count of shared parts is divided by, so that long names are not near to everything. */
  length: number
  depth: number
}
type Postings = ReadonlyMap<string, readonly number[]>
type Index = { entries: readonly Entry[]; byToken: Postings; byGram: Postings; points: Float64Array }
type Scored = { entry: Entry; confidence: number; reason: string }

/** What a platform offers, ready to be searched for what is nearest to a word. */
export type Vocabulary = {
  readonly size: number
  /** The likeliest meanings of a word, best first, each with its confidence from 0 to 1 and why. */
  rank(word: Word, limit?: number): Suggestion[]
}

/** Prepares candidates for ranking. Pure: the same candidates and word always rank the same. */
export function createVocabulary(candidates: readonly Candidate[]): Vocabulary {
  const entries = candidates.map(toEntry)
  const byToken = postingsOf(entries, (entry) => new Set(entry.tokens))
  const byGram = postingsOf(entries, (entry) => entry.grams)
  const index = { entries, byToken, byGram, points: new Float64Array(entries.length) }
  const byFolded = Map.groupBy(entries, (entry) => entry.folded)
  const rarity = (token: string): number =>
    Math.log(1 + entries.length / (1 + (byToken.get(token)?.length ?? 0)))
  return {
    size: entries.length,
    rank(word, limit = 5) {
      const wanted = toEntry({ target: '', name: word.name, path: word.path })
      const near = nearest(index, wanted, rarity)
      for (const entry of byFolded.get(wanted.folded) ?? []) near.add(entry)
      const scored = [...near].map((entry) => score(word, wanted, entry, rarity))
      for (const { name, path, connection } of word.learnt)
        for (const entry of byFolded.get(fold(name)) ?? [])
          scored.push({
            entry,
            confidence: fold(path) === fold(entry.path) ? sureness.learnt : sureness.learnt - 0.05,
            reason: `mapped so on ${connection}`,
          })
      return settle(scored, limit)
    },
  }
}

function toEntry(candidate: Candidate): Entry {
  const folded = fold(candidate.name)
  const tokens = tokensOf(folded)
  const grams = trigramsOf(folded)
  return {
    ...candidate,
    folded,
    tokens,
    key: [...tokens].sort().join(' '),
    above: new Set(tokensOf(fold(candidate.path))),
    grams,
    length: Math.sqrt(grams.size),
    depth: candidate.path === '' ? 0 : candidate.path.split(' > ').length,
  }
}

function postingsOf(
  entries: readonly Entry[],
  partsOf: (entry: Entry) => Set<string>,
): Map<string, number[]> {
  const postings = new Map<string, number[]>()
  entries.forEach((entry, index) => {
    for (const part of partsOf(entry)) {
      const list = postings.get(part)
      if (list) list.push(index)
      else postings.set(part, [index])
    }
  })
  return postings
}

/** The candidates that share rare words or many letters with the wanted one. */
function nearest(
  { entries, byToken, byGram, points }: Index,
  wanted: Entry,
  rarity: (token: string) => number,
): Set<Entry> {
  const near = new Set<Entry>()
  const collect = (parts: Iterable<string>, postings: Postings, worth: (part: string) => number) => {
    const touched: number[] = []
    for (const part of parts) {
      const value = worth(part)
      for (const index of postings.get(part) ?? []) {
        if (points[index] === 0) touched.push(index)
        points[index]! += value / entries[index]!.length
      }
    }
    for (const index of highest(touched, points)) near.add(entries[index]!)
    for (const index of touched) points[index] = 0
  }
  collect(new Set(wanted.tokens), byToken, rarity)
  collect(wanted.grams, byGram, () => 1)
  return near
}

/** The places with the most points, as many as are looked at closely; of equals the earlier ones. */
function highest(places: readonly number[], points: Float64Array): number[] {
  const best: number[] = []
  for (const place of places) {
    if (best.length === closeLook && points[place]! <= points[best.at(-1)!]!) continue
    let at = best.length
    while (at > 0 && points[best[at - 1]!]! < points[place]!) at -= 1
    best.splice(at, 0, place)
    if (best.length > closeLook) best.pop()
  }
  return best
}

function score(word: Word, wanted: Entry, entry: Entry, rarity: (token: string) => number): Scored {
  const likeness = likenessOf(word, wanted, entry, rarity)
  if (wanted.above.size === 0 || entry.above.size === 0) return { entry, ...likeness }
  const common = [...wanted.above].filter((token) => entry.above.has(token)).length
  const path = (2 * common) / (wanted.above.size + entry.above.size)
  const confidence = likeness.confidence * (1 - pathShare + pathShare * path)
  return { entry, confidence, reason: path > 0 ? `${likeness.reason}, below a like path` : likeness.reason }
}

function likenessOf(
  word: Word,
  wanted: Entry,
  entry: Entry,
  rarity: (token: string) => number,
): { confidence: number; reason: string } {
  if (word.name === entry.name || word.name === entry.target)
    return { confidence: sureness.same, reason: 'same name' }
  if (wanted.folded === entry.folded)
    return { confidence: sureness.folded, reason: 'same name but for case, accents or punctuation' }
  if (wanted.key !== '' && wanted.key === entry.key)
    return { confidence: sureness.reordered, reason: 'same words in another order or number' }
  const shared = sharedWords(wanted, entry, rarity)
  const spelling = sureness.spelling * gramLikeness(wanted, entry)
  if (shared.confidence >= spelling) return shared
  return { confidence: spelling, reason: 'spelt alike' }
}

/** How much of what both say is the same, rare words counting more. */
function sharedWords(
  wanted: Entry,
  entry: Entry,
  rarity: (token: string) => number,
): { confidence: number; reason: string } {
  const sum = (tokens: Iterable<string>) => [...tokens].reduce((total, token) => total + rarity(token), 0)
  const ours = new Set(wanted.tokens)
  const theirs = new Set(entry.tokens)
  const common = [...ours].filter((token) => theirs.has(token))
  if (common.length === 0) return { confidence: 0, reason: 'nothing shared' }
  const above = [...ours].filter((token) => !theirs.has(token) && entry.above.has(token))
  const dice =
    (2 * sum(common) + 2 * aboveShare * sum(above)) / (sum(ours) + sum(theirs) + aboveShare * sum(above))
  return {
    confidence: sureness.shared * Math.min(1, dice),
    reason: `shares ${quoted([...common, ...above])}`,
  }
}

const quoted = (tokens: readonly string[]): string => tokens.map((token) => `"${token}"`).join(', ')

function gramLikeness(wanted: Entry, entry: Entry): number {
  let common = 0
  for (const gram of entry.grams) if (wanted.grams.has(gram)) common += 1
  return (2 * common) / (wanted.grams.size + entry.grams.size)
}

/** The best of each target; what several fit equally well is no longer sure of any. */
function settle(scored: Scored[], limit: number): Suggestion[] {
  const best = new Map<string, Scored>()
  for (const one of scored) {
    const held = best.get(one.entry.target)
    if (!held || one.confidence > held.confidence) best.set(one.entry.target, one)
  }
  const ranked = [...best.values()].sort(
    (a, b) =>
      b.confidence - a.confidence ||
      a.entry.depth - b.entry.depth ||
      (a.entry.target < b.entry.target ? -1 : 1),
  )
  const [first, second] = ranked
  const ties =
    first &&
    second &&
    first.confidence - second.confidence < 0.001 &&
    first.entry.depth === second.entry.depth
      ? ranked.filter((one) => first.confidence - one.confidence < 0.001)
      : []
  return ranked
    .map((one) =>
      ties.includes(one)
        ? { ...one, confidence: one.confidence * tieShare, reason: `${one.reason}; ${ties.length} fit alike` }
        : one,
    )
    .filter((one) => one.confidence >= leastConfidence)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, limit)
    .map(({ entry: { target, name, path }, confidence, reason }) => ({
      target,
      name,
      path,
      confidence: Math.round(confidence * 1000) / 1000,
      reason,
    }))
}
