import { type Address, type Booking, startSandbox } from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import type { UspsClient } from '../../../connectors/usps/client.ts'
import { usps } from '../../../connectors/usps/index.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { operations } from '../../connectors/usps/support.ts'
import { hasFixtures, readFixtures, sharedTitle } from './vendor-spec.ts'

/** Answers of USPS that others recorded, and what they read in them: ours has to agree, or say why it does not. */
describe.skipIf(!hasFixtures)(sharedTitle('recorded answers of USPS', hasFixtures), () => {
  let close: (() => Promise<void>) | undefined
  afterEach(async () => {
    await close?.()
    close = undefined
  })

  /** USPS that gives this one answer to every call but those for tokens, and remembers what it was sent. */
  async function replay(answer: string, contentType = 'application/json', status = 200) {
    const sent: { path: string; body: Record<string, unknown> }[] = []
    const app = new Hono()
    app.post('/oauth2/v3/token', (c) => c.json(readFixtures('authentication').LoginResponse as object))
    app.post('/payments/v3/payment-authorization', (c) => c.json({ paymentAuthorizationToken: 'a.b.c' }))
    app.all('*', async (c) => {
      const text = await c.req.text()
      sent.push({ path: c.req.path, body: text ? JSON.parse(text) : {} })
      return new Response(answer, { status, headers: { 'content-type': contentType } })
    })
    const running = await startSandbox({ app })
    close = running.close
    const settings = { endpoint: running.url, crid: '12345678', mid: '123456', manifestMid: '123456' }
    const client = createTestClient<UspsClient>(
      usps,
      { settings, credentials: { clientId: 'key', clientSecret: 'secret', accountNumber: '1234' } },
      { clock: manualClock('2024-07-28T15:00:00.000Z') },
    )
    return { client, sent }
  }

  const text = (fixture: unknown) => (typeof fixture === 'string' ? fixture : JSON.stringify(fixture))

  describe('prices', () => {
    const fixtures = () => readFixtures('rate')
    const ask = async () => {
      const { client, sent } = await replay(text(fixtures().RateResponse))
      const { shipper, recipient, parcels } = fixtures().RatePayload as Payload
      const answer = await operations.quote(client, {
        from: addressOf(shipper),
        to: addressOf(recipient),
        parcels: parcels.map(parcelOf),
        shipAt: new Date('2024-07-28T15:00:00Z'),
        declaredValue: null,
      })
      return { ...answer, sent }
    }

    it('are asked for with the same places, weight, sizes, date and price list', async () => {
      const body = (await ask()).sent[0]!.body as Wire
      const [theirs] = fixtures().RateRequest as [Wire]
      const { originZIPCode, destinationZIPCode, destinationEntryFacilityType } = theirs
      expect(body).toMatchObject({ originZIPCode, destinationZIPCode, destinationEntryFacilityType })
      expect(body.packageDescription.mailingDate).toBe(theirs.packageDescription.mailingDate)
      expect(body.pricingOptions![0]!.priceType).toBe(theirs.pricingOptions![0]!.priceType)
      expectMeasures(body.packageDescription, theirs.packageDescription)
      // Ours asks for every mail class at once, theirs for one. The account belongs to contract prices alone.
      expect(body.packageDescription.mailClass).toBe('ALL_OUTBOUND')
      expect(body.pricingOptions![0]!.paymentAccount).toBeUndefined()
    })

    it.each(['ParsedRateResponse', 'MachinableParsedRateResponse'])('agree with %s', async (name) => {
      const { quotes, notOffered } = await ask()
      const [rates] = fixtures()[name] as [Rate[]]
      expect(quotes.length).toBeGreaterThan(8)
      for (const quote of quotes) {
        const same = rates.filter(
          ({ meta, total_charge: total }) =>
            quote.service.startsWith(meta.usps_mail_class) && Math.round(total * 100) === quote.totalMinor,
        )
        expect(same, quote.service).not.toEqual([])
        expect(same.map((rate) => rate.transit_days)).toContain(quote.transitDays)
        expect(same.map((rate) => rate.meta.usps_rate_sku)).toContain(quote.charges[0]!.code)
        expect(quote.currency).toBe(same[0]!.currency)
        expect(quote.charges.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(quote.totalMinor)
      }
      // Each of theirs is one of ours. Two are not: the same envelope in another processing category (ours names
      // the category itself), and the large box to a military post office, which Oklahoma City is not.
      const key = (rate: Rate) => `${rate.meta.usps_mail_class} ${rate.meta.usps_rate_indicator}`
      const theirs = [...new Set(rates.filter(({ meta }) => meta.usps_rate_indicator !== 'PM').map(key))]
      expect(quotes).toHaveLength(theirs.length)
      expect(notOffered).toEqual([])
    })
  })

  describe('labels', () => {
    const fixtures = () => readFixtures('shipment')
    const payload = () => fixtures().ShipmentPayload as Payload
    const bookingOf = (service: string): Booking => ({
      reference: payload().reference!,
      orderNumber: null,
      service,
      from: addressOf(payload().shipper),
      to: addressOf(payload().recipient),
      parcels: payload().parcels.map((parcel) => ({ ...parcelOf(parcel), items: [] })),
      shipAt: new Date('2024-07-28T15:00:00Z'),
      labelFormat: 'pdf',
      declaredValue: null,
      isSignatureRequired: true,
      customs: null,
    })
    const book = async (fixture: string) => {
      const raw = text(fixtures()[fixture])
      const [, boundary] = /^--(\S+)/.exec(raw.trimStart())!
      const { client, sent } = await replay(raw.trimStart(), `multipart/form-data;boundary="${boundary}"`)
      const booked = await operations.bookShipment.run(client, bookingOf('LIBRARY_MAIL'), 'shp_1')
      return { booked, sent, raw }
    }

    it('are asked for with the same addresses, weight, sizes, mail class, date and reference', async () => {
      const { sent } = await book('ShipmentResponse')
      const { path } = sent[0]!
      const body = sent[0]!.body as Wire
      const [theirs] = fixtures().ShipmentRequest as [Wire]
      expect(path).toBe('/labels/v3/label')
      for (const name of ['fromAddress', 'toAddress'] as const) {
        // They skip the check of the address; USPS recommends not to, and ours does not.
        const { ignoreBadAddress, ...address } = theirs[name]!
        expect(ignoreBadAddress).toBe(true)
        expect(body[name]).toEqual(address)
      }
      const ours = body.packageDescription
      expectMeasures(ours, theirs.packageDescription)
      const { mailClass, mailingDate, customerReference, destinationEntryFacilityType } =
        theirs.packageDescription
      expect(ours).toMatchObject({ mailClass, mailingDate, customerReference, destinationEntryFacilityType })
      expect(body.imageInfo).toEqual(theirs.imageInfo)
      // NON_MACHINABLE is deprecated and becomes NONSTANDARD at USPS. Instead of a rate indicator ours says what the
      // parcel is in, and USPS chooses. A girth must not be sent for a box. The sender of both is one and the same.
      expect(ours).toMatchObject({ processingCategory: 'NONSTANDARD', packagingType: 'VARIABLE' })
      expect(ours).not.toHaveProperty('girth')
      // They drop the signature that was asked for.
      expect(ours.extraServices).toEqual([921])
    })

    it('agree on tracking number, price and documents', async () => {
      const { booked, raw } = await book('ShipmentResponse')
      const [theirs] = fixtures().ParsedShipmentResponse as [Shipment]
      expect(booked.externalId).toBe(theirs.shipment_identifier)
      expect(booked.parcels.map(({ trackingNumber }) => trackingNumber)).toEqual([theirs.tracking_number])
      expect(booked.price).toEqual({
        currency: theirs.selected_rate.currency,
        totalMinor: Math.round(theirs.selected_rate.total_charge * 100),
        charges: [{ kind: 'base', code: theirs.meta.SKU, label: 'Postage', amountMinor: 1876 }],
      })
      const documents = booked.parcels[0]!.documents
      expect(documents.map(({ kind, format }) => `${kind} ${format}`)).toEqual(['label pdf', 'receipt pdf'])
      for (const { base64 } of documents) {
        expect(raw).toContain(base64)
        expect(Buffer.from(base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-')
      }
    })

    it('add the fee for a bulky parcel to the total, which they do not', async () => {
      const { booked } = await book('ShipmentResponseSample2')
      const [theirs] = fixtures().ParsedShipmentResponseSample2 as [Shipment]
      expect(booked.externalId).toBe(theirs.tracking_number)
      // Postage "does not include" fees by USPS's description, as with prices, where base and fee add up to the
      // total. Their charges of 42.62 and 18.00 do not add up to their total of 42.62.
      const parts = theirs.selected_rate.extra_charges.map(({ amount }) => Math.round(amount * 100))
      expect(booked.price!.charges.map(({ amountMinor }) => amountMinor)).toEqual(parts)
      expect(booked.price!.totalMinor).toBe(parts.reduce((sum, part) => sum + part, 0))
    })

    it('take no label for the outbound one that is for a return', async () => {
      const { booked } = await book('ReturnShipmentResponse')
      const [theirs] = fixtures().ParsedReturnShipmentResponse as [Shipment]
      expect(booked.parcels.map(({ trackingNumber }) => trackingNumber)).toEqual([theirs.tracking_number])
    })

    it('are cancelled at the same address, and CANCELED is a success', async () => {
      const [{ trackingNumber }] = fixtures().ShipmentCancelRequest as [{ trackingNumber: string }]
      const { client, sent } = await replay(text(fixtures().ShipmentCancelResponse))
      const input = { externalId: trackingNumber, trackingNumbers: [trackingNumber], reference: 'shp_1' }
      await expect(operations.cancelShipment.run(client, input, 'onc_1')).resolves.toBe(true)
      expect(sent.map(({ path }) => path)).toEqual([`/labels/v3/label/${trackingNumber}`])
    })
  })

  describe('tracking', () => {
    const fixtures = () => readFixtures('tracking')
    const track = async (answer: unknown, status = 200) => {
      const [trackingNumber] = fixtures().TrackingRequest as [string]
      const { client, sent } = await replay(text(answer), 'application/json', status)
      const ref = { trackingNumber, carrier: null, recipientPostcode: null, recipientPhone: null }
      const [result] = await operations.pullTracking.run(client, [ref])
      return { result: result!, sent, trackingNumber }
    }
    /** Their states by our word. They leave most scans without one. */
    const states: Record<string, string> = {
      delivered: 'delivered',
      out_for_delivery: 'out_for_delivery',
      in_transit: 'in_transit',
    }

    it('agrees on every scan: code, words, place, state and local time', async () => {
      const { result, sent, trackingNumber } = await track(fixtures().TrackingResponse)
      expect(sent.map(({ path }) => path)).toEqual([`/tracking/v3/tracking/${trackingNumber}`])
      const [[theirs]] = fixtures().ParsedTrackingResponse as [[{ events: TheirEvent[] }]]
      if (!result.ok) throw result.error
      const { events } = result.tracking
      expect(events.map(({ code }) => code)).toEqual(theirs.events.map(({ code }) => code))
      expect(events.map(({ description }) => description)).toEqual(theirs.events.map((e) => e.description))
      for (const [n, event] of events.entries()) {
        const { status, location, timestamp } = theirs.events[n]!
        if (status) expect(event.state).toBe(states[status])
        expect(event.state).not.toBeNull()
        const words = (place: string | null | undefined) => place?.match(/\w+/g)?.sort()
        expect(words(event.location)).toEqual(words(location))
        // They read the local time as UTC. Ours is the true instant, five hours later in this November.
        expect(event.at.getTime() - Date.parse(timestamp)).toBeGreaterThanOrEqual(5 * 3_600_000)
        expect(event.at.getTime() - Date.parse(timestamp)).toBeLessThan(5 * 3_600_000 + 60_000)
      }
      expect(events.map(({ state }) => state).at(-1)).toBe('announced')
    })

    it('agrees on code, words and field of an error', async () => {
      const { result } = await track(fixtures().ErrorResponse, 400)
      const [, [theirs]] = fixtures().ParsedErrorResponse as [[], [Complaint]]
      expect(result).toMatchObject({
        ok: false,
        error: {
          kind: 'rejected',
          vendorCode: theirs.code,
          vendorMessage: theirs.message,
          issues: [{ field: theirs.details.source!.parameter, message: theirs.message }],
        },
      })
    })

    it('agrees on code and words of refused credentials', async () => {
      const { result } = await track(fixtures().AuthErrorResponse, 401)
      const [, [theirs]] = fixtures().ParsedAuthErrorResponse as [[], [Complaint]]
      const error = { kind: 'auth', vendorCode: theirs.code, vendorMessage: theirs.message }
      expect(result).toMatchObject({ ok: false, error })
    })
  })

  it('agrees on a pickup', async () => {
    const { PickupPayload, PickupRequest, PickupResponse, ParsedPickupResponse } = readFixtures('pickup')
    const { address, instruction, pickup_date: date } = PickupPayload as PickupShape
    const { client, sent } = await replay(text(PickupResponse))
    const at = new Date(`${date}T15:00:00Z`)
    const input = {
      reference: 'pck_1',
      // USPS demands a contact, which they leave out.
      from: { ...addressOf(address), email: 'ship@northwind.example' },
      readyAt: at,
      closesAt: at,
      parcels: [{ weightGrams: 9071, lengthMm: null, widthMm: null, heightMm: null }],
      trackingNumbers: [],
      instructions: instruction,
    }
    const { externalId } = await operations.pickup.run(client, input, 'pck_1')
    expect(externalId).toBe(
      (ParsedPickupResponse as [{ confirmation_number: string }])[0].confirmation_number,
    )
    const theirs = PickupRequest as Record<string, { [key: string]: object }>
    expect(sent[0]!.body).toMatchObject({ pickupDate: date, pickupLocation: theirs.pickupLocation! })
    expect(sent[0]!.body.pickupAddress).toMatchObject({ address: theirs.pickupAddress!.address! })
    expect(sent[0]!.body.estimatedWeight).toBeCloseTo(Number(theirs.estimatedWeight), 2)
  })
})

type Theirs = Record<string, string | undefined>
type TheirParcel = { height: number; length: number; width: number; weight: number }
type Payload = { shipper: Theirs; recipient: Theirs; parcels: TheirParcel[]; reference?: string }
type PickupShape = { address: Theirs; instruction: string; pickup_date: string }
type Wire = Record<string, unknown> & {
  packageDescription: Record<string, unknown>
  pricingOptions?: { priceType: string; paymentAccount?: object }[]
  fromAddress?: Record<string, unknown>
  toAddress?: Record<string, unknown>
}
type Rate = {
  currency: string
  total_charge: number
  transit_days: number
  meta: { usps_mail_class: string; usps_rate_indicator: string; usps_rate_sku: string }
}
type Shipment = {
  shipment_identifier: string
  tracking_number: string
  meta: { SKU: string }
  selected_rate: { currency: string; total_charge: number; extra_charges: { amount: number }[] }
}
type TheirEvent = {
  code: string
  description: string
  location?: string
  status?: string
  timestamp: string
}
type Complaint = { code: string; message: string; details: { source?: { parameter: string } } }

const addressOf = (theirs: Theirs): Address => ({
  name: theirs.person_name!,
  company: theirs.company_name ?? null,
  email: null,
  phone: theirs.phone_number ?? null,
  addressLines: [theirs.address_line1!, ...(theirs.address_line2 ? [theirs.address_line2] : [])],
  city: theirs.city!,
  region: theirs.state_code!,
  postcode: theirs.postal_code!,
  country: theirs.country_code!,
  isResidential: null,
})

const parcelOf = ({ weight, length, width, height }: TheirParcel) => ({
  weightGrams: weight * 1000,
  lengthMm: length * 10,
  widthMm: width * 10,
  heightMm: height * 10,
})

/** The same within their two decimals. They round to the nearest and keep the order of sides; ours rounds up, longest first. */
function expectMeasures(ours: Record<string, unknown>, theirs: Record<string, unknown>): void {
  const sides = (of: Record<string, unknown>) =>
    [of.length, of.width, of.height].map(Number).sort((a, b) => b - a)
  for (const [n, side] of sides(ours).entries()) {
    expect(side - sides(theirs)[n]!).toBeGreaterThanOrEqual(0)
    expect(side - sides(theirs)[n]!).toBeLessThan(0.011)
  }
  expect(Math.abs(Number(ours.weight) - Number(theirs.weight))).toBeLessThan(0.01)
  expect(Number(ours.weight) * 453.59237).toBeGreaterThanOrEqual(20_000)
}
