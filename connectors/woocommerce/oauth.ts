import { createHmac, randomBytes } from 'node:crypto'

/** Percent-encoding as RFC 3986 has it: encodeURIComponent leaves !'()* alone, which a signature may not. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** RFC 5849, 3.4.1: method, address without query, and all parameters sorted, each part encoded. */
export function signatureBase(method: string, url: URL, parameters: readonly [string, string][]): string {
  const pairs = parameters
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  return [method.toUpperCase(), percentEncode(url.origin + url.pathname), percentEncode(pairs)].join('&')
}

/** The signature of a request, without a token secret, as WooCommerce checks it. */
export const sign = (base: string, consumerSecret: string): string =>
  createHmac('sha256', `${percentEncode(consumerSecret)}&`)
    .update(base)
    .digest('base64')

/**
 * The address with OAuth 1.0a parameters in its query, signed with HMAC-SHA256. The parameters go into the
 * query because many hosts strip the Authorization header. A JSON body is not signed. Each call makes a new
 * nonce: WooCommerce refuses one it has seen, so a request that is sent again must be signed again.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#authentication-over-http
 */
export function signedUrl(
  method: string,
  url: URL,
  keys: { consumerKey: string; consumerSecret: string },
  now: Date,
  nonce: string = randomBytes(16).toString('hex'),
): URL {
  const parameters: [string, string][] = [
    ...[...url.searchParams].filter(([name]) => !name.startsWith('oauth_')),
    ['oauth_consumer_key', keys.consumerKey],
    ['oauth_nonce', nonce],
    ['oauth_signature_method', 'HMAC-SHA256'],
    ['oauth_timestamp', String(Math.floor(now.getTime() / 1000))],
  ]
  parameters.push(['oauth_signature', sign(signatureBase(method, url, parameters), keys.consumerSecret)])
  const signed = new URL(url)
  // Encoded by hand: URLSearchParams writes a space as "+", which is not what was signed.
  signed.search = parameters
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')
  return signed
}
