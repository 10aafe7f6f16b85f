import { type Clock, formatDecimal } from 'entrepot/sdk'
import type { Hono } from 'hono'
import { UpsRefusal } from './sandbox-gate.ts'
import {
  billingWeight,
  type Packages,
  rateBody,
  requirePlace,
  requireWeights,
  totalGrams,
} from './sandbox-requests.ts'
import { serviceName, servicesFrom } from './services.ts'

/** Price in hundredths of the cheapest service, and working days, by UPS's code. */
const tariffs: Readonly<Record<string, { percent: number; days: number }>> = {
  '01': { percent: 420, days: 1 },
  '02': { percent: 260, days: 2 },
  '03': { percent: 100, days: 4 },
  '07': { percent: 480, days: 2 },
  '08': { percent: 330, days: 4 },
  '11': { percent: 120, days: 3 },
  '12': { percent: 190, days: 3 },
  '13': { percent: 360, days: 1 },
  '14': { percent: 560, days: 1 },
  '54': { percent: 640, days: 1 },
  '59': { percent: 300, days: 2 },
  '65': { percent: 400, days: 2 },
}
const within = ['01', '02', '03', '12', '13', '14', '59']

/** Whether the stand-in sells the service on the route: from the US some only at home, the others only abroad. */
export function sells(service: string, from: string, to: string): boolean {
  if (!servicesFrom(from).some(({ code }) => code === service) || !(service in tariffs)) return false
  if (from !== 'US' && from !== 'PR') return true
  return within.includes(service)
    ? from === to
    : from !== to && (service !== '11' || ['CA', 'MX'].includes(to))
}

/** What the account pays: published price less 30 %, with fuel, and 19 % tax within Europe. */
export function priceFor(service: string, packages: Packages, from: string, to: string, currency: string) {
  const grams = totalGrams(packages)
  const published = Math.round((tariffs[service]!.percent * (700 + Math.ceil(grams / 1000) * 90)) / 100)
  const base = Math.round(published * 0.7)
  const fuel = Math.round(base * 0.16)
  const tax = from === to && from !== 'US' && from !== 'CA' ? Math.round((base + fuel) * 0.19) : 0
  const money = (minor: number) => ({
    CurrencyCode: currency,
    MonetaryValue: formatDecimal({ minor, currency }),
  })
  const taxes = tax > 0 ? { TaxCharges: [{ Type: 'VAT', MonetaryValue: money(tax).MonetaryValue }] } : {}
  const withTax = tax > 0 ? { TotalChargesWithTaxes: money(base + fuel + tax) } : {}
  const fuelCharge = (minor: number) => [{ Code: '375', ...money(minor) }]
  return {
    totalMinor: base + fuel + tax,
    published: {
      BaseServiceCharge: money(published),
      TransportationCharges: money(published + Math.round(published * 0.16)),
      ItemizedCharges: fuelCharge(Math.round(published * 0.16)),
      ServiceOptionsCharges: money(0),
      TotalCharges: money(published + Math.round(published * 0.16)),
    },
    negotiated: {
      ItemizedCharges: fuelCharge(fuel),
      ...taxes,
      TotalCharge: money(base + fuel),
      ...withTax,
    },
    negotiatedBase: money(base),
    zero: money(0),
  }
}

const dayText = (at: Date) => at.toISOString().slice(0, 10).replaceAll('-', '')

function addWorkingDays(from: Date, days: number): Date {
  const at = new Date(from)
  for (let left = days; left > 0; ) {
    at.setUTCDate(at.getUTCDate() + 1)
    if (at.getUTCDay() !== 0 && at.getUTCDay() !== 6) left -= 1
  }
  return at
}

function timeInTransit(pickupDate: string, days: number, name: string) {
  const pickup = new Date(`${pickupDate.replace(/(....)(..)(..)/, '$1-$2-$3')}T00:00:00Z`)
  const arrival = addWorkingDays(pickup, days)
  return {
    PickupDate: pickupDate,
    PackageBillType: '03',
    ServiceSummary: {
      Service: { Description: name },
      EstimatedArrival: {
        Arrival: { Date: dayText(arrival), Time: '180000' },
        BusinessDaysInTransit: String(days),
        Pickup: { Date: pickupDate, Time: '170000' },
        DayOfWeek: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'][arrival.getUTCDay()]!,
        CustomerCenterCutoff: '160000',
        TotalTransitDays: String(days),
      },
      SaturdayDelivery: '0',
    },
  }
}

export function serveRating(api: Hono, clock: Clock, currency: string): void {
  api.post('/rating/v2409/Shoptimeintransit', async (c) => {
    const { Shipment: shipment } = rateBody(await c.req.json())
    const from = requirePlace(shipment.ShipFrom.Address, 'ShipFrom')
    const to = requirePlace(shipment.ShipTo.Address, 'ShipTo')
    requireWeights(shipment.Package)
    const date = shipment.DeliveryTimeInformation?.Pickup?.Date ?? dayText(clock.now())
    const offered = servicesFrom(from)
      .map(({ code }) => code)
      .filter((service) => sells(service, from, to))
    if (offered.length === 0)
      throw new UpsRefusal(
        400,
        '111210',
        'The requested service is unavailable between the selected locations.',
      )
    const billed = billingWeight(shipment.Package)
    const rated = offered.map((service) => {
      const price = priceFor(service, shipment.Package, from, to, currency)
      return {
        Service: { Code: service },
        BillingWeight: billed,
        ...price.published,
        NegotiatedRateCharges: { BaseServiceCharge: [price.negotiatedBase], ...price.negotiated },
        RatedPackage: shipment.Package.map(() => ({
          TotalCharges: price.zero,
          Weight: billed.Weight,
        })),
        TimeInTransit: timeInTransit(date, tariffs[service]!.days, serviceName(from, service)),
      }
    })
    return c.json({
      RateResponse: {
        Response: { ResponseStatus: { Code: '1', Description: 'Success' } },
        RatedShipment: rated,
      },
    })
  })
}
