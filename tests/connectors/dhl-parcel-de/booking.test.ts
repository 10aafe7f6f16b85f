import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unroutable } from '../../../connectors/dhl-parcel-de/sandbox-rules.ts'
import {
  booking,
  bookingAbroad,
  buyer,
  customs,
  type Depot,
  eur,
  item,
  openDepot,
  operations,
  ordersCall,
  parcel,
} from './support.ts'

let depot: Depot
beforeEach(async () => {
  depot = await openDepot()
})
afterEach(() => depot.close())

const shipmentsSent = () =>
  (
    depot.heard('POST', '/orders').at(-1)!.body as {
      shipments: {
        details: object
        shipDate: string
        services: object
        customs: { shippingConditions?: string }
      }[]
    }
  ).shipments
const two = [parcel, { ...parcel, weightGrams: 2350 }]
const standing = () => depot.sandbox.shipments().filter(({ isCancelled }) => !isCancelled)

describe('one parcel', () => {
  test('is one call without a trial, and comes with its label', async () => {
    const booked = await depot.book()
    expect(depot.heard('POST', '/orders')).toHaveLength(1)
    const [held] = depot.sandbox.shipments()
    expect(booked).toMatchObject({ externalId: held!.externalId, price: null, documents: [] })
    expect(held).toMatchObject({ reference: booking().reference, service: 'V01PAK', weightsGrams: [1001] })
    const [label] = booked.parcels[0]!.documents
    expect(label).toMatchObject({ kind: 'label', format: 'pdf' })
    expect(Buffer.from(label!.base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('goes in grams and full centimetres, rounded up', async () => {
    await depot.book()
    expect(shipmentsSent()[0]!.details).toEqual({
      weight: { uom: 'g', value: 1001 },
      dim: { uom: 'cm', length: 31, width: 21, height: 16 },
    })
  })

  test('of which one measure is unknown goes without any', async () => {
    await depot.book(booking({ parcels: [{ ...parcel, heightMm: null }] }))
    expect(shipmentsSent()[0]!.details).toEqual({ weight: { uom: 'g', value: 1001 } })
  })

  test('is printed as ZPL when that is asked for', async () => {
    const booked = await depot.book(booking({ labelFormat: 'zpl' }))
    const [label] = booked.parcels[0]!.documents
    expect(label!.format).toBe('zpl')
    expect(Buffer.from(label!.base64, 'base64').toString()).toMatch(/^\^XA.*\^XZ$/)
  })

  test('that was to go before today goes today, by German time', async () => {
    depot.clock.advance(14.5 * 3_600_000) // 23:30 UTC is half past midnight in Germany.
    await depot.book(booking({ shipAt: new Date('2026-03-01T12:00:00.000Z') }))
    expect(shipmentsSent()[0]!.shipDate).toBe('2026-03-03')
  })
})

describe('several parcels', () => {
  test('are tried first and then booked by one call, in order', async () => {
    const booked = await depot.book(booking({ parcels: two }))
    const [trial, real] = depot.heard('POST', '/orders')
    expect([trial!.url.searchParams.get('validate'), real!.url.searchParams.get('validate')]).toEqual([
      'true',
      null,
    ])
    expect(real!.status).toBe(207)
    expect(depot.sandbox.shipments()).toMatchObject([
      {
        externalId: booked.externalId,
        weightsGrams: [1001, 2350],
        trackingNumbers: booked.parcels.map(({ trackingNumber }) => trackingNumber),
      },
    ])
  })

  test('of which one is refused by the trial are not booked at all', async () => {
    const parcels = [parcel, { ...parcel, weightGrams: 40_000 }]
    await expect(depot.book(booking({ parcels }))).rejects.toMatchObject({
      kind: 'rejected',
      issues: [{ field: 'details.weight', message: 'The weight is too high.', severity: 'error' }],
    })
    expect(depot.heard('POST', '/orders')).toHaveLength(1)
    expect(depot.sandbox.shipments()).toEqual([])
  })

  test.each([0, 1, 2])(
    'of which number %i is refused after the trial leave nothing behind',
    async (index) => {
      depot.sandbox.refuseNextBookingOf(index)
      await expect(depot.book(booking({ parcels: [...two, parcel] }))).rejects.toMatchObject({
        kind: 'rejected',
        vendorMessage: expect.stringContaining('not available at present'),
      })
      expect(depot.sandbox.shipments()[0]!.trackingNumbers).toHaveLength(2)
      expect(standing()).toEqual([])
    },
  )

  test('that cannot be taken back are uncertain, and the message names what stands', async () => {
    depot.sandbox.refuseNextBookingOf(1)
    depot.sandbox.faults.add({ kind: 'status', status: 503, when: ordersCall('DELETE') })
    const failure = await depot.book(booking({ parcels: two })).catch((error) => error)
    expect(failure.kind).toBe('uncertain')
    expect(failure.message).toContain(standing()[0]!.trackingNumbers[0])
    expect(failure.issues).toMatchObject([{ field: 'services' }])
  })

  test('whose deletion lost its answer are known to be deleted', async () => {
    depot.sandbox.refuseNextBookingOf(0)
    depot.sandbox.faults.add({ kind: 'lost_answer', when: ordersCall('DELETE') })
    await expect(depot.book(booking({ parcels: two }))).rejects.toMatchObject({ kind: 'uncertain' })
    expect(standing()).toEqual([])
  })

  test('beyond what one call takes are refused', async () => {
    const parcels = Array.from({ length: 31 }, () => parcel)
    await expect(depot.book(booking({ parcels }))).rejects.toMatchObject({ kind: 'rejected' })
    expect(depot.exchanges).toEqual([])
  })
})

describe('a lost answer', () => {
  test('to the booking is uncertain, and there is no way to look', async () => {
    depot.sandbox.faults.add({ kind: 'lost_answer', when: ordersCall('POST') })
    await expect(depot.book()).rejects.toMatchObject({ kind: 'uncertain' })
    expect(standing()).toHaveLength(1)
  })

  test('to the trial is unavailable: nothing was made', async () => {
    depot.sandbox.faults.add({ kind: 'lost_answer', when: ordersCall('POST') })
    await expect(depot.book(booking({ parcels: two }))).rejects.toMatchObject({ kind: 'unavailable' })
    expect(standing()).toEqual([])
  })

  test.each([
    [
      'a shipment without a label',
      { items: [{ shipmentNo: '00340434', sstatus: { title: 'OK', status: 200 } }] },
    ],
    ['fewer shipments than asked', { items: [] }],
    [
      'a number that lost its digits',
      {
        items: [
          {
            shipmentNo: 340434310428091700,
            sstatus: { title: 'OK', status: 200 },
            label: { b64: 'JVBERi0=' },
          },
        ],
      },
    ],
  ])('is no worse than %s: uncertain', async (_what, body) => {
    depot.sandbox.faults.add({
      kind: 'status',
      status: 200,
      body: JSON.stringify(body),
      when: ordersCall('POST'),
    })
    await expect(depot.book()).rejects.toMatchObject({ kind: 'uncertain' })
  })
})

describe('a refusal', () => {
  test('comes in the words of DHL, field by field', async () => {
    const to = { ...buyer, postcode: '5311' }
    await expect(depot.book(booking({ to }))).rejects.toMatchObject({
      kind: 'rejected',
      status: 400,
      vendorCode: '400',
      vendorMessage: expect.stringContaining('The postal code is invalid.'),
      issues: [{ field: 'consignee.postalCode', severity: 'error' }],
    })
  })

  test('of an address without a route is asked for, unless the connection says otherwise', async () => {
    const wanted = booking({ to: { ...buyer, postcode: unroutable } })
    await expect(depot.book(wanted)).rejects.toMatchObject({ kind: 'rejected' })
    const lenient = depot.connect({ isRoutableRequired: false })
    const { bookShipment } = operations
    await expect(bookShipment.run(lenient, wanted, wanted.reference)).resolves.toMatchObject({ price: null })
  })

  test.each([
    ['a name that is too long', { to: { ...buyer, name: 'x'.repeat(51) } }, 'consignee.name1'],
    [
      'a street that is too long',
      { to: { ...buyer, addressLines: ['x'.repeat(51)] } },
      'consignee.addressStreet',
    ],
    [
      'more lines than are printed',
      { to: { ...buyer, company: 'A', addressLines: ['1', '2', '3'] } },
      'consignee',
    ],
    ['a country that DHL does not know', { to: { ...buyer, country: 'XK' } }, 'consignee.country'],
    ['no city', { to: { ...buyer, city: null } }, 'consignee.city'],
    ['a reference that is too short', { reference: 'shp_1' }, 'refNo'],
    ['a product without a billing number', { service: 'V99' }, 'product'],
    [
      'a signature that the product lacks',
      { service: 'V62KP', isSignatureRequired: true },
      'services.signedForByRecipient',
    ],
  ])('of %s is ours, names the field and costs no call', async (_what, changes, field) => {
    const failure = await depot.book(booking(changes as object)).catch((error) => error)
    expect(failure).toMatchObject({ kind: 'rejected' })
    expect(failure.issues.map((issue: { field: string }) => issue.field)).toContain(field)
    expect(depot.exchanges).toEqual([])
  })
})

describe('customs', () => {
  test('are declared in the currency of the goods, with weights and codes', async () => {
    const booked = await depot.book(bookingAbroad())
    expect(shipmentsSent()[0]!.customs).toEqual({
      invoiceNo: 'INV-1',
      exportType: 'COMMERCIAL_GOODS',
      postalCharges: { currency: 'EUR', value: 4.9 },
      items: [
        {
          itemDescription: 'Enamel mug',
          countryOfOrigin: 'FRA',
          hsCode: '732394',
          packagedQuantity: 2,
          itemValue: { currency: 'EUR', value: 19.9 },
          itemWeight: { uom: 'g', value: 350 },
        },
      ],
    })
    expect(booked.parcels[0]!.documents.map(({ kind }) => kind)).toEqual(['label', 'customs'])
  })

  test('papers are PDF, though labels are ZPL', async () => {
    const booked = await depot.book(bookingAbroad({ labelFormat: 'zpl' }))
    expect(booked.parcels[0]!.documents.map(({ format }) => format)).toEqual(['zpl', 'pdf'])
  })

  test.each([
    ['V53WPAK', { postalDeliveryDutyPaid: true, endorsement: 'RETURN' }, undefined],
    ['V54EPAK', { endorsement: 'RETURN' }, 'DDP'],
  ])('paid by the sender are said as %s has it', async (service, services, conditions) => {
    await depot.book(bookingAbroad({ service, customs: { ...customs, incoterm: 'DDP' } }))
    expect(shipmentsSent()[0]!.services).toEqual(services)
    expect(shipmentsSent()[0]!.customs.shippingConditions).toBe(conditions)
  })

  test.each([
    [
      'paid by the sender of a Warenpost',
      { service: 'V66WPI', customs: { ...customs, incoterm: 'DDP' as const } },
    ],
    [
      'of goods in two currencies',
      { parcels: [{ ...parcel, items: [item, { ...item, unitValue: { minor: 1, currency: 'USD' } }] }] },
    ],
    ['of goods without a weight', { parcels: [{ ...parcel, items: [{ ...item, weightGrams: null }] }] }],
    ['of an empty parcel', { parcels: [{ ...parcel, items: [] }] }],
    [
      'of a title that would be cut',
      { parcels: [{ ...parcel, items: [{ ...item, title: 'x'.repeat(257) }] }] },
    ],
  ])('%s are refused before anything is sent', async (_what, changes) => {
    await expect(depot.book(bookingAbroad(changes))).rejects.toMatchObject({ kind: 'rejected' })
    expect(depot.exchanges).toEqual([])
  })

  test('are never made up: without the shipping charge nothing is declared', async () => {
    const without = depot.connect({ postalCharges: '' })
    await expect(operations.bookShipment.run(without, bookingAbroad(), 'k')).rejects.toMatchObject({
      issues: [{ field: 'customs.postalCharges' }],
    })
  })

  test('that are missing are missed by DHL', async () => {
    await expect(depot.book(bookingAbroad({ customs: null }))).rejects.toMatchObject({
      issues: [{ field: 'customs' }],
    })
  })
})

test('the declared value is insured only where the connection says so, and parcel by parcel', async () => {
  await depot.book(booking({ declaredValue: eur(60_000) }))
  expect(shipmentsSent()[0]!.services).toEqual({})
  const insuring = depot.connect({ isInsured: true })
  await operations.bookShipment.run(insuring, booking({ declaredValue: eur(60_000) }), 'k')
  expect(shipmentsSent()[0]!.services).toEqual({ additionalInsurance: { currency: 'EUR', value: 600 } })
  await expect(
    operations.bookShipment.run(insuring, booking({ declaredValue: eur(60_000), parcels: two }), 'k'),
  ).rejects.toMatchObject({ kind: 'rejected' })
})
