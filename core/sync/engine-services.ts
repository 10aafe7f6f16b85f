import { sql } from 'drizzle-orm'
import { listPromotions } from '../catalog/promotions.ts'
import { readCoupons } from '../coupons/read.ts'
import { query, rows } from '../db/client.ts'
import { streamListings } from '../listings/facts.ts'
import { streamSales } from '../orders/sales.ts'
import type { EngineServices } from '../plugins/services.ts'
import { readActivePlugins } from '../plugins/settings.ts'
import type { PluginDefinition } from '../sdk/plugin.ts'
import { streamMovements } from '../stock/movements.ts'
import type { Hub } from './hub.ts'
import { proposalServices } from './plugin-proposals.ts'
import { shippingServices } from './shipping-services.ts'

/** What a plugin may ask of the engine: shipping, goods and proposals. */
export const engineServices = (hub: Hub, plugin: PluginDefinition): EngineServices => ({
  ...shippingServices(hub),
  ...proposalServices(hub, plugin),
  streamListings: (filter = {}) => streamListings(hub.db, filter, () => hub.clock.now()),
  streamSales: (period) => streamSales(hub.db, period),
  streamMovements: (afterId = 0) => streamMovements(hub.db, afterId, hub.clock.now()),
  listPromotionalPrices: (period) => listPromotions(hub.db, period),
  readCoupons: (ids) => readCoupons(hub.db, ids),
  readFindings: async (listingIds) => {
    const others = (await readActivePlugins(hub.db, hub.plugins)).filter(
      (one) => one.plugin.findings && one.plugin.id !== plugin.id,
    )
    const found = await Promise.all(
      others.map(async ({ plugin: { id, findings } }) =>
        (await findings!(listingIds, hub.pluginContext(id))).map((finding) => ({ ...finding, plugin: id })),
      ),
    )
    return { asked: others.map((one) => one.plugin.id), findings: found.flat() }
  },
  countUnacknowledged: async (aspect, variantIds) => {
    const found = await query<{ connectionId: string; count: number }>(
      hub.db,
      sql`
      select state.connection_id as "connectionId", count(*)::int as count
      from ${rows(
        variantIds.map((id) => ({ id })),
        'id text',
      )} join listings listing on listing.variant_id = item.id and listing.status = 'live'
      join listing_aspects state on state.listing_id = listing.id and state.aspect = ${aspect} and state.is_dirty
      group by 1`,
    )
    return Object.fromEntries(found.map((row) => [row.connectionId, row.count]))
  },
})
