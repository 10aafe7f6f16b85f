import type { CourierService } from 'entrepot/sdk'

/**
 * What a parcel travels in: our word (USPS's `packagingType`) on the left; the rate indicators that prices come
 * with, and the processing category where the packaging decides it, on the right.
 * @see https://developers.usps.com/domesticlabelsv3 rateIndicator, packagingType, processingCategory
 */
const packagings = {
  VARIABLE: { name: null, indicators: ['SP', 'PA', 'DR', 'DN', 'OS'], category: null },
  FLAT_RATE_ENVELOPE: { name: 'Flat Rate Envelope', indicators: ['FE', 'E4'], category: 'FLATS' },
  LEGAL_FLAT_RATE_ENVELOPE: { name: 'Legal Flat Rate Envelope', indicators: ['FA', 'E6'], category: 'FLATS' },
  PADDED_FLAT_RATE_ENVELOPE: { name: 'Padded Flat Rate Envelope', indicators: ['FP'], category: 'FLATS' },
  SM_FLAT_RATE_BOX: { name: 'Small Flat Rate Box', indicators: ['FS'], category: 'MACHINABLE' },
  MD_FLAT_RATE_BOX: { name: 'Medium Flat Rate Box', indicators: ['FB'], category: 'MACHINABLE' },
  LG_FLAT_RATE_BOX: { name: 'Large Flat Rate Box', indicators: ['PL', 'PM'], category: 'MACHINABLE' },
} as const
export type Packaging = keyof typeof packagings

/** Large box to a military post office: offered for every address, valid only for those. */
export const militaryIndicator = 'PM'

const own = ['VARIABLE'] as const
const envelopes = [
  ...own,
  'FLAT_RATE_ENVELOPE',
  'LEGAL_FLAT_RATE_ENVELOPE',
  'PADDED_FLAT_RATE_ENVELOPE',
] as const
const everything = [...envelopes, 'SM_FLAT_RATE_BOX', 'MD_FLAT_RATE_BOX', 'LG_FLAT_RATE_BOX'] as const

type MailClass = { mailClass: string; name: string; isAbroad: boolean; packagings: readonly Packaging[] }
const mailClasses: readonly MailClass[] = [
  { mailClass: 'USPS_GROUND_ADVANTAGE', name: 'Ground Advantage', isAbroad: false, packagings: own },
  { mailClass: 'PRIORITY_MAIL', name: 'Priority Mail', isAbroad: false, packagings: everything },
  {
    mailClass: 'PRIORITY_MAIL_EXPRESS',
    name: 'Priority Mail Express',
    isAbroad: false,
    packagings: envelopes,
  },
  { mailClass: 'MEDIA_MAIL', name: 'Media Mail (books and recordings)', isAbroad: false, packagings: own },
  {
    mailClass: 'LIBRARY_MAIL',
    name: 'Library Mail (libraries and schools)',
    isAbroad: false,
    packagings: own,
  },
  {
    mailClass: 'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
    name: 'First-Class Package International Service',
    isAbroad: true,
    packagings: own,
  },
  {
    mailClass: 'PRIORITY_MAIL_INTERNATIONAL',
    name: 'Priority Mail International',
    isAbroad: true,
    packagings: everything,
  },
  {
    mailClass: 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL',
    name: 'Priority Mail Express International',
    isAbroad: true,
    packagings: envelopes,
  },
]

export type UspsService = CourierService & {
  mailClass: string
  packaging: Packaging
  isAbroad: boolean
  indicators: readonly string[]
  /** Where the packaging decides it; else size and weight do. */
  category: 'FLATS' | 'MACHINABLE' | null
}

/** Every mail class in every packaging that it is sold in. `PRIORITY_MAIL` is one's own box. */
export const services: readonly UspsService[] = mailClasses.flatMap(({ packagings: sold, ...offer }) =>
  sold.map((packaging): UspsService => {
    const { name, indicators, category } = packagings[packaging]
    return {
      ...offer,
      packaging,
      indicators,
      category,
      code: packaging === 'VARIABLE' ? offer.mailClass : `${offer.mailClass}:${packaging}`,
      name: name === null ? offer.name : `${offer.name} ${name}`,
    }
  }),
)

export const serviceOf = (code: string): UspsService | undefined =>
  services.find((service) => service.code === code)

export const serviceFor = (mailClass: string, indicator: string): UspsService | undefined =>
  services.find((service) => service.mailClass === mailClass && service.indicators.includes(indicator))

/**
 * Countries of ISO 3166 that are domestic for USPS; all but US go by their own code as the state.
 * @see https://pe.usps.com/text/dmm300/608.htm
 */
const domesticCountries = new Set(['US', 'PR', 'GU', 'VI', 'AS', 'MP', 'FM', 'MH', 'PW'])
export const isDomestic = (country: string): boolean => domesticCountries.has(country)

/** The states of military and diplomatic post offices. */
export const isMilitary = (region: string | null): boolean => ['AA', 'AE', 'AP'].includes(region ?? '')
