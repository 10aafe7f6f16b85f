import type { Address, Booking } from 'entrepot/sdk'
import { describe, expect, it } from 'vitest'
import { booking, operations } from '../../connectors/ups/support.ts'
import { answeredWith, measuresOf, readFixtures, type WirePackage } from './fixtures.ts'
import { hasFixtures, titleOf } from './vendor-models.ts'

type Party = {
  company_name: string
  person_name: string
  phone_number: string
  email?: string
  address_line1: string
  city: string
  state_code: string
  postal_code: string
  country_code: string
}
type Commodity = {
  title: string
  quantity: number
  hs_code: string
  value_amount: number
  value_currency: string
  origin_country: string
}
type Payload = {
  shipper: Party
  recipient: Party
  reference: string
  customs?: { commodities: Commodity[]; invoice: string; invoice_date: string }
}
type WireParty = {
  Name: string
  AttentionName: string
  Phone: { Number: string }
  Address: Record<string, unknown>
}
type WireForms = Record<
  'InvoiceNumber' | 'InvoiceDate' | 'ReasonForExport' | 'CurrencyCode' | 'FormType',
  unknown
> & {
  Product: Record<string, unknown>[]
  Contacts: { SoldTo: WireParty }
}
type WireShipment = Record<'Shipper' | 'ShipFrom' | 'ShipTo', WireParty> & {
  Service: { Code: string }
  Package: (WirePackage & { Packaging: { Code: string } })[]
  ReferenceNumber: unknown
  ShipmentRatingOptions: unknown
  ShipmentServiceOptions: { DeliveryConfirmation?: unknown; InternationalForms?: WireForms }
  PaymentInformation: { ShipmentCharge: { Type: string }[] }
}
type WireShip = {
  ShipmentRequest: {
    Shipment: WireShipment
    LabelSpecification: { LabelImageFormat: { Code: string }; LabelStockSize: unknown }
  }
}
type Parsed = {
  tracking_number: string
  shipment_identifier: string
  docs: { label: unknown; invoice?: unknown }
  meta: { tracking_numbers: string[] }
}

const responses = [
  // Neither total is in the fixtures' result: they are what the recorded answer says, taxes and own rate included.
  [
    'shipment',
    'test_parse_shipment_response',
    'ShipmentResponseJSON',
    'ParsedShipmentResponse',
    15_542,
    'CAD',
  ],
  [
    'shipment',
    'test_parse_shipment_response_with_invoice',
    'ShipmentResponseWithInvoice',
    'ParsedShipmentResponseWithInvoice',
    2_022,
    'GBP',
  ],
  [
    'return_shipment',
    'test_parse_return_shipment_response',
    'ShipmentResponseJSON',
    'ParsedReturnShipmentResponse',
    2_500,
    'USD',
  ],
] as const
const requests = [
  ['test_create_package_shipment_request', 'PackageShipmentData', 'ShipmentRequestJSON'],
  [
    'test_create_package_shipment_with_package_preset_request',
    'PackageShipmentWithPackagePresetData',
    'ShipmentRequestWithPresetJSON',
  ],
  ['test_create_return_shipment_request', 'ReturnShipmentData', 'ReturnShipmentRequestJSON'],
  [
    'test_create_international_shipment_request',
    'InternationalShipmentData',
    'InternationalShipmentRequestJSON',
  ],
] as const

