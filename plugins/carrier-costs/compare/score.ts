import type { Merits } from './pareto.ts'

/** Of 10 000 points, how many each merit can bring. */
const weights = { cost: 6000, days: 2500, onTime: 1500 } as const

/** How the best value is found, in words: it stands beside every comparison. */
export const scoreRule =
  'Best value: up to 6000 points for the price (the cheapest price divided by this one), 2500 for the days (the ' +
  'fewest divided by these, both at least one) and 1500 for the share that came in time. What is not known brings none.'

/** Points of each, in order; null where the cost is not known, because a price that cannot be compared has no value. */
export function scoreAll(items: readonly Merits[]): (number | null)[] {
  const cheapest = least(items.map(({ cost }) => cost))
  const fastest = least(items.map(({ days }) => (days === null ? null : Math.max(days, 1))))
  return items.map(({ cost, days, onTime }) => {
    if (cost === null) return null
    return (
      share(weights.cost, cheapest, cost) +
      (days === null ? 0 : share(weights.days, Math.max(fastest, 1), Math.max(days, 1))) +
      (onTime === null ? 0 : Math.floor((weights.onTime * onTime) / 10_000))
    )
  })
}

const share = (points: number, best: number, value: number): number => Math.floor((points * best) / value)
const least = (values: readonly (number | null)[]): number =>
  values.reduce<number>((lowest, value) => (value !== null && value < lowest ? value : lowest), Infinity)
