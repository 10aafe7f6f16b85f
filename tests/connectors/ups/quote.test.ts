import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  bare,
  berlin,
  chicago,
  newYork,
  openUps,
  operations,
  quoteRequest,
  refusal,
  type Ups,
} from './support.ts'

describe('prices', () => {
  let ups: Ups
  beforeEach(async () => {
    ups = await openUps()
  })
  afterEach(() => ups.close())

  const shipmentSent = () =>
    (ups.heard('/rating/').at(-1)!.body as { RateRequest: { Shipment: Record<string, never> } }).RateRequest
      .Shipment as never as {
      Package: {
        Dimensions?: Record<string, unknown>
        PackageWeight: unknown
        PackageServiceOptions?: unknown
      }[]
      ShipTo: { Address: Record<string, unknown> }
      ShipmentTotalWeight: unknown
      DeliveryTimeInformation: { Pickup: { Date: string } }
    }

  it('are what the account pays, with parts that add up to the total and the day of arrival', async () => {
    const { quotes } = await operations.quote(ups.client, quoteRequest())
    const standard = quotes.find(({ service }) => service === '11')!
    expect(standard).toMatchObject({
      serviceName: 'UPS Standard',
      currency: 'EUR',
      transitDays: 3,
      deliverBy: new Date('2026-03-05T18:00:00Z'),
      billedWeightGrams: 1500,
    })
    expect(standard.charges.map(({ kind }) => kind)).toEqual(['base', 'fuel', 'tax'])
    for (const { charges, totalMinor } of quotes) {
      expect(charges.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(totalMinor)
      expect(totalMinor).toBeGreaterThan(0)
    }
  })

  it('leave out services that were not asked for, and say of those that UPS does not sell', async () => {
    const answer = await operations.quote(ups.client, quoteRequest({ services: ['11', '03'] }))
    expect(answer.quotes.map(({ service }) => service)).toEqual(['11'])
    expect(answer.notOffered).toEqual([
      { service: '03', reason: 'UPS does not offer it for this route and day.' },
    ])
  })

  it('of a route that UPS does not serve are none, with its reason', async () => {
    ups.answerNext(
      '/rating/',
      refusal('111210', 'The requested service is unavailable between the locations.'),
      400,
    )
    await expect(operations.quote(ups.client, quoteRequest())).resolves.toEqual({
      quotes: [],
      notOffered: [{ service: null, reason: 'The requested service is unavailable between the locations.' }],
    })
  })

  it('are asked in whole centimetres and tenths of a kilogram, never less than the parcel has', async () => {
    await operations.quote(ups.client, quoteRequest())
    expect(shipmentSent().Package[0]).toMatchObject({
      Dimensions: { UnitOfMeasurement: { Code: 'CM' }, Length: '30', Width: '21', Height: '11' },
      PackageWeight: { UnitOfMeasurement: { Code: 'KGS' }, Weight: '1.3' },
    })
  })

  it('from the US are asked in inches and pounds', async () => {
    await operations.quote(ups.client, quoteRequest({ from: chicago, to: newYork }))
    expect(shipmentSent().Package[0]).toMatchObject({
      Dimensions: { UnitOfMeasurement: { Code: 'IN' }, Length: '12', Width: '9', Height: '4' },
      PackageWeight: { UnitOfMeasurement: { Code: 'LBS' }, Weight: '2.8' },
    })
    expect(shipmentSent().ShipTo.Address).toMatchObject({ StateProvinceCode: 'NY', PostalCode: '101180110' })
  })

  it('of a parcel without measures name none', async () => {
    await operations.quote(ups.client, quoteRequest({ parcels: [bare] }))
    expect(shipmentSent().Package[0]!.Dimensions).toBeUndefined()
  })

  it('weigh an exact tenth as that tenth', async () => {
    await operations.quote(ups.client, quoteRequest({ parcels: [{ ...bare, weightGrams: 2300 }] }))
    expect(shipmentSent().Package[0]!.PackageWeight).toMatchObject({ Weight: '2.3' })
  })

  it('share the declared value among the parcels to the cent', async () => {
    const declaredValue = { minor: 10_001, currency: 'EUR' }
    await operations.quote(ups.client, quoteRequest({ parcels: [bare, bare, bare], declaredValue }))
    expect(shipmentSent().Package.map((sent) => sent.PackageServiceOptions)).toEqual(
      ['33.35', '33.33', '33.33'].map((MonetaryValue) => ({
        DeclaredValue: { CurrencyCode: 'EUR', MonetaryValue },
      })),
    )
  })

  it('count the day of dispatch where the warehouse is', async () => {
    const client = ups.connect({ timeZone: 'Asia/Tokyo' })
    await operations.quote(client, quoteRequest({ shipAt: new Date('2026-03-02T20:00:00Z') }))
    expect(shipmentSent().DeliveryTimeInformation.Pickup.Date).toBe('20260303')
  })

  it('of a parcel without a weight are refused before UPS is asked, naming the field', async () => {
    const asked = operations.quote(ups.client, quoteRequest({ parcels: [{ ...bare, weightGrams: 0 }] }))
    await expect(asked).rejects.toMatchObject({ kind: 'rejected', issues: [{ field: 'PackageWeight' }] })
    expect(ups.heard('/rating/')).toEqual([])
  })

  it('to a bad postcode are refused in UPS’s words', async () => {
    const to = { ...berlin, postcode: '1' }
    await expect(operations.quote(ups.client, quoteRequest({ to }))).rejects.toMatchObject({
      kind: 'rejected',
      vendorCode: '120207',
      vendorMessage: 'Missing/Invalid ShipTo PostalCode.',
    })
  })
})
