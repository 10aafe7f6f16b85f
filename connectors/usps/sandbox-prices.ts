import { formatDecimal } from 'entrepot/sdk'
import { Hono } from 'hono'
import { type Gate, isAuthorised } from './sandbox-gate.ts'
import { at, missing, refuse } from './sandbox-wire.ts'
import { isDomestic, services, type UspsService } from './services.ts'

/** Cents for the first pound, for each further one, and a zone; days for the nearest zone. */
const tariffs: Readonly<Record<string, readonly [number, number, number, number]>> = {
  USPS_GROUND_ADVANTAGE: [589, 71, 38, 2],
  PRIORITY_MAIL: [842, 96, 61, 1],
  PRIORITY_MAIL_EXPRESS: [2610, 210, 140, 1],
  MEDIA_MAIL: [463, 82, 0, 4],
  LIBRARY_MAIL: [440, 78, 0, 4],
  'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE': [1525, 690, 110, 0],
  PRIORITY_MAIL_INTERNATIONAL: [3195, 540, 230, 0],
  PRIORITY_MAIL_EXPRESS_INTERNATIONAL: [5390, 640, 310, 0],
}
const flatRates = { envelope: 1020, SM: 1150, MD: 1995, LG: 2825 } as const

/** Prices of extra services, in cents. */
const extraPrices: Readonly<Record<string, readonly [string, number]>> = {
  921: ['Signature Confirmation', 360],
  981: ['Signature Requested', 0],
  930: ['Insurance <= $500', 290],
  931: ['Insurance > $500', 1485],
}

export const dollars = (minor: number): number => Number(formatDecimal({ minor, currency: 'USD' }))

export type Priced = {
  postageMinor: number
  fees: { name: string; SKU: string; minor: number }[]
  extras: { code: string; name: string; SKU: string; minor: number }[]
  totalMinor: number
  zone: string
  days: number
}

/** What a parcel costs with a service; everything is computed, so a quote and a label agree. */
export function priceOf(
  service: UspsService,
  parcel: { weight: number; length: number; width: number; height: number },
  route: { from: string; to: string },
  extraServices: readonly unknown[] = [],
): Priced {
  const [first, further, byZone, days] = tariffs[service.mailClass]!
  const zone = service.isAbroad
    ? 1 + (route.to.charCodeAt(0) % 9)
    : 1 + Math.min(8, Math.abs(Number(route.from[0]) - Number(route.to[0])))
  const kind = service.packaging.endsWith('ENVELOPE') ? 'envelope' : service.packaging.slice(0, 2)
  const flat = service.packaging === 'VARIABLE' ? 0 : flatRates[kind as keyof typeof flatRates]
  const postageMinor = flat || first + further * (Math.ceil(parcel.weight) - 1) + byZone * (zone - 1)
  const fees =
    parcel.length > 22 && !flat && !service.isAbroad
      ? [{ name: 'Nonstandard Length > 22', SKU: 'D811XVCXXXX0000', minor: 400 }]
      : []
  const extras = extraServices.flatMap((code) => {
    const [name, minor] = extraPrices[String(code)] ?? []
    return name === undefined || minor === undefined
      ? []
      : [{ code: String(code), name, SKU: `DX${code}EXXXRX0000`, minor }]
  })
  const totalMinor = [...fees, ...extras].reduce((sum, { minor }) => sum + minor, postageMinor)
  return {
    postageMinor,
    fees,
    extras,
    totalMinor,
    zone: String(zone).padStart(2, '0'),
    days: days + (zone >> 1),
  }
}

const zip = /^\d{5}(?:[-\s]\d{4})?$/

/** `POST /options/search`: every service at once, as the real one gives them. */
export function priceRoutes(gate: Gate) {
  const routes = new Hono()
  routes.post('/shipments/v3/options/search', async (c) => {
    if (!isAuthorised(c, gate)) return refuse(c, 401, '/shipments/v3', [{ detail: 'The token is invalid.' }])
    const body: unknown = await c.req.json()
    const abroad = at(body, 'destinationCountryCode') !== undefined
    const complaints = missing(body, {
      originZIPCode: zip,
      ...(abroad ? { destinationCountryCode: /^[A-Z]{2}$/ } : { destinationZIPCode: zip }),
      'packageDescription.mailClass': abroad ? /^ALL$/ : /^ALL_OUTBOUND$/,
      'packageDescription.weight': /^(?!0$)\d/,
      'packageDescription.length': /^(?!0$)\d/,
      'packageDescription.width': /^(?!0$)\d/,
      'packageDescription.height': /^(?!0$)\d/,
    })
    if (Number(at(body, 'packageDescription.weight')) > 70)
      complaints.push({ parameter: 'weight', detail: 'The weight exceeds 70 pounds.' })
    if (abroad && isDomestic(String(at(body, 'destinationCountryCode'))))
      complaints.push({ parameter: 'destinationCountryCode', detail: 'The destination is domestic.' })
    if (complaints.length > 0) return refuse(c, 400, '/shipments/v3', complaints)
    return c.json(optionsFor(body, abroad))
  })
  return routes
}

