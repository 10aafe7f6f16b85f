import type { CourierService } from 'entrepot/sdk'

/**
 * DHL Express's global product codes for parcels. Which of them a route has is told by a quote; those for
 * documents and those for goods that pass customs are different products under the same name.
 * @see https://developer.dhl.com/api-reference/dhl-express-mydhl-api
 */
export const services: readonly CourierService[] = [
  { code: 'P', name: 'Express Worldwide (goods)' },
  { code: 'U', name: 'Express Worldwide (within the EU)' },
  { code: 'D', name: 'Express Worldwide (documents)' },
  { code: 'N', name: 'Express Domestic' },
  { code: 'E', name: 'Express 9:00 (goods)' },
  { code: 'K', name: 'Express 9:00 (documents)' },
  { code: 'M', name: 'Express 10:30 (goods)' },
  { code: 'L', name: 'Express 10:30 (documents)' },
  { code: 'Y', name: 'Express 12:00 (goods)' },
  { code: 'T', name: 'Express 12:00 (documents)' },
  { code: 'I', name: 'Express Domestic 9:00' },
  { code: 'O', name: 'Express Domestic 10:30' },
  { code: '1', name: 'Express Domestic 12:00' },
  { code: 'H', name: 'Economy Select (goods)' },
  { code: 'W', name: 'Economy Select (within the EU)' },
  { code: '8', name: 'Express Easy (goods)' },
  { code: '7', name: 'Express Easy (documents)' },
  { code: 'X', name: 'Express Envelope' },
]

/**
 * The customs union of the EU, within which nothing is declared.
 * @see https://europa.eu/european-union/about-eu/countries_en
 */
const customsUnion = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK'.split(' '),
)

/** Whether goods on this way pass customs. */
export const isDutiable = (from: string, to: string): boolean =>
  from !== to && !(customsUnion.has(from) && customsUnion.has(to))
