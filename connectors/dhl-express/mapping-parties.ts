import { type Address, ConnectorError, type Parcel, type Place } from 'entrepot/sdk'

const lineWidth = 45
const maxLines = 3

/** Ours alone, before anything is sent. */
export const refuse = (message: string): ConnectorError => new ConnectorError('rejected', message)

/** A code such as CA or NSW, which is what MyDHL means by a province code. */
const isRegionCode = (region: string): boolean => /^[A-Z0-9]{2,3}$/.test(region)

/** A place as rates take it. */
export function toRateAddress(place: Place, who: string) {
  const { region } = place
  return {
    postalCode: place.postcode ?? '',
    cityName: cityOf(place, who),
    countryCode: place.country,
    ...(region && isRegionCode(region) ? { provinceCode: region } : {}),
  }
}

function cityOf(place: Place, who: string): string {
  if (!place.city) throw refuse(`DHL Express demands the ${who}'s city. Complete the address.`)
  return place.city
}

/**
 * A sender or recipient as bookings take it.
 * @param phone what is given where the address has no number.
 */
export function toParty(address: Address, who: string, phone: string | undefined) {
  const { region, email } = address
  const number = address.phone ?? phone
  if (!number)
    throw refuse(
      `DHL Express demands the ${who}'s phone number. Complete the address, or set one in the connection for those without.`,
    )
  const [first, second, third] = toLines(address.addressLines, who)
  return {
    postalAddress: {
      postalCode: address.postcode ?? '',
      cityName: cityOf(address, who),
      countryCode: address.country,
      ...(region ? { [isRegionCode(region) ? 'provinceCode' : 'provinceName']: region } : {}),
      addressLine1: first!,
      ...(second ? { addressLine2: second } : {}),
      ...(third ? { addressLine3: third } : {}),
    },
    contactInformation: {
      ...(email ? { email } : {}),
      phone: number,
      companyName: address.company ?? address.name,
      fullName: address.name,
    },
    ...(address.isResidential === null ? {} : { typeCode: address.isResidential ? 'private' : 'business' }),
  }
}

/** The street in at most three lines of 45 characters: as it is where it fits, else wrapped at words, never cut. */
export function toLines(lines: readonly string[], who: string): string[] {
  const given = lines.map((line) => line.trim()).filter(Boolean)
  if (given.length === 0) throw refuse(`DHL Express demands the ${who}'s street. Complete the address.`)
  const fits = (all: readonly string[]) =>
    all.length <= maxLines && all.every((line) => line.length <= lineWidth)
  if (fits(given)) return given
  const wrapped: string[] = []
  for (const word of given.join(', ').split(/\s+/)) {
    const last = wrapped.at(-1)
    if (last !== undefined && `${last} ${word}`.length <= lineWidth)
      wrapped[wrapped.length - 1] = `${last} ${word}`
    else wrapped.push(word)
  }
  if (fits(wrapped)) return wrapped
  throw refuse(
    `The ${who}'s street is longer than the ${maxLines} lines of ${lineWidth} characters that DHL Express prints. Shorten it.`,
  )
}

/** Grams as kilograms, to the gram. */
export const toKilograms = (grams: number): number => Math.ceil(grams) / 1000

/** A parcel in kilograms and centimetres, to the gram and the millimetre. Sizes go only where all three are known. */
export function toPackage({ weightGrams, lengthMm, widthMm, heightMm }: Parcel) {
  if (!(weightGrams > 0)) throw refuse('DHL Express demands the weight of each parcel. Enter it.')
  const toCentimetres = (mm: number) => Math.ceil(mm) / 10
  return {
    weight: toKilograms(weightGrams),
    ...(lengthMm && widthMm && heightMm
      ? {
          dimensions: {
            length: toCentimetres(lengthMm),
            width: toCentimetres(widthMm),
            height: toCentimetres(heightMm),
          },
        }
      : {}),
  }
}

/** MyDHL refuses a moment that has passed when the request arrives. */
const leadMs = 10 * 60_000

/** When the parcels are handed over: as asked, but not before ten minutes from now. */
export function toShippingTime(shipAt: Date, now: Date, timeZone: string): string {
  return toLocalTime(new Date(Math.max(shipAt.getTime(), now.getTime() + leadMs)), timeZone)
}

/** The instant as MyDHL writes it, local and with its zone: "2026-01-15T09:00:00 GMT+01:00". */
export function toLocalTime(at: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  })
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const offset = part.timeZoneName === 'GMT' ? 'GMT+00:00' : part.timeZoneName
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second} ${offset}`
}

/**
 * A time of MyDHL. It is local to a place whose zone is not told, so UTC is taken; a bare day is its end.
 * Null for what is no time.
 */
export function readTime(text: string | undefined): Date | null {
  if (!text) return null
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59` : text.replace(' ', 'T')
  const at = new Date(/(Z|[+-]\d{2}:?\d{2})$/.test(whole) ? whole : `${whole}Z`)
  return Number.isNaN(at.getTime()) ? null : at
}
