import { lookup } from 'node:dns'
import { BlockList, isIP } from 'node:net'
import got, { type Got, HTTPError, type OptionsInit, RequestError, type Response, TimeoutError } from 'got'
import { z } from 'zod'
import { type Log, redactText } from '../lib/log.ts'
import { ConnectorError } from './errors.ts'

/**
 * The connector's way out: a got instance that takes a token from the named bucket, times out, follows no
 * redirect, calls only the hosts the connector declares, refuses private addresses unless the connection is
 * marked local, keeps secrets out of the log, and throws ConnectorError only.
 * Name the bucket in every call: `http.get('orders', { context: { bucket: 'orders' } })`.
 */
export type HubHttp = Got

/** What a call says of itself, in got's `context`. */
export type CallContext = {
  bucket: string
  /** Tokens this call costs; 1 unless given. */
  cost?: number
  /**
   * The write may be sent twice without harm (an absolute PUT): a lost answer is then `unavailable`, not
   * `uncertain`. GET and HEAD always are.
   */
  isRepeatable?: boolean
}

/** What an answer says about the platform's limits. */
export type LimitNews = { retryAfterMs?: number | undefined; perSecond?: number | undefined }

/** What the client reads out of an error answer; a connector overrides only what its platform does oddly. */
export type VendorComplaint = {
  kind?: ConnectorError['kind'] | undefined
  code?: string | undefined
  message?: string | undefined
}

/** A call as it went, with what was said as it was said: whoever keeps it masks it first. */
export type HttpCall = {
  method: string
  url: URL
  bucket: string
  /** How long it waited for its token, and then for the answer. */
  waitedMs: number
  durationMs: number
  /** Null: there was no answer. */
  status: number | null
  failure: ConnectorError['kind'] | null
  request: HttpBody
  response: HttpBody
}

/** A body; streams are not kept, so that theirs is null. */
export type HttpBody = { type: string; bytes: Uint8Array | null }

export type HttpPorts = {
  /** The platform's name in messages. */
  name: string
  hosts: readonly string[]
  /** Whether private and loopback addresses may be called (a shop in our own network, a sandbox). */
  isLocal: boolean
  /** Secrets that must appear in no message and no log. */
  secrets: readonly string[]
  log: Log
  /** Resolves when the call may go out; `settle` is told when the answer is there. */
  takeToken(bucket: string, cost: number): Promise<{ settle(news: LimitNews): Promise<void> }>
  /** Called when a call begins; what it returns is told how the call went, once. */
  noteCall?(): (call: HttpCall) => void
  timeoutMs?: number
}

type UnderWay = {
  settle(news: LimitNews): Promise<void>
  /** Told once, whichever of the hooks sees the end of the call. */
  tell(end: Pick<HttpCall, 'status' | 'failure' | 'response'>): void
}
const underWay = new WeakMap<object, UnderWay>()

/** Builds the way out for one connection. */
export function createHttp(ports: HttpPorts): HubHttp {
  return got.extend({
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: true,
    timeout: { connect: 10_000, request: ports.timeoutMs ?? 60_000 },
    headers: { 'user-agent': 'entrepot/0.2' },
    dnsLookup: guardedLookup(ports.isLocal) as NonNullable<OptionsInit['dnsLookup']>,
    hooks: {
      beforeRequest: [
        async (options) => {
          const url = options.url as URL
          assertHost(url, ports)
          const { bucket, cost = 1 } = options.context as Partial<CallContext>
          if (!bucket)
            throw new ConnectorError('unexpected', `The call to ${url.pathname} names no rate bucket.`)
          const request = { type: headerOf(options.headers, 'content-type'), bytes: sendWhole(options) }
          const note = ports.noteCall?.()
          const askedAt = performance.now()
          const { settle } = await ports.takeToken(bucket, cost)
          const sentAt = performance.now()
          let isTold = false
          underWay.set(options.context, {
            settle,
            tell: (end) => {
              if (isTold) return
              isTold = true
              const waitedMs = sentAt - askedAt
              const durationMs = performance.now() - sentAt
              note?.({ method: options.method ?? 'GET', url, bucket, waitedMs, durationMs, request, ...end })
            },
          })
        },
      ],
      afterResponse: [
        async (response) => {
          const call = underWay.get(response.request.options.context)
          await call?.settle(readLimits(response.headers, response.statusCode))
          call?.tell(endOf(response))
          ports.log.debug(
            {
              method: response.request.options.method,
              path: redactText((response.request.options.url as URL).pathname, ports.secrets),
              status: response.statusCode,
            },
            `${ports.name} answered`,
          )
          if (response.statusCode >= 400) response.body = withoutSecrets(response.body, ports.secrets)
          if (response.statusCode >= 300 && response.statusCode < 400) {
            throw new ConnectorError(
              'unexpected',
              `${ports.name} answered with a redirect to another address; check the shop's address in the connection.`,
              { status: response.statusCode },
            )
          }
          return response
        },
      ],
      beforeError: [
        (error) => {
          const known = classify(error, ports)
          const context = error instanceof RequestError ? error.options.context : undefined
          const failure = known instanceof ConnectorError ? known.kind : 'unexpected'
          if (context)
            underWay.get(context)?.tell({ status: null, failure, response: { type: '', bytes: null } })
          return known
        },
      ],
    },
  })
}

