/** A price of a listing on a day, in minor units. */
export type PricePoint = { day: string; priceMinor: number }

/** A price that fell and came back. */
export type DetectedPromotion = {
  /** The first and the last day of the lower price that were seen. */
  from: string
  to: string
  regularMinor: number
  lowestMinor: number
  /** How far it fell, in percent of the regular price. */
  depthPercent: number
}

const dayMs = 86_400_000

/**
 * Price round trips of a series: a price that falls and comes back to what it was, or above, within `mostDays` days
 * of the first lower one was a promotion. One that stays down, or comes back later, is a new price. A day that is
 * missing says nothing. `points` are in the order of their days.
 */
export function detectPromotions(points: readonly PricePoint[], mostDays = 31): DetectedPromotion[] {
  const found: DetectedPromotion[] = []
  for (let index = 1; index < points.length; index += 1) {
    const regularMinor = points[index - 1]!.priceMinor
    if (points[index]!.priceMinor >= regularMinor) continue
    const back = points.findIndex((point, at) => at > index && point.priceMinor >= regularMinor)
    if (back < 0 || Date.parse(points[back]!.day) - Date.parse(points[index]!.day) > mostDays * dayMs)
      continue
    const low = points.slice(index, back)
    const lowestMinor = Math.min(...low.map(({ priceMinor }) => priceMinor))
    found.push({
      from: low[0]!.day,
      to: low.at(-1)!.day,
      regularMinor,
      lowestMinor,
      depthPercent: Math.round(((regularMinor - lowestMinor) * 1000) / regularMinor) / 10,
    })
    index = back - 1
  }
  return found
}
