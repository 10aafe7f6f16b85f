import { sql } from 'drizzle-orm'
import { query } from 'entrepot/sdk'
import { beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../../connectors/woocommerce/sandbox.ts'
import { saveProducts } from '../../../core/catalog/catalog.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { migratePlugins } from '../../../core/plugins/migrate.ts'
import { savePluginSettings } from '../../../core/plugins/settings.ts'
import type { Hub } from '../../../core/sync/hub.ts'
import { publishProducts } from '../../../core/sync/publish.ts'
import { type AuditContext, auditAll } from '../../../plugins/listing-audit/audit.ts'
import { publicImages } from '../../../plugins/listing-audit/images/download-image.ts'
import { measureChanged } from '../../../plugins/listing-audit/images/measure-changed.ts'
import { listingAudit } from '../../../plugins/listing-audit/index.ts'
import { listResults } from '../../../plugins/listing-audit/results.ts'
import { useDatabase } from '../../support/database.ts'
import { connect, createTestHub, seed, testAct, useSandbox } from '../../support/hub.ts'
import { draw, useImageServer } from './pictures.ts'

describe('the nightly measure of images', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-10T01:30:00Z')
  const shop = useSandbox(() => createWooCommerceSandbox({ clock, currency: 'EUR', rateScale: 1000 }))
  const server = useImageServer()
  const here = { ...publicImages, isAllowed: (address: string) => address === '127.0.0.1' }
  let hub: Hub
  let context: AuditContext
  const set = (settings: Record<string, unknown>) =>
    database().db.transaction((tx) => savePluginSettings(tx, listingAudit, { settings }, testAct()))
  const show = (key: string, images: string[]) =>
    database().db.transaction((tx) =>
      saveProducts(
        tx,
        [{ key, title: { en: `Product ${key}` }, images, optionNames: [], variants: [{ sku: key }] }],
        testAct(),
      ),
    )
  const faultsOf = async (sku: string) =>
    (await listResults(context.db, {}, { after: '', limit: 100 }))
      .filter((result) => result.sku === sku)
      .flatMap(({ findings }) => findings)
      .filter(({ category }) => category === 'images')
      .map(({ ruleId, message }) => `${ruleId}: ${message}`)
  const measure = () => {
    server.asked.length = 0
    return measureChanged(context, here)
  }
  beforeAll(async () => {
    await migratePlugins(database(), [listingAudit], clock)
    hub = createTestHub(database(), [woocommerce], { clock, plugins: [listingAudit] })
    context = hub.pluginContext('listing-audit') as AuditContext
    const connection = await connect(hub, woocommerce, shop())
    await seed(hub, [{ sku: 'CUP' }, { sku: 'MUG' }])
    await publishProducts(hub.db, connection.id, 'all', testAct())
    server.serve('/cup.jpg', await draw().jpeg())
    server.serve('/mug.jpg', await draw({ width: 300, height: 300 }).jpeg())
    await show('CUP', [server.url('/cup.jpg'), server.url('/lost.jpg')])
    await show('MUG', [server.url('/mug.jpg')])
    await auditAll(context)
  })

  test('asks for no image while the setting is off, and not within our networks while it is on', async () => {
    expect(await measureChanged(context, here)).toEqual({ measured: 0, unreadable: 0 })
    await set({ measuresImages: true })
    expect(await measureChanged(context)).toEqual({ measured: 3, unreadable: 3 })
    expect(server.asked).toEqual([])
    expect(await faultsOf('MUG')).toEqual([
      'images.unreadable: The image cannot be read: its address is not public.',
    ])
    await context.db.execute(sql`delete from listing_audit_images`)
  })

  test('measures each image once, and the listings that show it are judged by it at once', async () => {
    expect(await measure()).toEqual({ measured: 3, unreadable: 1 })
    expect(await faultsOf('MUG')).toEqual([
      'images.small: The image measures 300 x 300; its longer side should have 500 pixels.',
    ])
    expect(await faultsOf('CUP')).toEqual([
      'images.unreadable: The image cannot be read: the server answers 404.',
    ])
    expect(await measure()).toEqual({ measured: 0, unreadable: 0 })
    expect(server.asked).toEqual([])
  })

  test('measures only what a change added, and forgets what is shown no more', async () => {
    server.serve('/mug-large.jpg', await draw({ left: 0.1 }).jpeg())
    await show('MUG', [server.url('/mug-large.jpg')])
    clock.advance(3_600_000)
    expect(await measure()).toEqual({ measured: 1, unreadable: 0 })
    expect(server.asked).toEqual(['/mug-large.jpg'])
    expect(await faultsOf('MUG')).toEqual([])
    const kept = await query<{ url: string }>(
      context.db,
      sql`select url from listing_audit_images order by url`,
    )
    expect(kept.map(({ url }) => new URL(url).pathname)).toEqual(['/cup.jpg', '/lost.jpg', '/mug-large.jpg'])
  })

  test('tries an image again the next night that could not be had', async () => {
    server.serve('/lost.jpg', await draw({ left: 0.1 }).jpeg())
    clock.advance(24 * 3_600_000)
    expect(await measure()).toEqual({ measured: 1, unreadable: 0 })
    expect(server.asked).toEqual(['/lost.jpg'])
    expect(await faultsOf('CUP')).toEqual([])
  })
})
