import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { serve } from '@hono/node-server'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import type { Clock } from '../lib/clock.ts'
import type { ListingStatus } from './model/listing.ts'
import type { Money } from './model/money.ts'
import type { RemoteTerm } from './model/term.ts'

/** One request that reached a sandbox. `isWrite` is whether it was meant to change something. */
export type SandboxCall = { method: string; path: string; status: number; isWrite: boolean; at: Date }

/** A way to misbehave. `when` picks the requests; `times` how many of them (default 1), `Infinity` for all. */
export type Fault = {
  kind: 'status' | 'lost_answer' | 'lost_request' | 'slow' | 'garbage' | 'half_answer'
  /** For `status`: which one, with which body and headers. */
  status?: number
  body?: string
  headers?: Record<string, string>
  /** For `slow`: how long, in milliseconds. */
  delayMs?: number
  when?: (request: { method: string; path: string }) => boolean
  times?: number
  /** Share of the matching requests hit, 0 to 1, drawn from `random`; 1 unless given. */
  probability?: number
}

/** What a marketplace stand-in holds about a listing: its own ledger, not ours. */
export type SandboxListing = {
  externalId: string
  externalParentId: string | null
  sku: string
  title: string
  status: ListingStatus
  price: Money | null
  quantity: number | null
}

/** An order for the stand-in's buyers to place. */
export type SandboxOrderInput = {
  lines: readonly {
    sku: string
    quantity: number /** Unit price; the listing's own when left out. */
    unitPrice?: Money
  }[]
  shippingMinor?: number
  placedAt?: Date
  buyerName?: string
  /** Leaves the order unpaid. */
  isUnpaid?: boolean
}

/** What the stand-in knows of an order, in neutral words, for the oracle to compare. */
export type SandboxOrder = {
  externalId: string
  totalMinor: number
  currency: string
  isCancelled: boolean
  isShipped: boolean
  lines: readonly { sku: string | null; quantity: number }[]
}

/** The marketplace side that demo, flows and fault simulation play on. */
export type MarketplaceSandbox = {
  // biome-ignore lint/suspicious/noExplicitAny: each sandbox has its own Hono environment.
  app: Hono<any>
  calls: SandboxCall[]
  faults: FaultBox
  /** Settings and credentials of a connection to this sandbox at `url`. */
  connection(url: string): { settings: Record<string, unknown>; credentials: Record<string, unknown> }
  listings(): SandboxListing[]
  orders(): SandboxOrder[]
  /** What can be mapped to, for a connector that has `pullTerms`. */
  terms?(): RemoteTerm[]
  /** Adds a category (or what stands for one), for a connector whose platform lets the merchant make them. */
  addCategory?(name: string, parentId: string | null): string
  /** Throws when the shop has too few units, as a shop does. */
  placeOrder(order: SandboxOrderInput): SandboxOrder
  cancelOrder(externalId: string): void
  /** Makes what credentials bought stop working (an expired access token), as in mid-run. */
  expireTokens(): void
  /** Where to send webhooks; deliveries since the last call are returned, unsent, for a test to send, drop or shuffle. */
  takeWebhooks(): { headers: Record<string, string>; body: string }[]
}

/** The faults that wait to happen in a sandbox. */
export type FaultBox = {
  add(fault: Fault): void
  clear(): void
  /** The fault for this request, counted off, or null. */
  take(request: { method: string; path: string }): Fault | null
}

/** A box of faults; `random` gives numbers in [0, 1) from a seed, so that a run can be repeated. */
export function createFaultBox(random: () => number = Math.random): FaultBox {
  let faults: { fault: Fault; left: number }[] = []
  return {
    add: (fault) => {
      faults.push({ fault, left: fault.times ?? 1 })
    },
    clear: () => {
      faults = []
    },
    take(request) {
      for (const entry of faults) {
        const { fault } = entry
        if (fault.when && !fault.when(request)) continue
        if (fault.probability !== undefined && random() >= fault.probability) continue
        entry.left -= 1
        if (entry.left <= 0) faults = faults.filter((other) => other !== entry)
        return fault
      }
      return null
    },
  }
}

const socketOf = (c: Context): Socket | undefined =>
  (c.env as { incoming?: { socket?: Socket } } | undefined)?.incoming?.socket

/** Records every call, and lets the faults in the box happen. Put it first in the sandbox's app. */
export function misbehaving(
  calls: SandboxCall[],
  faults: FaultBox,
  clock: Clock,
  isWrite: (method: string, path: string) => boolean = (method) => method !== 'GET' && method !== 'HEAD',
): MiddlewareHandler {
  return async (c, next) => {
    const { method, path } = c.req
    const call: SandboxCall = { method, path, status: 0, isWrite: isWrite(method, path), at: clock.now() }
    calls.push(call)
    const fault = faults.take({ method, path })
    if (fault?.kind === 'status') {
      call.status = fault.status ?? 500
      return new Response(fault.body ?? 'misbehaving on request', {
        status: call.status,
        headers: fault.headers ?? {},
      })
    }
    if (fault?.kind === 'lost_request') {
      socketOf(c)?.destroy()
      return new Response(null)
    }
    if (fault?.kind === 'slow') await clock.sleep(fault.delayMs ?? 1000)
    await next()
    call.status = c.res.status
    if (fault?.kind === 'lost_answer') socketOf(c)?.destroy()
    if (fault?.kind === 'garbage')
      c.res = new Response('<html>not what you asked for', {
        status: 200,
        headers: { 'content-type': 'application/json' },
      })
    if (fault?.kind === 'half_answer' && c.res.body !== null) {
      const text = await c.res.text()
      const headers = { 'content-type': 'application/json' }
      c.res = new Response(text.slice(0, Math.floor(text.length / 2)), { status: call.status, headers })
    }
    return undefined
  }
}

/** A token bucket on the sandbox's side: `take` tells whether the call is within the published limit. */
export function createLimiter(
  perSecond: number,
  burst: number,
  clock: Clock,
): { take(): { ok: boolean; waitMs: number } } {
  let tokens = burst
  let at = clock.now().getTime()
  return {
    take() {
      const now = clock.now().getTime()
      tokens = Math.min(burst, tokens + ((now - at) / 1000) * perSecond)
      at = now
      if (tokens >= 1 - 1e-9) {
        tokens -= 1
        return { ok: true, waitMs: 0 }
      }
      return { ok: false, waitMs: Math.ceil(((1 - tokens) / perSecond) * 1000) }
    },
  }
}

/** A sandbox that listens on loopback. */
export type RunningSandbox<S> = S & { url: string; close(): Promise<void> }

/** Starts the sandbox's app on loopback, on `port` or a free one. */
// biome-ignore lint/suspicious/noExplicitAny: each sandbox has its own Hono environment.
export async function startSandbox<S extends { app: Hono<any> }>(
  sandbox: S,
  port = 0,
): Promise<RunningSandbox<S>> {
  const server = await new Promise<Server>((resolve) => {
    const started = serve({ fetch: sandbox.app.fetch, port, hostname: '127.0.0.1' }, () =>
      resolve(started as Server),
    )
  })
  const { port: bound } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve, reject) => {
      server.closeAllConnections()
      server.close((error) => (error ? reject(error) : resolve()))
    })
  return Object.assign(sandbox, { url: `http://127.0.0.1:${bound}`, close })
}
