import { ConnectorError, type HubHttp, startSandbox } from 'entrepot/sdk'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { silentLog } from '../../core/lib/log.ts'
import { createHttp, isPrivateAddress } from '../../core/sdk/http.ts'

const httpTo = (hosts: string[], isLocal: boolean): HubHttp =>
  createHttp({
    name: 'Test Shop',
    hosts,
    isLocal,
    secrets: [],
    log: silentLog,
    takeToken: async () => ({ settle: async () => {} }),
  })

const refusal = (http: HubHttp, url: string) =>
  http(url, { context: { bucket: 'any' } }).then(
    () => null,
    (error: unknown) => (error instanceof ConnectorError ? error : null),
  )

describe('hosts', () => {
  test('one that is not declared is not called', async () => {
    const app = new Hono().all('*', (c) => c.json({}))
    const { url, close } = await startSandbox({ app })
    const error = await refusal(httpTo(['shop.example'], true), url)
    expect(error).toMatchObject({ kind: 'unexpected' })
    expect(error?.message).toContain('does not declare')
    await close()
  })

  test.each([
    'https://shop.example.evil.example/',
    'https://evil.example/?shop.example',
    'https://shop.example@evil.example/',
    'https://sub.shop.example/',
  ])('%s does not pass for shop.example', async (url) => {
    expect((await refusal(httpTo(['shop.example'], true), url))?.message).toContain('does not declare')
  })

  const reaching = (hosts: string[], url: string) => {
    const takeToken = () => Promise.reject(new ConnectorError('rate_limited', 'reached the bucket'))
    const ports = { name: 'Test Shop', isLocal: false, secrets: [], log: silentLog, takeToken }
    return refusal(createHttp({ ...ports, hosts }), url).then((error) => error?.message)
  }

  test.each([
    ['shop.example.com', 'https://shop.example.com/a'],
    ['shop.example.com:8443', 'https://shop.example.com:8443/a'],
    ['*.example.com', 'https://shop.example.com/a'],
    ['*.example.com', 'https://deep.shop.example.com/a'],
  ])('%s allows %s', async (declared, url) => {
    expect(await reaching([declared], url)).toBe('reached the bucket')
  })

  test.each([
    ['shop.example.com', 'https://other.example.com/a'],
    ['*.example.com', 'https://example.com/a'],
    ['*.example.com', 'https://badexample.com/a'],
    ['*.example.com', 'https://shop.example.com.evil.test/a'],
    ['*.example.com', 'https://evil.test/?x=shop.example.com'],
    ['*.', 'https://shop.example.com/a'],
  ])('%s refuses %s before any call', async (declared, url) => {
    expect(await reaching([declared], url)).toContain('does not declare')
  })

  test('a declared port allows that port only', async () => {
    expect((await refusal(httpTo(['127.0.0.1:9'], true), 'http://127.0.0.1:10/'))?.kind).toBe('unexpected')
    expect((await refusal(httpTo(['127.0.0.1:9'], true), 'http://127.0.0.1:9/'))?.kind).toBe('unavailable')
  })
})

describe('private addresses', () => {
  test.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::FFFF:10.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:c0a8:101',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001:0:1:2:3:4:5:6',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
  ])('%s is one', (address) => {
    expect(isPrivateAddress(address)).toBe(true)
  })

  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '192.167.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    '%s is none',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false)
    },
  )

  test.each([
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://localhost/',
  ])('%s is refused, however it is written or resolved', async (url) => {
    const { hostname } = new URL(url)
    const error = await refusal(httpTo([hostname], false), url)
    expect(error).toMatchObject({ kind: 'unexpected' })
    expect(error?.message).toContain('private address')
  })

  test('are called when the connection is marked local', async () => {
    const app = new Hono().all('*', (c) => c.text('here'))
    const { url, close } = await startSandbox({ app })
    const { port } = new URL(url)
    for (const host of ['127.0.0.1', 'localhost']) {
      const answer = await httpTo([host], true)(`http://${host}:${port}/`, { context: { bucket: 'any' } })
      expect(answer.body).toBe('here')
    }
    await close()
  })
})
