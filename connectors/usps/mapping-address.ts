import { type Address, ConnectorError } from 'entrepot/sdk'
import { isDomestic } from './services.ts'

const refuse = (message: string): never => {
  throw new ConnectorError('rejected', message)
}

/** The text, or a refusal in clear words: USPS would cut what is too long, and the label would be wrong. */
function within(text: string, max: number, what: string): string {
  const trimmed = text.trim()
  if (trimmed === '') refuse(`USPS needs the ${what}. Add it to the address.`)
  if (trimmed.length > max) refuse(`USPS takes at most ${max} characters for the ${what}. Shorten it.`)
  return trimmed
}

/** First and last name, or a firm: USPS demands one of the two. */
export function addresseeOf({ name, company }: Pick<Address, 'name' | 'company'>, whose: string) {
  const words = name.trim().split(/\s+/)
  const [firstName = '', ...rest] = words
  const isPerson = rest.length > 0
  const firm = company?.trim() || (isPerson ? undefined : name.trim() || undefined)
  if (!isPerson && !firm) refuse(`USPS needs the ${whose}'s name or firm. Add it to the address.`)
  return {
    ...(isPerson
      ? {
          firstName: within(firstName, 50, `${whose}'s first name`),
          lastName: within(rest.join(' '), 50, `${whose}'s last name`),
        }
      : {}),
    ...(firm ? { firm: within(firm, 50, `${whose}'s firm`) } : {}),
  }
}

/** Digits, as USPS wants them; a number that does not fit is left out, since it is needed for nothing. */
function phoneOf(phone: string | null, country: string): { phone?: string } {
  const digits = (phone ?? '').replace(/[^\d+]/g, '')
  const local = isDomestic(country) ? digits.replace(/^\+?1(?=\d{10}$)/, '') : digits
  return /^\+?[1-9]\d{7,14}$|^\d{6,15}$/.test(local) ? { phone: local } : {}
}

function streetOf({ addressLines }: Address, whose: string) {
  const [first = '', ...rest] = addressLines.filter((line) => line.trim() !== '')
  const streetAddress = within(first, 50, `${whose}'s street`)
  return rest.length === 0
    ? { streetAddress }
    : { streetAddress, secondaryAddress: within(rest.join(', '), 50, `${whose}'s second address line`) }
}

/** ZIP code and its extension; null when it is none. */
export function zipOf(postcode: string | null): { ZIPCode: string; ZIPPlus4?: string } | null {
  const [, ZIPCode, plus] = /^(\d{5})(?:[-\s]?(\d{4}))?$/.exec(postcode?.trim() ?? '') ?? []
  if (!ZIPCode) return null
  return plus ? { ZIPCode, ZIPPlus4: plus } : { ZIPCode }
}

/** The place alone, as pickups and labels have it. @throws ConnectorError `rejected` */
export function placeOf(address: Address, whose: string) {
  const zip = zipOf(address.postcode)
  if (!zip) return refuse(`The ${whose}'s ZIP code has to be five digits, or nine. Correct the address.`)
  const state = address.country === 'US' ? (address.region ?? '').trim().toUpperCase() : address.country
  if (!/^[A-Z]{2}$/.test(state))
    refuse(`The ${whose}'s state has to be its two letters, as in NY. Correct the address.`)
  return {
    ...streetOf(address, whose),
    city: within(address.city ?? '', 28, `${whose}'s city`),
    state,
    ...zip,
  }
}

/** An address in the United States and its territories. @throws ConnectorError `rejected` */
export const domesticAddress = (address: Address, whose: string) => ({
  ...addresseeOf(address, whose),
  ...placeOf(address, whose),
  ...phoneOf(address.phone, address.country),
})

const countryNames = new Intl.DisplayNames('en', { type: 'region' })

/** An address abroad. @throws ConnectorError `rejected` */
export const foreignAddress = (address: Address, whose: string) => ({
  ...addresseeOf(address, whose),
  ...streetOf(address, whose),
  city: within(address.city ?? '', 28, `${whose}'s city`),
  ...(address.region ? { province: within(address.region, 40, `${whose}'s province`) } : {}),
  ...(address.postcode ? { postalCode: within(address.postcode, 11, `${whose}'s postcode`) } : {}),
  country: countryNames.of(address.country) ?? address.country,
  countryISOAlpha2Code: address.country,
  ...phoneOf(address.phone, address.country),
})
