import { ConnectorError, type CourierOperations } from 'entrepot/sdk'
import { describe, test } from 'vitest'
import {
  brokenActs,
  brokenCourier,
  courierOperations,
  expectCourierCaught,
  healthyCourier,
} from './broken-courier.ts'
import type { SimpleParcelClient } from './simple-courier/client.ts'
import { simpleCourier } from './simple-courier/index.ts'

const { bookShipment, pullTracking, quote, cancelShipment } = courierOperations
const { buckets, webhook } = simpleCourier

describe('what every connector keeps is asked of a courier, too:', () => {
  test('an operation that the suite does not know', () => {
    const operations = {
      ...simpleCourier.operations,
      pullOrders: pullTracking,
    } as CourierOperations<SimpleParcelClient>
    const subject = brokenCourier({ operations })
    return expectCourierCaught(subject, 'operations: are all known to this suite', /does not know/)
  })

  test('a bucket that promises more than the courier allows', () =>
    expectCourierCaught(
      brokenCourier({
        buckets: { ...buckets, tracking: { ...buckets.tracking!, perSecond: 1000, burst: 90 } },
      }),
      'buckets: calls within the declared rates are never refused for their number',
      /pullTracking is refused after/,
    ))

  test('hosts that leave out the one in the settings', () =>
    expectCourierCaught(
      brokenCourier({ hosts: () => ['api.simple-parcel.example'] }),
      'hosts: the host that settings name is declared',
      /does not name/,
    ))

  test('a capability that the README leaves out', () => {
    const subject = brokenActs({ subscribeTracking: { maxBatch: 1, run: async () => [{ ok: true }] } })
    return expectCourierCaught(subject, 'README: its capability table equals the operations', /leaves out/)
  })

  test('a secret in an error', () => {
    const subject = brokenCourier({
      createClient(context) {
        const client = simpleCourier.createClient(context)
        const leak = (error: ConnectorError) => {
          throw new ConnectorError(error.kind, `${error.message} The key was ${context.credentials.apiKey}.`)
        }
        return { ...client, trackParcels: (numbers) => client.trackParcels(numbers).catch(leak) }
      },
    })
    const name = 'secrets: none reaches an error, even when the platform repeats them'
    return expectCourierCaught(subject, name, /in plain/)
  })

  test('a failure that tracking swallows', () => {
    const run: typeof pullTracking.run = (client, parcels) =>
      pullTracking.run(client, parcels).catch(() => [])
    const subject = brokenActs({ pullTracking: { ...pullTracking, run } })
    return expectCourierCaught(subject, 'failures: pullTracking: 500 is unavailable', /but is a success/)
  })

  test('a lost answer to a price that is called uncertain', () => {
    const subject = brokenActs({
      quote: (client, request) =>
        quote(client, request).catch((error: ConnectorError) => {
          throw new ConnectorError('uncertain', error.message)
        }),
    })
    return expectCourierCaught(subject, 'failures: quote: a lost answer is unavailable', /is uncertain/)
  })

  test('a booking whose unreadable answer is called rejected', () => {
    const run: typeof bookShipment.run = (client, booking, key) =>
      bookShipment.run(client, booking, key).catch((error: ConnectorError) => {
        throw new ConnectorError('rejected', error.message)
      })
    const name = 'failures: bookShipment: garbage is uncertain or a success'
    return expectCourierCaught(brokenActs({ bookShipment: { ...bookShipment, run } }), name, /is rejected/)
  })
})

describe('services are caught', () => {
  test('of which two have one code', () =>
    expectCourierCaught(
      brokenCourier({
        services: () => [...simpleCourier.services({} as never), { code: 'express', name: 'Again' }],
      }),
      'services: have names and codes of their own',
      /same code/,
    ))

  test('that are none though something is booked', () =>
    expectCourierCaught(
      brokenCourier({ services: () => [] }),
      'services: have names and codes of their own',
      /needs services/,
    ))

  test('whose labels come as nothing', () =>
    expectCourierCaught(
      brokenCourier({ labelFormats: [] }),
      'services: label formats are known, and there are some where something is booked',
      /labelFormats is empty/,
    ))
})

