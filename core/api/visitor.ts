import { BlockList, isIP, isIPv6 } from 'node:net'
import type { Context } from 'hono'
import type { Visitor } from '../access/open.ts'
import { InputError } from '../sdk/errors.ts'

/** How the hub is reached from elsewhere. */
export type Reach = {
  /** Where people find it, such as https://hub.example: the only names besides loopback that it answers to. */
  publicUrls: readonly URL[]
  /** Proxies whose word on the address of a caller is believed. */
  isProxy(address: string): boolean
}

/** @throws InputError when a URL or an address cannot be read */
export function readReach({
  publicUrl = '',
  proxies = '',
}: {
  publicUrl?: string | undefined
  proxies?: string | undefined
}): Reach {
  const publicUrls = listed(publicUrl).map((text) => {
    const url = URL.parse(text)
    if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/')
      throw new InputError(`"${text}" is no address of a hub. Write it as https://hub.example.`, 'url')
    return url
  })
  const known = new BlockList()
  for (const text of listed(proxies)) {
    const [address = '', prefix] = text.split('/')
    if (!isIP(address))
      throw new InputError(`"${text}" is neither an IP address nor a CIDR range.`, 'proxies')
    known.addSubnet(address, Number(prefix ?? (isIPv6(address) ? 128 : 32)), family(address))
  }
  return { publicUrls, isProxy: (address) => isIP(address) > 0 && known.check(address, family(address)) }
}

const listed = (text: string) => text.split(/[\s,]+/).filter((part) => part !== '')
const family = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** Headers that a proxy or tunnel adds. */
const forwardedHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'cf-connecting-ip']

/** A request as it arrived, after what a known proxy says of it. */
export type Arrival = Visitor & {
  host: string
  /** It came through somebody in between whom the hub does not know. */
  isThroughStranger: boolean
}

/** Where a request comes from. Only known proxies are believed when they say that it comes from somewhere else. */
export function readArrival(c: Context, { publicUrls, isProxy }: Reach): Arrival {
  const peer = peerOf(c)
  const told = peer !== null && isProxy(peer)
  const host = (told && c.req.header('x-forwarded-host')) || (c.req.header('host') ?? new URL(c.req.url).host)
  const chain = (told ? (c.req.header('x-forwarded-for') ?? '') : '').split(',').map((part) => part.trim())
  const isHttps = told && c.req.header('x-forwarded-proto') === 'https'
  return {
    host,
    address: chain.findLast((address) => isIP(address) > 0 && !isProxy(address)) ?? peer ?? 'unknown',
    userAgent: c.req.header('user-agent') ?? '',
    cookies: c.req.header('cookie') ?? '',
    isSecure: isHttps || publicUrls.some((url) => url.host === host && url.protocol === 'https:'),
    isThroughStranger: !told && forwardedHeaders.some((name) => c.req.header(name) !== undefined),
  }
}

/** The other end of the connection; null where there is none, as when a test calls the app itself. */
function peerOf(c: Context): string | null {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } }
  const address = incoming?.socket?.remoteAddress
  return address === undefined ? null : address.replace(/^::ffff:/, '')
}
