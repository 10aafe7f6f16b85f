import { describe, expect, test } from 'vitest'
import { toBooked, toShipmentRequest } from '../../../connectors/dhl-express/mapping-booking.ts'
import { booked } from '../../../connectors/dhl-express/schemas.ts'
import { settingsSchema } from '../../../connectors/dhl-express/settings.ts'
import { abroad, berlin, newYork, openDepot, ops, start, within } from './support.ts'

const settings = settingsSchema.parse({ accountNumber: '123456789', currency: 'EUR' })
const now = new Date(start)
const requestOf = (booking: Parameters<typeof toShipmentRequest>[0]) =>
  JSON.parse(JSON.stringify(toShipmentRequest(booking, settings, now)))
const textOf = (base64: string) => Buffer.from(base64, 'base64').toString('latin1')
const customs = abroad().customs!

describe('a booking', () => {
  test('gives each piece its number and its label, and the papers of the whole to the shipment', async () => {
    const { depot, client } = await openDepot()
    const shipment = await ops.bookShipment.run(client, abroad(), abroad().reference)
    const [held] = depot.shipments()
    expect(held).toMatchObject({ reference: abroad().reference, service: 'P', weightsGrams: [1501, 2350] })
    expect(shipment.externalId).toBe(held!.externalId)
    expect(shipment.parcels.map(({ trackingNumber }) => trackingNumber)).toEqual(held!.trackingNumbers)
    for (const { trackingNumber, documents } of shipment.parcels) {
      expect(documents).toMatchObject([{ kind: 'label', format: 'pdf' }])
      expect(textOf(documents[0]!.base64)).toContain(trackingNumber)
    }
    expect(shipment.documents.map(({ kind, format }) => [kind, format])).toEqual([
      ['other', 'pdf'],
      ['customs', 'pdf'],
    ])
    expect(textOf(shipment.documents[1]!.base64)).toContain('INV-77')
    expect(shipment.price).toMatchObject({ currency: 'EUR', totalMinor: held!.price!.totalMinor })
  })

  test('costs what was quoted', async () => {
    const { client } = await openDepot()
    for (const booking of [abroad(), within(), within({ service: 'N', to: berlin })]) {
      const { from, to, parcels, shipAt, service } = booking
      const [quote] = (
        await ops.quote(client, { from, to, parcels, shipAt, declaredValue: null, services: [service] })
      ).quotes
      const { price } = await ops.bookShipment.run(client, booking, booking.reference)
      expect(price).toEqual({
        currency: quote!.currency,
        totalMinor: quote!.totalMinor,
        charges: quote!.charges.map((charge) =>
          charge.kind === 'tax' ? { ...charge, label: 'TAX' } : charge,
        ),
      })
    }
  })

  test('prints for a thermal printer where that is asked for; the invoice stays a PDF', async () => {
    const { client } = await openDepot()
    const shipment = await ops.bookShipment.run(client, abroad({ labelFormat: 'zpl' }), 'shp_2')
    expect(textOf(shipment.parcels[0]!.documents[0]!.base64)).toMatch(/^\^XA.*\^XZ$/)
    expect(shipment.documents.map(({ kind, format }) => [kind, format])).toEqual([
      ['other', 'zpl'],
      ['customs', 'pdf'],
    ])
    const png = abroad({ labelFormat: 'png' })
    await expect(ops.bookShipment.run(client, png, 'shp_3')).rejects.toMatchObject({ kind: 'rejected' })
  })

  test('whose answer is lost is uncertain and cannot be looked for', async () => {
    const { depot, client } = await openDepot()
    depot.faults.add({ kind: 'lost_answer' })
    await expect(ops.bookShipment.run(client, within(), 'shp_1')).rejects.toMatchObject({ kind: 'uncertain' })
    expect(depot.shipments()).toHaveLength(1)
    expect(ops.bookShipment.find).toBe('unsupported')
  })

  test('that DHL refuses tells its words, its number and the field, and books nothing', async () => {
    const { depot, client } = await openDepot()
    const wrong = within({ to: { ...newYork, country: 'FRA' } })
    await expect(ops.bookShipment.run(client, wrong, 'shp_1')).rejects.toMatchObject({
      kind: 'rejected',
      status: 422,
      issues: [{ field: 'customerDetails.receiverDetails.postalAddress.countryCode' }],
    })
    await expect(ops.bookShipment.run(client, within({ service: 'P' }), 'shp_1')).rejects.toMatchObject({
      kind: 'rejected',
      vendorCode: '996',
    })
    expect(depot.shipments()).toEqual([])
  })
})