describe('a cancellation is caught', () => {
  const cancelling = (patch: Partial<typeof cancelShipment>) =>
    brokenActs({ cancelShipment: { ...cancelShipment, ...patch } })
  const find = cancelShipment.find as Exclude<typeof cancelShipment.find, string>
  const one = 'cancelShipment: cancels this shipment and no other'
  const found = 'cancelShipment: is not found before it ran, and found afterwards'

  test('that says it happened and it did not', () =>
    expectCourierCaught(cancelling({ run: async () => true }), one, /still live/))

  test('that takes back another shipment, too', () => {
    const run: typeof cancelShipment.run = async (client, input, key) => {
      for (const id of ['SP1001', 'SP1002'])
        await cancelShipment.run(client, { ...input, externalId: id }, key)
      return true
    }
    return expectCourierCaught(cancelling({ run }), one, /has to hold/)
  })

  test('that fails the second time', () => {
    const run: typeof cancelShipment.run = async (client, input, key) => {
      if (await find(client, input, key)) throw new ConnectorError('rejected', 'It is cancelled already.')
      return cancelShipment.run(client, input, key)
    }
    return expectCourierCaught(
      cancelling({ run }),
      'cancelShipment: cancelling twice is no failure',
      /already/,
    )
  })

  test('that succeeds with what was never booked', () => {
    const run: typeof cancelShipment.run = (client, input, key) =>
      cancelShipment.run(client, input, key).catch(() => true as const)
    const name = 'cancelShipment: a shipment that was never booked is not_found or rejected'
    return expectCourierCaught(cancelling({ run }), name, /but is a success/)
  })

  test('that is found before it ran', () =>
    expectCourierCaught(cancelling({ find: async () => true }), found, /though it never ran/))

  test('that is not found after it ran', () =>
    expectCourierCaught(cancelling({ find: async () => null }), found, /not found to be/))

  test('whose lost answer is called rejected', () => {
    const run: typeof cancelShipment.run = (client, input, key) =>
      cancelShipment.run(client, input, key).catch((error: ConnectorError) => {
        throw new ConnectorError('rejected', error.message)
      })
    const name = 'cancelShipment: a lost answer neither hides it nor undoes it'
    return expectCourierCaught(cancelling({ run }), name, /is not rejected/)
  })
})

describe('a courier’s webhook is caught', () => {
  const hooked = (patch: Partial<NonNullable<typeof webhook>>) =>
    brokenCourier({ webhook: { ...webhook!, ...patch } })
  const names = 'webhook: a delivery of the courier verifies, and names the parcel or tells its news'
  const harmless = 'webhook: a hostile body neither verifies nor throws'

  test('that verifies everything', () =>
    expectCourierCaught(
      hooked({ verify: () => true }),
      'webhook: a missing, empty or odd signature does not verify',
      /without headers/,
    ))

  test('whose signature is checked for presence only', () =>
    expectCourierCaught(
      hooked({ verify: ({ headers }) => headers.has('x-parcel-signature') }),
      'webhook: a changed body does not verify',
      /changed body verifies/,
    ))

  test('that uses a secret of its own', () =>
    expectCourierCaught(
      hooked({
        verify: (request, credentials, settings) =>
          webhook!.verify(request, { ...credentials, webhookSecret: 'simple-hook-secret-5e20' }, settings),
      }),
      'webhook: another secret does not verify',
      /another secret/,
    ))

  test('that refuses the courier itself', () =>
    expectCourierCaught(hooked({ verify: () => false }), names, /does not verify/))

  test('that leads to another parcel', () =>
    expectCourierCaught(
      hooked({ interpret: () => ({ pull: 'tracking', externalIds: ['SP1009-1'] }) }),
      names,
      /other parcels/,
    ))

  test('that is told of and ignored', () =>
    expectCourierCaught(hooked({ interpret: () => ({ ignore: 'Always.' }) }), names, /lead to tracking/))

  test('that throws at a body which is no JSON', () =>
    expectCourierCaught(
      hooked({
        interpret: ({ rawBody }) => ({
          pull: 'tracking',
          externalIds: [JSON.parse(rawBody.toString()).number],
        }),
      }),
      harmless,
      /throws: SyntaxError/,
    ))
})

test('a README that does not say why there are no labels is caught', () => {
  const run: typeof bookShipment.run = async (client, booking, key) => {
    const booked = await bookShipment.run(client, booking, key)
    return { ...booked, parcels: booked.parcels.map((parcel) => ({ ...parcel, documents: [] })) }
  }
  const without = (readme: URL) => ({
    ...brokenActs({ bookShipment: { run, find: 'unsupported' } }),
    hasNoLabels: true,
    readme,
  })
  const silent = new URL('./simple-shop/README.md', import.meta.url)
  const name = 'bookShipment: the README says why there are no labels'
  return expectCourierCaught(without(silent), name, /label/, without(healthyCourier.readme as URL))
})