describe.skipIf(!hasFixtures)(titleOf('recorded bookings of UPS', hasFixtures), () => {
  const { fixtures, tests } = hasFixtures ? readFixtures('shipment') : { fixtures: {}, tests: {} }

  it('are all looked at', () => {
    const names = [...responses, ...requests].map((entry) =>
      entry.find((part) => /^test_/.test(String(part))),
    )
    const here = [
      'test_parse_cancel_shipment_response',
      'test_create_cancel_shipment_request',
      // Looked at by the requests above: it sees that a call was made, and where.
      'test_create_shipment',
    ]
    const others = hasFixtures ? Object.keys(readFixtures('return_shipment').tests) : []
    // A return is booked by what sends it; the request of one is among those above.
    const returns = ['test_create_return_shipment_request', 'test_create_return_shipment']
    expect([...new Set([...Object.keys(tests), ...others])].sort()).toEqual(
      [...new Set([...names, ...here, ...returns])].sort(),
    )
  })

  it.each(responses)('%s %s: %s is read as %s', async (file, _, response, parsed, totalMinor, currency) => {
    const { fixtures: own } = readFixtures(file)
    const [expected] = own[parsed] as [Parsed]
    const { result, call } = await answeredWith(own[response], (client) =>
      operations.bookShipment.run(client, booking({ labelFormat: 'png' }), 'k'),
    )
    expect(call.url.pathname).toBe('/api/shipments/v2409/ship')
    expect(result.externalId).toBe(expected.shipment_identifier)
    expect(result.parcels.map(({ trackingNumber }) => trackingNumber)).toEqual(expected.meta.tracking_numbers)
    // The fixtures' result turns images into PDF; we hand on what UPS printed.
    const [label] = result.parcels[0]!.documents
    expect(label).toMatchObject({ kind: 'label', format: 'png' })
    expect(Buffer.from(label!.base64, 'base64').subarray(1, 4).toString()).toBe('PNG')
    const papers = result.documents.map(({ kind, format }) => ({ kind, format }))
    expect(papers).toEqual(expected.docs.invoice === undefined ? [] : [{ kind: 'customs', format: 'pdf' }])
    expect(result.price).toMatchObject({ totalMinor, currency })
    expect(result.price!.charges.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(totalMinor)
  })

  it('test_parse_cancel_shipment_response: the answer to a cancellation is read as success', async () => {
    const { shipment_identifier: externalId } = fixtures.ShipmentCancelRequestData as {
      shipment_identifier: string
    }
    const [expected] = fixtures.ParsedShipmentCancelResponse as [{ success: boolean }]
    const { result, call } = await answeredWith(fixtures.ShipmentCancelResponseJSON, (client) =>
      operations.cancelShipment.run(
        client,
        { externalId, trackingNumbers: [externalId], reference: 'shp_1' },
        'k',
      ),
    )
    expect(result).toBe(expected.success)
    expect(`${call.method} ${call.url.pathname}`).toBe(
      `DELETE /api/shipments/v2409/void/cancel/${externalId}`,
    )
  })

  it.each(requests)('%s: %s is booked as %s', async (_, payload, data) => {
    const input = fixtures[payload] as Payload
    const { Shipment: theirs, LabelSpecification } = (fixtures[data] as WireShip).ShipmentRequest
    const { call } = await answeredWith(fixtures.ShipmentResponseJSON, (client) =>
      operations.bookShipment.run(
        client,
        bookingOf(input, theirs, LabelSpecification.LabelImageFormat.Code),
        'k',
      ),
    )
    const { Shipment: ours, LabelSpecification: label } = (call.body as WireShip).ShipmentRequest
    for (const party of ['Shipper', 'ShipFrom', 'ShipTo'] as const)
      expectSameParty(ours[party], theirs[party])
    expect(ours.Service.Code).toBe(theirs.Service.Code)
    expect(ours.ReferenceNumber).toEqual([theirs.ReferenceNumber])
    expect(ours.ShipmentRatingOptions).toEqual(theirs.ShipmentRatingOptions)
    expect(ours.ShipmentServiceOptions.DeliveryConfirmation).toEqual(
      theirs.ShipmentServiceOptions.DeliveryConfirmation,
    )
    expect(ours.Package.map(({ Packaging }) => Packaging.Code)).toEqual(
      theirs.Package.map(({ Packaging }) => Packaging.Code),
    )
    const [sent, asked] = [measuresOf(ours.Package[0]!), measuresOf(theirs.Package[0]!)]
    // Our units follow the country of dispatch; a measure is rounded up by less than one of them.
    for (const [mine, wanted, step] of [
      [sent.grams, asked.grams, 100],
      ...sent.sides.map((side, n) => [side, asked.sides[n]!, 26]),
    ] as [number, number, number][]) {
      expect(mine - wanted).toBeGreaterThanOrEqual(-1e-6)
      expect(mine - wanted).toBeLessThan(step)
    }
    expect(label.LabelImageFormat.Code).toBe(LabelSpecification.LabelImageFormat.Code)
    expect(label.LabelStockSize).toEqual(LabelSpecification.LabelStockSize)
    // Theirs always bills duties to the account; ours only where the incoterm says that the sender pays (DDP).
    expect(ours.PaymentInformation.ShipmentCharge.map(({ Type }) => Type)).toEqual(['01'])
    expectSameForms(
      ours.ShipmentServiceOptions.InternationalForms,
      theirs.ShipmentServiceOptions.InternationalForms,
    )
  })
})

function expectSameParty(ours: WireParty, theirs: WireParty): void {
  expect(ours.Name).toBe(theirs.Name)
  expect(ours.AttentionName).toBe(theirs.AttentionName)
  // UPS takes digits only.
  expect(ours.Phone.Number).toBe(theirs.Phone.Number.replaceAll('-', ''))
  // A placeholder is no code of a state, and is left out.
  const { StateProvinceCode: state, ...rest } = theirs.Address
  const isCode = /^[A-Z]{2}$/.test(String(state))
  expect(ours.Address).toMatchObject({ ...rest, ...(isCode ? { StateProvinceCode: state } : {}) })
}

function expectSameForms(ours: WireForms | undefined, theirs: WireForms | undefined): void {
  if (!theirs || !ours) {
    expect(ours).toBe(theirs)
    return
  }
  for (const name of ['InvoiceNumber', 'InvoiceDate', 'ReasonForExport', 'CurrencyCode'] as const)
    expect(ours[name]).toBe(theirs[name])
  expect(ours.FormType).toEqual([theirs.FormType])
  expectSameParty(ours.Contacts.SoldTo, theirs.Contacts.SoldTo)
  const facts = (product: Record<string, unknown>) => {
    const unit = product.Unit as { Number: string; Value: string; UnitOfMeasurement: { Code: string } }
    return {
      description: [product.Description].flat(),
      code: product.CommodityCode,
      origin: product.OriginCountryCode,
      number: unit.Number,
      unit: unit.UnitOfMeasurement.Code,
      value: Number(unit.Value),
    }
  }
  expect(ours.Product.map(facts)).toEqual(theirs.Product.map(facts))
}

const addressOf = (party: Party): Address => ({
  name: party.person_name,
  company: party.company_name,
  email: party.email ?? null,
  phone: party.phone_number,
  addressLines: [party.address_line1],
  city: party.city,
  region: party.state_code,
  postcode: party.postal_code,
  country: party.country_code,
  isResidential: null,
})

/** The booking that says what the fixture's payload says, in our units. */
function bookingOf(input: Payload, theirs: WireShipment, format: string): Booking {
  const { grams, sides } = measuresOf(theirs.Package[0]!)
  const [lengthMm, widthMm, heightMm] = sides.map(Math.ceil) as [number, number, number]
  const { customs } = input
  const items = (customs?.commodities ?? []).map((commodity) => ({
    sku: commodity.hs_code,
    title: commodity.title,
    quantity: commodity.quantity,
    unitValue: { minor: commodity.value_amount * 100, currency: commodity.value_currency },
    weightGrams: 1134,
    hsCode: commodity.hs_code,
    originCountry: commodity.origin_country,
  }))
  return booking({
    reference: input.reference,
    service: theirs.Service.Code,
    from: addressOf(input.shipper),
    to: addressOf(input.recipient),
    parcels: [{ weightGrams: Math.ceil(grams), lengthMm, widthMm, heightMm, items }],
    labelFormat: format === 'ZPL' ? 'zpl' : 'png',
    isSignatureRequired: theirs.ShipmentServiceOptions.DeliveryConfirmation !== undefined,
    customs: customs
      ? {
          contents: 'merchandise',
          incoterm: 'DAP',
          invoiceNumber: customs.invoice,
          invoiceDate: new Date(customs.invoice_date),
        }
      : null,
  })
}
