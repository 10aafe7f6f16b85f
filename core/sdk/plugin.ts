import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type { Hono } from 'hono'
import type { z } from 'zod'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Texts } from '../lib/translate.ts'
import type { ListingFinding } from './goods.ts'
import type { HubServices } from './hub-services.ts'
import type { ListingContent } from './model/listing.ts'
import type { Money } from './model/money.ts'
import type { TrackingState } from './model/tracking.ts'
import type { PanelContent, PanelSlot } from './panel.ts'
import type { PluginProposal } from './proposal.ts'
import type { PluginQuotes, ShippingChoice, ShippingQuestion, ShippingRequest } from './shipping.ts'

/** Facts told after the commit, at least once each. */
export type HubEvents = {
  'order.imported': { orderId: string; connectionId: string }
  'order.changed': { orderId: string; connectionId: string; from: string; to: string }
  /** Money was given back; `amountMinor` in the order's currency. */
  'order.refunded': { orderId: string; connectionId: string; returnId: string | null; amountMinor: number }
  /** Goods are announced to come back: by the platform, or by a person. */
  'return.entered': { returnId: string; orderId: string; connectionId: string }
  /** Goods came back; which, and what became of them, stands in the ledger. */
  'return.received': { returnId: string; orderId: string; connectionId: string }
  /** By the ledger, a minute or two after: a SKU of a warehouse once, however often it moved in between. */
  'stock.changed': { variantId: string; warehouseId: string }
  'listing.published': { listingId: string; connectionId: string }
  /** A marketplace refused a change, and will not take it until it is another. */
  'listing.refused': { listingId: string; connectionId: string; aspect: string }
  'shipment.booked': { shipmentId: string; orderId: string | null }
  'shipment.tracked': { shipmentId: string; parcelId: string; state: TrackingState }
  'shipment.delivered': { shipmentId: string; orderId: string | null }
}
export type HubEvent = keyof HubEvents

/** What is about to leave, for a filter's last word. */
export type Outgoing = {
  sku: string
  connectionId: string
  connector: string
  locale: string
  currency: string
}

/** The last word on a value before it leaves: what it returns is sent, what it throws stops that item only. */
export type PluginFilters<Settings = unknown> = {
  /** What the listing says; also before it is created. */
  'listing.push'?: (content: ListingContent, about: Outgoing, settings: Settings) => ListingContent
  /** The quantity to publish. */
  'stock.push'?: (quantity: number, about: Outgoing, settings: Settings) => number
  /** The price to publish. */
  'price.push'?: (price: Money, about: Outgoing, settings: Settings) => Money
}

/** The hub's own PostgreSQL, for the plugin's own tables only. */
export type PluginDb = PostgresJsDatabase

export type PluginContext<Settings = unknown> = {
  log: Log
  clock: Clock
  db: PluginDb
  services: HubServices
  /** The settings of now, as the operator left them. */
  settings(): Promise<Settings>
}

/** A change of a plugin's tables; run once, in order, in a transaction of its own. */
export type PluginMigration = { id: string; statements: string }

/** A command of a plugin at the command line: `entrepot <plugin id> <name> …`. */
export type PluginCommand<Settings = unknown> = {
  name: string
  description: string
  /** Positional arguments, in order. */
  args?: readonly { name: string; description: string; isOptional?: boolean; isMany?: boolean }[]
  /** Options with a value: `--name <value>`. */
  options?: readonly { name: string; description: string; default?: string }[]
  /** Returns rows for a table, or one value; printed as JSON with --json. `progress` shows how far it got. */
  run(
    input: { args: readonly string[]; options: Readonly<Record<string, string | undefined>>; actor: string },
    context: PluginContext<Settings> & { progress(done: number, total: number | null, note?: string): void },
  ): Promise<unknown>
}

/** A piece of the admin UI, as data: the UI draws it, the plugin only says what is so. */
export type PluginPanel<Settings = unknown> = {
  /** Lower-case kebab, unique within the plugin. */
  id: string
  title: string
  slot: PanelSlot
  /** What it says now. `subject` is the id of what it stands beside; none on a page or the overview. */
  read(
    input: { subject: string | null; query: Readonly<Record<string, string>> },
    context: PluginContext<Settings>,
  ): Promise<PanelContent>
}

export type PluginDefinition<Settings = unknown> = {
  /** Lower-case kebab; the folder's name. */
  id: string
  name: string
  /** What it says, in other languages: titles, labels, sentences. What has no text here stays English. */
  texts?: Texts
  /** An object whose every field has a default and a title; the form in the admin UI is drawn from it. */
  settings?: z.ZodType<Settings>
  on?: { [E in HubEvent]?: (event: HubEvents[E], context: PluginContext<Settings>) => Promise<void> }
  /** Pure and synchronous. One that throws stops that item only, and names the plugin. */
  filter?: PluginFilters<Settings>
  /** Its own tables. Every name starts with the plugin's id, dashes as underscores: `carrier_costs_cards`. */
  tables?: readonly PluginMigration[]
  /** Started at each tick of a cron line, by one process. */
  jobs?: readonly {
    id: string
    cron: string
    timeZone?: string
    run(context: PluginContext<Settings>): Promise<void>
  }[]
  /** Answers below /plugins/<id>. */
  // biome-ignore lint/suspicious/noExplicitAny: each plugin has its own Hono environment.
  routes?: (context: PluginContext<Settings>) => Hono<any>
  commands?: readonly PluginCommand<Settings>[]
  panels?: readonly PluginPanel<Settings>[]
  /** Kinds of change that it may propose, by name. */
  // biome-ignore lint/suspicious/noExplicitAny: each kind has a payload of its own.
  proposals?: Readonly<Record<string, PluginProposal<any, any, Settings>>>
  /** What it finds wrong with listings, for other plugins that ask. It changes nothing. */
  findings?(listingIds: readonly string[], context: PluginContext<Settings>): Promise<ListingFinding[]>
  shipping?: {
    /** Prices beside the couriers' own. One that throws hides nobody else's. */
    quote?(request: ShippingRequest, context: PluginContext<Settings>): Promise<PluginQuotes>
    /** Chooses among offers by rules; null leaves the choice to the hub. */
    choose?(question: ShippingQuestion, context: PluginContext<Settings>): Promise<ShippingChoice | null>
  }
}

/** Declares a plugin. Handlers may run twice for one event: they must bear it. */
export const definePlugin = <Settings>(definition: PluginDefinition<Settings>): PluginDefinition =>
  // The hub gives each plugin only what its own schema has read.
  definition as unknown as PluginDefinition
