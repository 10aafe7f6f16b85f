import { formatDecimal, type Place, type Quote, type QuoteAnswer, type QuoteRequest } from 'entrepot/sdk'
import { stateCodeOf, zipOf } from './mapping-address.ts'
import { priceOf } from './mapping-charges.ts'
import { dayOf, declaredValues, gramsOf, packageOf, weightOf } from './mapping-parcels.ts'
import { readInstant } from './mapping-time.ts'
import type { RatedShipment } from './schemas.ts'
import { serviceName } from './services.ts'
import type { UpsSettings } from './settings.ts'

/** A price needs no street; UPS's description wants the list all the same. */
const placeOf = (place: Place) => ({
  AddressLine: [],
  ...(place.city ? { City: place.city.slice(0, 30) } : {}),
  ...stateCodeOf(place, 2),
  ...zipOf(place),
  CountryCode: place.country,
})

/** The request for prices and transit times of all services. */
export function toRateRequest(request: QuoteRequest, settings: UpsSettings): object {
  const { from, to, parcels, declaredValue } = request
  const isInternational = from.country !== to.country
  const values = declaredValues(declaredValue, parcels.length)
  const sender = placeOf(from)
  // Without a value UPS tells no transit time across a border; it does not change the price.
  const goods = declaredValue
    ? { CurrencyCode: declaredValue.currency, MonetaryValue: formatDecimal(declaredValue) }
    : { CurrencyCode: settings.currency, MonetaryValue: '1' }
  return {
    RateRequest: {
      Request: { RequestOption: 'Shoptimeintransit', SubVersion: '2409' },
      Shipment: {
        Shipper: { ShipperNumber: settings.accountNumber, Address: sender },
        ShipTo: {
          Address: { ...placeOf(to), ...(to.isResidential ? { ResidentialAddressIndicator: 'Y' } : {}) },
        },
        ShipFrom: { Address: sender },
        PaymentDetails: {
          ShipmentCharge: [{ Type: '01', BillShipper: { AccountNumber: settings.accountNumber } }],
        },
        ShipmentTotalWeight: weightOf(
          parcels.reduce((sum, { weightGrams }) => sum + weightGrams, 0),
          from.country,
        ),
        Package: parcels.map((parcel, n) => ({
          PackagingType: { Code: '02', Description: 'Package' },
          ...packageOf(parcel, from.country),
          ...(declaredValue ? { PackageServiceOptions: values[n] } : {}),
        })),
        ShipmentRatingOptions: { NegotiatedRatesIndicator: 'Y' },
        TaxInformationIndicator: 'Y',
        ...(isInternational ? { InvoiceLineTotal: goods } : {}),
        DeliveryTimeInformation: {
          PackageBillType: '03',
          Pickup: { Date: dayOf(request.shipAt, settings.timeZone) },
        },
      },
    },
  }
}

/** The offers that were asked for, cheapest form of each service, and what is not among them. */
export function toQuoteAnswer(rated: readonly RatedShipment[], request: QuoteRequest): QuoteAnswer {
  const wanted = request.services && new Set(request.services)
  const byService = new Map<string, Quote>()
  for (const shipment of rated) {
    const quote = toQuote(shipment, request.from.country)
    const present = byService.get(quote.service)
    if (wanted && !wanted.has(quote.service)) continue
    if (!present || quote.totalMinor < present.totalMinor) byService.set(quote.service, quote)
  }
  return {
    quotes: [...byService.values()],
    notOffered: [...(wanted ?? [])]
      .filter((service) => !byService.has(service))
      .map((service) => ({ service, reason: 'UPS does not offer it for this route and day.' })),
  }
}

function toQuote(shipment: RatedShipment, origin: string): Quote {
  const arrival = shipment.TimeInTransit?.ServiceSummary.EstimatedArrival
  const days = arrival?.BusinessDaysInTransit ?? shipment.GuaranteedDelivery?.BusinessDaysInTransit
  const transitDays = days === undefined || days === '' ? null : Number(days)
  return {
    service: shipment.Service.Code,
    serviceName: serviceName(origin, shipment.Service.Code),
    ...priceOf(shipment, shipment.NegotiatedRateCharges),
    transitDays: Number.isInteger(transitDays) ? transitDays : null,
    deliverBy: arrival ? readInstant(arrival.Arrival.Date, arrival.Arrival.Time ?? '235959') : null,
    expiresAt: null,
    billedWeightGrams: gramsOf(shipment.BillingWeight),
  }
}
