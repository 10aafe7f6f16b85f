/** What is weighed against each other: lower cost and days are better, higher reliability is; null is unknown. */
export type Merits = { cost: number | null; days: number | null; onTime: number | null }

/** The same as losses: an unknown one is never better than a known one, and two unknown ones are equal. */
const lossesOf = ({ cost, days, onTime }: Merits): readonly [number, number, number] => [
  cost ?? Infinity,
  days ?? Infinity,
  onTime === null ? Infinity : -onTime,
]

/** Whether `a` is nowhere worse than `b`, and better in something. */
export function dominates(a: Merits, b: Merits): boolean {
  const [ours, theirs] = [lossesOf(a), lossesOf(b)]
  return (
    ours.every((loss, index) => loss <= theirs[index]!) && ours.some((loss, index) => loss < theirs[index]!)
  )
}

/** Those that nothing dominates: whoever takes another one gives something away for nothing. */
export const paretoSet = <Item extends Merits>(items: readonly Item[]): Item[] =>
  items.filter((item) => !items.some((other) => dominates(other, item)))