/** How a call ended that was answered. */
function endOf(response: Response): Pick<HttpCall, 'status' | 'failure' | 'response'> {
  const { statusCode: status, headers, rawBody, request } = response
  return {
    status,
    failure: status < 300 ? null : kindOfAnswer(request.options, status),
    response: { type: headerOf(headers, 'content-type'), bytes: rawBody ?? null },
  }
}

const headerOf = (headers: Record<string, string | string[] | undefined>, name: string): string => {
  const found = headers[name]
  return (Array.isArray(found) ? found[0] : found) ?? ''
}

/**
 * Since version 15 got sends a text or buffer in pieces and cuts the connection, in the middle of the answer,
 * when the answer begins before the last piece is booked: a shop nearby, or a refusal that does not read the
 * body. What is iterated is sent to its end. Returns what is sent, unless it is a stream.
 */
function sendWhole(options: {
  body?: unknown
  headers: Record<string, string | string[] | undefined>
}): Uint8Array | null {
  const { body } = options
  if (body === undefined) return new Uint8Array()
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return null
  const bytes = Buffer.from(body)
  options.body = [bytes]
  options.headers['content-length'] = String(bytes.length)
  return bytes
}

/** What a platform says when it refuses may repeat what it was shown; nobody gets to read that part. */
function withoutSecrets(body: unknown, secrets: readonly string[]): unknown {
  if (typeof body === 'string') return redactText(body, secrets)
  if (body === null || typeof body !== 'object' || ArrayBuffer.isView(body)) return body
  return JSON.parse(redactText(JSON.stringify(body), secrets))
}

function assertHost(url: URL, ports: HttpPorts): void {
  if (!ports.hosts.some((declared) => matchesHost(url, declared))) {
    throw new ConnectorError(
      'unexpected',
      `The connector tried to call ${url.host}, which it does not declare. The call was not made.`,
    )
  }
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) && !ports.isLocal && isPrivateAddress(literal)) throw privateAddress(url.hostname)
}

/** A declared host is exact, with or without its port; `*.example.com` stands for every name below it. */
const matchesHost = (url: URL, declared: string): boolean =>
  declared.startsWith('*.')
    ? url.hostname.length >= declared.length && url.hostname.endsWith(declared.slice(1))
    : url.host === declared || url.hostname === declared

const privateAddress = (host: string) =>
  new ConnectorError(
    'unexpected',
    `${host} is a private address. Mark the connection as local if the shop is in your own network.`,
  )

