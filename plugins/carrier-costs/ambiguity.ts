import { endOf, normaliseArea } from './postcodes.ts'
import type { PostcodeRange, ZoneRule } from './rate-card.ts'

/** Two rows of a zone table of which neither is the more specific, though a parcel can meet both. */
export type Ambiguity = { first: number; second: number }

type Entry = { index: number; start: string; end: string; origin: ZoneRule['origin']; zone: string }

/**
 * Pairs of rows that contradict each other. Rows are set against those of the same origin and of origins that meet
 * theirs; ranges of postcodes may lie one within another or apart, never half over.
 */
export function findAmbiguities(rules: readonly ZoneRule[]): Ambiguity[] {
  const found: Ambiguity[] = []
  for (const [, indexes] of Map.groupBy(rules.keys(), (index) => rules[index]!.country)) {
    const inCountry = indexes.map((index) => entryOf(rules, index))
    found.push(...amongWholes(inCountry.filter(({ index }) => isWhole(rules[index]!))))
    found.push(...amongRanges(inCountry.filter(({ index }) => rules[index]!.postcodes)))
    found.push(
      ...amongAreas(
        rules,
        inCountry.filter(({ index }) => rules[index]!.areas.length > 0),
      ),
    )
  }
  return found
}

const isWhole = (rule: ZoneRule) => !rule.postcodes && rule.areas.length === 0

function entryOf(rules: readonly ZoneRule[], index: number): Entry {
  const { postcodes, origin, zone } = rules[index]!
  return { index, start: postcodes?.from ?? '', end: endOf(postcodes?.to ?? ''), origin, zone }
}

const originKey = ({ origin }: Entry): string =>
  origin ? `${origin.country} ${origin.postcodes?.from ?? ''} ${origin.postcodes?.to ?? ''}` : '*'

/** Whether neither origin is the more specific, though a sender can be in both. */
function areOriginsRivals(a: Entry, b: Entry): boolean {
  if (originKey(a) === originKey(b)) return true
  if (!a.origin?.postcodes || !b.origin?.postcodes || a.origin.country !== b.origin.country) return false
  return overlapsHalf(a.origin.postcodes, b.origin.postcodes)
}

/** Whether any sender is in both. */
function canOriginsMeet(a: Entry, b: Entry): boolean {
  if (!a.origin || !b.origin) return true
  if (a.origin.country !== b.origin.country) return false
  if (!a.origin.postcodes || !b.origin.postcodes) return true
  const [one, other] = [a.origin.postcodes, b.origin.postcodes]
  return one.from < endOf(other.to) && other.from < endOf(one.to)
}

function overlapsHalf(a: PostcodeRange, b: PostcodeRange): boolean {
  const [low, high] = a.from <= b.from ? [a, b] : [b, a]
  return low.from < high.from && high.from < endOf(low.to) && endOf(low.to) < endOf(high.to)
}

/** Rows for the same places: one for each origin, and origins that do not cross. */
function amongWholes(entries: readonly Entry[]): Ambiguity[] {
  const found: Ambiguity[] = []
  const byOrigin = new Map<string, Entry>()
  for (const entry of entries) {
    const earlier = byOrigin.get(originKey(entry))
    if (earlier) found.push({ first: earlier.index, second: entry.index })
    else byOrigin.set(originKey(entry), entry)
  }
  const distinct = [...byOrigin.values()].filter(({ origin }) => origin?.postcodes)
  return found.concat(crossings(distinct, (entry) => entry.origin!.postcodes!, areOriginsRivals))
}

function amongRanges(entries: readonly Entry[]): Ambiguity[] {
  const found: Ambiguity[] = []
  const representatives: Entry[] = []
  for (const [, same] of Map.groupBy(entries, ({ start, end }) => `${start} ${end}`)) {
    found.push(...amongWholes(same))
    // Where one range has many origins, each may cross another range's.
    representatives.push(...same)
  }
  return found.concat(
    crossings(representatives, ({ start, end }) => ({ from: start, to: end.slice(0, -1) }), canOriginsMeet),
  )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Pairs of ranges that lie half over each other, found by a sweep: only open ranges are compared. */
function crossings(
  entries: readonly Entry[],
  rangeOf: (entry: Entry) => PostcodeRange,
  matters: (a: Entry, b: Entry) => boolean,
): Ambiguity[] {
  const sorted = entries.toSorted((a, b) => compare(rangeOf(a).from, rangeOf(b).from))
  const found: Ambiguity[] = []
  let open: Entry[] = []
  for (const entry of sorted) {
    const { from } = rangeOf(entry)
    open = open.filter((other) => from < endOf(rangeOf(other).to))
    for (const other of open) {
      if (overlapsHalf(rangeOf(other), rangeOf(entry)) && matters(other, entry))
        found.push({ first: other.index, second: entry.index })
    }
    open.push(entry)
  }
  return found
}

function amongAreas(rules: readonly ZoneRule[], entries: readonly Entry[]): Ambiguity[] {
  const found: Ambiguity[] = []
  const named = entries.flatMap((entry) =>
    [...new Set(rules[entry.index]!.areas.map(normaliseArea))].map((area) => ({ area, entry })),
  )
  for (const [, same] of Map.groupBy(named, ({ area }) => area))
    found.push(...amongWholes(same.map(({ entry }) => entry)))
  return found
}
