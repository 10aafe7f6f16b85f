import { parseMoney, type QuoteCharge } from 'entrepot/sdk'

const fuelSurcharge = 'FF'
/** DHL's code of the weight charge, and ours for the product's own price where it has none. */
const netCharge = 'SPRQT'
const totalTax = 'STTXA'

/** A line of a price as DHL tells it; the price is text, and absent for what is not charged. */
export type PriceLine = { code: string | null; label: string; price: string | undefined }

function kindOf(code: string | null, isFirst: boolean): QuoteCharge['kind'] {
  if (code === netCharge || (isFirst && code === null)) return 'base'
  if (code === fuelSurcharge) return 'fuel'
  return code === totalTax ? 'tax' : 'surcharge'
}

const sumOf = (charges: readonly QuoteCharge[]): number =>
  charges.reduce((sum, charge) => sum + charge.amountMinor, 0)

/**
 * Charges that add up to the total. DHL tells the tax beside the lines: it is added where the lines fall short by
 * it, and is within them where they do not. What is itemised nowhere stays visible as a charge of its own.
 */
export function toCharges(
  lines: readonly PriceLine[],
  tax: string,
  total: { minor: number; currency: string },
): QuoteCharge[] {
  const { currency } = total
  const charges = lines
    .map(({ code, label, price }, index) => ({
      kind: kindOf(code, index === 0),
      code,
      label,
      amountMinor: price === undefined ? 0 : parseMoney(price, currency).minor,
    }))
    .filter(({ amountMinor }) => amountMinor !== 0)
  if (charges.length === 0) return [{ kind: 'base', code: null, label: 'Price', amountMinor: total.minor }]
  const taxMinor = parseMoney(tax, currency).minor
  const short = total.minor - sumOf(charges)
  if (taxMinor !== 0 && Math.abs(short - taxMinor) < Math.abs(short))
    charges.push({ kind: 'tax', code: totalTax, label: 'Tax', amountMinor: taxMinor })
  const rest = total.minor - sumOf(charges)
  if (rest !== 0)
    charges.push({ kind: 'other', code: null, label: 'Not itemised by DHL Express', amountMinor: rest })
  return charges
}
