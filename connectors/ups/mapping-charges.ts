import { ConnectorError, parseMoney, type QuoteCharge } from 'entrepot/sdk'
import type { NegotiatedCharges, PublishedCharges } from './schemas.ts'

/**
 * What UPS's charge codes stand for, where that is certain; all others are surcharges under UPS's own name.
 * @see https://developer.ups.com/api/reference/rating/appendix
 */
const knownCharges: Readonly<Record<string, { kind: QuoteCharge['kind']; label: string }>> = {
  '120': { kind: 'surcharge', label: 'Signature required' },
  '300': { kind: 'surcharge', label: 'Saturday delivery' },
  '375': { kind: 'fuel', label: 'Fuel surcharge' },
}

export type Price = { currency: string; totalMinor: number; charges: QuoteCharge[] }

/**
 * The price with its parts: the account's own rate where UPS tells one, taxes included where it tells them.
 * What UPS does not itemise is a part too, so that the parts always add up to the total.
 */
export function priceOf(published: PublishedCharges, negotiated: NegotiatedCharges | undefined): Price {
  const ours = negotiated?.TotalChargesWithTaxes ?? negotiated?.TotalCharge
  const rate = ours && negotiated ? negotiated : published
  const total = ours ?? published.TotalChargesWithTaxes ?? published.TotalCharges
  const { CurrencyCode: currency } = total
  const minorOf = (value: string) => readMinor(value, currency)
  const bases = [rate.BaseServiceCharge].flat().filter((base) => base !== undefined)
  const told: QuoteCharge[] = [
    ...bases.map((base) => charge('base', null, 'Transport', minorOf(base.MonetaryValue))),
    ...rate.ItemizedCharges.map((item) => {
      const known = knownCharges[item.Code]
      const label =
        item.Description || known?.label || item.SubType?.replaceAll('_', ' ') || `Charge ${item.Code}`
      return charge(known?.kind ?? 'surcharge', item.Code, label, minorOf(item.MonetaryValue))
    }),
    ...rate.TaxCharges.map((tax) => charge('tax', tax.Type, tax.Type, minorOf(tax.MonetaryValue))),
  ].filter(({ amountMinor }) => amountMinor !== 0)
  const totalMinor = minorOf(total.MonetaryValue)
  const rest = totalMinor - told.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  const remainder =
    bases.length === 0
      ? charge('base', null, 'Transport', rest)
      : charge('other', null, 'Not itemised by UPS', rest)
  return { currency, totalMinor, charges: rest === 0 ? told : [...told, remainder] }
}

const charge = (
  kind: QuoteCharge['kind'],
  code: string | null,
  label: string,
  amountMinor: number,
): QuoteCharge => ({
  kind,
  code,
  label,
  amountMinor,
})

function readMinor(value: string, currency: string): number {
  try {
    return parseMoney(value, currency).minor
  } catch (cause) {
    throw new ConnectorError(
      'unexpected',
      `UPS tells an amount that cannot be read: "${value}" ${currency}.`,
      { cause },
    )
  }
}
