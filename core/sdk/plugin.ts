import type { Money } from './model/money.ts'

/** Facts told after the commit, at least once each. */
export type HubEvents = {
  'order.imported': { orderId: string; connectionId: string }
  'order.changed': { orderId: string; connectionId: string; from: string; to: string }
  'stock.changed': { variantId: string; warehouseId: string }
  'listing.published': { listingId: string; connectionId: string }
  'listing.refused': { listingId: string; connectionId: string; aspect: string }
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

export type PluginContext = { log: import('../lib/log.ts').Log; clock: import('../lib/clock.ts').Clock }

export type PluginDefinition = {
  /** Lower-case kebab; the folder's name. */
  id: string
  name: string
  on?: { [E in HubEvent]?: (event: HubEvents[E], context: PluginContext) => Promise<void> }
  /** Pure and synchronous. One that throws stops that item only, and names the plugin. */
  filter?: PluginFilters
}

/** Declares a plugin. Handlers may run twice for one event: they must bear it. */
export const definePlugin = (definition: PluginDefinition): PluginDefinition => definition
