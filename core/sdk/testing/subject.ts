import type { Clock } from '../../lib/clock.ts'
import type { Marketplace } from '../connector.ts'
import type { Courier } from '../courier.ts'
import type { CourierSandbox } from '../courier-sandbox.ts'
import type { ListingDraft } from '../model/listing.ts'
import type { Booking, QuoteRequest, TrackingRef } from '../model/shipment.ts'
import type { TrackingIncident, TrackingState } from '../model/tracking.ts'
import type { MarketplaceSandbox } from '../sandbox.ts'

type Request = { method: string; path: string }

/** What the suite is told of any connector under test. */
type Papers = {
  /** The connector's README.md. */
  readme: URL | string
  /** Settings of a live connection; the README must name the hosts that follow from them. */
  liveSettings?: readonly unknown[]
  /** Whether a path is the API's own and not a sign-in's. All are unless given. */
  isApiPath?(path: string): boolean
  /** Whether a request is meant to change something; by its method unless given. */
  isWriteCall?(request: Request): boolean
}

/** A marketplace under test, with its stand-in and what the suite cannot know of the platform. */
export type Subject<S extends MarketplaceSandbox = MarketplaceSandbox> = Papers & {
  connector: Marketplace
  /** A fresh stand-in with an empty shop. */
  createSandbox(options: { clock: Clock }): S
  /** Puts drafts straight into the stand-in's ledger; needed where the connector has no `createListing`. */
  seed?(sandbox: S, drafts: readonly ListingDraft[]): void | Promise<void>
  /** Completes a draft with what the platform demands (a category it knows, a required attribute). */
  completeDraft?(draft: ListingDraft): ListingDraft
  /** An id in the platform's form that it never gave out. */
  unknownExternalId?: string
  /** The code of a carrier that the platform knows. */
  carrier?: string
  /** A reason for cancelling that the platform knows. */
  cancelReason?: string
}

/** A courier under test, with its stand-in and what the suite cannot know of the courier. */
export type CourierSubject<S extends CourierSandbox = CourierSandbox> = Papers & {
  connector: Courier
  /** A fresh stand-in without shipments. Left out by a courier that calls nobody, which gives `connection` instead. */
  createSandbox?(options: { clock: Clock }): S
  connection?: { settings: Record<string, unknown>; credentials: Record<string, unknown> }
  /** Where sender and recipient live; `US` unless given. */
  country?: 'US' | 'DE' | 'CN' | 'GB'
  /** Completes a booking with what the courier demands. The suite books the first of `services()` unless told otherwise. */
  booking?(booking: Booking): Booking
  quoteRequest?(request: QuoteRequest): QuoteRequest
  /** Spoils a booking so that the courier refuses it; unless given, its service becomes one that nobody sells. */
  refusedBooking?(booking: Booking): Booking
  /** How many parcels a shipment may have; 2 unless given. With 1, more have to be refused in clear words. */
  maxParcels?: number
  /** The courier gives no labels; the README has to say why. */
  hasNoLabels?: boolean
  /** The states that the stand-in can scan; all of them unless given. */
  scannable?: readonly TrackingState[]
  /** An incident that the stand-in can scan; `recipient_absent` unless given, null where there is none. */
  incident?: TrackingIncident | null
  /** Tracking numbers in the courier's form, for one that tracks what others booked. */
  trackingNumber?(n: number): string
  /** Completes what a parcel is asked by (the carrier in an aggregator's words). */
  trackingRef?(ref: TrackingRef): TrackingRef
  /** A number and a shipment's id in the courier's form that it never gave out. */
  unknownTrackingNumber?: string
  unknownExternalId?: string
  /**
   * What proves a webhook: a signature of its body in a header (unless given) or in the body, or a credential
   * in a header, which says nothing about the body.
   */
  webhookProof?: 'header signature' | 'body signature' | 'header credential'
}

export type AnySubject = Subject | CourierSubject
export type AnyConnector = AnySubject['connector']

/** Whether the connector calls nobody, so that there is nothing to fail. */
export const isOffline = (subject: AnySubject): boolean => subject.createSandbox === undefined

/** One guarantee, and the function that throws when the connector does not keep it. */
export type Check = { theme: string; guarantee: string; run(): Promise<void> }

/** Picks the API requests that change something, for a fault. */
export const writesOf =
  (subject: AnySubject) =>
  (request: Request): boolean =>
    callsOf(subject)(request) &&
    (subject.isWriteCall?.(request) ?? !['GET', 'HEAD', 'OPTIONS'].includes(request.method))

/** Picks the API requests, for a fault. */
export const callsOf =
  (subject: AnySubject) =>
  (request: Request): boolean =>
    subject.isApiPath?.(request.path) ?? true
