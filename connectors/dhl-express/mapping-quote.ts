import {
  formatDecimal,
  isCurrency,
  parseMoney,
  type Quote,
  type QuoteAnswer,
  type QuoteRequest,
} from 'entrepot/sdk'
import { type PriceLine, toCharges } from './mapping-charges.ts'
import { readTime, toPackage, toRateAddress, toShippingTime } from './mapping-parties.ts'
import type { Product, Rates } from './schemas.ts'
import { isDutiable, services } from './services.ts'
import type { DhlSettings } from './settings.ts'

/** The currency in which the account pays; the others are for comparison. */
const billing = 'BILLC'

/** The body of POST /rates. Products that only leave on a later day are not asked for. */
export function toRateRequest(request: QuoteRequest, settings: DhlSettings, now: Date) {
  const { from, to, parcels, shipAt, declaredValue } = request
  return {
    customerDetails: {
      shipperDetails: toRateAddress(from, 'sender'),
      receiverDetails: toRateAddress(to, 'recipient'),
    },
    accounts: [{ typeCode: 'shipper', number: settings.accountNumber }],
    ...(request.services
      ? { productsAndServices: request.services.map((productCode) => ({ productCode })) }
      : {}),
    plannedShippingDateAndTime: toShippingTime(shipAt, now, settings.timeZone),
    unitOfMeasurement: 'metric',
    isCustomsDeclarable: isDutiable(from.country, to.country),
    ...(declaredValue
      ? {
          monetaryAmount: [
            {
              typeCode: 'declaredValue',
              value: Number(formatDecimal(declaredValue)),
              currency: declaredValue.currency,
            },
          ],
        }
      : {}),
    estimatedDeliveryDate: { isRequested: true, typeCode: 'QDDC' },
    nextBusinessDay: false,
    packages: parcels.map(toPackage),
  }
}

/** What DHL offers, and what of the services asked for it does not. */
export function toQuoteAnswer(
  { products, warnings }: Rates,
  asked: readonly string[] | undefined,
): QuoteAnswer {
  const wanted = asked ? products.filter(({ productCode }) => asked.includes(productCode)) : products
  const read = wanted.map((product) => ({ service: product.productCode, ...toQuote(product, warnings) }))
  const missing = (asked ?? []).filter((code) => !wanted.some(({ productCode }) => productCode === code))
  const silence = warnings.join(' ') || 'DHL Express does not offer it on this way and day.'
  return {
    quotes: read.flatMap(({ quote }) => (quote ? [quote] : [])),
    notOffered: [
      ...read.flatMap(({ service, reason }) => (reason === undefined ? [] : [{ service, reason }])),
      ...missing.map((service) => ({ service, reason: silence })),
      ...(products.length === 0 && !asked ? [{ service: null, reason: silence }] : []),
    ],
  }
}

type Reading = { quote: Quote; reason?: undefined } | { quote: null; reason: string }

function toQuote(product: Product, warnings: readonly string[]): Reading {
  const price = product.totalPrice.find(({ currencyType }) => currencyType === billing)
  const currency = price?.priceCurrency
  if (!price?.price || !currency)
    return { quote: null, reason: warnings.join(' ') || 'DHL Express tells no price for this account.' }
  if (!isCurrency(currency))
    return { quote: null, reason: `DHL Express bills in "${currency}", which is unknown.` }
  const total = parseMoney(price.price, currency)
  if (total.minor <= 0)
    return { quote: null, reason: warnings.join(' ') || 'DHL Express tells a price of zero: it has none.' }
  const { deliveryCapabilities: delivery, productCode: service, weight } = product
  const kilograms = Math.max(weight?.volumetric ?? 0, weight?.provided ?? 0)
  return {
    quote: {
      service,
      serviceName: product.productName ?? services.find(({ code }) => code === service)?.name ?? service,
      currency,
      totalMinor: total.minor,
      charges: toCharges(linesOf(product), taxOf(product), total),
      transitDays: delivery?.totalTransitDays ?? null,
      deliverBy: readTime(delivery?.estimatedDeliveryDateAndTime),
      expiresAt: null,
      billedWeightGrams: kilograms > 0 ? Math.ceil(Math.round(kilograms * 1e6) / 1000) : null,
    },
  }
}

const billed = <Row extends { currencyType?: string | undefined }>(rows: readonly Row[]): Row | undefined =>
  rows.find(({ currencyType }) => currencyType === billing)

/** The detailed lines where there are any, else the weight charge alone. */
function linesOf(product: Product): PriceLine[] {
  const detailed = billed(product.detailedPriceBreakdown)?.breakdown ?? []
  if (detailed.some(({ price }) => price !== undefined))
    return detailed.map(({ name, serviceCode, price }) => ({
      code: serviceCode ?? null,
      label: name ?? serviceCode ?? 'Charge',
      price,
    }))
  return summaryOf(product)
    .filter(({ typeCode }) => typeCode === 'SPRQT')
    .map(({ typeCode, price }) => ({ code: typeCode, label: 'Weight charge', price }))
}

const summaryOf = (product: Product) => billed(product.totalPriceBreakdown)?.priceBreakdown ?? []
const taxOf = (product: Product): string =>
  summaryOf(product).find(({ typeCode }) => typeCode === 'STTXA')?.price ?? '0'
