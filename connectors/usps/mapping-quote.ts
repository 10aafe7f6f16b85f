import type { Money, Parcel, Place, Quote, QuoteAnswer, QuoteCharge, QuoteRequest } from 'entrepot/sdk'
import { zipOf } from './mapping-address.ts'
import { centsOf, currency, surcharge } from './mapping-booked.ts'
import { dollarsOf } from './mapping-customs.ts'
import { insuranceOf, shareOut } from './mapping-label.ts'
import type { OptionsAnswer, RateOption } from './schemas.ts'
import { isDomestic, isMilitary, militaryIndicator, serviceFor, type UspsService } from './services.ts'
import type { Credentials, Settings } from './settings.ts'
import { categoryOf, gramsOf, localDate, type Measures, measuresOf } from './units.ts'

/** What is asked for one kind of parcel, and how many of them there are. */
export type OptionsRequest = { body: object; measures: Measures; count: number }
type Refused = { refusal: string }

/** The requests for prices, one a kind of parcel; or why USPS has none. */
export function optionsRequests(
  request: QuoteRequest,
  settings: Settings,
  credentials: Credentials,
): OptionsRequest[] | Refused {
  const route = routeOf(request.from, request.to)
  if ('refusal' in route) return route
  if (request.declaredValue && request.declaredValue.currency !== currency)
    return { refusal: `USPS insures in USD, not in ${request.declaredValue.currency}.` }
  const insured = request.declaredValue?.minor ? request.declaredValue : null
  const shares = insured
    ? shareOut(
        insured,
        request.parcels.map(() => 1),
      )
    : []
  const pricing = pricingOption(settings, credentials)
  const kinds = new Map<string, OptionsRequest>()
  for (const [index, parcel] of request.parcels.entries()) {
    const packed = packageOf(parcel, request, shares[index] ?? null, settings)
    if ('refusal' in packed) return packed
    const kind = JSON.stringify(packed.description)
    const same = kinds.get(kind)
    if (same) same.count += 1
    else
      kinds.set(kind, {
        body: { ...route, packageDescription: packed.description, pricingOptions: [pricing] },
        measures: packed.measures,
        count: 1,
      })
  }
  return [...kinds.values()]
}

function routeOf(from: Place, to: Place): object | Refused {
  if (!isDomestic(from.country)) return { refusal: 'USPS carries from the United States only.' }
  const origin = zipOf(from.postcode)
  if (!origin) return { refusal: 'USPS needs the ZIP code of the sender.' }
  if (!isDomestic(to.country))
    return {
      originZIPCode: origin.ZIPCode,
      destinationCountryCode: to.country,
      ...(to.postcode && to.postcode.length <= 11 ? { foreignPostalCode: to.postcode } : {}),
    }
  const destination = zipOf(to.postcode)
  if (!destination) return { refusal: 'USPS needs the ZIP code of the recipient.' }
  return {
    originZIPCode: origin.ZIPCode,
    destinationZIPCode: destination.ZIPCode,
    destinationEntryFacilityType: 'NONE',
  }
}

function packageOf(parcel: Parcel, { to, shipAt }: QuoteRequest, insured: Money | null, settings: Settings) {
  const measures = measuresOf(parcel)
  if ('refusal' in measures) return measures
  return {
    measures,
    description: {
      ...measures,
      mailClass: isDomestic(to.country) ? 'ALL_OUTBOUND' : 'ALL',
      mailingDate: localDate(shipAt, settings.timeZone),
      ...(insured
        ? { extraServices: insuranceOf(insured), packageValue: dollarsOf(insured, 'insured value') }
        : {}),
    },
  }
}

const pricingOption = ({ priceType, accountType }: Settings, { accountNumber }: Credentials) => ({
  priceType,
  ...(priceType === 'CONTRACT' ? { paymentAccount: { accountType, accountNumber } } : {}),
})

/** The answers to the requests as prices for all parcels together: what is not sold for each of them is not offered. */
export function quoteAnswer(
  request: QuoteRequest,
  requests: readonly OptionsRequest[],
  answers: readonly OptionsAnswer[],
): QuoteAnswer {
  const read = answers.map((answer, index) => readOptions(answer, requests[index]!, request.to))
  const sold = read.map(({ quotes }) => quotes)
  const wanted = (code: string) => !request.services || request.services.includes(code)
  const quotes = [...(sold[0]?.values() ?? [])]
    .filter(({ service }) => wanted(service) && sold.every((quotes) => quotes.has(service)))
    .map(({ service }) =>
      addUp(sold.map((quotes, index) => times(quotes.get(service)!, requests[index]!.count))),
    )
  const offered = new Set(quotes.map(({ service }) => service))
  const partly = new Set(sold.flatMap((quotes) => [...quotes.keys()]).filter((code) => !offered.has(code)))
  const unpriced = (request.services ?? []).filter((code) => !offered.has(code) && !partly.has(code))
  return {
    quotes,
    notOffered: [
      ...[...partly]
        .filter(wanted)
        .map((service) => ({ service, reason: 'USPS does not sell it for every parcel of the shipment.' })),
      ...unpriced.map((service) => ({ service, reason: 'USPS gave no price for it.' })),
      ...(request.services ? [] : [...new Set(read.flatMap(({ unknown }) => unknown))].map(notBooked)),
    ],
  }
}