const privateRanges = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  privateRanges.addSubnet(net, bits, 'ipv4')
}
for (const [net, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  privateRanges.addSubnet(net, bits, 'ipv6')
}

/** Whether an IP address is loopback, link-local, private, multicast or reserved, or a tunnel to an IPv4 one. */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return privateRanges.check(mapped, 'ipv4')
  return privateRanges.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** DNS as usual, but an answer with a private address fails: the check stands after the resolution, so a
 * name that resolves differently a second time gains nothing. */
function guardedLookup(isLocal: boolean) {
  return (hostname: string, options: object, callback: (...args: unknown[]) => void) =>
    lookup(hostname, options as { all: true }, (error, addresses, ...rest: unknown[]) => {
      const found = Array.isArray(addresses)
        ? addresses.map((entry) => entry.address)
        : [addresses as unknown as string]
      if (!error && !isLocal && found.some(isPrivateAddress)) return callback(privateAddress(hostname))
      callback(error, addresses, ...rest)
    })
}

/** What the headers say of limits: Retry-After (seconds or a date), Amazon's x-amzn-RateLimit-Limit. */
export function readLimits(
  headers: Record<string, string | string[] | undefined>,
  status: number,
): LimitNews {
  const one = (name: string) => (Array.isArray(headers[name]) ? headers[name][0] : headers[name])
  const news: LimitNews = {}
  const after = one('retry-after')
  if (after !== undefined) {
    const seconds = Number(after)
    const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(after) - Date.now()
    if (Number.isFinite(ms)) news.retryAfterMs = Math.min(Math.max(ms, 0), 3_600_000)
  }
  if (status === 429) news.retryAfterMs ??= 1000
  const rate = Number(one('x-amzn-ratelimit-limit'))
  if (Number.isFinite(rate) && rate > 0) news.perSecond = rate
  return news
}

const neverArrived = new Set([
  'ENOTFOUND',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
])

/** One table for every way a call can fail. */
function classify(error: Error, ports: HttpPorts): Error {
  if (error instanceof ConnectorError) return error
  if (error.cause instanceof ConnectorError) return error.cause
  if (!(error instanceof RequestError))
    return new ConnectorError('unexpected', `${ports.name}: ${redactText(error.message, ports.secrets)}`)
  const { options } = error
  const path = (options.url as URL | undefined)?.pathname ?? ''
  const about = redactText(`${options.method} ${path}`, ports.secrets)
  if (error instanceof HTTPError) return fromAnswer(error, about, ports)
  const hasNotArrived =
    neverArrived.has(error.code) || (error instanceof TimeoutError && error.event === 'connect')
  const what =
    error instanceof TimeoutError ? 'did not answer in time' : `could not be reached (${error.code})`
  return new ConnectorError(
    hasNotArrived || mayRepeat(options) ? 'unavailable' : 'uncertain',
    `${ports.name} ${what}: ${about}.`,
  )
}

function fromAnswer(error: HTTPError, about: string, ports: HttpPorts): ConnectorError {
  const { statusCode: status, headers, body } = error.response
  const text = redactText(
    typeof body === 'string' ? body : (JSON.stringify(body) ?? ''),
    ports.secrets,
  ).slice(0, 2000)
  const complaint = readComplaint(body)
  const details = {
    status,
    vendorMessage: redactText(complaint.message ?? text, ports.secrets).slice(0, 2000),
    vendorCode: complaint.code === undefined ? undefined : redactText(complaint.code, ports.secrets),
    retryAfterMs: readLimits(headers, status).retryAfterMs,
  }
  return new ConnectorError(
    kindOfAnswer(error.options, status),
    `${ports.name} answered ${about} with ${status}: ${details.vendorMessage || 'no explanation'}`,
    details,
  )
}

/** A server that failed in the middle of a write that may not be repeated may have done it all the same. */
function kindOfAnswer(
  options: { method?: string; context?: unknown },
  status: number,
): ConnectorError['kind'] {
  const kind = kindOfStatus(status)
  return kind === 'unavailable' && status >= 500 && !mayRepeat(options) ? 'uncertain' : kind
}

/** Whether sending it twice does no harm. */
const mayRepeat = (options: { method?: string; context?: unknown }): boolean =>
  options.method === 'GET' ||
  options.method === 'HEAD' ||
  (options.context as Partial<CallContext> | undefined)?.isRepeatable === true

export type JsonAnswer<Data> = {
  data: Data
  status: number
  headers: Record<string, string | string[] | undefined>
}

/**
 * Sends a request and reads its JSON answer through a schema; the usual way for a connector's client to call.
 * @throws ConnectorError `unexpected` when the answer is not what the schema says, or `uncertain` after a
 * write that may not be repeated, because the platform may have done it.
 */
export async function requestJson<Data>(
  http: HubHttp,
  schema: z.ZodType<Data>,
  url: string | URL,
  options: OptionsInit & { context: CallContext },
): Promise<JsonAnswer<Data>> {
  const response = (await http(url, { ...options, responseType: 'text' })) as Response<string>
  const method = options.method ?? 'GET'
  const json = tryJson(response.body)
  const parsed = schema.safeParse(json)
  if (parsed.success) return { data: parsed.data, status: response.statusCode, headers: response.headers }
  const reason = json === undefined ? 'it is no JSON' : z.prettifyError(parsed.error)
  throw new ConnectorError(
    mayRepeat({ method, context: options.context }) ? 'unexpected' : 'uncertain',
    `The answer to ${method} ${new URL(response.url).pathname} cannot be read: ${reason}`.slice(0, 1000),
    { status: response.statusCode },
  )
}

/** What an HTTP status means unless the platform says otherwise. */
export function kindOfStatus(status: number): ConnectorError['kind'] {
  if (status === 429) return 'rate_limited'
  if (status === 401 || status === 403) return 'auth'
  if (status === 404 || status === 410) return 'not_found'
  if (status === 408 || status === 425 || status >= 500) return 'unavailable'
  if (status >= 400) return 'rejected'
  return 'unexpected'
}

/** Finds code and message in the usual shapes: `{code, message}`, `{error: {...}}`, `{errors: [{...}]}`. */
function readComplaint(body: unknown): VendorComplaint {
  const data = typeof body === 'string' ? tryJson(body) : body
  if (data === null || typeof data !== 'object') return {}
  const record = data as Record<string, unknown>
  const inner = Array.isArray(record.errors) ? record.errors[0] : (record.error ?? record)
  if (inner === null || typeof inner !== 'object')
    return { message: typeof inner === 'string' ? inner : undefined }
  const {
    code,
    message,
    details,
    error_description: description,
  } = { ...record, ...inner } as Record<string, unknown>
  const words = [message ?? description, details].filter((part) => typeof part === 'string' && part !== '')
  return {
    code: code === undefined ? undefined : String(code),
    message: words.length === 0 ? undefined : words.join(' '),
  }
}

/** The JSON value, or undefined when the text is no JSON. */
function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
