import type { z } from 'zod'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Texts } from '../lib/translate.ts'
import type { Courier, CourierOperations } from './courier.ts'
import type { ConnectorError } from './errors.ts'
import type { HubHttp } from './http.ts'
import type { Coupon, CouponRef } from './model/coupon.ts'
import type {
  ContentChange,
  CreatedListing,
  ListingDraft,
  ListingRef,
  PriceChange,
  RemoteListing,
  StockChange,
} from './model/listing.ts'
import type {
  OrderCancellation,
  RefundRequest,
  RemoteReturn,
  ShipmentConfirmation,
  ToldOrder,
  Unreadable,
} from './model/order.ts'
import type { RemoteTerm, TermKind } from './model/term.ts'
import type { ParcelTracking } from './model/tracking.ts'

/** What became of one pushed item. `pending` acceptances need no flag: they come as a ticket. */
export type ItemResult = { ok: true; externalId?: string } | { ok: false; error: ConnectorError }

/** Sets absolute values; may be repeated without harm. */
export type Push<Client, Item> = {
  /** The rate bucket its calls take from: lets the hub say beforehand how long a push takes. */
  bucket?: string
  /** The most items one `run` takes. */
  maxBatch: number
  /** Items with the same key may share a call; without it all may. The engine batches within a key. */
  groupBy?(item: Item): string
  /** How many remote calls `run` makes for these items, for the preview; 1 unless said otherwise. */
  callsFor?(items: readonly Item[]): number
  /** One result per item, in order; or a ticket that `settle` asks about. */
  run(client: Client, items: readonly Item[]): Promise<ItemResult[] | { ticket: string }>
  /** What became of a ticket: one result per item in the order they were sent, or not known yet. */
  settle?(client: Client, ticket: string, items: readonly Item[]): Promise<ItemResult[] | 'pending'>
}

/** The same push in a second form for long queues (a feed); the engine takes it from `fromItems` upward. */
export type PushForms<Client, Item> = Push<Client, Item> & {
  bulk?: Push<Client, Item> & { fromItems: number }
}

export type Page<Item> = {
  items: readonly Item[]
  unreadable?: readonly Unreadable[]
  /** Where to go on; saved in the same transaction as the items. Null: start over next time. */
  next: string | null
  /** Whether another page waits now. */
  more: boolean
}

/** Reads a page after a cursor. The same cursor may be asked again and gives the same page, or a newer one. */
export type Pull<Client, Item> = {
  /** The rate bucket its calls take from: lets the hub skip a pull that would have to wait. */
  bucket?: string
  run(client: Client, after: string | null): Promise<Page<Item>>
}

export type OnceFind<Client, Input, Output> = (
  client: Client,
  input: Input,
  key: string,
) => Promise<Output | null>

/** Something that must not happen twice. After an unclear outcome the hub calls `find` before trying again. */
export type Once<Client, Input, Output> = {
  run(client: Client, input: Input, key: string): Promise<Output>
  /**
   * Looks whether it happened. `unsupported` leads to a person. `repeatable`: running it again with the same key
   * gives the same and does nothing twice, so nobody has to look.
   */
  find: OnceFind<Client, Input, Output> | 'unsupported' | 'repeatable'
}

/** Tokens that expire (OAuth access tokens), shared by all workers of a connection. */
export type TokenCache = {
  /**
   * The cached token, or the one `refresh` returns. One refresh at a time over all workers, so that a
   * refresh token that may be used once is not burnt.
   */
  get(name: string, refresh: () => Promise<{ value: string; expiresAt: Date }>): Promise<string>
  /** Forgets the token if it is still `value` (it was refused). */
  drop(name: string, value: string): Promise<void>
}

/** What the hub gives a connector for one connection. */
export type ConnectorContext<Settings, Credentials> = {
  settings: Settings
  credentials: Credentials
  http: HubHttp
  tokens: TokenCache
  clock: Clock
  log: Log
}

/** A published limit, as a token bucket: `burst` calls at once, then `perSecond`. */
export type Bucket = { perSecond: number; burst: number /** The page that says so. */; source: string }

/**
 * What a connector was checked against. `description`: every request and answer of its tests against the vendor's
 * machine-readable one. `recordings`: against what the real platform answered. `examples`: against samples that the
 * vendor published. `notes`: against pages of the vendor, or of others, read by people.
 */
export type Verification = {
  document: string
  version: string
  url: string
  by: 'description' | 'recordings' | 'examples' | 'notes'
  /** The operations it speaks for; all that the connector has unless given. */
  operations?: readonly string[]
}

export type WebhookRequest = { headers: Headers; rawBody: Buffer }
/** What a webhook asks us to do. It only says "pull now", and may name what to read. */
export type WebhookAction =
  | { pull: 'orders' | 'listings' | 'returns'; externalIds?: readonly string[] }
  /** Parcels to ask about, by tracking number. */
  | { pull: 'tracking'; externalIds: readonly string[] }
  /** For couriers that may not be asked again so soon: the verified message carries the news itself. */
  | { told: readonly ParcelTracking[] }
  | { ignore: string }

