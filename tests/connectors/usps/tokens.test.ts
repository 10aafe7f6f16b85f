import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usps } from '../../../connectors/usps/index.ts'
import { booking, openPost, operations, type Post, quoteRequest } from './support.ts'

let post: Post
beforeEach(async () => {
  post = await openPost()
})
afterEach(() => post.close())

const quote = () => operations.quote(post.client, quoteRequest())
const book = (reference = 'shp_1') =>
  operations.bookShipment.run(post.client, booking({ reference }), reference)

describe('the two tokens', () => {
  it('are bought once for twenty calls at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => book(`shp_${n}`)))
    expect(post.heard('/oauth2/')).toHaveLength(1)
    expect(post.heard('/payment-authorization')).toHaveLength(1)
    expect(post.heard('/labels/v3/label')).toHaveLength(20)
  })

  it('go in two headers, and the authority to pay only where labels are bought', async () => {
    await quote()
    expect(post.heard('/payment-authorization')).toHaveLength(0)
    expect(post.heard('/options/')[0]!.headers).not.toHaveProperty('x-payment-authorization-token')
    await book()
    const [{ headers }] = post.heard('/labels/v3/label') as [(typeof post.exchanges)[number]]
    expect(headers.authorization).toBe('Bearer usps-sandbox-access-1')
    expect(headers['x-payment-authorization-token']).toBe('usps-sandbox-payment-2')
  })

  it('are replaced a minute before they expire', async () => {
    await book()
    post.clock.advance(14_399_000 - 60_000 - 1)
    await quote()
    expect(post.heard('/oauth2/')).toHaveLength(1)
    post.clock.advance(1)
    await quote()
    expect(post.heard('/oauth2/')).toHaveLength(2)
  })

  it('that are refused are dropped, and the call is made once more', async () => {
    await book()
    post.sandbox.expireTokens()
    await expect(book('shp_2')).resolves.toBeTruthy()
    expect(post.heard('/oauth2/')).toHaveLength(2)
    expect(post.heard('/payment-authorization')).toHaveLength(2)
    expect(post.sandbox.shipments()).toHaveLength(2)
  })

  it('are not to blame for a missing scope: after one more try it is auth', async () => {
    for (let n = 0; n < 2; n += 1)
      post.answerNext(
        '/options/',
        { error: { code: '401', message: 'Insufficient OAuth scope.', errors: [] } },
        401,
      )
    await expect(quote()).rejects.toMatchObject({ kind: 'auth', vendorMessage: 'Insufficient OAuth scope.' })
    expect(post.heard('/oauth2/')).toHaveLength(2)
  })

  it('that are refused for good are auth at once, in words without a secret', async () => {
    post.answerNext(
      '/oauth2/',
      { error: 'invalid_client', error_description: 'Client authentication failed.' },
      401,
    )
    const failure = await quote().catch((error) => error)
    expect(failure).toMatchObject({ kind: 'auth', vendorCode: 'invalid_client' })
    expect(failure.message).not.toContain('usps-sandbox-consumer')
    expect(post.exchanges).toHaveLength(1)
  })

  it.each([
    [503, 'unavailable'],
    [429, 'rate_limited'],
  ])('that cannot be bought now (%i) are %s, also in the middle of a booking', async (status, kind) => {
    post.answerNext('/payment-authorization', 'later', status)
    await expect(book()).rejects.toMatchObject({ kind })
    expect(post.sandbox.shipments()).toEqual([])
  })

  it('are both proven by check', async () => {
    await expect(usps.check(post.client)).resolves.toBe(
      'Reached USPS; labels are paid from an account of kind EPS.',
    )
    expect(post.heard('/payment-authorization')).toHaveLength(1)
    await post.close()
    post = await openPost()
    await expect(usps.check(post.connect({ accountType: 'PERMIT', permitZip: '20024' }))).resolves.toContain(
      'PERMIT',
    )
    expect(post.heard('/payment-authorization')[0]!.body).toMatchObject({
      roles: [
        { roleName: 'PAYER', permitNumber: '1000405525', permitZIP: '20024' },
        { roleName: 'LABEL_OWNER' },
      ],
    })
  })
})

describe('the quota of 60 calls an hour', () => {
  it('is enforced by the stand-in for each API by itself, and kept by a paced client', async () => {
    await post.close()
    post = await openPost(1)
    const hasty = await Promise.allSettled(Array.from({ length: 62 }, () => quote()))
    expect(hasty.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
    await expect(book()).resolves.toBeTruthy()
    await post.close()
    post = await openPost(1)
    const paced = post.connect({}, { isPaced: true })
    for (let n = 0; n < 65; n += 1) await operations.quote(paced, quoteRequest())
    expect(post.heard('/options/').every(({ status }) => status === 200)).toBe(true)
  })
})
