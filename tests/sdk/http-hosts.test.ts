import { describe, expect, it } from 'vitest'
import { silentLog } from '../../core/lib/log.ts'
import { ConnectorError } from '../../core/sdk/errors.ts'
import { createHttp } from '../../core/sdk/http.ts'

const callWith = (hosts: string[], url: string) =>
  createHttp({
    name: 'Test',
    hosts,
    isLocal: false,
    secrets: [],
    log: silentLog,
    takeToken: () => Promise.reject(new ConnectorError('rate_limited', 'reached the rate bucket')),
  })(url, { context: { bucket: 'any' } })

describe('the hosts a connector declares', () => {
  it.each([
    ['shop.example.com', 'https://shop.example.com/a'],
    ['shop.example.com:8443', 'https://shop.example.com:8443/a'],
    ['*.example.com', 'https://shop.example.com/a'],
    ['*.example.com', 'https://deep.shop.example.com/a'],
  ])('%s allows %s', async (declared, url) => {
    await expect(callWith([declared], url)).rejects.toThrow('reached the rate bucket')
  })

  it.each([
    ['shop.example.com', 'https://other.example.com/a'],
    ['*.example.com', 'https://example.com/a'],
    ['*.example.com', 'https://badexample.com/a'],
    ['*.example.com', 'https://shop.example.com.evil.test/a'],
    ['*.example.com', 'https://evil.test/?x=shop.example.com'],
  ])('%s refuses %s before any call', async (declared, url) => {
    await expect(callWith([declared], url)).rejects.toThrow('does not declare')
  })
})
