import type { Place } from '../sdk/model/shipment.ts'

/**
 * The customs union of the EU, with Monaco, which belongs to it.
 * @see https://taxation-customs.ec.europa.eu/customs-4/eu-customs-union-facts-and-figures_en
 */
const customsUnion = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK'.split(' '),
)

/** Spanish regions outside of it: the Canary Islands, Ceuta and Melilla. */
const isOutside = ({ country, postcode }: Pick<Place, 'country' | 'postcode'>): boolean =>
  country === 'ES' && /^(35|38|51|52)/.test(postcode ?? '')

/** Whether goods from one place to the other pass customs. */
export function passesCustoms(
  from: Pick<Place, 'country' | 'postcode'>,
  to: Pick<Place, 'country' | 'postcode'>,
): boolean {
  if (isOutside(from) !== isOutside(to)) return true
  if (from.country === to.country) return false
  return !(customsUnion.has(from.country) && customsUnion.has(to.country))
}
