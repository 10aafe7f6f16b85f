import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { query } from '../../../core/db/client.ts'
import { ensureFileConnection } from '../../../core/imports/file-connection.ts'
import { runImport } from '../../../core/imports/run.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { savePluginSettings } from '../../../core/plugins/settings.ts'
import type { PluginContext } from '../../../core/sdk/plugin.ts'
import type { Hub } from '../../../core/sync/hub.ts'
import { publishProducts } from '../../../core/sync/publish.ts'
import type { Verdict } from '../../../plugins/slow-sellers/analysis.ts'
import type { DetectedPromotion } from '../../../plugins/slow-sellers/detect-promotions.ts'
import { slowSellers } from '../../../plugins/slow-sellers/index.ts'
import { cents, makeFolder, readOracle, removeFolders, sharedData } from '../../imports/support.ts'
import { useDatabase } from '../../support/database.ts'
import { createTestHub, testAct } from '../../support/hub.ts'
import { migrate } from './support.ts'

removeFolders()
const { folder, isMissing, note } = sharedData('tmall-beauty')
const dayMs = 86_400_000
const postage = 'A13269981691'
const policy = {
  timeZone: 'Asia/Shanghai',
  windowDays: 10,
  graceDays: 2,
  leastDaysInStock: 3,
  leastUnitsPer30Days: 30,
}

type Row = Record<string, string>
const dayOfRow = (row: Row): string =>
  row
    .update_time!.split('/')
    .map((part) => part.padStart(2, '0'))
    .join('-')

