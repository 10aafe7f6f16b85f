import type { Clock } from '../../lib/clock.ts'
import type { Marketplace } from '../connector.ts'
import type { ListingDraft } from '../model/listing.ts'
import type { MarketplaceSandbox } from '../sandbox.ts'

type Request = { method: string; path: string }

/** A connector under test, with its stand-in and what the suite cannot know of the platform. */
export type Subject<S extends MarketplaceSandbox = MarketplaceSandbox> = {
  connector: Marketplace
  /** A fresh stand-in with an empty shop. */
  createSandbox(options: { clock: Clock }): S
  /** The connector's README.md. */
  readme: URL | string
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
  /** Settings of a live connection; the README must name the hosts that follow from them. */
  liveSettings?: readonly unknown[]
  /** Whether a path is the API's own and not a sign-in's. All are unless given. */
  isApiPath?(path: string): boolean
  /** Whether a request is meant to change something; by its method unless given. */
  isWriteCall?(request: Request): boolean
}

/** One guarantee, and the function that throws when the connector does not keep it. */
export type Check = { theme: string; guarantee: string; run(): Promise<void> }

/** Picks the API requests that change something, for a fault. */
export const writesOf =
  (subject: Subject) =>
  (request: Request): boolean =>
    callsOf(subject)(request) &&
    (subject.isWriteCall?.(request) ?? !['GET', 'HEAD', 'OPTIONS'].includes(request.method))

/** Picks the API requests, for a fault. */
export const callsOf =
  (subject: Subject) =>
  (request: Request): boolean =>
    subject.isApiPath?.(request.path) ?? true
