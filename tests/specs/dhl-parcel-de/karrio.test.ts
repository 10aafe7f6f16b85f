import { ConnectorError, isFinalState, laterState, type TrackingState } from 'entrepot/sdk'
import { describe, expect, it } from 'vitest'
import { dhlParcelDe } from '../../../connectors/dhl-parcel-de/index.ts'
import { operations } from '../../connectors/dhl-parcel-de/support.ts'
import { type Cases, casesOf, pickupOf, type Replay, replay, toBooking } from './karrio.ts'
import { hasVendorFiles, vendorTitle } from './vendor.ts'

const withReplay = async <T>(
  answers: Record<string, Replay>,
  visit: (replayed: Awaited<ReturnType<typeof replay>>) => Promise<T>,
  settings: Record<string, unknown> = {},
): Promise<T> => {
  const replayed = await replay(answers, settings)
  try {
    return await visit(replayed)
  } finally {
    await replayed.close()
  }
}

const failureOf = async (call: Promise<unknown>): Promise<ConnectorError> => {
  const failure = await call.then(
    () => null,
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(ConnectorError)
  return failure as ConnectorError
}

describe.skipIf(!hasVendorFiles)(vendorTitle("karrio's recorded cases of DHL Parcel DE"), () => {
  const shipment = (): Cases => casesOf('shipment')
  const fixture = (name: string) => shipment().fixtures[name]

  it('are these and no others', () => {
    const names = (operation: string) => Object.keys(casesOf(operation).tests)
    expect({
      shipment: names('shipment').length,
      tracking: names('tracking').length,
      rate: names('rate').length,
      pickup: names('pickup').length,
      authentication: names('authentication').length,
    }).toEqual({ shipment: 14, tracking: 4, rate: 7, pickup: 8, authentication: 3 })
  })

  describe('authentication', () => {
    it('the token of the answer is the one that is sent', async () => {
      const body = casesOf('authentication').fixtures.LoginResponse
      await withReplay(
        { 'POST /token': { body }, 'GET /manifests': { body: {} } },
        async ({ client, heard }) => {
          await dhlParcelDe.check(client)
          expect(heard('GET /manifests')[0]!.headers.authorization).toBe(`Bearer ${body.access_token}`)
        },
      )
    })

    it.each([
      ['a refusal', { status: 401, body: '{"title":"Unauthorized","statusCode":401}' }, 'auth'],
      ['a refusal that is no JSON', { status: 401, body: 'Unauthorized', type: 'text/plain' }, 'auth'],
      ['an answer that is no JSON', { body: '<html>', type: 'text/html' }, 'unexpected'],
    ])('%s is told as such', async (_what, answer, kind) => {
      await withReplay({ 'POST /token': answer }, async ({ client }) => {
        expect((await failureOf(dhlParcelDe.check(client))).kind).toBe(kind)
      })
    })
  })

  describe('rates', () => {
    // karrio computes them from a price list of its own: no case has an answer of the carrier to replay, and DHL
    // has no call that gives a price. Here such lists are rate cards, which no courier offers by itself.
    it('are not DHL’s: no case holds an answer of the carrier, and the connector quotes nothing', () => {
      const used = Object.values(casesOf('rate').tests).flatMap(({ uses }) => uses)
      expect(used.filter((name) => !name.startsWith('Parsed'))).toEqual([])
      expect(dhlParcelDe.operations.quote).toBeUndefined()
    })
  })

  describe('requests', () => {
    const made = {
      items: [{ shipmentNo: '1', sstatus: { title: 'OK', status: 200 }, label: { b64: 'JVBERi0=' } }],
    }
    const sent = (payload: string, settings = {}) =>
      withReplay(
        { 'POST /orders': { body: made } },
        async ({ client, heard }) => {
          const booking = toBooking(fixture(payload))
          await operations.bookShipment.run(client, booking, booking.reference)
          return heard('POST /orders')[0]!
        },
        settings,
      )
    type Side = Record<string, string>
    const street = ({ addressStreet, addressHouse }: Side) =>
      [addressStreet, addressHouse].filter(Boolean).join(' ')

    it.each([
      ['ShipmentPayload', 'ShipmentRequest'],
      ['IntlShipmentPayload', 'IntlShipmentRequest'],
    ])('%s says the same as %s', async (payload, request) => {
      const { body } = await sent(payload)
      const ours = (body as { shipments: never[] }).shipments[0] as unknown as Record<string, Side> & {
        details: never
      }
      const theirs = fixture(request).shipments[0]
      expect((body as { profile: string }).profile).toBe(fixture(request).profile)
      for (const name of ['product', 'billingNumber', 'refNo']) expect(ours[name]).toEqual(theirs[name])
      for (const side of ['shipper', 'consignee']) {
        const facts = ({ name1, city, country, postalCode, email }: Side) => ({
          name1,
          city,
          country,
          postalCode,
          email,
        })
        expect(facts(ours[side]!)).toEqual(facts(theirs[side]))
      }
      expect(street(ours.shipper!)).toBe(street(theirs.shipper))
      const { weight, dim } = ours.details as { weight: { value: number; uom: string }; dim: object }
      expect(weight).toEqual({ uom: 'g', value: theirs.details.weight.value * 1000 })
      expect(dim).toEqual(theirs.details.dim)
    })

    it('differ on purpose within Germany', async () => {
      const [ours] = ((await sent('ShipmentPayload')).body as { shipments: Record<string, Side>[] }).shipments
      const theirs = fixture('ShipmentRequest').shipments[0]
      expect(street(ours!.consignee!)).toBe(street(theirs.consignee))
      // The flat is printed under the name, where karrio leaves it out.
      expect(ours!.consignee!.name2).toBe(fixture('ShipmentPayload').recipient.address_line2)
      // DHL's description: phone numbers cannot be transmitted within Germany, and `name` belongs to lockers.
      expect(theirs.consignee).toMatchObject({ phone: expect.any(String), name: expect.any(String) })
      expect(ours!.consignee).not.toHaveProperty('phone')
      expect(ours!.consignee).not.toHaveProperty('name')
      // What becomes of an undeliverable parcel is asked of parcels abroad only.
      expect([ours!.services, theirs.services]).toEqual([{}, { endorsement: 'RETURN' }])
    })

    it('agree abroad about phone, endorsement and goods, and differ about customs', async () => {
      const [ours] = ((await sent('IntlShipmentPayload')).body as { shipments: never[] })
        .shipments as unknown as [
        {
          consignee: Side
          shipper: Side
          services: object
          customs: { items: Record<string, unknown>[] } & Record<string, unknown>
        },
      ]
      const theirs = fixture('IntlShipmentRequest').shipments[0]
      expect(ours.consignee.phone).toBe(theirs.consignee.phone)
      expect(ours.services).toEqual(theirs.services)
      // A house number before the street is a British custom: it stays where it is written.
      expect([street(ours.consignee), street(theirs.consignee)]).toEqual([
        '10 Downing Street',
        'Downing Street 10',
      ])
      expect(ours.customs.exportType).toBe(theirs.customs.exportType)
      expect(ours.customs.shippingConditions).toBe(theirs.customs.shippingConditions)
      expect(ours.customs.items).toEqual(
        theirs.customs.items.map((item: { itemWeight: { value: number } }) => ({
          ...item,
          itemWeight: { uom: 'g', value: item.itemWeight.value * 1000 },
        })),
      )
      // DHL's description: postalCharges are mandatory, officeOfOrigin is not to be used, exportDescription is for OTHER.
      expect(theirs.customs).not.toHaveProperty('postalCharges')
      expect(ours.customs.postalCharges).toEqual({ currency: 'EUR', value: 1 })
      expect(ours.customs).not.toHaveProperty('officeOfOrigin')
      expect(ours.customs).not.toHaveProperty('exportDescription')
    })

    it('take profile, cost centre and label paper from where they are set', async () => {
      const { options } = fixture('ShipmentPayloadWithOptions')
      const settings = { profile: options.dhl_parcel_de_profile, printFormat: '910-300-600' }
      const { body, url } = await sent('ShipmentPayloadWithOptions', settings)
      expect(body).toMatchObject({
        profile: options.dhl_parcel_de_profile,
        shipments: [{ costCenter: options.dhl_parcel_de_cost_center }],
      })
      const [docFormat, ...paper] = options.dhl_parcel_de_label_type.split('_')
      expect(url.searchParams.get('docFormat')).toBe(docFormat)
      expect(url.searchParams.get('printFormat')).toBe(paper.join('-'))
    })

    it('cancel by the same number and profile', async () => {
      const { shipment: number, profile } = fixture('ShipmentCancelRequest')
      await withReplay(
        { 'DELETE /orders': { body: fixture('ShipmentCancelResponse') } },
        async ({ client, heard }) => {
          const externalId = fixture('ShipmentCancelPayload').shipment_identifier
          const cancelled = operations.cancelShipment.run(
            client,
            { externalId, trackingNumbers: [], reference: '' },
            'k',
          )
          await expect(cancelled).resolves.toBe(fixture('ParsedCancelShipmentResponse')[0].success)
          const { searchParams } = heard('DELETE /orders')[0]!.url
          expect(Object.fromEntries(searchParams)).toEqual({ shipment: number, profile })
        },
      )
    })
  })

  describe('answers', () => {
    const booked = (response: string) =>
      withReplay({ 'POST /orders': { body: fixture(response) } }, ({ client }) => {
        const booking = toBooking(fixture('ShipmentPayload'))
        return operations.bookShipment.run(client, booking, booking.reference)
      })

    it.each([
      ['ShipmentResponse', 'ParsedShipmentResponse'],
      ['ShipmentResponseWithCustomsDoc', 'ParsedShipmentResponseWithCustomsDoc'],
      ['ShipmentWeithReturnLabelResponse', 'ParsedShipmentWithReturnLabelResponse'],
    ])('%s gives the numbers and documents of %s', async (response, parsed) => {
      // Warnings and the number of a return have no place in a booked shipment; the return's label has.
      const [theirs] = fixture(parsed)
      const ours = await booked(response)
      const [item] = JSON.parse(fixture(response)).items
      expect(ours.externalId).toBe(theirs.shipment_identifier)
      expect(ours.parcels.map(({ trackingNumber }) => trackingNumber)).toEqual(theirs.meta.tracking_numbers)
      const documents = ours.parcels[0]!.documents
      expect(documents[0]).toEqual({
        kind: 'label',
        format: theirs.label_type.toLowerCase(),
        base64: item.label.b64,
      })
      const kinds = documents.slice(1).map(({ kind }) => kind)
      const extra = (theirs.docs.extra_documents ?? []).map(() => 'other')
      expect(kinds).toEqual([...(theirs.docs.invoice ? ['customs'] : []), ...extra])
      if (item.customsDoc) expect(documents[1]!.base64).toBe(item.customsDoc.b64)
    })

    it('a login that is refused is auth, in the words of DHL', async () => {
      const answer = { status: 401, body: fixture('ErrorResponse'), type: 'application/problem+json' }
      await withReplay({ 'POST /orders': answer }, async ({ client, heard }) => {
        const booking = toBooking(fixture('ShipmentPayload'))
        const failure = await failureOf(operations.bookShipment.run(client, booking, booking.reference))
        const [theirs] = fixture('ParsedErrorResponse')[1]
        expect([failure.kind, String(failure.status)]).toEqual(['auth', theirs.code])
        expect(failure.vendorMessage).toContain(theirs.message)
        expect(heard('POST /orders')).toHaveLength(2)
      })
    })

    it.each([
      ['ValidationMessagesErrorResponse', 400],
      ['MultipleValidationMessagesErrorResponse', 200],
    ])('%s is rejected with every complaint, field by field', async (response, status) => {
      const answers = {
        'POST /orders': { status, body: fixture(response) },
        // The second case names a shipment that it did not make as asked: it is taken back.
        'DELETE /orders': { body: fixture('ShipmentCancelResponse') },
      }
      await withReplay(answers, async ({ client }) => {
        const booking = toBooking(fixture('ShipmentPayload'))
        const failure = await failureOf(operations.bookShipment.run(client, booking, booking.reference))
        expect(failure.kind).toBe('rejected')
        type Told = {
          code: string
          message: string
          details: { property?: string; validationState?: string }
        }
        const all = fixture(`Parsed${response}`)[1] as Told[]
        const theirs = all.filter(({ details }) => details.property)
        expect(
          failure.issues.map(({ field, message, severity }) => ({
            field,
            words: `${field}: ${message}`,
            severity,
          })),
        ).toEqual(
          theirs.map(({ message, details }) => ({
            field: details.property,
            words: message,
            severity: details.validationState!.toLowerCase(),
          })),
        )
        for (const { code, message } of all.filter(({ details }) => !details.property)) {
          expect(failure.vendorCode).toBe(code)
          expect(failure.vendorMessage).toContain(message)
        }
      })
    })
  })

  describe('tracking', () => {
    const tracked = async (response: string) => {
      const { fixtures } = casesOf('tracking')
      const refs = (fixtures.TRACKING_PAYLOAD as string[]).map((trackingNumber) => ({
        trackingNumber,
        carrier: null,
        recipientPostcode: null,
        recipientPhone: null,
      }))
      return withReplay(
        { 'GET /shipments': { body: fixtures[response], type: 'application/xml' } },
        async ({ client, heard }) => {
          const results = await operations.pullTracking.run(client, refs)
          const asked = heard('GET /shipments')[0]!.url.searchParams.get('xml')
          for (const { trackingNumber } of refs) expect(asked).toContain(`piece-code="${trackingNumber}"`)
          return results
        },
      )
    }

    /** karrio calls all of it in transit; ours say more. `ES` and `AE` hand over, `PO` is on the delivery vehicle. */
    const finer: Record<string, TrackingState> = {
      ES: 'collected',
      AE: 'collected',
      AA: 'in_transit',
      EE: 'in_transit',
      PO: 'out_for_delivery',
      ZU: 'delivered',
    }

    it('tells the same events, at German time', async () => {
      const [theirs] = casesOf('tracking').fixtures.ParsedTrackingResponse[0]
      const [result] = await tracked('TrackingResponseXML')
      if (!result?.ok) return expect.fail('The parcel has to be told.')
      const { events, trackingNumber } = result.tracking
      expect(trackingNumber).toBe(theirs.tracking_number)
      type Told = { timestamp: string; description: string; location?: string; code: string; status: string }
      const told = [...(theirs.events as Told[])].reverse()
      expect(events.map(({ description, location }) => ({ description, location }))).toEqual(
        told.map(({ description, location }) => ({ description, location: location ?? null })),
      )
      // karrio takes the German clock for UTC; in March it is an hour ahead.
      expect(events.map(({ at }) => at.getTime() + 3_600_000)).toEqual(
        told.map(({ timestamp }) => new Date(timestamp).getTime()),
      )
      expect(events.map(({ state }) => state)).toEqual(told.map(({ code }) => finer[code]))
      // The code is the exact one, not the standard event that it belongs to.
      expect(events.at(-1)!.code).toBe('DLVRD/OTHER')
      const last = events.reduce<TrackingState | null>(
        (present, { state }) => laterState(present, state),
        null,
      )
      expect([last, isFinalState(last)]).toEqual([theirs.status, theirs.delivered])
      expect(events.every(({ incident }) => incident === null)).toBe(true)
    })

    it('tells the same refusal of an unknown parcel', async () => {
      const [theirs] = casesOf('tracking').fixtures.ParsedTrackingErrorResponse[1]
      expect(await tracked('TrackingErrorResponseXML')).toMatchObject([
        { ok: false, error: { kind: 'not_found', vendorCode: theirs.code, vendorMessage: theirs.message } },
      ])
    })
  })

  describe('pickups', () => {
    const fixtures: Cases['fixtures'] = hasVendorFiles ? casesOf('pickup').fixtures : {}

    it('are ordered for the same place, day, hours and weight, and give the same id', async () => {
      await withReplay({ 'POST /orders': { body: fixtures.PickupResponse } }, async ({ client, heard }) => {
        const ordered = await operations.pickup.run(client, pickupOf(fixtures.PickupPayload), 'k')
        expect(ordered.externalId).toBe(fixtures.ParsedPickupResponse[0].confirmation_number)
        const theirs = fixtures.PickupRequest
        // Mails to the sender are not ordered. As soon as possible (`ASAP`) and cancelling have no operation here.
        const contactPerson = theirs.contactPerson.map(
          ({ emailNotification: _, ...person }: Record<string, unknown>) => person,
        )
        const ours = heard('POST /orders')[0]!.body as typeof theirs
        const [{ customerReference, ...parcel }] = ours.shipmentDetails.shipments
        expect(customerReference).toHaveLength(20)
        expect({ ...ours, shipmentDetails: { shipments: [parcel] } }).toEqual({ ...theirs, contactPerson })
      })
    })

    it('that are refused tell the same codes, field by field', async () => {
      const answer = { status: 422, body: fixtures.PickupErrorResponse }
      await withReplay({ 'POST /orders': answer }, async ({ client }) => {
        const failure = await failureOf(operations.pickup.run(client, pickupOf(fixtures.PickupPayload), 'k'))
        const [whole, field] = fixtures.ParsedPickupErrorResponse[1]
        expect(failure).toMatchObject({ kind: 'rejected', vendorCode: whole.code })
        expect(failure.vendorMessage).toContain(whole.message)
        expect(failure.issues.map(({ field: name, code, message }) => [code, `${name}: ${message}`])).toEqual(
          [[field.code, field.message]],
        )
      })
    })
  })
})
