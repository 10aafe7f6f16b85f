import { describe, expect, it } from 'vitest'
import { ups } from '../../../connectors/ups/index.ts'
import { booking, operations, trackingRef } from '../../connectors/ups/support.ts'
import { answeredWith, failing, readFixtures } from './fixtures.ts'
import { hasFixtures, titleOf } from './vendor-models.ts'

type ParsedMessage = { code: string; message: string }
type ParsedEvent = { code: string; description: string; status: string; timestamp: string }

describe.skipIf(!hasFixtures)(titleOf('recorded tracking of UPS', hasFixtures), () => {
  const { fixtures, tests } = hasFixtures ? readFixtures('tracking') : { fixtures: {}, tests: {} }
  const pull = async (name: string, status = 200) => {
    const [number] = fixtures.TrackingRequestPayload as [string]
    const { result, call } = await answeredWith(
      fixtures[name],
      (client) => operations.pullTracking.run(client, [trackingRef(number)]),
      status,
    )
    expect(call.url.pathname).toBe(`/api/track/v1/details/${number}`)
    return { number, result: result[0]! }
  }

  const refusals = [
    ['test_tracking_auth_error_parsing', 'AuthError', 'ParsedAuthError', 401, 'auth'],
    [
      'test_invalid_tracking_number_response_parsing',
      'InvalidTrackingNumberResponseJSON',
      'ParsedInvalidTrackingNumberResponse',
      400,
      'rejected',
    ],
    [
      'test_tracking_number_not_found_response_parsing',
      'TrackingNumberNotFoundResponseJSON',
      'ParsedTrackingNumberNotFound',
      200,
      'not_found',
    ],
  ] as const

  it('is all looked at', () => {
    const here = ['test_create_tracking_request', 'test_get_tracking', 'test_tracking_response_parsing']
    expect(Object.keys(tests).sort()).toEqual([...refusals.map(([name]) => name), ...here].sort())
  })

  it('test_tracking_response_parsing: the recorded answer tells the same event', async () => {
    const [[expected]] = fixtures.ParsedTrackingResponse as [[{ delivered: boolean; events: ParsedEvent[] }]]
    const { number, result } = await pull('TrackingResponseJSON')
    expect(result.ok).toBe(true)
    const { tracking } = result as Extract<typeof result, { ok: true }>
    // The recorded package bears a placeholder for its number: ours is the one that was asked for.
    expect(tracking.trackingNumber).toBe(number)
    const [theirs] = expected!.events
    expect(tracking.events).toHaveLength(expected!.events.length)
    const [event] = tracking.events
    // Theirs drops the seconds. The recording has no GMT, so both take the local time as UTC.
    expect(event!.at.toISOString().slice(0, 16)).toBe(theirs!.timestamp.slice(0, 16))
    expect(event).toMatchObject({ code: theirs!.code, description: theirs!.description })
    // Their "on hold" is a state; ours are a place on the way, and what is wrong there.
    expect(theirs!.status).toBe('on_hold')
    expect(event).toMatchObject({ state: 'in_transit', incident: 'other' })
    expect(expected!.delivered).toBe(false)
    // A promise of the day "string" is none.
    expect(tracking.estimatedAt).toBeNull()
  })

  it.each(refusals)('%s: %s is told as %s (%i) and is %s', async (_, name, parsed, status, kind) => {
    const [, [expected]] = fixtures[parsed] as [unknown, [ParsedMessage]]
    const { result } = await pull(name, status)
    expect(result).toMatchObject({
      ok: false,
      error: { kind, vendorCode: expected!.code, vendorMessage: expected!.message },
    })
  })
})

describe.skipIf(!hasFixtures)(titleOf('recorded sign-in and pickups of UPS', hasFixtures), () => {
  it('a token is taken from the recorded sign-in', async () => {
    const { call } = await answeredWith(
      { response: { errors: [{ code: '300007', message: 'not found' }] } },
      (client) => ups.check(client),
      400,
    )
    expect(call.headers.authorization).toBe('Bearer access_token')
  })

  it('a refused call is auth with the recorded code', async () => {
    const { fixtures } = readFixtures('authentication')
    const { result } = await answeredWith(fixtures.ErrorResponse, (client) => failing(ups.check(client)), 401)
    expect(result).toMatchObject({ kind: 'auth', vendorCode: '250003' })
  })

  type Wire = {
    PickupCreationRequest: Record<string, never> & {
      PickupAddress: Record<string, unknown>
      TotalWeight: { Weight: string }
      PickupPiece: { Quantity: string; DestinationCountryCode: string }[]
    }
  }
  const wish = () => {
    const { fixtures } = readFixtures('pickup')
    const payload = fixtures.PickupPayload as { instruction: string; address: Record<string, string> }
    const { address } = payload
    const from = {
      name: address.person_name!,
      company: address.company_name!,
      email: address.email!,
      phone: address.phone_number!,
      addressLines: [address.address_line1!],
      city: address.city!,
      region: address.state_code!,
      postcode: address.postal_code!,
      country: address.country_code!,
      isResidential: false,
    }
    return {
      reference: 'pck_1',
      from,
      readyAt: new Date('2024-12-15T09:00:00Z'),
      closesAt: new Date('2024-12-15T17:00:00Z'),
      // Ten pounds.
      parcels: [{ ...booking().parcels[0]!, weightGrams: 4535 }],
      trackingNumbers: [],
      instructions: payload.instruction,
    }
  }

  it('a pickup is asked for with the same facts, and its number is read', async () => {
    const { fixtures } = readFixtures('pickup')
    const [expected] = fixtures.ParsedPickupResponse as [{ confirmation_number: string }]
    const { result, call } = await answeredWith(fixtures.PickupResponse, (client) =>
      operations.pickup.run(client, wish(), 'pck_1'),
    )
    expect(result.externalId).toBe(expected.confirmation_number)
    const theirs = (fixtures.PickupRequest as Wire).PickupCreationRequest
    const ours = (call.body as Wire).PickupCreationRequest
    const { AddressLine, ...address } = theirs.PickupAddress
    expect(ours.PickupAddress).toMatchObject({ ...address, AddressLine: [AddressLine] })
    for (const name of [
      'PickupDateInfo',
      'PaymentMethod',
      'OverweightIndicator',
      'SpecialInstruction',
    ] as const)
      expect(ours[name]).toEqual(theirs[name])
    expect(ours.TotalWeight).toEqual({ ...theirs.TotalWeight })
    const { Quantity, DestinationCountryCode } = theirs.PickupPiece[0]!
    // Their service is Next Day Air (001); ours is Ground, because nobody names one.
    expect(ours.PickupPiece).toMatchObject([{ Quantity, DestinationCountryCode, ServiceCode: '003' }])
  })

  it('a refused pickup is rejected with the recorded code', async () => {
    const { fixtures } = readFixtures('pickup')
    const [, [expected]] = fixtures.ParsedPickupErrorResponse as [null, [ParsedMessage]]
    const { result } = await answeredWith(
      fixtures.PickupErrorResponse,
      (client) => failing(operations.pickup.run(client, wish(), 'pck_1')),
      400,
    )
    expect(result).toMatchObject({
      kind: 'rejected',
      vendorCode: expected!.code,
      vendorMessage: expected!.message,
    })
  })
})
