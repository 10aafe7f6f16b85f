import { type LookupAddress, lookup } from 'node:dns'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { isIP } from 'node:net'
import got, { HTTPError, TimeoutError } from 'got'
import { isPublicAddress } from './addresses.ts'

/** What a download may reach. */
export type ImagePort = {
  /** Whether an IP address may be connected to. */
  isAllowed(address: string): boolean
  /** A larger file is broken off. */
  maxBytes: number
  timeoutMs: number
}

export const publicImages: ImagePort = {
  isAllowed: isPublicAddress,
  maxBytes: 20 * 2 ** 20,
  timeoutMs: 30_000,
}

/** Why an image could not be had, in words that name no address within our networks. */
export class ImageFault extends Error {}

/**
 * Downloads an image from the public internet. Each hop's address is checked where it is connected to, so that a name
 * cannot point elsewhere between check and connection. @throws ImageFault
 */
export async function downloadImage(url: string, port: ImagePort = publicImages): Promise<Buffer> {
  const parsed = URL.parse(url)
  if (parsed === null) throw new ImageFault('it has no address')
  assertTarget(parsed, port)
  const request = got.stream(parsed, {
    // No socket of another client is taken over: it was connected without the check.
    agent: { http: new HttpAgent(), https: new HttpsAgent() },
    dnsLookup: checkedLookup(port) as never,
    headers: { accept: 'image/*', 'user-agent': 'entrepot' },
    decompress: false,
    retry: { limit: 0 },
    maxRedirects: 3,
    timeout: { lookup: 5_000, connect: 5_000, response: 15_000, request: port.timeoutMs },
    hooks: { beforeRedirect: [({ url: next }) => assertTarget(next as URL, port)] },
  })
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > port.maxBytes) throw new ImageFault(`it is larger than ${port.maxBytes} bytes`)
      chunks.push(chunk)
    }
  } catch (error) {
    throw faultOf(error)
  } finally {
    request.destroy()
  }
  return Buffer.concat(chunks)
}

/** No lookup is asked for an address that is written as numbers: it is checked here. */
function assertTarget({ protocol, hostname, username }: URL, port: ImagePort): void {
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new ImageFault('its address is neither http nor https')
  if (username !== '') throw new ImageFault('its address holds a password')
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !port.isAllowed(host)) throw new ImageFault('its address is not public')
}

type LookupDone = (error: Error | null, address?: string | LookupAddress[], family?: number) => void

/** Looks a name up, and refuses it when any of its addresses may not be reached. */
const checkedLookup =
  ({ isAllowed }: ImagePort) =>
  (hostname: string, options: { all?: boolean; family?: number }, done: LookupDone): void => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error)
      if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address)))
        return done(new ImageFault('its address is not public'))
      if (options.all) return done(null, addresses)
      done(null, addresses[0]!.address, addresses[0]!.family)
    })
  }

function faultOf(error: unknown): Error {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ImageFault) return cause
  if (error instanceof HTTPError) return new ImageFault(`the server answers ${error.response.statusCode}`)
  if (error instanceof TimeoutError) return new ImageFault('the server takes too long')
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return new ImageFault(`it cannot be downloaded (${code})`)
}
