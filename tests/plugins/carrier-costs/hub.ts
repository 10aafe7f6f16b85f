import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Connector, PluginContext, ShippingRequest } from 'entrepot/sdk'
import { beforeAll } from 'vitest'
import { addConnection } from '../../../core/connections/connections.ts'
import type { Database, Db } from '../../../core/db/client.ts'
import { silentLog } from '../../../core/lib/log.ts'
import { migratePlugins } from '../../../core/plugins/migrate.ts'
import { engineServices } from '../../../core/sync/engine-services.ts'
import { createHub, type Hub } from '../../../core/sync/hub.ts'
import { createMetrics } from '../../../core/sync/metrics.ts'
import { saveCard } from '../../../plugins/carrier-costs/cards/save-card.ts'
import { carrierCosts } from '../../../plugins/carrier-costs/index.ts'
import type { RateCard } from '../../../plugins/carrier-costs/rate-card.ts'
import { useDatabase } from '../../support/database.ts'
import { testAct } from '../../support/hub.ts'
import { parcel, place } from './support.ts'

const key = randomBytes(32)

/** A hub on a database with the plugin's tables, at a time that stands still. */
export function createCostHub(
  database: Database,
  connectors: readonly Connector[] = [],
  now = '2026-03-02T12:00:00Z',
): Hub {
  return createHub({
    database,
    clock: { now: () => new Date(now), sleep: async () => {} },
    log: silentLog,
    key,
    config: { connectors, plugins: [carrierCosts] },
    metrics: createMetrics(),
    holder: 'test',
    services: engineServices,
  })
}

/** A hub with the plugin for the test file. */
export function useCostHub(
  connectors: readonly Connector[] = [],
): () => { hub: Hub; context: PluginContext } {
  const database = useDatabase()
  let made: { hub: Hub; context: PluginContext } | undefined
  beforeAll(async () => {
    const hub = createCostHub(database(), connectors)
    await migratePlugins(database(), [carrierCosts], hub.clock)
    made = { hub, context: hub.pluginContext('carrier-costs') }
  })
  return () => made!
}

export const importAct = { actor: 'test', now: new Date('2026-03-01T00:00:00Z') }
export const keepCard = (context: PluginContext, card: RateCard) => saveCard(context.db, card, importAct)

export const connectTo = (hub: Hub, connector: Connector, settings: object, name: string = connector.id) =>
  hub.db.transaction((tx) =>
    addConnection(tx, hub.key, connector, { name, settings, credentials: {} }, testAct()),
  )

/** Runs a command of the plugin as the command line does. */
export async function run(
  { context }: { context: PluginContext },
  name: string,
  args: readonly string[] = [],
  options: Record<string, string> = {},
): Promise<unknown> {
  const command = carrierCosts.commands!.find((one) => one.name === name)!
  const defaults = Object.fromEntries((command.options ?? []).map((one) => [one.name, one.default]))
  return command.run(
    { args, options: { ...defaults, ...options }, actor: 'cli:test' },
    { ...context, progress() {} },
  )
}

export const ask = (more: Partial<ShippingRequest> = {}): ShippingRequest => ({
  from: place('DE', '10115'),
  to: place('DE', '20095'),
  parcels: [parcel(1000, [200, 150, 100])],
  shipAt: new Date('2026-03-02T12:00:00Z'),
  declaredValue: null,
  ...more,
})

/** A booked shipment as it stands in the database. */
export type MadeShipment = {
  id: string
  carrier: string
  service: string
  from: string
  to: string
  shipAt: string
  weightGrams: number
  booked: number | null
  quoted: number | null
  isCancelled: boolean
}

/** Writes booked shipments of one parcel each, in euros. */
export async function insertShipments(db: Pick<Db, 'execute'>, made: readonly MadeShipment[]): Promise<void> {
  const item = sql`jsonb_to_recordset(${JSON.stringify(made)}::text::jsonb) as item(id text, carrier text, service text,
    "from" text, "to" text, "shipAt" timestamptz, "weightGrams" int, booked bigint, quoted bigint, "isCancelled" boolean)`
  const placeOf = (column: string) =>
    sql.raw(
      `jsonb_build_object('country', ${column}, 'postcode', null, 'city', null, 'region', null, 'isResidential', false)`,
    )
  await db.execute(sql`
    insert into shipments (id, carrier, service, state, from_place, to_place, ship_at, booked_at, booked_minor, booked_currency, offer)
    select id, carrier, service, case when "isCancelled" then 'cancelled' else 'booked' end, ${placeOf('"from"')}, ${placeOf('"to"')},
      "shipAt", "shipAt", booked, case when booked is not null then 'EUR' end,
      case when quoted is not null then jsonb_build_object('currency', 'EUR', 'totalMinor', quoted, 'charges', '[]'::jsonb,
        'source', jsonb_build_object('kind', 'courier', 'connectionId', 'con_x', 'name', 'X')) end
    from ${item}`)
  await db.execute(sql`
    insert into parcels (id, shipment_id, position, weight_grams, length_mm, width_mm, height_mm)
    select 'pcl' || substr(id, 4), id, 0, "weightGrams", 200, 150, 100 from ${item}`)
}