function optionsFor(body: unknown, abroad: boolean) {
  const from = String(at(body, 'originZIPCode'))
  const to = String(at(body, abroad ? 'destinationCountryCode' : 'destinationZIPCode'))
  const parcel = at(body, 'packageDescription') as Parameters<typeof priceOf>[1]
  const wanted = at(body, 'packageDescription.extraServices') as unknown[] | undefined
  const priceType = String(at((at(body, 'pricingOptions') as unknown[])[0], 'priceType'))
  const sold = services.filter(({ isAbroad }) => isAbroad === abroad)
  const shippingOptions = [...new Set(sold.map(({ mailClass }) => mailClass))].map((mailClass) => ({
    mailClass,
    rateOptions: sold
      .filter((service) => service.mailClass === mailClass)
      .flatMap((service) =>
        indicatorsOf(service, parcel).map((indicator) =>
          rateOption(
            service,
            indicator,
            { parcel, priceType, wanted },
            priceOf(service, parcel, { from, to }, wanted),
          ),
        ),
      ),
  }))
  return {
    originZIPCode: from,
    ...(abroad ? { destinationCountryCode: to } : { destinationZIPCode: to }),
    pricingOptions: [{ shippingOptions, priceType }],
  }
}

/** The indicator follows from mail class and size; the large box always comes with both of its prices. */
function indicatorsOf(
  { packaging, mailClass, indicators, isAbroad }: UspsService,
  parcel: { length: number; width: number; height: number },
) {
  if (packaging === 'LG_FLAT_RATE_BOX') return isAbroad ? ['PL'] : ['PL', 'PM']
  const isExpress = mailClass.startsWith('PRIORITY_MAIL_EXPRESS')
  if (packaging !== 'VARIABLE') return [indicators.at(isExpress ? -1 : 0)!]
  if (isExpress) return ['PA']
  const isBig = parcel.length * parcel.width * parcel.height > 1728
  return [isBig && mailClass === 'PRIORITY_MAIL' ? 'DR' : 'SP']
}

type Asked = {
  parcel: { weight: number }
  priceType: string
  wanted: unknown[] | undefined
}

function rateOption(service: UspsService, indicator: string, asked: Asked, priced: Priced) {
  const { postageMinor, fees, extras, totalMinor, zone, days } = priced
  const baseMinor = totalMinor - extras.reduce((sum, { minor }) => sum + minor, 0)
  const priceType = asked.priceType === 'CONTRACT' ? 'COMMERCIAL' : asked.priceType
  return {
    ...(service.isAbroad
      ? {}
      : { commitment: { name: days === 1 ? '1 Day' : `${days} Days`, guaranteedDelivery: false } }),
    ...(asked.wanted ? { totalPrice: dollars(totalMinor) } : {}),
    totalBasePrice: dollars(baseMinor),
    rates: [
      {
        description: service.name,
        startDate: '2026-01-18',
        endDate: '',
        SKU: `D${indicator}X0XXXXC${zone}${String(Math.ceil(asked.parcel.weight)).padStart(3, '0')}0`,
        price: dollars(postageMinor),
        zone,
        weight: asked.parcel.weight,
        dimWeight: 0,
        fees: fees.map(({ name, SKU, minor }) => ({ name, SKU, price: dollars(minor) })),
        priceType,
        mailClass: service.mailClass,
        processingCategory: service.category ?? 'MACHINABLE',
        rateIndicator: indicator,
        destinationEntryFacilityType: 'NONE',
      },
    ],
    extraServices: extras.map(({ code, name, SKU, minor }) => ({
      name,
      SKU,
      price: dollars(minor),
      extraService: code,
      priceType,
      warnings: [],
    })),
  }
}