/** The rows of each day, as the file has them. */
function byDay(all: readonly Row[]): [string, Row[]][] {
  const days = Map.groupBy(all, dayOfRow)
  return [...days].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** What a day should come to, from the rows alone: a listing is compared with how it was last seen. */
function countByHand(days: readonly [string, Row[]][]) {
  const seen = new Map<string, { shown: string; price: number }>()
  return days.map(([day, of]) => {
    const counts = { day, created: 0, changed: 0, same: 0, duplicates: 0, pricesSet: 0 }
    const done = new Set<string>()
    for (const row of of) {
      if (done.has(row.id!)) {
        counts.duplicates += 1
        continue
      }
      done.add(row.id!)
      const shown = JSON.stringify([row.title!.trim(), row.店名, row.sale_count, row.comment_count])
      const before = seen.get(row.id!)
      counts[before === undefined ? 'created' : before.shown === shown ? 'same' : 'changed'] += 1
      const price = cents(row.price!)
      if (before?.price !== price) counts.pricesSet += 1
      seen.set(row.id!, { shown, price })
    }
    return counts
  })
}

/** Listings that sell too little by their counters, from the rows alone. */
function slowByHand(all: readonly Row[], until: string): Set<string> {
  const slow = new Set<string>()
  for (const [id, of] of Map.groupBy(all, (row) => row.id!)) {
    const counters = new Map(of.map((row) => [Date.parse(dayOfRow(row)), row.sale_count]))
    let [told, units] = [0, 0]
    for (const [at, now] of counters) {
      const before = counters.get(at - dayMs)
      if (!now || !before || Number(now) < Number(before)) continue
      told += 1
      units += Number(now) - Number(before)
    }
    const age = (Date.parse(until) - Math.min(...counters.keys())) / dayMs
    if (id !== postage && age >= policy.graceDays && told >= policy.leastDaysInStock && units / told < 1)
      slow.add(id)
  }
  return slow
}

/** Listings whose price fell from a day to the next that was seen, and was back at least there later on. */
function tripsByHand(all: readonly Row[]): { any: number; onSale: number } {
  let [any, onSale] = [0, 0]
  for (const of of Map.groupBy(all, (row) => row.id!).values()) {
    const price = new Map(of.map((row) => [dayOfRow(row), cents(row.price!)]))
    const points = [...price].toSorted(([a], [b]) => (a < b ? -1 : 1))
    const falls = points.flatMap(([, minor], index) => {
      const before = points[index - 1]?.[1] ?? 0
      const end = points.slice(index).find(([, later]) => later >= before)?.[0]
      return minor < before && end ? [{ from: points[index]![0], end }] : []
    })
    any += Number(falls.length > 0)
    onSale += Number(
      falls.some(({ from, end }) => from <= '2016-11-11' && end > '2016-11-11') && price.has('2016-11-11'),
    )
  }
  return { any, onSale }
}

describe.skipIf(isMissing)(`ten days of Tmall listings, replayed day by day${note}`, () => {
  const database = useDatabase()
  const clock = manualClock('2016-11-05T00:00:00Z')
  let hub: Hub
  let context: PluginContext
  let connectionId: string
  let all: Row[]
  const verdicts: { day: string; bySku: Map<string, Verdict> }[] = []
  const run = (name: string, ...args: string[]) =>
    slowSellers
      .commands!.find((command) => command.name === name)!
      .run({ args, options: {}, actor: 'ann' }, { ...context, progress: () => {} })

  const importDay = async (path: string) =>
    (
      await runImport({
        db: hub.db,
        profile: 'tmall-listings',
        path,
        actor: 'ann',
        clock,
        rejectsPath: join(path, 'rejects.csv'),
      })
    ).counts

  /** What was imported stands on the shelf: Tmall says so, and there is no connector to ask. */
  async function shelve(): Promise<void> {
    await publishProducts(hub.db, connectionId, 'all', { actor: 'ann', now: clock.now() })
    await hub.db.execute(sql`update listings listing set status = 'live', external_id = variant.sku from variants variant
      where variant.id = listing.variant_id and listing.status <> 'live'`)
  }

  async function judge(day: string): Promise<void> {
    await run('analyse')
    const found = await query<{ sku: string; verdict: Verdict }>(
      hub.db,
      sql`select sku, verdict from slow_sellers_findings join slow_sellers_goods using (listing_id)`,
    )
    verdicts.push({ day, bySku: new Map(found.map(({ sku, verdict }) => [sku, verdict])) })
  }

  beforeAll(async () => {
    await migrate(database())
    hub = createTestHub(database(), [], { clock, plugins: [slowSellers] })
    context = hub.pluginContext('slow-sellers')
    connectionId = (await ensureFileConnection(hub.db, { name: 'Tmall', currency: 'CNY', locale: 'zh-CN' }))
      .id
    await hub.db.transaction((tx) =>
      savePluginSettings(tx, slowSellers, { settings: policy }, testAct('boss')),
    )
    all = await readOracle(folder, 'listings.csv.gz')
  })

  test('every day has exactly the creates, updates and no-ops that its rows say; the same day again has none', async () => {
    const columns = Object.keys(all[0]!)
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
    const csv = (names: readonly string[], of: readonly Row[]) =>
      [names.join(), ...of.map((row) => names.map((name) => cell(row[name]!)).join())].join('\n')
    const days = byDay(all)
    const counted: object[] = []
    for (const [day, of] of days) {
      clock.advance(Date.parse(day) + dayMs - clock.now().getTime())
      const seen = of.map((row) => ({ day, listing: row.id!, sales: row.sale_count!, price: row.price! }))
      const path = await makeFolder({
        'listings.csv': csv(columns, of),
        'snapshots.csv': csv(['day', 'listing', 'sales', 'price'], seen),
      })
      const { rows, created, changed, same, duplicates, pricesSet, rejected } = await importDay(path)
      expect([rows, rejected]).toEqual([of.length, 0])
      counted.push({ day, created, changed, same, duplicates, pricesSet })
      expect(await importDay(path)).toMatchObject({
        created: 0,
        changed: 0,
        same: of.length - duplicates,
        pricesSet: 0,
      })
      await shelve()
      await run('analyse')
      expect(await run('import-snapshots', 'Tmall', join(path, 'snapshots.csv'))).toMatchObject({
        rows: of.length,
        repeated: duplicates,
        taken: of.length - duplicates,
        unknownListings: 0,
      })
      await judge(day)
    }
    console.table(counted)
    expect(counted).toEqual(countByHand(days))
    const sum = (key: string) => counted.reduce((total, row) => total + Reflect.get(row, key), 0)
    expect(['created', 'changed', 'same', 'duplicates', 'pricesSet'].map(sum)).toEqual([
      994, 4139, 2133, 19, 1264,
    ])
  })

  test('listings without a sales figure are never called slow, and the postage top-up is no goods', () => {
    const told = new Map<string, number>()
    for (const [day, of] of byDay(all)) {
      for (const row of of) if (row.sale_count) told.set(row.id!, (told.get(row.id!) ?? 0) + 1)
      const { bySku } = verdicts.find((row) => row.day === day)!
      const slow = [...bySku].filter(([, verdict]) => verdict === 'slow').map(([sku]) => sku)
      expect(slow.filter((sku) => (told.get(sku) ?? 0) < 2)).toEqual([])
      if (bySku.has(postage)) expect(bySku.get(postage)).toBe('not_goods')
      const silent = [...bySku].filter(([sku]) => !told.has(sku) && sku !== postage)
      expect(silent.length).toBeGreaterThan(0)
      expect(silent.filter(([, verdict]) => verdict !== 'unknown' && verdict !== 'new')).toEqual([])
    }
    expect([...verdicts.at(-1)!.bySku.values()].filter((verdict) => verdict === 'not_goods')).toHaveLength(1)
  })

  test('the slow ones are exactly those whose counters rose by too little', () => {
    const { bySku } = verdicts.at(-1)!
    const found = [...bySku].filter(([, verdict]) => verdict === 'slow').map(([sku]) => sku)
    console.table([...Map.groupBy(bySku.values(), (verdict) => verdict)].map(([is, of]) => [is, of.length]))
    expect(found.length).toBeGreaterThan(0)
    expect(found.toSorted()).toEqual([...slowByHand(all, '2016-11-15')].toSorted())
  })

  test('the price round trip of the sale is seen as a promotion', async () => {
    const found = (await run('promotions', 'Tmall')) as (DetectedPromotion & { sku: string })[]
    const during = found.filter(({ from, to }) => from <= '2016-11-11' && to >= '2016-11-11')
    const counts = {
      any: new Set(found.map(({ sku }) => sku)).size,
      onSale: new Set(during.map(({ sku }) => sku)).size,
    }
    console.table([counts])
    expect(counts).toEqual(tripsByHand(all))
    expect(counts.onSale).toBeGreaterThan(0)
    const deepest = during.toSorted((a, b) => b.depthPercent - a.depthPercent)[0]!
    const lowest = all.filter((row) => row.id === deepest.sku).map((row) => cents(row.price!))
    expect(deepest.lowestMinor).toBe(Math.min(...lowest))
  })
})
