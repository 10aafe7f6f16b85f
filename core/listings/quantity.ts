/** One step of an explanation: what was applied, and the value after it. */
export type Term = { label: string; value: string | number; because?: string }

export type QuantityInput = {
  /** Units free to sell, per warehouse or, for a bundle, per component in whole bundles. */
  pools: readonly { label: string; onHand: number; reserved: number; unitsPer: number }[]
  /** A bundle is limited by its scarcest component; warehouses add up. */
  isBundle: boolean
  shareBasisPoints: number | null
  cap: number | null
  buffer: number
}

/**
 * The quantity to publish, with every term that led to it.
 * A share never rounds a single unit down to nothing: at least one unit of a non-empty pool is shown.
 */
export function computeQuantity(input: QuantityInput): { quantity: number; terms: Term[] } {
  const terms: Term[] = []
  const free = input.pools.map((pool) => {
    const units = Math.max(0, pool.onHand - pool.reserved)
    terms.push({
      label: pool.label,
      value: units,
      because: `${pool.onHand} on hand, ${pool.reserved} reserved`,
    })
    return Math.floor(units / pool.unitsPer)
  })
  let quantity = input.isBundle
    ? Math.min(...free, Number.MAX_SAFE_INTEGER)
    : free.reduce((sum, units) => sum + units, 0)
  if (input.pools.length === 0) quantity = 0
  terms.push({ label: input.isBundle ? 'bundles that the components allow' : 'available', value: quantity })
  if (input.shareBasisPoints !== null) {
    quantity = quantity > 0 ? Math.max(1, Math.floor((quantity * input.shareBasisPoints) / 10_000)) : 0
    terms.push({ label: `share of ${input.shareBasisPoints / 100} %`, value: quantity })
  }
  if (input.buffer > 0) {
    quantity = Math.max(0, quantity - input.buffer)
    terms.push({ label: `safety buffer of ${input.buffer}`, value: quantity })
  }
  if (input.cap !== null && quantity > input.cap) {
    quantity = input.cap
    terms.push({ label: `cap of ${input.cap}`, value: quantity })
  }
  return { quantity, terms }
}
