export type Item = { sku: string | null; quantity: number; weightGrams: number | null }
export type Share = { sku: string | null; quantity: number; minor: number }

/**
 * Splits a cost among items by their share of the weight, rounded toward zero; what is left over goes to the
 * heaviest (the first of several), so that the shares add up exactly. Where a weight is not known, units count.
 */
export function allocate(minor: number, items: readonly Item[]): { shares: Share[]; by: 'weight' | 'units' } {
  const isWeighed = items.every(({ weightGrams }) => weightGrams !== null && weightGrams > 0)
  const parts = items.map(
    ({ quantity, weightGrams }) => BigInt(quantity) * BigInt(isWeighed ? weightGrams! : 1),
  )
  const whole = parts.reduce((sum, part) => sum + part, 0n)
  const shares = items.map(({ sku, quantity }, index) => ({
    sku,
    quantity,
    minor: whole === 0n ? 0 : Number((BigInt(minor) * parts[index]!) / whole),
  }))
  const largest = parts.reduce((best, part, index) => (part > parts[best]! ? index : best), 0)
  const left = minor - shares.reduce((sum, share) => sum + share.minor, 0)
  if (shares[largest]) shares[largest].minor += left
  return { shares, by: isWeighed ? 'weight' : 'units' }
}
