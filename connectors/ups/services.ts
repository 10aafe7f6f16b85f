import type { CourierService } from 'entrepot/sdk'

type Names = Readonly<Record<string, string>>

/** What UPS calls the services that leave a country for another, unless the country has its own names. */
const worldwide: Names = {
  '07': 'UPS Worldwide Express',
  '08': 'UPS Worldwide Expedited',
  '11': 'UPS Standard',
  '54': 'UPS Worldwide Express Plus',
  '65': 'UPS Worldwide Saver',
}

const unitedStates: Names = {
  '01': 'UPS Next Day Air',
  '02': 'UPS 2nd Day Air',
  '03': 'UPS Ground',
  '12': 'UPS 3 Day Select',
  '13': 'UPS Next Day Air Saver',
  '14': 'UPS Next Day Air Early',
  '59': 'UPS 2nd Day Air A.M.',
  ...worldwide,
}

const europe: Names = {
  '07': 'UPS Express',
  '08': 'UPS Expedited',
  '11': 'UPS Standard',
  '54': 'UPS Express Plus',
  '65': 'UPS Express Saver',
  '70': 'UPS Access Point Economy',
}

/**
 * One code means different services by the country of dispatch: 01 is Next Day Air in the United States and
 * Express in Canada. A country that is not named sells what `elsewhere` lists.
 * @see https://developer.ups.com/api/reference/shipping/appendix1 service codes
 */
const namesByOrigin: Readonly<Record<string, Names>> = {
  US: unitedStates,
  PR: {
    '01': 'UPS Next Day Air',
    '02': 'UPS 2nd Day Air',
    '03': 'UPS Ground',
    '14': 'UPS Next Day Air Early',
    '07': 'UPS Worldwide Express',
    '08': 'UPS Worldwide Expedited',
    '54': 'UPS Worldwide Express Plus',
    '65': 'UPS Worldwide Saver',
  },
  CA: {
    '01': 'UPS Express',
    '02': 'UPS Expedited',
    '07': 'UPS Worldwide Express',
    '08': 'UPS Worldwide Expedited',
    '11': 'UPS Standard',
    '12': 'UPS 3 Day Select',
    '13': 'UPS Express Saver',
    '14': 'UPS Express Early',
    '54': 'UPS Worldwide Express Plus',
    '65': 'UPS Worldwide Express Saver',
  },
  MX: {
    '07': 'UPS Worldwide Express',
    '08': 'UPS Worldwide Expedited',
    '11': 'UPS Standard',
    '54': 'UPS Worldwide Express Plus',
    '65': 'UPS Worldwide Saver',
  },
  PL: {
    ...europe,
    '82': 'UPS Today Standard',
    '83': 'UPS Today Dedicated Courier',
    '85': 'UPS Today Express',
    '86': 'UPS Today Express Saver',
  },
  DE: { ...europe, '74': 'UPS Express 12:00' },
}

const inEurope = new Set(
  'AT BE BG CH CY CZ DK EE ES FI FR GB GR HR HU IE IT LI LT LU LV MT NL NO PT RO RS SE SI SK TR'.split(' '),
)
const elsewhere: Names = worldwide

/** The services that UPS sells from a country, by their codes there. */
export const serviceNames = (originCountry: string): Names =>
  namesByOrigin[originCountry] ?? (inEurope.has(originCountry) ? europe : elsewhere)

/** The name of a service; UPS's code where the table does not know it. */
export const serviceName = (originCountry: string, code: string): string =>
  serviceNames(originCountry)[code] ?? `UPS service ${code}`

export const servicesFrom = (originCountry: string): readonly CourierService[] =>
  Object.entries(serviceNames(originCountry)).map(([code, name]) => ({ code, name }))
