import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  booking,
  chicago,
  findOf,
  item,
  munich,
  newYork,
  openUps,
  operations,
  parcel,
  refusal,
  type Ups,
} from './support.ts'

const { bookShipment, cancelShipment } = operations
const find = (ups: Ups, input = booking()) => findOf(bookShipment)(ups.client, input, input.reference)
const book = (ups: Ups, input = booking()) => bookShipment.run(ups.client, input, input.reference)
const text = (base64: string) => Buffer.from(base64, 'base64').toString('latin1')
const customs = {
  contents: 'merchandise',
  incoterm: 'DDP',
  invoiceNumber: 'INV-7',
  invoiceDate: new Date('2026-03-01T12:00:00Z'),
} as const

type Sent = {
  Shipment: Record<string, unknown> & {
    Package: Record<string, unknown>[]
    ShipmentServiceOptions: Record<string, unknown>
  }
}
const sent = (ups: Ups) =>
  (ups.heard('/ship').at(-1)!.body as { ShipmentRequest: Sent }).ShipmentRequest.Shipment

describe('bookings', () => {
  let ups: Ups
  beforeEach(async () => {
    ups = await openUps()
  })
  afterEach(() => ups.close())

  it('give numbers and labels, parcel by parcel, and the price that was quoted', async () => {
    const booked = await book(ups, booking({ parcels: [parcel, { ...parcel, weightGrams: 3000 }] }))
    const [shipment] = ups.sandbox.shipments()
    expect(booked.externalId).toBe(shipment!.externalId)
    expect(booked.parcels.map(({ trackingNumber }) => trackingNumber)).toEqual(shipment!.trackingNumbers)
    expect(shipment!.weightsGrams).toEqual([1300, 3000])
    for (const { trackingNumber, documents } of booked.parcels) {
      expect(documents).toHaveLength(1)
      expect(documents[0]).toMatchObject({ kind: 'label', format: 'zpl' })
      expect(text(documents[0]!.base64)).toMatch(new RegExp(`^\\^XA[^]*${trackingNumber}[^]*\\^XZ`))
    }
    expect({ totalMinor: booked.price!.totalMinor, currency: booked.price!.currency }).toEqual(
      shipment!.price,
    )
    expect(booked.price!.charges.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(
      shipment!.price!.totalMinor,
    )
  })

  it('print images too', async () => {
    const { parcels } = await book(ups, booking({ labelFormat: 'png' }))
    expect(parcels[0]!.documents[0]!.format).toBe('png')
    expect(text(parcels[0]!.documents[0]!.base64)).toMatch(/^\x89PNG/)
  })

  it('whose answer is lost are uncertain, and found with the same labels, once', async () => {
    ups.sandbox.faults.add({ kind: 'lost_answer', when: ({ path }) => path.endsWith('/ship') })
    const input = booking({ parcels: [parcel, parcel] })
    await expect(book(ups, input)).rejects.toMatchObject({ kind: 'uncertain' })
    const found = await find(ups, input)
    const [shipment, ...others] = ups.sandbox.shipments()
    expect(others).toEqual([])
    expect(found!.externalId).toBe(shipment!.externalId)
    expect(found!.parcels.map(({ trackingNumber }) => trackingNumber)).toEqual(shipment!.trackingNumbers)
    expect(text(found!.parcels[1]!.documents[0]!.base64)).toContain(shipment!.trackingNumbers[1])
  })

  it('are found as they were run', async () => {
    const booked = await book(ups)
    // UPS tells the price once only.
    await expect(find(ups)).resolves.toEqual({ ...booked, price: null })
  })

  it('as images are found as PDF, which is what UPS recovers', async () => {
    const input = booking({ labelFormat: 'png' })
    await book(ups, input)
    const found = await find(ups, input)
    expect(found!.parcels[0]!.documents[0]!.format).toBe('pdf')
    expect(text(found!.parcels[0]!.documents[0]!.base64)).toMatch(/^%PDF/)
  })

  it('that never arrived are not found, nor are those of another reference or voided since', async () => {
    await expect(find(ups)).resolves.toBeNull()
    const { externalId } = await book(ups, booking({ reference: 'shp_other' }))
    await expect(find(ups)).resolves.toBeNull()
    await cancelShipment.run(ups.client, { externalId, trackingNumbers: [], reference: 'shp_other' }, 'key')
    await expect(find(ups, booking({ reference: 'shp_other' }))).resolves.toBeNull()
  })

  it('within the US carry the reference on each package, and are found by it with all their parcels', async () => {
    const input = booking({ from: chicago, to: newYork, service: '03', parcels: [parcel, parcel, parcel] })
    const booked = await book(ups, input)
    expect(sent(ups).ReferenceNumber).toBeUndefined()
    expect(sent(ups).Package[2]!.ReferenceNumber).toEqual([{ Value: input.reference }])
    await expect(find(ups, input)).resolves.toEqual({ ...booked, price: null })
  })

  it('that stand twice under one reference are for a person, by both numbers', async () => {
    const first = await book(ups)
    const second = await book(ups)
    await expect(find(ups)).rejects.toThrow(`${first.externalId} and ${second.externalId}`)
  })

  it('across a border carry the invoice, the duties’ payer and give customs papers back', async () => {
    const input = booking({ to: newYork, service: '65', customs })
    const booked = await book(ups, input)
    expect(sent(ups).PaymentInformation).toEqual({
      ShipmentCharge: ['01', '02'].map((Type) => ({ Type, BillShipper: { AccountNumber: 'A1B2C3' } })),
    })
    expect(sent(ups).ShipmentServiceOptions.InternationalForms).toMatchObject({
      FormType: ['01'],
      InvoiceNumber: 'INV-7',
      InvoiceDate: '20260301',
      TermsOfShipment: 'DDP',
      ReasonForExport: 'SALE',
      CurrencyCode: 'EUR',
      Product: [
        {
          Description: ['Enamel mug'],
          Unit: { Number: '2', Value: '12.90' },
          CommodityCode: '7323.94',
          OriginCountryCode: 'DE',
          ProductWeight: { Weight: '0.7' },
        },
      ],
    })
    expect(booked.documents).toMatchObject([{ kind: 'customs', format: 'pdf' }])
    expect(text(booked.documents[0]!.base64)).toMatch(/^%PDF/)
  })

  it('of documents need no invoice; of unnamed goods they are refused', async () => {
    await book(ups, booking({ to: newYork, service: '65', customs: { ...customs, contents: 'documents' } }))
    expect(sent(ups)).toMatchObject({ DocumentsOnlyIndicator: 'Y' })
    expect(sent(ups).ShipmentServiceOptions).toEqual({})
    const unnamed = booking({ to: newYork, service: '65', customs, parcels: [{ ...parcel, items: [] }] })
    await expect(book(ups, unnamed)).rejects.toMatchObject({
      kind: 'rejected',
      issues: [{ field: 'InternationalForms/Product' }],
    })
  })

  it('of goods in two currencies are refused, because an invoice has one', async () => {
    const dollars = { ...item, sku: 'CUP-2', unitValue: { minor: 500, currency: 'USD' } }
    const mixed = booking({
      to: newYork,
      service: '65',
      customs,
      parcels: [{ ...parcel, items: [item, dollars] }],
    })
    await expect(book(ups, mixed)).rejects.toThrow('CUP-2 is in USD, MUG-1 in EUR')
  })

  it('from the US to Canada name the goods’ value in whole units, rounded up', async () => {
    const to = { ...newYork, country: 'CA', region: 'ON', postcode: 'M5V 3A8', city: 'Toronto' }
    await book(ups, booking({ from: chicago, to, service: '65', customs }))
    expect(sent(ups).InvoiceLineTotal).toEqual({ CurrencyCode: 'EUR', MonetaryValue: '26' })
  })

  it.each([
    ['within Germany', booking(), undefined, { DCISType: '1' }],
    ['within the US', booking({ from: chicago, to: newYork, service: '03' }), { DCISType: '2' }, undefined],
  ])('ask for a signature %s by the number that means it there', async (_, input, onPackage, onShipment) => {
    await book(ups, { ...input, isSignatureRequired: true })
    const { Package, ShipmentServiceOptions } = sent(ups)
    const options = Package[0]!.PackageServiceOptions as { DeliveryConfirmation?: unknown } | undefined
    expect(options?.DeliveryConfirmation).toEqual(onPackage)
    expect(ShipmentServiceOptions.DeliveryConfirmation).toEqual(onShipment)
  })

  it('wrap a long street between words, and refuse one that does not fit', async () => {
    const long = 'Am Alten Gueterbahnhof Nordost 117 Gebaeude C'
    await book(ups, booking({ to: { ...munich, addressLines: [long] } }))
    expect((sent(ups).ShipTo as { Address: { AddressLine: string[] } }).Address.AddressLine).toEqual([
      'Am Alten Gueterbahnhof Nordost 117',
      'Gebaeude C',
    ])
    const endless = booking({ to: { ...munich, addressLines: [long, long] } })
    await expect(book(ups, endless)).rejects.toMatchObject({
      issues: [{ field: 'ShipTo/Address/AddressLine' }],
    })
    expect(ups.sandbox.shipments()).toHaveLength(1)
  })

  it('drop the 1 before numbers of North America', async () => {
    await book(ups, booking({ to: newYork, service: '65', customs }))
    expect((sent(ups).ShipTo as { Phone: unknown }).Phone).toEqual({ Number: '2125550100' })
  })

  it.each([
    ['an unknown service', { service: '77' }, '121100'],
    ['a bad postcode', { to: { ...munich, postcode: '8033' } }, '120207'],
    ['no phone abroad', { to: { ...newYork, phone: null }, service: '65', customs }, '120209'],
  ])('with %s are refused in UPS’s words', async (_, changes, vendorCode) => {
    const refused = await book(ups, booking(changes)).catch((error) => error)
    expect(refused).toMatchObject({ kind: 'rejected', vendorCode, status: 400 })
    expect(refused.issues[0].code).toBe(vendorCode)
    expect(ups.sandbox.shipments()).toEqual([])
  })

  it('whose labels come in a form we cannot hand on are uncertain, not lost', async () => {
    ups.answerNext('/ship', {
      ShipmentResponse: {
        ShipmentResults: {
          ShipmentIdentificationNumber: '1ZA1B2C3110000001X',
          PackageResults: [
            {
              TrackingNumber: '1ZA1B2C3110000001X',
              ShippingLabel: { ImageFormat: { Code: 'GIF' }, GraphicImage: 'R0lG' },
            },
          ],
        },
      },
    })
    await expect(book(ups)).rejects.toMatchObject({ kind: 'uncertain' })
  })
})

describe('cancellations', () => {
  let ups: Ups
  beforeEach(async () => {
    ups = await openUps()
  })
  afterEach(() => ups.close())

  const bookOne = async () => {
    const { externalId, parcels } = await book(ups)
    const trackingNumbers = parcels.map(({ trackingNumber }) => trackingNumber)
    return { externalId, trackingNumbers, reference: booking().reference }
  }
  const isFound = (input: Awaited<ReturnType<typeof bookOne>>) =>
    findOf(cancelShipment)(ups.client, input, 'key')

  it('void the shipment, and are found', async () => {
    const input = await bookOne()
    await expect(isFound(input)).resolves.toBeNull()
    await expect(cancelShipment.run(ups.client, input, 'key')).resolves.toBe(true)
    expect(ups.sandbox.shipments()[0]!.isCancelled).toBe(true)
    await expect(isFound(input)).resolves.toBe(true)
  })

  it('of what is voided already are done', async () => {
    const input = await bookOne()
    await cancelShipment.run(ups.client, input, 'key')
    await expect(cancelShipment.run(ups.client, input, 'key')).resolves.toBe(true)
  })

  it('whose answer is lost are uncertain, and found', async () => {
    const input = await bookOne()
    ups.sandbox.faults.add({ kind: 'lost_answer', when: ({ method }) => method === 'DELETE' })
    await expect(cancelShipment.run(ups.client, input, 'key')).rejects.toMatchObject({ kind: 'uncertain' })
    await expect(isFound(input)).resolves.toBe(true)
  })

  it('of a parcel that the driver has are refused', async () => {
    const input = await bookOne()
    ups.sandbox.scan(input.trackingNumbers[0]!, 'collected')
    await expect(cancelShipment.run(ups.client, input, 'key')).rejects.toMatchObject({
      kind: 'rejected',
      vendorCode: '190102',
    })
  })

  it('that leave one package standing are refused, by its number', async () => {
    const input = await bookOne()
    const [number] = input.trackingNumbers
    ups.answerNext('/void/', {
      VoidShipmentResponse: {
        SummaryResult: { Status: { Code: '1', Description: 'Voided' } },
        PackageLevelResults: { TrackingNumber: number, Status: { Code: '0', Description: 'Not Voided' } },
      },
    })
    await expect(cancelShipment.run(ups.client, input, 'key')).rejects.toMatchObject({
      kind: 'rejected',
      message: `UPS did not void ${number}.`,
    })
  })

  it('that UPS cannot do now may be tried later', async () => {
    const input = await bookOne()
    ups.answerNext('/void/', refusal('190001', 'Void not available at this time'), 400)
    await expect(cancelShipment.run(ups.client, input, 'key')).rejects.toMatchObject({ kind: 'unavailable' })
  })
})
