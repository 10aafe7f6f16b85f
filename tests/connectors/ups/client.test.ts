import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ups as connector } from '../../../connectors/ups/index.ts'
import { serviceName } from '../../../connectors/ups/services.ts'
import { booking, openUps, operations, quoteRequest, refusal, trackingRef, type Ups } from './support.ts'

describe('access tokens', () => {
  let ups: Ups
  beforeEach(async () => {
    ups = await openUps()
  })
  afterEach(() => ups.close())

  it('are bought once for ten calls at the same time', async () => {
    await Promise.all(Array.from({ length: 10 }, () => operations.quote(ups.client, quoteRequest())))
    expect(ups.heard('/oauth/')).toHaveLength(1)
    expect(ups.heard('/rating/')).toHaveLength(10)
  })

  it('are bought with the client’s credentials for the account', async () => {
    await connector.check(ups.client)
    const [sale] = ups.heard('/oauth/')
    const basic = Buffer.from('sandbox-client-id-4f1c:sandbox-client-secret-9d27').toString('base64')
    expect(sale).toMatchObject({
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'x-merchant-id': 'A1B2C3' },
      body: 'grant_type=client_credentials',
    })
    expect(ups.heard('/labels/')[0]!.headers).toMatchObject({
      authorization: 'Bearer sandbox-access-token-1',
      transid: expect.stringMatching(/^[0-9a-f]{32}$/),
      transactionsrc: 'entrepot',
    })
  })

  it('that expire in mid-run are replaced, and a booking is made once all the same', async () => {
    await connector.check(ups.client)
    ups.sandbox.expireTokens()
    await operations.bookShipment.run(ups.client, booking(), 'key')
    expect(ups.sandbox.shipments()).toHaveLength(1)
    expect(ups.heard('/oauth/')).toHaveLength(2)
  })

  it('are replaced a minute before they expire', async () => {
    await connector.check(ups.client)
    ups.clock.advance((14_399 - 60) * 1000 - 1)
    await connector.check(ups.client)
    expect(ups.heard('/oauth/')).toHaveLength(1)
    ups.clock.advance(1)
    await connector.check(ups.client)
    expect(ups.heard('/oauth/')).toHaveLength(2)
  })

  it('refused twice are auth, in UPS’s words, after one more try', async () => {
    ups.answerNext('/track/', refusal('250002', 'Invalid Authentication Information.'), 401, 2)
    const [result] = await operations.pullTracking.run(ups.client, [trackingRef('1Z999AA10123456784')])
    expect(result).toMatchObject({ ok: false, error: { kind: 'auth', vendorCode: '250002' } })
    expect(ups.heard('/track/')).toHaveLength(2)
  })

  it('that are not sold leave a booking undone, so it is unavailable and not uncertain', async () => {
    ups.answerNext('/oauth/', 'gateway', 503)
    const booked = operations.bookShipment.run(ups.client, booking(), 'key')
    await expect(booked).rejects.toMatchObject({ kind: 'unavailable' })
  })

  it('refused to wrong credentials are auth, and the message holds none of them', async () => {
    ups.answerNext('/oauth/', refusal('10401', 'ClientId sandbox-client-id-4f1c is Invalid'), 401)
    const failure = await connector.check(ups.client).catch((error) => error)
    expect(failure).toMatchObject({ kind: 'auth', vendorCode: '10401' })
    expect(JSON.stringify([failure.message, failure.vendorMessage, failure.issues])).not.toContain('4f1c')
  })
})

describe('check', () => {
  it('names environment and account, and refuses an account that is not ours', async () => {
    const ups = await openUps()
    await expect(connector.check(ups.client)).resolves.toBe(
      'Reached UPS (production) for the account A1B2C3.',
    )
    await expect(connector.check(ups.connect({ accountNumber: 'Z9Z9Z9' }))).rejects.toMatchObject({
      vendorCode: '300031',
    })
    await ups.close()
  })
})

describe('limits', () => {
  it('that are passed are told with the time to wait', async () => {
    const ups = await openUps({ rateScale: 1 })
    const quotes = Array.from({ length: 8 }, () => operations.quote(ups.client, quoteRequest()))
    const failed = (await Promise.allSettled(quotes)).flatMap((done) =>
      done.status === 'rejected' ? [done.reason] : [],
    )
    expect(failed).toHaveLength(3)
    expect(failed[0]).toMatchObject({ kind: 'rate_limited', vendorCode: '10429', retryAfterMs: 1000 })
    await ups.close()
  })
})

describe('hosts', () => {
  const base = { accountNumber: 'A1B2C3', originCountry: 'DE', currency: 'EUR' }
  it.each([
    ['production', 'onlinetools.ups.com'],
    ['test', 'wwwcie.ups.com'],
  ])('of %s are %s', (environment, host) => {
    expect(connector.hosts(connector.settings.parse({ ...base, environment }))).toEqual([host])
  })
})

describe('services', () => {
  it.each([
    ['US', '01', 'UPS Next Day Air'],
    ['CA', '01', 'UPS Express'],
    ['DE', '07', 'UPS Express'],
    ['US', '07', 'UPS Worldwide Express'],
    ['JP', '65', 'UPS Worldwide Saver'],
    ['DE', '99', 'UPS service 99'],
  ])('from %s: %s is %s', (origin, code, name) => {
    expect(serviceName(origin, code)).toBe(name)
  })
})
