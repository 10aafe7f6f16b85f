import type { PostcodeRange } from './rate-card.ts'

/** A postcode as ranges compare it: capitals and digits only. */
export function normalisePostcode(postcode: string | null): string {
  if (postcode === null) return ''
  return isPlain.test(postcode) ? postcode : postcode.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')
}
const isPlain = /^[0-9A-Z]*$/

/** A place's name as areas compare it: without accents, case and punctuation. */
export const normaliseArea = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** The least text above all that begin with `bound`: a range is the texts from `from` up to it. */
export const endOf = (bound: string): string => `${bound}\uffff`

/** Ranges of one country, joined where they touch, so that one binary search answers. */
export type PostcodeList = { starts: readonly string[]; ends: readonly string[] }

export function compilePostcodes(ranges: readonly PostcodeRange[]): PostcodeList {
  const sorted = ranges
    .map(({ from, to }) => ({ start: from, end: endOf(to) }))
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
  const joined: { start: string; end: string }[] = []
  for (const range of sorted) {
    const last = joined.at(-1)
    if (last && range.start <= last.end) last.end = range.end > last.end ? range.end : last.end
    else joined.push(range)
  }
  return { starts: joined.map((range) => range.start), ends: joined.map((range) => range.end) }
}

export function hasPostcode({ starts, ends }: PostcodeList, postcode: string): boolean {
  const index = lastAtMost(starts, postcode)
  return index !== -1 && postcode < ends[index]!
}

/** The index of the last text that is not above `value`, or -1. */
export function lastAtMost(sorted: readonly string[], value: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}
