import { sql } from 'drizzle-orm'
import type { Db } from '../../core/db/client.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { migratePlugins } from '../../core/plugins/migrate.ts'
import type { PluginDb } from '../../core/sdk/plugin.ts'
import { saveCard } from '../../plugins/carrier-costs/cards/save-card.ts'
import { carrierCosts } from '../../plugins/carrier-costs/index.ts'
import { startChild } from './child.ts'
import type { control as historyControl } from './history-process.ts'
import { buildCard, countries } from './made-up-card.ts'
import { atLeast, atMost, type Bench, type Figure, ofFloor, type Row } from './row.ts'
import { settleDown } from './server.ts'

const shipments = 100_000

/** Shipments of one parcel over 2026, from Berlin to twenty countries, all of them booked for a price. */
async function insertShipments(db: Db): Promise<void> {
  const to = sql`jsonb_build_object('country', (${sql.param(countries)}::text[])[1 + n % ${sql.raw(String(countries.length))}],
    'postcode', (10000 + n * 7919 % 89999)::text, 'city', null, 'region', null, 'isResidential', n % 2 = 0)`
  await db.execute(sql`
    insert into shipments (id, carrier, service, state, from_place, to_place, ship_at, booked_at, booked_minor, booked_currency)
    select 'shp_' || lpad(n::text, 8, '0'), 'carrier', 'S' || n % 3, 'booked',
      '{"country": "DE", "postcode": "10115", "city": null, "region": null, "isResidential": false}'::jsonb, ${to},
      at, at, 500 + n % 3000, 'EUR'
    from generate_series(1, ${sql.raw(String(shipments))}) n, lateral (select timestamptz '2026-01-01 08:00Z' + n * interval '5 minutes' as at) time`)
  await db.execute(sql`
    insert into parcels (id, shipment_id, position, weight_grams, length_mm, width_mm, height_mm)
    select 'pcl_' || lpad(n::text, 8, '0'), 'shp_' || lpad(n::text, 8, '0'), 0, 50 + n * 31 % 30000,
      100 + n % 900, 50 + n % 500, 20 + n % 400
    from generate_series(1, ${sql.raw(String(shipments))}) n`)
  await db.execute(sql`analyze shipments, parcels`)
}

/** What a year's shipments would have cost with a card, against what reading them alone takes. */
async function measure({ server, note }: Bench): Promise<Row[]> {
  const database = await server.clone()
  try {
    await migratePlugins(database, [carrierCosts], systemClock)
    await saveCard(database.db as unknown as PluginDb, buildCard(), { actor: 'bench', now: new Date() })
    note(`  inserting ${shipments} shipments`)
    await insertShipments(database.db)
    await settleDown(database)
    const child = await startChild<typeof historyControl>('./history-process.ts', { url: database.url })
    try {
      await child.call('read')
      const plain = await child.call('read')
      const compared = await child.call('compare', shipments)
      if (plain.shipments !== shipments || compared.shipments !== shipments)
        throw new Error(`${plain.shipments} and ${compared.shipments} of ${shipments} shipments were read.`)
      if (compared.priced < shipments * 20 * 0.9)
        throw new Error(`Only ${compared.priced} of ${shipments * 20} prices were given.`)
      const size = `${shipments.toLocaleString('en')} shipments x 20 services`
      const seconds = compared.elapsedMs / 1000
      return [
        ofFloor(`history comparison, ${size}, against reading them`, seconds, plain.elapsedMs / 1000, 0.4),
        atLeast(`history comparison, ${size}`, shipments / seconds, 2000, 'shipments/s'),
        atMost(
          `history comparison, ${size}, held more after the first tenth`,
          compared.grownBytes / 2 ** 20,
          4,
          'MB',
        ),
      ]
    } finally {
      await child.kill()
    }
  } finally {
    await database.drop()
  }
}

export const figures: Figure[] = [{ name: 'history comparison', measure }]
