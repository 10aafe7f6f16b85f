/** Contents and counts that a text names, in one writing: "50 ml", "2 x". Sorted, each once. */
export function measuresOf(text: string): string[] {
  const found = new Set<string>()
  for (const [, number, unit] of text.normalize('NFKC').matchAll(pattern)) {
    const { into, factor } = units[unit!.toLowerCase()]!
    const value = Number(number!.replace(',', '.')) * factor
    if (value > 0) found.add(`${Number(value.toFixed(3))} ${into}`)
  }
  return [...found].sort()
}

/** How a unit is written, on the left; what it is in ours. */
const units: Readonly<Record<string, { into: string; factor: number }>> = {
  ml: { into: 'ml', factor: 1 },
  毫升: { into: 'ml', factor: 1 },
  cl: { into: 'ml', factor: 10 },
  l: { into: 'ml', factor: 1000 },
  升: { into: 'ml', factor: 1000 },
  g: { into: 'g', factor: 1 },
  克: { into: 'g', factor: 1 },
  kg: { into: 'g', factor: 1000 },
  千克: { into: 'g', factor: 1000 },
  公斤: { into: 'g', factor: 1000 },
}
const names = Object.keys(units).toSorted((a, b) => b.length - a.length)
const pattern = new RegExp(`(\\d+(?:[.,]\\d+)?)\\s*(${names.join('|')})(?![\\p{Script=Latin}\\d])`, 'giu')

/** Whether two texts name contents of one kind that differ: "50 ml" and "30 ml". One that names none contradicts nothing. */
export function doContradict(a: readonly string[], b: readonly string[]): boolean {
  return ['ml', 'g'].some((unit) => {
    const of = (list: readonly string[]) => list.filter((entry) => entry.endsWith(` ${unit}`))
    const [mine, theirs] = [of(a), of(b)]
    return mine.length > 0 && theirs.length > 0 && !mine.some((entry) => theirs.includes(entry))
  })
}
