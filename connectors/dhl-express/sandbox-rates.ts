import { type Clock, formatDecimal, multiplyByBasisPoints } from 'entrepot/sdk'
import { type RateRequest, rateRequest } from './sandbox-rules.ts'
import { assertShippingTime, Refused, validated } from './sandbox-wire.ts'

/** The stand-in's own tariff: minor units for the first kilogram and for each further one, and days on the way. */
type Tariff = { name: string; firstMinor: number; furtherMinor: number; days: number; hour: number }
const tariffs: Record<string, Tariff> = {
  N: { name: 'EXPRESS DOMESTIC', firstMinor: 1690, furtherMinor: 110, days: 1, hour: 18 },
  1: { name: 'EXPRESS DOMESTIC 12:00', firstMinor: 2290, furtherMinor: 130, days: 1, hour: 12 },
  U: { name: 'EXPRESS WORLDWIDE EU', firstMinor: 3450, furtherMinor: 420, days: 2, hour: 18 },
  W: { name: 'ECONOMY SELECT', firstMinor: 2150, furtherMinor: 240, days: 4, hour: 18 },
  P: { name: 'EXPRESS WORLDWIDE', firstMinor: 5230, furtherMinor: 790, days: 3, hour: 18 },
  Y: { name: 'EXPRESS 12:00', firstMinor: 6780, furtherMinor: 860, days: 3, hour: 12 },
  H: { name: 'ECONOMY SELECT', firstMinor: 3990, furtherMinor: 410, days: 6, hour: 18 },
  D: { name: 'EXPRESS WORLDWIDE DOC', firstMinor: 4410, furtherMinor: 690, days: 3, hour: 18 },
}
const euCountries = 'AT BE BG CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV NL PL PT RO SE SI SK'.split(' ')
const fuelBasisPoints = 2750
const domesticTaxBasisPoints = 1900
/** The heaviest piece, and how many cubic centimetres weigh a kilogram. */
const maxPieceKilograms = 70
const volumePerKilogram = 5000

type Piece = RateRequest['packages'][number]
type Way = { from: string; to: string; isCustomsDeclarable: boolean }

/** The products of a way. Goods that pass customs have others than documents. */
export function productsOf({ from, to, isCustomsDeclarable }: Way): string[] {
  if (from === to) return ['N', '1']
  if (euCountries.includes(from) && euCountries.includes(to)) return ['U', 'W']
  return isCustomsDeclarable ? ['P', 'Y', 'H'] : ['D']
}

export const isTooHeavy = (pieces: readonly Piece[]): boolean =>
  pieces.some(({ weight }) => weight > maxPieceKilograms)

const roundedUp = (kilograms: number): number => Math.ceil(Math.round(kilograms * 1e6) / 1e6)
const volumetric = ({ dimensions: size }: Piece): number =>
  size ? (size.length * size.width * size.height) / volumePerKilogram : 0

/** The price of a product, in lines. */
export function priceOf(code: string, way: Way, pieces: readonly Piece[]) {
  const tariff = tariffs[code]!
  const provided = pieces.reduce((sum, { weight }) => sum + weight, 0)
  const volume = pieces.reduce((sum, piece) => sum + volumetric(piece), 0)
  const billed = roundedUp(Math.max(provided, volume, 1))
  const base = tariff.firstMinor + (billed - 1) * tariff.furtherMinor
  const fuel = multiplyByBasisPoints(base, fuelBasisPoints)
  const lines = [
    { name: tariff.name, code: null, minor: base },
    { name: 'FUEL SURCHARGE', code: 'FF', minor: fuel },
  ].map((line) => ({
    ...line,
    taxMinor: way.from === way.to ? multiplyByBasisPoints(line.minor, domesticTaxBasisPoints) : 0,
  }))
  const taxMinor = lines.reduce((sum, line) => sum + line.taxMinor, 0)
  return { ...tariff, lines, taxMinor, totalMinor: base + fuel + taxMinor, provided, volume, billed }
}

const toKilograms = (value: number): number => Math.round(value * 1000) / 1000

/** Answers POST /rates. */
export function answerRates(body: unknown, options: { clock: Clock; currency: string; account: string }) {
  const request = validated(rateRequest, body)
  const { clock, currency, account } = options
  assertShippingTime(request.plannedShippingDateAndTime, clock.now())
  if (!request.accounts.some(({ number }) => number === account))
    throw new Refused(
      400,
      'The account number is not found or invalid. Please check the account number and retry.',
    )
  const { shipperDetails, receiverDetails } = request.customerDetails
  const way = {
    from: shipperDetails.countryCode,
    to: receiverDetails.countryCode,
    isCustomsDeclarable: request.isCustomsDeclarable,
  }
  const asked = request.productsAndServices?.map(({ productCode }) => productCode)
  const codes = productsOf(way).filter((code) => !asked || asked.includes(code))
  if (codes.length === 0 || isTooHeavy(request.packages))
    throw new Refused(
      400,
      `996: The requested product(s) (${asked?.join(',') ?? 'all'}) not available based on your search criteria.`,
    )
  const day = request.plannedShippingDateAndTime.slice(0, 10)
  const products = codes.map((code) => toProduct(code, way, request.packages, currency, day))
  return { products, exchangeRates: [{ currentExchangeRate: 1, currency, baseCurrency: 'EUR' }] }
}

function toProduct(code: string, way: Way, pieces: readonly Piece[], currency: string, day: string) {
  const price = priceOf(code, way, pieces)
  const decimal = (minor: number) => Number(formatDecimal({ minor, currency }))
  const of = (currencyType: string) => ({ currencyType, priceCurrency: currency })
  const due = new Date(`${day}T00:00:00Z`)
  due.setUTCDate(due.getUTCDate() + price.days)
  return {
    productName: price.name,
    productCode: code,
    localProductCode: code,
    localProductCountryCode: way.from,
    networkTypeCode: price.name.startsWith('ECONOMY') ? 'DD' : 'TD',
    isCustomerAgreement: false,
    weight: {
      volumetric: toKilograms(price.volume),
      provided: toKilograms(price.billed),
      unitOfMeasurement: 'metric',
    },
    totalPrice: [
      { ...of('BASEC'), price: decimal(price.totalMinor) },
      { ...of('BILLC'), price: decimal(price.totalMinor) },
    ],
    totalPriceBreakdown: [
      {
        ...of('BILLC'),
        priceBreakdown: [
          { typeCode: 'STTXA', price: decimal(price.taxMinor) },
          { typeCode: 'SPRQT', price: decimal(price.lines[0]!.minor) },
        ],
      },
    ],
    detailedPriceBreakdown: [
      {
        ...of('BILLC'),
        breakdown: price.lines.map(({ name, code: serviceCode, minor, taxMinor }) => ({
          name,
          ...(serviceCode ? { serviceCode, localServiceCode: serviceCode, serviceTypeCode: 'SCH' } : {}),
          price: decimal(minor),
          priceBreakdown: [{ priceType: 'TAX', price: decimal(taxMinor), basePrice: decimal(minor) }],
        })),
      },
    ],
    pickupCapabilities: { nextBusinessDay: false, localCutoffDateAndTime: `${day}T17:00:00` },
    deliveryCapabilities: {
      deliveryTypeCode: 'QDDC',
      estimatedDeliveryDateAndTime: `${due.toISOString().slice(0, 11)}${price.hour}:00:00`,
      totalTransitDays: price.days,
    },
    pricingDate: day,
  }
}
