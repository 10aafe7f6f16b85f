import type { CourierService } from 'entrepot/sdk'

/** Code and name, the everyday service first. A list, because an object would put 11 before 03. */
type Services = readonly (readonly [code: string, name: string])[]

/** What UPS calls the services that leave a country for another, unless the country has its own names. */
const worldwide: Services = [
  ['11', 'UPS Standard'],
  ['08', 'UPS Worldwide Expedited'],
  ['65', 'UPS Worldwide Saver'],
  ['07', 'UPS Worldwide Express'],
  ['54', 'UPS Worldwide Express Plus'],
]

const europe: Services = [
  ['11', 'UPS Standard'],
  ['70', 'UPS Access Point Economy'],
  ['08', 'UPS Expedited'],
  ['65', 'UPS Express Saver'],
  ['07', 'UPS Express'],
  ['54', 'UPS Express Plus'],
]

/**
 * One code means different services by the country of dispatch: 01 is Next Day Air in the United States and
 * Express in Canada. What is not named sells `europe` or `worldwide`.
 * @see https://developer.ups.com/api/reference/shipping/appendix1 service codes
 */
const byOrigin: Readonly<Record<string, Services>> = {
  US: [
    ['03', 'UPS Ground'],
    ['12', 'UPS 3 Day Select'],
    ['02', 'UPS 2nd Day Air'],
    ['59', 'UPS 2nd Day Air A.M.'],
    ['13', 'UPS Next Day Air Saver'],
    ['01', 'UPS Next Day Air'],
    ['14', 'UPS Next Day Air Early'],
    ...worldwide,
  ],
  PR: [
    ['03', 'UPS Ground'],
    ['02', 'UPS 2nd Day Air'],
    ['01', 'UPS Next Day Air'],
    ['14', 'UPS Next Day Air Early'],
    ...worldwide.filter(([code]) => code !== '11'),
  ],
  CA: [
    ['11', 'UPS Standard'],
    ['12', 'UPS 3 Day Select'],
    ['02', 'UPS Expedited'],
    ['13', 'UPS Express Saver'],
    ['01', 'UPS Express'],
    ['14', 'UPS Express Early'],
    ['08', 'UPS Worldwide Expedited'],
    ['65', 'UPS Worldwide Express Saver'],
    ['07', 'UPS Worldwide Express'],
    ['54', 'UPS Worldwide Express Plus'],
  ],
  PL: [
    ...europe,
    ['82', 'UPS Today Standard'],
    ['83', 'UPS Today Dedicated Courier'],
    ['85', 'UPS Today Express'],
    ['86', 'UPS Today Express Saver'],
  ],
  DE: [...europe, ['74', 'UPS Express 12:00']],
}

const inEurope = new Set(
  'AT BE BG CH CY CZ DK EE ES FI FR GB GR HR HU IE IT LI LT LU LV MT NL NO PT RO RS SE SI SK TR'.split(' '),
)

/** The services that UPS sells from a country, by their codes there. */
export const servicesFrom = (originCountry: string): readonly CourierService[] =>
  (byOrigin[originCountry] ?? (inEurope.has(originCountry) ? europe : worldwide)).map(([code, name]) => ({
    code,
    name,
  }))

/** The name of a service; UPS's code where the table does not know it. */
export const serviceName = (originCountry: string, code: string): string =>
  servicesFrom(originCountry).find((service) => service.code === code)?.name ?? `UPS service ${code}`
