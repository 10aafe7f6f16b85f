import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { createApi } from '../../core/api/app.ts'
import { isLoopbackHost } from '../../core/api/guard.ts'
import { serveApi } from '../../core/api/server.ts'
import { type Arrival, readArrival, readReach } from '../../core/api/visitor.ts'
import { InputError } from '../../core/sdk/errors.ts'
import { useDatabase } from '../support/database.ts'
import { useApi } from './support.ts'

describe('who may knock at the API at all', () => {
  const database = useDatabase()
  const api = useApi(database)
  const statusWith = async (headers: Record<string, string>, path = '/healthz', method = 'GET') =>
    (await api().api.request(path, { method, headers })).status

  test('only loopback names are taken as Host, so that a rebound name reaches nothing', async () => {
    const good = [
      'localhost',
      'localhost:8080',
      'LOCALHOST',
      '127.0.0.1',
      '127.0.0.1:80',
      '127.9.9.9:1',
      '[::1]:8080',
    ]
    const bad = [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      'localhost@evil.example',
      'evil.example/localhost',
      '192.168.0.7:8080',
      '0.0.0.0:8080',
      '2130706433',
      '0x7f.1',
      '',
    ]
    expect(good.filter((host) => !isLoopbackHost(host))).toEqual([])
    expect(bad.filter(isLoopbackHost)).toEqual([])
    expect(await statusWith({ host: '127.0.0.1:8080' })).toBe(200)
    expect(await statusWith({ host: 'hub.example' })).toBe(403)
  })

  test('a page of another origin is refused, the page of the hub itself is not', async () => {
    const host = 'localhost:8080'
    expect(await statusWith({ host, origin: 'http://localhost:8080' })).toBe(200)
    expect(await statusWith({ host, origin: 'http://localhost:3000' })).toBe(403)
    expect(await statusWith({ host, origin: 'https://evil.example' })).toBe(403)
    expect(await statusWith({ host, origin: 'null' })).toBe(403)
    expect(await statusWith({ host, 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await statusWith({ host, 'sec-fetch-site': 'none' })).toBe(200)
    expect(await statusWith({ host, 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await statusWith({ host, 'sec-fetch-site': 'same-site' })).toBe(403)
  })

  test('a link from elsewhere may open a page, and nothing more', async () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    expect(await statusWith(link)).toBe(200)
    expect(await statusWith({ ...link, 'sec-fetch-dest': 'iframe' })).toBe(403)
    expect(await statusWith(link, '/healthz', 'POST')).toBe(403)
  })

  test('the names that people use are taken when they were told, and pages of theirs', async () => {
    const reach = readReach({ publicUrl: 'https://hub.example, http://hub.lan:8080' })
    const app = createApi(api().hub, { reach })
    const ask = async (headers: Record<string, string>) => (await app.request('/healthz', { headers })).status
    expect(await ask({ host: 'hub.example' })).toBe(200)
    expect(await ask({ host: 'hub.lan:8080' })).toBe(200)
    expect(await ask({ host: 'hub.lan' })).toBe(403)
    expect(await ask({ host: 'hub.example.evil.example' })).toBe(403)
    expect(await ask({ host: '127.0.0.1', origin: 'https://hub.example' })).toBe(200)
    expect(await ask({ host: '127.0.0.1', origin: 'http://hub.example' })).toBe(403)
    for (const wrong of ['hub.example', 'https://hub.example/path', 'ftp://hub.example'])
      expect(() => readReach({ publicUrl: wrong })).toThrow(InputError)
    expect(() => readReach({ proxies: 'proxy.lan' })).toThrow(InputError)
  })

  test('a proxy is believed when it was named, and tells the last address that it did not make up', () => {
    const reach = readReach({ publicUrl: 'https://hub.example', proxies: '10.0.0.0/8 ::1' })
    const arrive = (peer: string, headers: Record<string, string>) => {
      let arrival: Arrival | undefined
      const app = new Hono().get('/', (c) => {
        arrival = readArrival(c, reach)
        return c.text('')
      })
      const env = { incoming: { socket: { remoteAddress: peer } } }
      void app.request('/', { headers: { host: 'inner', ...headers } }, env)
      return arrival!
    }
    const told = { 'x-forwarded-for': '1.1.1.1, 203.0.113.9, 10.1.1.1', 'x-forwarded-host': 'hub.example' }
    expect(arrive('::ffff:10.0.0.2', { ...told, 'x-forwarded-proto': 'https' })).toMatchObject({
      address: '203.0.113.9',
      host: 'hub.example',
      isSecure: true,
      isThroughStranger: false,
    })
    expect(arrive('198.51.100.7', { ...told, 'x-forwarded-proto': 'https' })).toMatchObject({
      address: '198.51.100.7',
      host: 'inner',
      isSecure: false,
      isThroughStranger: true,
    })
    expect(arrive('::1', {})).toMatchObject({ address: '::1', isThroughStranger: false })
  })

  test('the pages run no script but their own files, and stand in no frame', async () => {
    const { headers } = await api().api.request('/healthz')
    const policy = headers.get('content-security-policy') ?? ''
    for (const rule of [
      "default-src 'self'",
      "script-src 'self'",
      "object-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      expect(policy.split('; ')).toContain(rule)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('beyond this machine the server says what is missing', async () => {
    const { api: app } = api()
    const noticeOf = async (publicUrl: string) => {
      const running = await serveApi(app, { port: 0, host: '0.0.0.0', reach: readReach({ publicUrl }) })
      await running.close()
      return running.notice
    }
    expect(await noticeOf('')).toContain('set ENTREPOT_URL')
    expect(await noticeOf('http://hub.lan:7070')).toContain('WARNING')
    expect(await noticeOf('https://hub.example')).not.toContain('WARNING')
  })

  test('what came through a proxy that was not named is refused even with a loopback Host', async () => {
    for (const name of ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'cf-connecting-ip'])
      expect(await statusWith({ host: 'localhost', [name]: '203.0.113.9' })).toBe(403)
  })

  test('webhooks come from outside: only their signature counts', async () => {
    const outside = { host: 'hub.example', 'x-forwarded-for': '203.0.113.9', origin: 'https://shop.example' }
    expect(await statusWith(outside, '/webhooks/con_none', 'POST')).toBe(404)
    expect(await statusWith(outside, '/webhooks/../api/connections', 'GET')).toBe(403)
    expect(await statusWith(outside, '/webhooks', 'POST')).toBe(403)
  })

  test('the server listens on this machine only unless told otherwise, and says so', async () => {
    const { api: app } = api()
    await expect(serveApi(app, { port: 0, host: '192.0.2.1' })).rejects.toThrow(/no address of this machine/)
    const running = await serveApi(app, { port: 0 })
    expect(running.url).toBe(`http://127.0.0.1:${running.port}`)
    expect(running.notice).toContain('this machine only')
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200)
    await expect(serveApi(app, { port: running.port })).rejects.toThrow(`Port ${running.port} is taken`)
    await running.close()
    await expect(fetch(`${running.url}/healthz`)).rejects.toThrow()
  })
})
