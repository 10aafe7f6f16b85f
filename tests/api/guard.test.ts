import { describe, expect, test } from 'vitest'
import { isLoopbackHost } from '../../core/api/guard.ts'
import { serveApi } from '../../core/api/server.ts'
import { useDatabase } from '../support/database.ts'
import { useApi } from './support.ts'

describe('who may call the API before there is login', () => {
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

  test('what came through a proxy is refused even with a loopback Host', async () => {
    for (const name of ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'cf-connecting-ip'])
      expect(await statusWith({ host: 'localhost', [name]: '203.0.113.9' })).toBe(403)
  })

  test('webhooks come from outside: only their signature counts', async () => {
    const outside = { host: 'hub.example', 'x-forwarded-for': '203.0.113.9', origin: 'https://shop.example' }
    expect(await statusWith(outside, '/webhooks/con_none', 'POST')).toBe(404)
    expect(await statusWith(outside, '/webhooks/../api/connections', 'GET')).toBe(403)
    expect(await statusWith(outside, '/webhooks', 'POST')).toBe(403)
  })

  test('the server listens on this machine only, says so, and refuses any other host', async () => {
    const { api: app } = api()
    await expect(serveApi(app, { port: 0, hostname: '0.0.0.0' })).rejects.toThrow(/no login yet/)
    await expect(serveApi(app, { port: 0, hostname: 'hub.example' })).rejects.toThrow(/127\.0\.0\.1/)
    const running = await serveApi(app, { port: 0 })
    expect(running.url).toBe(`http://127.0.0.1:${running.port}`)
    expect(running.notice).toContain('this machine only')
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200)
    await expect(serveApi(app, { port: running.port })).rejects.toThrow(`Port ${running.port} is taken`)
    await running.close()
    await expect(fetch(`${running.url}/healthz`)).rejects.toThrow()
  })
})
