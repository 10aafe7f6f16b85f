import { ConnectorError, type Quote, type QuoteAnswer, type QuoteRequest } from 'entrepot/sdk'
import { describe, test } from 'vitest'
import { brokenActs, courierOperations, expectCourierCaught } from './broken-courier.ts'

const { quote } = courierOperations

const answering = (bend: (answer: QuoteAnswer, request: QuoteRequest) => QuoteAnswer) =>
  brokenActs({ quote: async (client, request) => bend(await quote(client, request), request) })

/** The prices with each one bent. */
const bent = (bend: (quote: Quote, request: QuoteRequest) => Partial<Quote>) =>
  answering((answer, request) => ({
    ...answer,
    quotes: answer.quotes.map((one) => ({ ...one, ...bend(one, request) })),
  }))

const asking = (bend: (request: QuoteRequest) => QuoteRequest) =>
  brokenActs({ quote: (client, request) => quote(client, bend(request)) })

const adds = 'quote: gives prices above zero whose charges add up, for services that are told of'
const times = 'quote: tells plausible times'
const size = 'quote: a parcel of unknown size is priced, or refused in clear words'
const unsold = 'quote: a service that nobody sells has a reason and no price'
const again = 'quote: the same request gives the same answer'

describe('a price is caught', () => {
  test.each<[string, (one: Quote) => Partial<Quote>, RegExp]>([
    ['whose charges leave something out', ({ charges }) => ({ charges: charges.slice(1) }), /add up/],
    ['of zero', () => ({ totalMinor: 0, charges: [] }), /above zero/],
    ['that is no integer', ({ totalMinor }) => ({ totalMinor: totalMinor + 0.5 }), /minor units/],
    ['in no currency', () => ({ currency: 'US$' }), /no ISO 4217/],
    ['for a service that nobody names', ({ service }) => ({ service: `${service}-9` }), /neither services/],
    ['for less than the parcel weighs', () => ({ billedWeightGrams: 1000 }), /less than the 1800 g/],
    ['that has no service name', () => ({ serviceName: ' ' }), /needs a name/],
    ['that is given twice', () => ({ service: 'economy' }), /priced twice/],
  ])('%s', (_what, bend, complaint) => expectCourierCaught(bent(bend), adds, complaint))

  test.each<[string, (one: Quote) => Partial<Quote>, RegExp]>([
    ['half a day on the way', () => ({ transitDays: 0.5 }), /no working days/],
    ['that arrives before it is sent', () => ({ deliverBy: new Date('2026-02-01') }), /deliverBy/],
    ['that has expired', () => ({ expiresAt: new Date(0) }), /expired/],
  ])('%s', (_what, bend, complaint) => expectCourierCaught(bent(bend), times, complaint))

  test('that is cut off at 5 kg', () =>
    expectCourierCaught(
      asking((request) => ({
        ...request,
        parcels: request.parcels.map((one) => ({ ...one, weightGrams: one.weightGrams % 5000 })),
      })),
      'quote: a heavier parcel never costs less',
      /costs .* for 5000 g/,
    ))

  test('that changes from call to call', () => {
    let calls = 0
    return expectCourierCaught(
      bent(() => ({ transitDays: ++calls })),
      again,
      /deep/i,
    )
  })

  test('for the first parcel only', () =>
    expectCourierCaught(
      asking((request) => ({ ...request, parcels: request.parcels.slice(0, 1) })),
      'quote: counts every parcel',
      /costs the same/,
    ))

  test('that breaks on an unknown size', () => {
    const subject = brokenActs({
      quote(client, request) {
        if (request.parcels.some((one) => one.lengthMm === null)) throw new TypeError('lengthMm is null')
        return quote(client, request)
      },
    })
    return expectCourierCaught(subject, size, /has to be a ConnectorError/)
  })

  test('that calls an unknown size unavailable', () => {
    const subject = brokenActs({
      async quote(client, request) {
        if (request.parcels[0]!.lengthMm === null) throw new ConnectorError('unavailable', 'Try again.')
        return quote(client, request)
      },
    })
    return expectCourierCaught(subject, size, /a success or rejected, but is unavailable/)
  })

  test('that nobody asked for', () =>
    expectCourierCaught(
      asking(({ services: _, ...request }) => request),
      'quote: prices only the services that are asked for',
      /other services/,
    ))

  test('of a service that nobody sells, left out in silence', () =>
    expectCourierCaught(
      answering((answer) => ({ ...answer, notOffered: [] })),
      unsold,
      /neither a price nor a reason/,
    ))

  test('of a service that nobody sells, without a reason', () =>
    expectCourierCaught(
      answering((answer) => ({
        ...answer,
        notOffered: answer.notOffered.map(({ service }) => ({ service, reason: '' })),
      })),
      unsold,
      /nobody says why/,
    ))
})
