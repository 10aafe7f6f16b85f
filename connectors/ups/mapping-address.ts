import { type Address, ConnectorError, type Place } from 'entrepot/sdk'

const lineLength = 35
const maxLines = 3

/** US codes come as five or nine digits, without the hyphen. */
export function zipOf({ country, postcode }: Place): { PostalCode?: string } {
  if (!postcode) return {}
  return { PostalCode: country === 'US' || country === 'PR' ? postcode.replace('-', '') : postcode.trim() }
}

/** State or province by its code; a name in full is no code, so it is left out. ISO 3166-2 loses its country. */
export function stateCodeOf({ region, country }: Place, maxLength: 2 | 5): { StateProvinceCode?: string } {
  const code = (region ?? '')
    .trim()
    .toUpperCase()
    .replace(new RegExp(`^${country}-`), '')
  const fits = maxLength === 2 ? /^[A-Z0-9]{2}$/ : /^[A-Z0-9]{1,3}$/
  return fits.test(code) ? { StateProvinceCode: code } : {}
}

/** Digits only; numbers of the North American plan have ten, without the country's 1. */
export function phoneOf({ phone, country }: Address): { Phone?: { Number: string } } {
  const digits = (phone ?? '').replace(/\D/g, '')
  const isNorthAmerican = ['US', 'CA', 'PR', 'VI'].includes(country)
  const number = isNorthAmerican && digits.length === 11 ? digits.replace(/^1/, '') : digits
  return number === '' ? {} : { Phone: { Number: number.slice(0, 15) } }
}

/**
 * The street in at most three lines of 35 characters, broken between words. A street that does not fit is
 * refused: cut short, it would lead elsewhere.
 */
function streetOf({ addressLines }: Address, party: string): string[] {
  const lines = addressLines.filter((line) => line.trim() !== '').flatMap((line) => wrap(line.trim()))
  if (lines.length > 0 && lines.length <= maxLines && lines.every((line) => line.length <= lineLength))
    return lines
  const message =
    lines.length === 0
      ? 'UPS needs a street.'
      : `The street does not fit into ${maxLines} lines of ${lineLength} characters. Shorten it.`
  throw new ConnectorError('rejected', `${party}: ${message}`, {
    issues: [{ field: `${party}/Address/AddressLine`, code: null, message, severity: 'error' }],
  })
}

function wrap(line: string): string[] {
  if (line.length <= lineLength) return [line]
  const at = line.lastIndexOf(' ', lineLength)
  return at <= 0 ? [line] : [line.slice(0, at), ...wrap(line.slice(at + 1))]
}

/** A party as the booking names it. `party` is UPS's name for its part of the request. */
export function partyOf(address: Address, party: 'Shipper' | 'ShipFrom' | 'ShipTo' | 'SoldTo') {
  const { company, name, email, city, isResidential } = address
  const isHome = party === 'ShipTo' && isResidential === true
  return {
    Name: (company || name).slice(0, lineLength),
    AttentionName: name.slice(0, lineLength),
    ...phoneOf(address),
    ...(email && email.length <= 50 && party !== 'ShipFrom' ? { EMailAddress: email } : {}),
    Address: {
      AddressLine: streetOf(address, party),
      City: (city ?? '').slice(0, 30),
      ...stateCodeOf(address, 5),
      ...zipOf(address),
      CountryCode: address.country,
      ...(isHome ? { ResidentialAddressIndicator: 'Y' } : {}),
    },
  }
}
