import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type { Hono } from 'hono'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Money } from './model/money.ts'
import type { TrackingState } from './model/tracking.ts'
import type {
  PluginQuotes,
  ShipmentFacts,
  ShippingChoice,
  ShippingQuestion,
  ShippingRequest,
  TransitHistory,
} from './shipping.ts'

/** Facts told after the commit, at least once each. */
export type HubEvents = {
  'order.imported': { orderId: string; connectionId: string }
  'order.changed': { orderId: string; connectionId: string; from: string; to: string }
  'stock.changed': { variantId: string; warehouseId: string }
  'listing.published': { listingId: string; connectionId: string }
  'listing.refused': { listingId: string; connectionId: string; aspect: string }
  'shipment.booked': { shipmentId: string; orderId: string | null }
  'shipment.tracked': { shipmentId: string; parcelId: string; state: TrackingState }
  'shipment.delivered': { shipmentId: string; orderId: string | null }
}
export type HubEvent = keyof HubEvents

/** What is about to leave, for a filter's last word. */
export type Outgoing = { sku: string; connectionId: string; connector: string }

export type PluginFilters = {
  /** The quantity to publish. */
  'stock.push'?: (quantity: number, about: Outgoing) => number
  /** The price to publish. */
  'price.push'?: (price: Money, about: Outgoing) => Money
}

/** What plugins may read and do beside their own tables. */
export type HubServices = {
  /** Accounts by name, without anything secret. */
  listConnections(): Promise<
    { id: string; name: string; connector: string; kind: string; currency: string }[]
  >
  /** Booked shipments of a period by the time of booking, the oldest first; read page by page. */
  streamShipments(period: { from: Date; to: Date }): AsyncIterable<ShipmentFacts>
  /** Shipments that any of these names: our id, the courier's id, or a tracking number. */
  findShipments(names: readonly string[]): Promise<ShipmentFacts[]>
  /** How long parcels took since an instant, by lane and service. */
  readTransit(since: Date): Promise<TransitHistory[]>
  /** Weight, size and sales of an order's lines, to plan its parcels. @throws NotFoundError */
  readShippingRequest(orderId: string): Promise<ShippingRequest>
  /** What a choice of service for an order depends on beside its parcels. @throws NotFoundError */
  readShippingFacts(orderId: string): Promise<Pick<ShippingQuestion, 'shipBy' | 'deliverBy' | 'order'>>
  /** All prices for a request: every courier's own and every plugin's. */
  quote(request: ShippingRequest): Promise<Pick<ShippingQuestion, 'offers' | 'unavailable'>>
  /** Opens or counts a problem of this plugin; `key` is unique within the plugin. */
  raiseProblem(problem: {
    key: string
    message: string
    subject?: string
    remedy: string
    holdsUp: string
  }): Promise<void>
  settleProblem(key: string): Promise<void>
  /** Writes what was done into the audit log. */
  audit(entry: {
    actor: string
    action: string
    subject: string
    before?: unknown
    after?: unknown
  }): Promise<void>
}

/** The hub's own PostgreSQL, for the plugin's own tables only. */
export type PluginDb = PostgresJsDatabase

export type PluginContext = { log: Log; clock: Clock; db: PluginDb; services: HubServices }

/** A change of a plugin's tables; run once, in order, in a transaction of its own. */
export type PluginMigration = { id: string; statements: string }

/** A command of a plugin at the command line: `entrepot <plugin id> <name> …`. */
export type PluginCommand = {
  name: string
  description: string
  /** Positional arguments, in order. */
  args?: readonly { name: string; description: string; isOptional?: boolean; isMany?: boolean }[]
  /** Options with a value: `--name <value>`. */
  options?: readonly { name: string; description: string; default?: string }[]
  /** Returns rows for a table, or one value; printed as JSON with --json. `progress` shows how far it got. */
  run(
    input: { args: readonly string[]; options: Readonly<Record<string, string | undefined>>; actor: string },
    context: PluginContext & { progress(done: number, total: number | null, note?: string): void },
  ): Promise<unknown>
}

export type PluginDefinition = {
  /** Lower-case kebab; the folder's name. */
  id: string
  name: string
  on?: { [E in HubEvent]?: (event: HubEvents[E], context: PluginContext) => Promise<void> }
  /** Pure and synchronous. One that throws stops that item only, and names the plugin. */
  filter?: PluginFilters
  /** Its own tables. Every name starts with the plugin's id, dashes as underscores: `carrier_costs_cards`. */
  tables?: readonly PluginMigration[]
  /** Started at each tick of a cron line, by one process. */
  jobs?: readonly {
    id: string
    cron: string
    timeZone?: string
    run(context: PluginContext): Promise<void>
  }[]
  /** Answers below /plugins/<id>. */
  // biome-ignore lint/suspicious/noExplicitAny: each plugin has its own Hono environment.
  routes?: (context: PluginContext) => Hono<any>
  commands?: readonly PluginCommand[]
  shipping?: {
    /** Prices beside the couriers' own. One that throws hides nobody else's. */
    quote?(request: ShippingRequest, context: PluginContext): Promise<PluginQuotes>
    /** Chooses among offers by rules; null leaves the choice to the hub. */
    choose?(question: ShippingQuestion, context: PluginContext): Promise<ShippingChoice | null>
  }
}

/** Declares a plugin. Handlers may run twice for one event: they must bear it. */
export const definePlugin = (definition: PluginDefinition): PluginDefinition => definition
