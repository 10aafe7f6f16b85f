import { sql } from 'drizzle-orm'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { addConnection } from '../../core/connections/connections.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { migratePlugins } from '../../core/plugins/migrate.ts'
import { listingAudit } from '../../plugins/listing-audit/index.ts'
import { fillCatalogue } from './catalogue.ts'
import { startChild } from './child.ts'
import { benchAct, createBenchHub } from './hub.ts'
import type { control as auditControl } from './listing-audit-process.ts'
import { atMost, type Bench, type Figure, type Row } from './row.ts'
import { settleDown } from './server.ts'

const listings = 100_000

async function measure(bench: Bench): Promise<Row[]> {
  bench.note(`  building a catalogue of ${listings.toLocaleString('en')} listings`)
  const database = await bench.server.clone()
  try {
    await migratePlugins(database, [listingAudit], systemClock)
    await fill(createBenchHub(database).db)
    await settleDown(database)
    const child = await startChild<typeof auditControl>('./listing-audit-process.ts', { url: database.url })
    try {
      const first = await child.call('all', listings)
      if (first.judged !== listings) throw new Error(`${first.judged} of ${listings} listings were judged.`)
      await database.db.execute(sql`
        update products set title = title || '{"zh": "洁面乳 最佳"}', updated_at = now() + interval '1 hour' where key = 'B0050000'`)
      const change = await child.call('changes')
      if (change.judged !== 1) throw new Error(`One listing was changed, ${change.judged} were judged.`)
      const size = `${listings.toLocaleString('en')} listings without images`
      return [
        atMost(`listing audit, ${size}, in one process`, first.elapsedMs / 1000, 60, 's'),
        atMost(
          `listing audit, ${size}, growth of memory after the first tenth`,
          first.grownBytes / 2 ** 20,
          // The findings alone, held for all listings, would be several times as much.
          100,
          'MB',
        ),
        atMost('listing audit, one change among them', change.elapsedMs, 2000, 'ms'),
      ]
    } finally {
      await child.kill()
    }
  } finally {
    await database.drop()
  }
}

/** Titles and descriptions of a usual length, of which one in twenty makes a claim and one in fifty is incomplete. */
async function fill(db: ReturnType<typeof createBenchHub>['db']): Promise<void> {
  const input = {
    name: 'Shop',
    settings: { url: 'http://127.0.0.1:1', currency: 'CNY' },
    credentials: { consumerKey: 'ck_bench', consumerSecret: 'cs_bench' },
    isLocal: true,
    rateScale: 1,
    ordersFrom: new Date(0),
  }
  const connection = await db.transaction((tx) =>
    addConnection(tx, Buffer.alloc(32, 7), woocommerce, input, benchAct()),
  )
  await fillCatalogue(db, listings, { connectionId: connection.id, externalIds: new Map() })
  await db.execute(sql`update connections set locale = 'zh-CN'`)
  await db.execute(sql`
    update products set updated_at = now() - interval '1 day',
      title = jsonb_build_object('zh', '保湿洁面乳温和清洁控油补水男女通用 ' || (50 + id_number % 200) || 'ml' || case when id_number % 20 = 0 then ' 顶级美白' else '' end),
      description = case when id_number % 50 = 0 then '{}' else jsonb_build_object('zh', repeat('<p>温和配方，<b>每天</b>早晚使用，清洁毛孔。第一次使用请先试用。</p>', 8)) end,
      images = '["https://images.test/1.jpg", "https://images.test/2.jpg", "https://images.test/3.jpg"]',
      attributes = jsonb_build_object('容量', (50 + id_number % 200) || 'ml', '适用肤质', '所有肤质', '产地', '中国')
    from (select id as of_id, substr(id, 5)::int as id_number from products) numbered where of_id = products.id`)
  await db.execute(sql`update base_prices set updated_at = now() - interval '1 day'`)
  await db.execute(sql`analyze products, base_prices`)
}

export const figures: Figure[] = [{ name: 'listing audit', measure }]
