import { z } from 'zod'
import { addConnection, type Connection } from '../../core/connections/connections.ts'
import { listingAspects, listings } from '../../core/db/schema/index.ts'
import { newId } from '../../core/lib/id.ts'
import { type Connector, defineMarketplace, type MarketplaceOperations } from '../../core/sdk/connector.ts'
import { aspects } from '../../core/sdk/model/listing.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { testAct } from './hub.ts'

/** A marketplace in this process, for what no sandbox does on request: each test says how it answers. */
export const fakeShop = (operations: MarketplaceOperations<unknown>): Connector =>
  defineMarketplace({
    id: 'fake',
    name: 'Fake',
    settings: z.object({}),
    credentials: z.object({ key: z.string() }),
    buckets: {},
    hosts: () => [],
    createClient: () => ({}),
    check: async () => 'Reached the fake shop.',
    schedule: {},
    defaults: () => ({ currency: 'EUR', locale: 'en' }),
    operations,
  })

export const connectFake = (hub: Hub, name = 'fake'): Promise<Connection> =>
  hub.db.transaction((tx) =>
    addConnection(
      tx,
      hub.key,
      hub.connectors.get('fake')!,
      { name, settings: {}, credentials: { key: 'k' }, isLocal: true, ordersFrom: new Date(0) },
      testAct(),
    ),
  )

/** Listings of these variants that are live, with nothing acknowledged yet: all their aspects are dirty. */
export async function listAll(
  hub: Hub,
  connectionId: string,
  variants: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const made = [...variants].map(([sku, variantId]) => ({ id: newId('lst'), sku, variantId }))
  await hub.db.insert(listings).values(
    made.map(({ id, sku, variantId }) => ({
      id,
      connectionId,
      variantId,
      externalId: sku,
      status: 'live' as const,
    })),
  )
  await hub.db
    .insert(listingAspects)
    .values(made.flatMap(({ id }) => aspects.map((aspect) => ({ listingId: id, aspect, connectionId }))))
  return new Map(made.map(({ id, sku }) => [sku, id]))
}