const notBooked = (what: string) => ({
  service: null,
  reason: `${what} is priced by USPS, and not booked by this connector.`,
})

function readOptions(answer: OptionsAnswer, { measures }: OptionsRequest, to: Place) {
  const chosen = new Map<string, { service: UspsService; option: RateOption }>()
  const unknown: string[] = []
  const options = answer.pricingOptions.flatMap(({ shippingOptions }) => shippingOptions ?? [])
  for (const { mailClass, rateOptions } of options) {
    for (const option of rateOptions ?? []) {
      const { rateIndicator, processingCategory } = option.rates[0]!
      const service = serviceFor(mailClass, rateIndicator)
      if (!service) unknown.push(`${mailClass} ${rateIndicator}`)
      else if (isForThisPlace(rateIndicator, service, to)) {
        // The same service comes in several processing categories; the label will name ours.
        const ours = service.category ?? categoryOf(measures)
        if (!chosen.has(service.code) || processingCategory === ours)
          chosen.set(service.code, { service, option })
      }
    }
  }
  return {
    unknown,
    quotes: new Map([...chosen].map(([code, { service, option }]) => [code, toQuote(service, option)])),
  }
}

/** The large box has one price for military post offices and one for all others; both are always sent. */
const isForThisPlace = (indicator: string, { packaging }: UspsService, to: Place): boolean =>
  packaging !== 'LG_FLAT_RATE_BOX' ||
  !isDomestic(to.country) ||
  isMilitary(to.region) === (indicator === militaryIndicator)

function toQuote(service: UspsService, option: RateOption): Quote {
  const totalMinor = centsOf(option.totalPrice ?? option.totalBasePrice)
  const days = /^(\d+)[ -]days?$/i.exec(option.commitment?.name ?? '')?.[1]
  const by = option.commitment?.expectedDeliveryDate || option.commitment?.scheduleDeliveryDate
  return {
    service: service.code,
    serviceName: `USPS ${service.name}`,
    currency,
    totalMinor,
    charges: chargesOf(option, totalMinor),
    transitDays: days ? Number(days) : null,
    deliverBy: by ? dayEnd(by) : null,
    expiresAt: null,
    billedWeightGrams: billedGrams(option),
  }
}

function dayEnd(date: string): Date | null {
  const at = new Date(`${date.slice(0, 10)}T23:59:59Z`)
  return Number.isNaN(at.getTime()) ? null : at
}

/** Null where size decided: USPS says that weight in ounces or in pounds, and not in which. */
function billedGrams({ rates }: RateOption): number | null {
  const isByWeight = rates.every(({ weight, dimWeight }) => weight && !dimWeight)
  return isByWeight ? gramsOf(Math.max(...rates.map(({ weight }) => weight!))) : null
}

/** Rates, their fees, and what the total holds beyond them: the extra services, but only those that were asked for. */
function chargesOf({ rates, extraServices }: RateOption, totalMinor: number): QuoteCharge[] {
  const charges: QuoteCharge[] = rates.flatMap((rate) => [
    {
      kind: 'base',
      code: rate.SKU ?? null,
      label: rate.description || 'Postage',
      amountMinor: centsOf(rate.price),
    },
    ...(rate.fees ?? []).map((fee) => surcharge(fee.SKU, fee.name, fee.price)),
  ])
  const rest = totalMinor - charges.reduce((sum, charge) => sum + charge.amountMinor, 0)
  const extras = (extraServices ?? []).map((extra) => surcharge(extra.SKU, extra.name, extra.price))
  const paid = extras.filter(({ amountMinor }) => amountMinor !== 0)
  if (rest === 0) return charges
  return rest === paid.reduce((sum, charge) => sum + charge.amountMinor, 0)
    ? [...charges, ...paid]
    : [...charges, { kind: 'other', code: null, label: 'Extra services', amountMinor: rest }]
}

const times = (quote: Quote, count: number): Quote => addUp(Array.from({ length: count }, () => quote))

function addUp(quotes: readonly Quote[]): Quote {
  const latest = (values: readonly (number | null)[]) =>
    values.includes(null) ? null : Math.max(...(values as number[]))
  const by = latest(quotes.map(({ deliverBy }) => deliverBy?.getTime() ?? null))
  const weights = quotes.map(({ billedWeightGrams }) => billedWeightGrams)
  return {
    ...quotes[0]!,
    totalMinor: quotes.reduce((sum, { totalMinor }) => sum + totalMinor, 0),
    charges: quotes.flatMap(({ charges }) => charges),
    transitDays: latest(quotes.map(({ transitDays }) => transitDays)),
    deliverBy: by === null ? null : new Date(by),
    billedWeightGrams: weights.includes(null)
      ? null
      : (weights as number[]).reduce((sum, weight) => sum + weight, 0),
  }
}