describe('the request', () => {
  test('hands over our reference and the order number', () => {
    expect(requestOf(abroad()).customerReferences).toEqual([
      { value: 'shp_01kjpq5m9te3vbqa8wz4hn0001', typeCode: 'CU' },
      { value: 'SO-1001', typeCode: 'CO' },
    ])
  })

  test('tells customs what is inside, line by line', () => {
    const { content } = requestOf(abroad())
    expect(content).toMatchObject({
      isCustomsDeclarable: true,
      declaredValue: 79.6,
      declaredValueCurrency: 'EUR',
      incoterm: 'DAP',
      exportDeclaration: {
        invoice: { number: 'INV-77', date: '2026-03-01' },
        exportReasonType: 'commercial_purpose_or_sale',
        shipmentType: 'commercial',
      },
    })
    expect(content.exportDeclaration.lineItems).toHaveLength(2)
    expect(content.exportDeclaration.lineItems[1]).toEqual({
      number: 2,
      description: 'Enamel mug',
      price: 19.9,
      quantity: { value: 2, unitOfMeasurement: 'PCS' },
      commodityCodes: [{ typeCode: 'outbound', value: '732394' }],
      exportReasonType: 'commercial_purpose_or_sale',
      manufacturerCountry: 'CZ',
      weight: { netValue: 0.702 },
    })
  })

  test('a gift is personal and has a proforma invoice', () => {
    const request = requestOf(abroad({ customs: { ...customs, contents: 'gift' } }))
    expect(request.content.exportDeclaration).toMatchObject({
      exportReasonType: 'gift',
      shipmentType: 'personal',
    })
    expect(request.outputImageProperties.imageOptions).toContainEqual(
      expect.objectContaining({ typeCode: 'invoice', invoiceType: 'proforma' }),
    )
  })

  test('DDP buys "duties and taxes paid" on our account; DAP does not', () => {
    const ddp = requestOf(abroad({ customs: { ...customs, incoterm: 'DDP' } }))
    expect(ddp.valueAddedServices).toEqual([{ serviceCode: 'DD' }])
    expect(ddp.accounts.map(({ typeCode }: { typeCode: string }) => typeCode)).toEqual([
      'shipper',
      'duties-taxes',
    ])
    expect(requestOf(abroad())).not.toHaveProperty('valueAddedServices')
    expect(requestOf(abroad({ isSignatureRequired: true })).valueAddedServices).toEqual([
      { serviceCode: 'SF' },
    ])
  })

  test('what customs would ask back for is refused first, naming the item', () => {
    const [parcel] = abroad().parcels
    const [item] = parcel!.items
    const withItem = (changes: object) =>
      abroad({ parcels: [{ ...parcel!, items: [item!, { ...item!, sku: 'ODD-1', ...changes }] }] })
    expect(() => requestOf(withItem({ originCountry: null }))).toThrow('where ODD-1 was made')
    expect(() => requestOf(withItem({ weightGrams: null }))).toThrow('what ODD-1 weighs')
    expect(() => requestOf(withItem({ unitValue: { minor: 1, currency: 'USD' } }))).toThrow('ODD-1 in USD')
    expect(() => requestOf(abroad({ parcels: [{ ...parcel!, items: [] }] }))).toThrow('Enter their items')
    expect(requestOf(withItem({ hsCode: null })).content.exportDeclaration.lineItems[1]).not.toHaveProperty(
      'commodityCodes',
    )
  })

  test('a parcel goes to the gram and the millimetre, and without sizes when one is unknown', () => {
    expect(requestOf(abroad()).content.packages).toEqual([
      { weight: 1.501, dimensions: { length: 30.1, width: 20.5, height: 15.2 }, referenceNumber: 1 },
      { weight: 2.35, referenceNumber: 2 },
    ])
  })
})

describe('the answer', () => {
  const pdf = Buffer.from('%PDF-1.4').toString('base64')
  const label = (number?: number) => ({
    imageFormat: 'PDF',
    content: pdf,
    typeCode: 'label',
    ...(number ? { packageReferenceNumber: number } : {}),
  })
  const answer = (pieces: number, documents: object[]) =>
    booked.parse({
      shipmentTrackingNumber: 1234567890,
      packages: Array.from({ length: pieces }, (_, n) => ({
        referenceNumber: pieces - n,
        trackingNumber: `JD${pieces - n}`,
      })),
      documents,
    })

  test('puts pieces into the order of the booking, whatever order they come in', () => {
    const shipment = toBooked(answer(2, [label(2), label(1)]), abroad())
    expect(shipment.parcels.map(({ trackingNumber }) => trackingNumber)).toEqual(['JD1', 'JD2'])
    expect(shipment.externalId).toBe('1234567890')
  })

  test('labels of several pieces in one file belong to the shipment', () => {
    const shipment = toBooked(answer(2, [label()]), abroad())
    expect(shipment.documents).toEqual([{ kind: 'label', format: 'pdf', base64: pdf }])
    expect(shipment.parcels.map(({ documents }) => documents)).toEqual([[], []])
  })

  test('the label of a single piece needs no number, and what follows it is no second one of the piece', () => {
    const shipment = toBooked(answer(1, [label(), label()]), within())
    expect(shipment.parcels.map(({ documents }) => documents.length)).toEqual([1])
    expect(shipment.documents).toHaveLength(1)
  })

  test('that differs from what was asked is uncertain and names the waybill', () => {
    expect(() => toBooked(answer(1, [label(1)]), abroad())).toThrow(
      /waybill 1234567890 with 1 pieces instead of 2/,
    )
    expect(() => toBooked(answer(2, []), abroad())).toThrow(/waybill 1234567890 with no label/)
  })
})
