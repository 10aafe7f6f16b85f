import { ConnectorError, kindOfStatus, requestJson } from 'entrepot/sdk'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readLimits } from '../../core/sdk/http.ts'
import { connect, context, failure } from './http-server.ts'

describe('an answer', () => {
  test.each([
    [400, 'rejected'],
    [401, 'auth'],
    [403, 'auth'],
    [404, 'not_found'],
    [408, 'unavailable'],
    [409, 'rejected'],
    [410, 'not_found'],
    [412, 'rejected'],
    [422, 'rejected'],
    [425, 'unavailable'],
    [429, 'rate_limited'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [599, 'unavailable'],
  ] as const)('of %i is %s, and is not asked for a second time', async (status, kind) => {
    const { http, url, arrived } = await connect(() => new Response('{}', { status }))
    expect(await failure(() => http(`${url}/orders`, { context }))).toMatchObject({ kind, status })
    expect(kindOfStatus(status)).toBe(kind)
    expect(arrived).toEqual(['GET /orders'])
  })

  test.each([301, 302, 303, 307, 308])('of %i is not followed', async (status) => {
    const { http, url, arrived } = await connect(
      () => new Response(null, { status, headers: { location: '/elsewhere' } }),
    )
    expect((await failure(() => http(`${url}/orders`, { context }))).kind).toBe('unexpected')
    expect(arrived).toEqual(['GET /orders'])
  })

  test.each([
    ['{"code":"E7","message":"Too many."}', 'E7', 'Too many.'],
    ['{"error":{"code":12,"message":"Nested."}}', '12', 'Nested.'],
    ['{"errors":[{"code":"E1","message":"First."},{"code":"E2"}]}', 'E1', 'First.'],
    ['{"error":"invalid_grant","error_description":"Expired."}', undefined, 'invalid_grant'],
    ['<html>Bad gateway</html>', undefined, '<html>Bad gateway</html>'],
  ])('%s is read for code and message', async (body, vendorCode, vendorMessage) => {
    const { http, url } = await connect(() => new Response(body, { status: 422 }))
    const error = await failure(() => http(url, { context }))
    expect(error).toMatchObject({ vendorCode, vendorMessage })
    expect(error.message).toContain(vendorMessage)
  })

  test('tells the bucket what the platform says of its limits, also when it refuses', async () => {
    const headers = { 'retry-after': '7', 'x-amzn-ratelimit-limit': '0.5' }
    const { http, url, settled } = await connect(() => new Response('{}', { status: 429, headers }))
    const error = await failure(() => http(url, { context }))
    expect(error.retryAfterMs).toBe(7000)
    expect(settled).toEqual([{ retryAfterMs: 7000, perSecond: 0.5 }])
  })

  test('settles each of many calls that share one context object', async () => {
    const { http, url, settled } = await connect((c) => c.json({}))
    await Promise.all(Array.from({ length: 10 }, () => http(url, { context })))
    expect(settled).toHaveLength(10)
  })
})

describe('limits in headers', () => {
  const after = (value: string, status = 429) => readLimits({ 'retry-after': value }, status).retryAfterMs

  test('Retry-After is read as seconds', () => {
    expect(after('7')).toBe(7000)
    expect(after('0')).toBe(0)
  })

  test('Retry-After is read as a date', () => {
    const ms = after(new Date(Date.now() + 30_000).toUTCString())!
    expect(ms).toBeGreaterThan(27_000)
    expect(ms).toBeLessThanOrEqual(30_000)
    expect(after(new Date(0).toUTCString())).toBe(0)
  })

  test('Retry-After is never longer than an hour, and never negative', () => {
    expect(after('999999')).toBe(3_600_000)
    expect(after('-5')).toBe(0)
  })

  test('a Retry-After that cannot be read counts as none', () => {
    expect(after('soon', 503)).toBeUndefined()
    expect(after('soon', 429)).toBe(1000)
  })

  test('a 429 without Retry-After waits a second; another status says nothing', () => {
    expect(readLimits({}, 429)).toEqual({ retryAfterMs: 1000 })
    expect(readLimits({}, 200)).toEqual({})
    expect(readLimits({ 'x-amzn-ratelimit-limit': 'none' }, 200)).toEqual({})
  })
})

describe('no answer', () => {
  const hang = () => new Promise<Response>(() => {})

  test.each([
    ['GET', undefined, 'unavailable'],
    ['HEAD', undefined, 'unavailable'],
    ['POST', undefined, 'uncertain'],
    ['PUT', undefined, 'uncertain'],
    ['PATCH', undefined, 'uncertain'],
    ['DELETE', undefined, 'uncertain'],
    ['POST', true, 'unavailable'],
    ['PUT', true, 'unavailable'],
  ] as const)('in time to a %s (repeatable: %s) is %s', async (method, isRepeatable, kind) => {
    const { http, url, arrived } = await connect(hang, { timeoutMs: 150 })
    const call = () =>
      http(`${url}/x`, { method, context: { bucket: 'any', ...(isRepeatable && { isRepeatable }) } })
    expect((await failure(call)).kind).toBe(kind)
    expect(arrived).toEqual([`${method} /x`])
  })

  test('because nothing listens is unavailable even for a write: it never arrived', async () => {
    const { http } = await connect((c) => c.json({}), { hosts: ['127.0.0.1:9'] })
    const error = await failure(() => http.post('http://127.0.0.1:9/orders', { context }))
    expect(error.kind).toBe('unavailable')
    expect(error.message).toContain('POST /orders')
  })

  test('because the name does not resolve is unavailable even for a write', async () => {
    const { http } = await connect((c) => c.json({}), { hosts: ['nowhere.invalid'] })
    expect((await failure(() => http.post('http://nowhere.invalid/', { context }))).kind).toBe('unavailable')
  })
})

describe('buckets', () => {
  test('a call that names none is not made', async () => {
    const { http, url, arrived } = await connect((c) => c.json({}))
    expect((await failure(() => http(url))).kind).toBe('unexpected')
    expect(arrived).toEqual([])
  })

  test('a call waits for its token, and costs what it says', async () => {
    const asked: [string, number][] = []
    const { http, url } = await connect((c) => c.json({}), {
      takeToken: async (bucket, cost) => {
        asked.push([bucket, cost])
        return { settle: async () => {} }
      },
    })
    await http(url, { context: { bucket: 'orders', cost: 5 } })
    await http(url, { context: { bucket: 'listings' } })
    expect(asked).toEqual([
      ['orders', 5],
      ['listings', 1],
    ])
  })

  test('a token that is refused stops the call, with its own word', async () => {
    const { http, url, arrived } = await connect((c) => c.json({}), {
      takeToken: async () => {
        throw new ConnectorError('rate_limited', 'The bucket is empty.')
      },
    })
    expect((await failure(() => http(url, { context }))).kind).toBe('rate_limited')
    expect(arrived).toEqual([])
  })
})

describe('a JSON answer', () => {
  const schema = z.object({ id: z.string() })

  test('comes typed, with status and headers', async () => {
    const { http, url } = await connect((c) => c.json({ id: 'a' }, 201, { 'x-total': '5' }))
    const answer = await requestJson(http, schema, url, { context })
    expect(answer).toMatchObject({ data: { id: 'a' }, status: 201, headers: { 'x-total': '5' } })
  })

  test.each([
    ['another shape', '{"id":7}'],
    ['no JSON', '<html>'],
    ['half a JSON', '{"id":"a'],
    ['nothing', ''],
  ])(
    'of %s is unexpected after a read or a repeatable write, and uncertain after another write',
    async (_what, body) => {
      const { http, url } = await connect(() => new Response(body))
      const kindOf = async (method: 'GET' | 'POST', isRepeatable = false) =>
        (
          await failure(() =>
            requestJson(http, schema, url, { method, context: { bucket: 'any', isRepeatable } }),
          )
        ).kind
      expect(await kindOf('GET')).toBe('unexpected')
      expect(await kindOf('POST', true)).toBe('unexpected')
      expect(await kindOf('POST')).toBe('uncertain')
    },
  )

  test('may be null where the schema says so', async () => {
    const { http, url } = await connect(() => new Response('null'))
    expect((await requestJson(http, z.null(), url, { context })).data).toBeNull()
    expect((await failure(() => requestJson(http, schema, url, { context }))).message).not.toContain(
      'no JSON',
    )
  })
})
