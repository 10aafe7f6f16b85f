/** The value that such a share of sorted figures does not pass, between two of them in proportion; two decimals. */
export function percentile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)]!
  const above = sorted[Math.ceil(at)]!
  return Math.round((below + (above - below) * (at - Math.floor(at))) * 100) / 100
}
