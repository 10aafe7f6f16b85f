import { ConnectorError } from 'entrepot/sdk'
import { describe, test } from 'vitest'
import { brokenOperations, expectCaught, operations } from './broken.ts'

const { pullOrders, pushStock } = operations

describe('a failure is caught', () => {
  const pulling = (rethrow: (error: ConnectorError) => unknown) =>
    brokenOperations({
      pullOrders: {
        run: (client, after) =>
          pullOrders.run(client, after).catch((error: ConnectorError) => {
            const outcome = rethrow(error)
            if (outcome instanceof Error) throw outcome
            return { items: [], next: after, more: false }
          }),
      },
    })

  test('that a pull swallows', () =>
    expectCaught(
      pulling(() => null),
      'failures: pullOrders: 500 is unavailable',
      /but is a success/,
    ))

  test('that is no ConnectorError', () =>
    expectCaught(
      pulling((error) => new Error(error.message)),
      'failures: pullOrders: 500 is unavailable',
      /has to be a ConnectorError/,
    ))

  test('that gets a wrong word', () =>
    expectCaught(
      pulling((error) => new ConnectorError('unavailable', error.message)),
      'failures: pullOrders: 401 is auth',
      /has to be auth, but is unavailable/,
    ))

  test('that forgets how long the platform asked us to wait', () =>
    expectCaught(
      pulling((error) => new ConnectorError(error.kind, error.message)),
      'failures: pullOrders: 429 with Retry-After is rate_limited',
      /retryAfterMs/,
    ))

  test('that a push turns into a wrong word for each item', () => {
    const run: typeof pushStock.run = (client, items) =>
      (pushStock.run(client, items) as Promise<never>).catch((error: ConnectorError) =>
        items.map(() => ({ ok: false as const, error: new ConnectorError('rejected', error.message) })),
      )
    const subject = brokenOperations({ pushStock: { ...pushStock, run } })
    return expectCaught(subject, 'failures: pushStock: 503 is unavailable', /but is rejected/)
  })

  test('of a creation whose answer was garbage and that is not called uncertain', () => {
    const { createListing } = operations
    const run: typeof createListing.run = (client, draft, key) =>
      createListing.run(client, draft, key).catch((error: ConnectorError) => {
        throw new ConnectorError('rejected', error.message)
      })
    const subject = brokenOperations({ createListing: { ...createListing, run } })
    return expectCaught(
      subject,
      'failures: createListing: garbage is uncertain or a success',
      /has to be uncertain or a success/,
    )
  })
})
