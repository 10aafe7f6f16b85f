import type { Place } from 'entrepot/sdk'
import { endOf, lastAtMost, normaliseArea } from './postcodes.ts'
import type { ZoneRule, ZoneSet } from './rate-card.ts'

/** A country's rows: the postcodes' line cut where a range begins or ends, with the rows of each piece. */
type CountryZones = {
  starts: readonly string[]
  /** By piece, the most specific row first. */
  pieces: readonly (readonly number[])[]
  areas: ReadonlyMap<string, readonly number[]> | null
  whole: readonly number[]
}

/** A zone table made ready to be asked. Rows are told by their index in the set. */
export type CompiledZones = {
  id: string
  zones: ZoneSet['zones']
  rules: readonly ZoneRule[]
  /** Index of the zone of each row. */
  zoneOf: Int32Array
  byCountry: ReadonlyMap<string, CountryZones>
  elsewhere: readonly number[]
}

/** What `findRule` says instead of a row. */
export const noZone = -1
export const postcodeMissing = -2
export const areaMissing = -3

export function compileZones(set: ZoneSet): CompiledZones {
  const zoneIndex = new Map(set.zones.map((zone, index) => [zone.id, index]))
  const byCountry = new Map<string, CountryZones>()
  const groups = Map.groupBy(set.rules.keys(), (index) => set.rules[index]!.country)
  for (const [country, indexes] of groups) {
    if (country !== '*') byCountry.set(country, compileCountry(set.rules, indexes))
  }
  return {
    id: set.id,
    zones: set.zones,
    rules: set.rules,
    zoneOf: Int32Array.from(set.rules, (rule) => zoneIndex.get(rule.zone)!),
    byCountry,
    elsewhere: byOrigin(set.rules, groups.get('*') ?? []),
  }
}

function compileCountry(rules: readonly ZoneRule[], indexes: readonly number[]): CountryZones {
  const ranged = indexes.filter((index) => rules[index]!.postcodes)
  const named = indexes.filter((index) => rules[index]!.areas.length > 0)
  const areas = new Map<string, number[]>()
  for (const index of byOrigin(rules, named)) {
    for (const area of rules[index]!.areas) {
      const key = normaliseArea(area)
      areas.set(key, [...(areas.get(key) ?? []), index])
    }
  }
  const { starts, pieces } = cutIntoPieces(rules, ranged)
  return {
    starts,
    pieces,
    areas: named.length > 0 ? areas : null,
    whole: byOrigin(
      rules,
      indexes.filter((index) => !rules[index]!.postcodes && rules[index]!.areas.length === 0),
    ),
  }
}

/**
 * Of two ranges that one sender can meet, one lies within the other (the checks see to it), and the inner one
 * begins later or ends earlier: that order is the order of a piece's rows.
 */
function cutIntoPieces(rules: readonly ZoneRule[], indexes: readonly number[]) {
  const rangeOf = (index: number) => rules[index]!.postcodes!
  const ranges = [...Map.groupBy(indexes, (index) => `${rangeOf(index).from} ${rangeOf(index).to}`).values()]
    .map((group) => ({
      start: rangeOf(group[0]!).from,
      end: endOf(rangeOf(group[0]!).to),
      rows: byOrigin(rules, group),
    }))
    .sort((a, b) => compare(b.start, a.start) || compare(a.end, b.end))
  const starts = [...new Set(ranges.flatMap(({ start, end }) => [start, end]))].sort(compare)
  const waiting = [...ranges]
  let open: typeof ranges = []
  const pieces = starts.map((at) => {
    open = open.filter((range) => range.end > at)
    // Those that begin here are the innermost so far.
    const begun: typeof ranges = []
    while (waiting.length > 0 && waiting.at(-1)!.start <= at) begun.push(waiting.pop()!)
    open = [...begun.toReversed(), ...open]
    return open.flatMap((range) => range.rows)
  })
  return { starts, pieces }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The narrower origin first: a later beginning or an earlier end is within. From anywhere comes last. */
function byOrigin(rules: readonly ZoneRule[], indexes: readonly number[]): number[] {
  return [...indexes].sort((a, b) => {
    const [one, other] = [rules[a]!.origin, rules[b]!.origin]
    if (!one || !other) return Number(!one) - Number(!other)
    if (!one.postcodes || !other.postcodes) return Number(!one.postcodes) - Number(!other.postcodes)
    return (
      compare(other.postcodes.from, one.postcodes.from) ||
      compare(endOf(one.postcodes.to), endOf(other.postcodes.to))
    )
  })
}

/**
 * The index of the most specific row, or one of the negative words above. A place whose postcode (or region and
 * city) is not known is refused where rows differ by it: the price would be a guess.
 */
export function findRule(
  zones: CompiledZones,
  from: Place,
  fromPostcode: string,
  to: Place,
  toPostcode: string,
): number {
  const country = zones.byCountry.get(to.country)
  if (country !== undefined) {
    if (country.starts.length > 0) {
      if (toPostcode === '') return postcodeMissing
      const piece = lastAtMost(country.starts, toPostcode)
      if (piece !== -1) {
        const found = firstFrom(zones.rules, country.pieces[piece]!, from, fromPostcode)
        if (found !== noZone) return found
      }
    }
    if (country.areas !== null) {
      if (!to.region && !to.city) return areaMissing
      const found = findArea(zones.rules, country.areas, from, fromPostcode, to)
      if (found !== noZone) return found
    }
    const found = firstFrom(zones.rules, country.whole, from, fromPostcode)
    if (found !== noZone) return found
  }
  return firstFrom(zones.rules, zones.elsewhere, from, fromPostcode)
}

function findArea(
  rules: readonly ZoneRule[],
  areas: ReadonlyMap<string, readonly number[]>,
  from: Place,
  fromPostcode: string,
  to: Place,
): number {
  const region = to.region ? areas.get(normaliseArea(to.region)) : undefined
  const found = region ? firstFrom(rules, region, from, fromPostcode) : noZone
  if (found !== noZone) return found
  const city = to.city ? areas.get(normaliseArea(to.city)) : undefined
  return city ? firstFrom(rules, city, from, fromPostcode) : noZone
}

function firstFrom(
  rules: readonly ZoneRule[],
  indexes: readonly number[],
  from: Place,
  fromPostcode: string,
): number {
  for (let at = 0; at < indexes.length; at += 1) {
    const index = indexes[at]!
    const origin = rules[index]!.origin
    if (origin === null) return index
    if (origin.country !== from.country) continue
    if (origin.postcodes === null) return index
    const { from: least, to: most } = origin.postcodes
    if (fromPostcode >= least && (fromPostcode <= most || fromPostcode.startsWith(most))) return index
  }
  return noZone
}
