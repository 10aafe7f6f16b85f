import { describe, expect, test } from 'vitest'
import { connect, context, failure, secret } from './http-server.ts'

describe('secrets', () => {
  test.each([
    ['plain', secret],
    ['URL-encoded', encodeURIComponent(secret)],
    ['base64', Buffer.from(secret).toString('base64')],
    ['Basic', Buffer.from(`user:${secret}`).toString('base64')],
  ])('that a platform repeats (%s) are in no part of the error', async (_form, shown) => {
    const body = JSON.stringify({ code: shown, message: `Wrong key ${shown}.` })
    for (const status of [400, 401, 500]) {
      const { http, url } = await connect(() => new Response(body, { status }))
      const error = await failure(() => http(url, { context, headers: { authorization: shown } }))
      const told = JSON.stringify([
        error.message,
        error.vendorMessage,
        error.vendorCode,
        error.stack,
        error.cause,
      ])
      expect(told).not.toContain(shown)
      expect(told).toContain('[redacted]')
    }
  })

  test('that a platform repeats are hidden from whoever reads the refusal, as text or as JSON', async () => {
    const { http, url } = await connect((c) => c.json({ message: `Wrong key ${secret}.` }, 400))
    const seen: unknown[] = []
    const reading = http.extend({
      throwHttpErrors: false,
      hooks: {
        afterResponse: [
          (response) => {
            seen.push(response.body)
            return response
          },
        ],
      },
    })
    await reading(url, { context })
    await reading(url, { context, responseType: 'json' })
    expect(seen).toEqual(['{"message":"Wrong key [redacted]."}', { message: 'Wrong key [redacted].' }])
  })

  test('in the path are in no error and no log', async () => {
    const path = `/bot/${encodeURIComponent(secret)}/orders`
    const { http, url, logged } = await connect(() => new Response('{}', { status: 500 }))
    const error = await failure(() => http(url + path, { context }))
    expect(error.message).toContain('/bot/[redacted]/orders')
    expect(logged.join()).toContain('/bot/[redacted]/orders')
  })

  test('in the query and the headers are never logged', async () => {
    const { http, url, logged } = await connect((c) => c.json({}))
    await http(`${url}/x`, { context, searchParams: { key: secret }, headers: { 'x-key': secret } })
    expect(logged).toHaveLength(1)
    expect(logged[0]).not.toContain('key')
  })
})