export type MarketplaceOperations<Client> = {
  pullListings?: Pull<Client, RemoteListing>
  createListing?: Once<Client, ListingDraft, CreatedListing>
  pushContent?: PushForms<Client, ContentChange>
  pushPrices?: PushForms<Client, PriceChange>
  pushStock?: PushForms<Client, StockChange>
  endListing?: Push<Client, ListingRef>
  pullOrders?: Pull<Client, ToldOrder>
  /** Reads orders by id, whatever state they are in; an id the platform no longer has is left out. */
  readOrders?: (client: Client, externalIds: readonly string[]) => Promise<Page<ToldOrder>>
  acknowledgeOrder?: Once<Client, { externalOrderId: string; number: string }, true>
  confirmShipment?: Once<Client, ShipmentConfirmation, true>
  cancelOrder?: Once<Client, OrderCancellation, true>
  pullReturns?: Pull<Client, RemoteReturn>
  /** Reads what the platform offers to map ours to, all of it. A parent need not come before its children. */
  pullTerms?: Pull<Client, RemoteTerm>
  refund?: Once<Client, RefundRequest, { externalId: string }>
  /**
   * Makes a coupon that works from now on. A code that another coupon has, whoever made it, is `rejected` in words
   * that name it, and that coupon stays as it is. Needs `endCoupon`.
   */
  createCoupon?: Once<Client, Coupon, { externalId: string }> & {
    find: OnceFind<Client, Coupon, { externalId: string }>
  }
  /** Takes a coupon back that `createCoupon` made, so that its code is free again; one that is gone is ended. */
  endCoupon?: Once<Client, CouponRef, true>
}
export type MarketplaceOperation = keyof MarketplaceOperations<unknown>

/** What every connector declares, whatever it connects to. */
export type ConnectorBase<Settings, Credentials, Client> = {
  /** Lower-case kebab; the folder's name. */
  id: string
  name: string
  /** What it says, in other languages: its name, titles and descriptions of its forms. What has no text here stays English. */
  texts?: Texts
  /** Field `title`, `description` and `secret` in `.meta()` draw the admin form. */
  settings: z.ZodType<Settings>
  credentials: z.ZodType<Credentials>
  buckets: Readonly<Record<string, Bucket>>
  /** The hosts this connector calls, given its settings; anything else is refused. */
  hosts(settings: Settings): readonly string[]
  createClient(context: ConnectorContext<Settings, Credentials>): Client
  /** Proves that the connection works: reads something small. Resolves to a sentence about whom we reached. */
  check(client: Client): Promise<string>
  webhook?: {
    /** Whether the request truly comes from the platform. Given the raw body, before any parsing. */
    verify(request: WebhookRequest, credentials: Credentials, settings: Settings): boolean
    interpret(request: WebhookRequest): WebhookAction
    /** What the platform wants to read when its message was taken; a word of ours unless given. */
    reply?: Readonly<Record<string, unknown>>
  }
  /** What it was checked against; what stands in no list was checked against nothing but its own stand-in. */
  verification?: readonly Verification[]
  /** How often each thing is pulled or compared, as cron lines that suit the limits. */
  schedule: Readonly<Partial<Record<ScheduledTask, string>>>
  /** What the platform is said to have set, per currency and locale of a connection. */
  defaults(settings: Settings): { currency: string; locale: string }
}

export type MarketplaceDefinition<Settings, Credentials, Client> = ConnectorBase<
  Settings,
  Credentials,
  Client
> & {
  kind: 'marketplace'
  /**
   * The kinds of words that its operations take in the platform's own terms: what a person is asked to map.
   * Without it those that follow from its operations, but for places and tax classes.
   */
  mapped?: readonly TermKind[]
  operations: MarketplaceOperations<Client>
}

/** What a schedule can start. */
export const scheduledTasks = [
  'orders',
  'listings',
  'content',
  'price',
  'stock',
  'reconcile',
  'tracking',
  'terms',
  'returns',
] as const
export type ScheduledTask = (typeof scheduledTasks)[number]

/** A marketplace with its type parameters forgotten, as the core holds it. */
// biome-ignore lint/suspicious/noExplicitAny: the client type is private to each connector; the core only hands it back.
export type Marketplace = MarketplaceDefinition<any, any, any>
/** Any connector. What it cannot do is not among its operations, so nobody has to ask what kind it is. */
export type Connector = (Marketplace | Courier) & { operations: Operations }
// biome-ignore lint/suspicious/noExplicitAny: as above.
type Operations = MarketplaceOperations<any> & CourierOperations<any>

/** Declares a marketplace connector. Types flow from the schemas into the client and every operation. */
export function defineMarketplace<Settings, Credentials, Client>(
  definition: Omit<MarketplaceDefinition<Settings, Credentials, Client>, 'kind'>,
): MarketplaceDefinition<Settings, Credentials, Client> {
  return { kind: 'marketplace', ...definition }
}
