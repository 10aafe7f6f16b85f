import type { Hono } from 'hono'
import type { TrackingIncident, TrackingState } from './model/tracking.ts'
import type { FaultBox, SandboxCall } from './sandbox.ts'

/** What a courier's stand-in holds about a shipment: its own ledger, not ours. */
export type SandboxShipment = {
  externalId: string
  /** The reference it was booked with. */
  reference: string
  service: string
  trackingNumbers: readonly string[]
  /** Weight of each parcel as it was booked, in order. */
  weightsGrams: readonly number[]
  isCancelled: boolean
  /** What the courier will invoice; null where its answers carry no price. */
  price: { totalMinor: number; currency: string } | null
}

/** The courier side that demo, flows and fault simulation play on. */
export type CourierSandbox = {
  // biome-ignore lint/suspicious/noExplicitAny: each sandbox has its own Hono environment.
  app: Hono<any>
  calls: SandboxCall[]
  faults: FaultBox
  /** Settings and credentials of a connection to this sandbox at `url`. */
  connection(url: string): { settings: Record<string, unknown>; credentials: Record<string, unknown> }
  shipments(): SandboxShipment[]
  /** Puts a parcel that was booked elsewhere under the courier's eyes; needed of couriers that only track. */
  announce(trackingNumber: string): void
  /** Scans a parcel: the courier knows from now on that it got there. Throws for a number it never gave out. */
  scan(
    trackingNumber: string,
    state: TrackingState,
    options?: { incident?: TrackingIncident; at?: Date },
  ): void
  /** Makes what credentials bought stop working (an expired access token), as in mid-run. */
  expireTokens(): void
  /** Webhooks since the last call, unsent, for a test to send, drop or shuffle. */
  takeWebhooks(): { headers: Record<string, string>; body: string }[]
}
