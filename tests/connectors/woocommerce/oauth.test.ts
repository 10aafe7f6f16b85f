import { expect, test } from 'vitest'
import { percentEncode, sign, signatureBase, signedUrl } from '../../../connectors/woocommerce/oauth.ts'

const keys = { consumerKey: 'ck_1', consumerSecret: 'cs_1' }
const now = new Date('2026-11-23T21:16:31.900Z')

test('the base string is that of the example in RFC 5849, 3.4.1', () => {
  const url = new URL('http://EXAMPLE.com:80/request')
  const parameters: [string, string][] = [
    ['b5', '=%3D'],
    ['a3', 'a'],
    ['c@', ''],
    ['a2', 'r b'],
    ['oauth_consumer_key', '9djdj82h48djs9d2'],
    ['oauth_token', 'kkk9d7dh3k39sjv7'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', '137131201'],
    ['oauth_nonce', '7d8f3e4a'],
    ['c2', ''],
    ['a3', '2 q'],
  ]
  expect(signatureBase('post', url, parameters)).toBe(
    'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
  )
})

test('characters that encodeURIComponent leaves alone are encoded', () => {
  expect(percentEncode("!'()*~-._ é/")).toBe('%21%27%28%29%2A~-._%20%C3%A9%2F')
})

test('a port that is not the default is part of what is signed', () => {
  expect(signatureBase('GET', new URL('http://127.0.0.1:8088/shop/wp-json'), [])).toBe(
    'GET&http%3A%2F%2F127.0.0.1%3A8088%2Fshop%2Fwp-json&',
  )
})

test('query parameters are signed and sent with the same encoding', () => {
  const url = new URL('http://shop.test/wp-json/wc/v3/products')
  url.searchParams.set('sku', 'A B,(C)')
  const signed = signedUrl('GET', url, keys, now, 'n1')
  expect(signed.search).toContain('sku=A%20B%2C%28C%29&')
  expect(signed.searchParams.get('oauth_timestamp')).toBe('1795468591')
  const parameters = [...signed.searchParams].filter(([name]) => name !== 'oauth_signature')
  expect(signed.searchParams.get('oauth_signature')).toBe(
    sign(signatureBase('GET', url, parameters as [string, string][]), 'cs_1'),
  )
})

test('a request that is sent again is signed again, with a fresh nonce and no leftovers', () => {
  const url = new URL('http://shop.test/wp-json/wc/v3/orders?page=2')
  const first = signedUrl('GET', url, keys, now)
  const second = signedUrl('GET', first, keys, now)
  expect(second.searchParams.getAll('oauth_nonce')).toHaveLength(1)
  expect(second.searchParams.get('oauth_nonce')).not.toBe(first.searchParams.get('oauth_nonce'))
  expect(second.searchParams.get('page')).toBe('2')
})
