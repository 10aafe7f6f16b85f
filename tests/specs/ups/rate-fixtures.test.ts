import { parseMoney, type QuoteRequest } from 'entrepot/sdk'
import { describe, expect, it } from 'vitest'
import { operations } from '../../connectors/ups/support.ts'
import { answeredWith, measuresOf, readFixtures, type WirePackage } from './fixtures.ts'
import { hasFixtures, titleOf } from './vendor-models.ts'

type ParsedRate = {
  service: string
  currency: string
  total_charge: number
  transit_days: number
  extra_charges: { name: string; amount: number }[]
}
type Place = Record<'city' | 'country_code' | 'postal_code' | 'state_code', string> & {
  residential?: boolean
}
type Payload = { shipper: Place; recipient: Place; parcels: Record<string, number>[] }
type WireAddress = Record<string, string>
type WireRate = {
  RateRequest: {
    Shipment: Record<'Shipper' | 'ShipFrom' | 'ShipTo', { Address: WireAddress }> & {
      Package: WirePackage[]
      ShipmentRatingOptions: unknown
      DeliveryTimeInformation: { PackageBillType: string; Pickup: { Date: unknown } }
    }
  }
}

/** The fixtures' names for services, which depend on the origin, and UPS's codes. */
const codes: Record<string, string> = {
  ups_express_early_ca: '14',
  ups_express_ca: '01',
  ups_express_saver_ca: '13',
  ups_expedited_ca: '02',
  ups_standard_ca: '11',
  ups_worldwide_express_ca: '07',
  ups_express_saver_intl_ca: '65',
  ups_worldwide_expedited_ca: '08',
  ups_3_day_select_ca_us: '12',
  ups_express_eu: '07',
  ups_worldwide_saver_eu: '65',
  ups_standard_eu: '11',
}

const responses = [
  ['test_parse_rate_response', 'RateResponseJSON', 'ParsedRateResponse'],
  ['test_parse_fr_rate_response', 'FRRateResponseJSON', 'ParsedFRRateResponse'],
  [
    'test_parse_rate_response_with_total_charges',
    'RateResponseWithTotalChargesJSON',
    'ParsedRateResponseWithTotalCharges',
  ],
  [
    'test_parse_rate_response_with_missing_amount',
    'RateResponseWithMissingAmountJSON',
    'ParsedRateResponseWithMissingAmount',
  ],
] as const
const requests = [
  ['test_create_rate_request', 'RatePayload', 'RateRequestData'],
  [
    'test_create_rate_with_package_preset_request',
    'RateWithPresetPayload',
    'RateRequestWithPackagePresetData',
  ],
] as const
/** The request is looked at by the two above: these see that a call was made, and which names a party has. */
const covered = ['test_get_rates', 'test_rate_request_contains_semantic_shipper_recipient_fields']

