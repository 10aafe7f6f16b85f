import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { amazon } from '../../../connectors/amazon/index.ts'
import { openShop, type Shop } from './support.ts'

describe('access tokens', () => {
  let shop: Shop
  beforeEach(async () => {
    shop = await openShop()
  })
  afterEach(() => shop.close())

  it('are bought once for twenty calls at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, () => shop.client.participations()))
    expect(shop.heard('/auth/')).toHaveLength(1)
    expect(shop.heard('/sellers/')).toHaveLength(20)
  })

  it('are bought by form, and sent in the header that Amazon names', async () => {
    await shop.client.participations()
    const [sale] = shop.heard('/auth/', 'POST')
    expect(sale!.headers['content-type']).toContain('application/x-www-form-urlencoded')
    expect(Object.fromEntries(new URLSearchParams(String(sale!.body)))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'Atzr|sandbox-refresh-token',
      client_id: 'amzn1.application-oa2-client.sandbox',
      client_secret: 'amzn1.oa2-cs.v1.sandbox-client-secret',
    })
    expect(shop.heard('/sellers/')[0]!.headers['x-amz-access-token']).toBe('Atza|sandbox-access-token-1')
  })

  it('are replaced a minute before they expire', async () => {
    await shop.client.participations()
    shop.clock.advance(59 * 60_000 - 1)
    await shop.client.participations()
    expect(shop.heard('/auth/')).toHaveLength(1)
    shop.clock.advance(1)
    await shop.client.participations()
    expect(shop.heard('/auth/')).toHaveLength(2)
    expect(shop.heard('/sellers/').map(({ status }) => status)).toEqual([200, 200, 200])
  })

  it('that expire in mid-run are replaced, and each call is made once more', async () => {
    await shop.client.participations()
    shop.sandbox.expireTokens()
    const told = await Promise.all(Array.from({ length: 20 }, () => shop.client.participations()))
    expect(told).toHaveLength(20)
    // Late 403s find the new token in place and do not throw it away.
    expect(shop.heard('/auth/')).toHaveLength(2)
  })

  it('are not to blame for a missing role: after one more try it is auth, in Amazon’s words', async () => {
    const denied = {
      errors: [{ code: 'Unauthorized', message: 'Access to requested resource is denied.', details: '' }],
    }
    shop.answerNext('/sellers/', denied, 403)
    shop.answerNext('/sellers/', denied, 403)
    await expect(shop.client.participations()).rejects.toMatchObject({
      kind: 'auth',
      vendorCode: 'Unauthorized',
      vendorMessage: 'Access to requested resource is denied.',
    })
    expect(shop.heard('/sellers/')).toHaveLength(2)
  })

  it('refused for good are auth, in Amazon’s words and without a secret', async () => {
    const refusal = {
      error: 'invalid_grant',
      error_description: 'The request has an invalid grant parameter : refresh_token',
    }
    shop.answerNext('/auth/', refusal, 400)
    const failure = await shop.client.participations().catch((error) => error)
    expect(failure).toMatchObject({
      kind: 'auth',
      vendorCode: 'invalid_grant',
      vendorMessage: 'The request has an invalid grant parameter : refresh_token',
    })
    expect(failure.message).not.toContain('Atzr')
    expect(shop.heard('/sellers/')).toHaveLength(0)
  })

  it.each([
    [503, 'unavailable'],
    [429, 'rate_limited'],
  ])('that cannot be bought now (%i) are %s', async (status, kind) => {
    shop.answerNext('/auth/', 'later', status)
    await expect(shop.client.participations()).rejects.toMatchObject({ kind })
  })
})

describe('check', () => {
  it('says whom it reached', async () => {
    const shop = await openShop()
    await expect(amazon.check(shop.client)).resolves.toBe('Reached Entrepot sandbox store on Amazon sandbox.')
    await shop.close()
  })

  it('refuses a marketplace that the seller has no part in, and names those he has', async () => {
    const shop = await openShop()
    const client = shop.connect({ marketplaceId: 'ATVPDKIKX0DER' })
    await expect(amazon.check(client)).rejects.toThrow('Choose one of: Amazon sandbox (A1PA6795UKMFR9)')
    await shop.close()
  })
})
