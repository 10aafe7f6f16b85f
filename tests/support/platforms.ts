import { eq, sql } from 'drizzle-orm'
import { amazon } from '../../connectors/amazon/index.ts'
import { createAmazonSandbox } from '../../connectors/amazon/sandbox.ts'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import type { Connection } from '../../core/connections/connections.ts'
import type { Db } from '../../core/db/client.ts'
import { connections } from '../../core/db/schema/index.ts'
import { systemClock } from '../../core/lib/clock.ts'
import type { Connector } from '../../core/sdk/connector.ts'
import type { MarketplaceSandbox, RunningSandbox } from '../../core/sdk/sandbox.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { connect } from './hub.ts'

export type Platform = {
  name: string
  connector: Connector
  create(random?: () => number): MarketplaceSandbox
  /** With its limits, so many times faster than published. */
  createLimited(scale: number): MarketplaceSandbox
}

/** No published limit makes a test wait at this. */
const rateScale = 1_000_000

/** Both marketplaces with their stand-ins, at rates that do not make a test wait. */
export const platforms: readonly Platform[] = [
  {
    name: 'WooCommerce',
    connector: woocommerce,
    create: (random) =>
      createWooCommerceSandbox({
        clock: systemClock,
        currency: 'EUR',
        rateScale,
        ...(random && { random }),
      }),
    createLimited: (scale) =>
      createWooCommerceSandbox({ clock: systemClock, currency: 'EUR', rateScale: scale }),
  },
  {
    name: 'Amazon',
    connector: amazon,
    create: (random) =>
      createAmazonSandbox({
        clock: systemClock,
        currency: 'EUR',
        rateScale,
        feedDelayMs: 0,
        ...(random && { random }),
      }),
    createLimited: (scale) => createAmazonSandbox({ clock: systemClock, currency: 'EUR', rateScale: scale }),
  },
]

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A connection to a platform of these, at their speed. */
export async function connectFast(
  hub: Hub,
  connector: Connector,
  sandbox: RunningSandbox<MarketplaceSandbox>,
  name?: string,
): Promise<Connection> {
  const connection = await connect(hub, connector, sandbox, name)
  await hub.db.update(connections).set({ rateScale }).where(eq(connections.id, connection.id))
  return { ...connection, rateScale }
}

/** As if the leases of a dead worker had expired and every rest after a failure were over. */
export async function passTime(db: Db): Promise<void> {
  await db.execute(sql`update leases set expires_at = now() - interval '1 second', not_before = null`)
  await db.execute(sql`update once_calls set not_before = null where state in ('waiting', 'uncertain')`)
  await db.execute(sql`
    update listing_aspects set not_before = null where refused_revision is null and not exists (
      select 1 from tickets where tickets.connection_id = listing_aspects.connection_id and tickets.aspect = listing_aspects.aspect and settled_at is null)`)
}