describe.skipIf(!hasFixtures)(titleOf('recorded prices of UPS', hasFixtures), () => {
  const { fixtures, tests } = hasFixtures ? readFixtures('rate') : { fixtures: {}, tests: {} }

  it('are all looked at', () => {
    const names = [...responses, ...requests].map(([name]) => name as string)
    expect(Object.keys(tests).sort()).toEqual([...names, ...covered].sort())
  })

  it.each(responses)('%s: %s is read as %s', async (_, response, parsed) => {
    const [expected] = fixtures[parsed] as [ParsedRate[]]
    const { result } = await answeredWith(fixtures[response], (client) =>
      operations.quote(client, requestOf(fixtures.RatePayload as Payload)),
    )
    // A service that comes twice, with and without Saturday delivery, has one code: we offer the cheaper one.
    const cheapest = [...new Set(expected.map(({ service }) => service))].map((service) =>
      expected
        .filter((rate) => rate.service === service)
        .reduce((best, rate) => (rate.total_charge < best.total_charge ? rate : best)),
    )
    const minor = (amount: number, currency: string) => parseMoney(amount.toFixed(2), currency).minor
    const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
    const charged = (rate: ParsedRate, is: (name: string) => boolean) =>
      sum(rate.extra_charges.filter(({ name }) => is(name)).map(({ amount }) => minor(amount, rate.currency)))
    expect(
      result.quotes.map(({ charges, ...quote }) => {
        const of = (kind: string) =>
          sum(charges.filter((charge) => charge.kind === kind).map(({ amountMinor }) => amountMinor))
        expect(sum(charges.map(({ amountMinor }) => amountMinor))).toBe(quote.totalMinor)
        const { service, currency, totalMinor, transitDays } = quote
        return {
          service,
          currency,
          totalMinor,
          transitDays,
          base: of('base'),
          fuel: of('fuel'),
          tax: of('tax'),
        }
      }),
    ).toEqual(
      cheapest.map((rate) => ({
        service: codes[rate.service],
        currency: rate.currency,
        totalMinor: minor(rate.total_charge, rate.currency),
        transitDays: rate.transit_days,
        base: charged(rate, (name) => name === 'BASE CHARGE'),
        fuel: charged(rate, (name) => name === 'FUEL SURCHARGE'),
        tax: charged(rate, (name) => /^(GST|HST|TVA)$/.test(name)),
      })),
    )
  })

  it.each(requests)('%s: %s is asked as %s', async (_, payload, data) => {
    const theirs = (fixtures[data] as WireRate).RateRequest.Shipment
    const asked = measuresOf(theirs.Package[0]!)
    const request = requestOf(fixtures[payload] as Payload)
    const parcel = {
      weightGrams: Math.ceil(asked.grams),
      lengthMm: Math.ceil(asked.sides[0]!),
      widthMm: Math.ceil(asked.sides[1]!),
      heightMm: Math.ceil(asked.sides[2]!),
    }
    const { call } = await answeredWith(fixtures.RateResponseJSON, (client) =>
      operations.quote(client, { ...request, parcels: [parcel] }),
    )
    const ours = (call.body as WireRate).RateRequest.Shipment
    for (const party of ['Shipper', 'ShipFrom', 'ShipTo'] as const) {
      // A price needs no street, so our request carries none; a state that is no code is left out.
      const { AddressLine: _, StateProvinceCode: state, ...rest } = theirs[party].Address
      expect(ours[party].Address).toMatchObject({
        ...rest,
        ...(/^[A-Z]{2}$/.test(state ?? '') ? { StateProvinceCode: state } : {}),
      })
    }
    // Our units follow the country of dispatch; a measure is rounded up by less than one of them.
    const sent = measuresOf(ours.Package[0]!)
    expect(sent.grams - asked.grams).toBeGreaterThanOrEqual(-1e-6)
    expect(sent.grams - asked.grams).toBeLessThan(100)
    for (const [n, side] of sent.sides.entries()) {
      expect(side - asked.sides[n]!).toBeGreaterThanOrEqual(-1e-6)
      expect(side - asked.sides[n]!).toBeLessThan(11)
    }
    expect(call.url.pathname.split('/').at(-1)).toBe('Shoptimeintransit')
    expect(ours.ShipmentRatingOptions).toEqual(theirs.ShipmentRatingOptions)
    expect(ours.DeliveryTimeInformation.PackageBillType).toBe(theirs.DeliveryTimeInformation.PackageBillType)
    const date = theirs.DeliveryTimeInformation.Pickup.Date
    if (typeof date === 'string') expect(ours.DeliveryTimeInformation.Pickup.Date).toBe(date)
  })
})

const placeOf = (place: Place) => ({
  country: place.country_code,
  postcode: place.postal_code,
  city: place.city ?? null,
  region: place.state_code ?? null,
  isResidential: place.residential ?? null,
})

const requestOf = ({ shipper, recipient }: Payload): QuoteRequest => ({
  from: placeOf(shipper),
  to: placeOf(recipient),
  parcels: [{ weightGrams: 500, lengthMm: 100, widthMm: 30, heightMm: 30 }],
  shipAt: new Date('2023-02-27T12:00:00Z'),
  declaredValue: null,
})
