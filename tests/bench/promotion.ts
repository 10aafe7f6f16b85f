import { sql } from 'drizzle-orm'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { query } from '../../core/db/client.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { migratePlugins } from '../../core/plugins/migrate.ts'
import { approveProposal } from '../../core/proposals/proposals.ts'
import { decisionsOf } from '../../core/sync/appliers.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { campaignInput } from '../../plugins/promotions/campaign.ts'
import { promotions } from '../../plugins/promotions/index.ts'
import { proposeCampaign } from '../../plugins/promotions/propose.ts'
import type { Context } from '../../plugins/promotions/run-checks.ts'
import { addCampaign } from '../../plugins/promotions/store.ts'
import { fillCatalogue, goodsOf, isInStep, numbersTo } from './catalogue.ts'
import { benchAct, connect, createBenchHub, startSandboxChild, startWorkers } from './hub.ts'
import { atLeast, atMost, type Bench, type Figure, ofFloor, type Row } from './row.ts'
import { settleDown, until } from './server.ts'

const count = 10_000
const [regularMinor, campaignMinor] = [1990, 1592]
/** From the proposal to the start: time to check, approve and date ten thousand prices. */
const leadMs = 15_000
const lastsMs = 30_000

type Platform = 'woocommerce' | 'amazon'

/** From the instant a campaign starts, and ends, until a marketplace has acknowledged every price. */
async function measure(bench: Bench, platform: Platform, rateScale: number): Promise<Row[]> {
  const database = await bench.server.clone()
  const sandbox = await startSandboxChild({ platform, rateScale })
  const hub = createBenchHub(database, { plugins: [promotions] })
  await migratePlugins(database, [promotions], systemClock)
  const numbers = numbersTo(count)
  const ids = await sandbox.call('addGoods', goodsOf(numbers))
  const connection = await connect(hub, platform, sandbox, rateScale)
  const externalIds = new Map(numbers.map((number, index) => [number, ids[index]!]))
  await fillCatalogue(hub.db, count, { connectionId: connection.id, externalIds })
  await settleDown(database)
  const stop = await startWorkers(database, 1)
  const switchAt = async (at: Date, what: string): Promise<number> => {
    await new Promise((resolve) => setTimeout(resolve, at.getTime() - Date.now()))
    await until(`${what} to be noticed`, async () => !(await isInStep(hub.db, connection.id)))
    await until(`${what} to be acknowledged`, () => isInStep(hub.db, connection.id))
    return (Date.now() - at.getTime()) / 1000
  }
  try {
    const { startsAt, endsAt, proposedSeconds } = await approve(hub)
    await sandbox.call('takeCounts')
    const start = await switchAt(startsAt, 'the start')
    const reduced = await countReduced(hub)
    const end = await switchAt(endsAt, 'the end')
    const restored = await sandbox.call('countAtPrice', regularMinor)
    const { refused } = await sandbox.call('takeCounts')
    const name = `promotion of ${count} listings on ${platform} at ${rateScale} x the published rate`
    return [
      atMost(`${name}, checked, proposed and approved`, proposedSeconds, leadMs / 1000, 's'),
      ...(platform === 'woocommerce'
        ? [
            ofFloor(`${name}, start`, start, shopFloor(rateScale), 0.8),
            ofFloor(`${name}, end`, end, shopFloor(rateScale), 0.8),
          ]
        : [
            atMost(`${name}, start (the floor is 0: one feed)`, start, 20, 's'),
            atMost(`${name}, end (the floor is 0: one feed)`, end, 20, 's'),
          ]),
      atLeast(`${name}, prices reduced`, reduced, count, 'listings'),
      atLeast(`${name}, prices restored`, restored, count, 'listings'),
      atMost(`${name}, refused calls`, refused, 0, 'calls'),
    ]
  } finally {
    await stop()
    await sandbox.kill()
    await database.drop()
  }
}

/** How many prices a marketplace has acknowledged as reduced. */
async function countReduced({ db }: Hub): Promise<number> {
  const [row] = await query<{ count: number }>(
    db,
    sql`
    select count(*)::int as count from listing_aspects
    where aspect = 'price' and not is_dirty and acknowledged_value -> 'sale' -> 'price' ->> 'minor' = ${String(campaignMinor)}`,
  )
  return row!.count
}

/** The first `burst` calls are free; each other one waits for its token. */
function shopFloor(rateScale: number): number {
  const { burst, perSecond } = woocommerce.buckets.products!
  return (Math.ceil(count / woocommerce.operations.pushPrices!.maxBatch) - burst) / (perSecond * rateScale)
}

async function approve(hub: Hub): Promise<{ startsAt: Date; endsAt: Date; proposedSeconds: number }> {
  const context = hub.pluginContext('promotions') as Context
  const begun = Date.now()
  const startsAt = new Date(Math.ceil((begun + leadMs) / 1000) * 1000)
  const endsAt = new Date(startsAt.getTime() + lastsMs)
  const local = (at: Date) => at.toISOString().slice(0, 19)
  const input = campaignInput.parse({
    title: 'Bench',
    owner: 'bench',
    startsAt: local(startsAt),
    endsAt: local(endsAt),
    kind: { kind: 'percentage', basisPoints: 2000 },
  })
  const id = await addCampaign(context.db, input, 'bench', new Date())
  await approveProposal(hub.db, decisionsOf(hub).apply, await proposeCampaign(context, id), benchAct())
  return { startsAt, endsAt, proposedSeconds: (Date.now() - begun) / 1000 }
}

export const figures: Figure[] = [
  { name: 'promotion woocommerce', measure: (bench) => measure(bench, 'woocommerce', 5) },
  { name: 'promotion amazon', measure: (bench) => measure(bench, 'amazon', 20) },
]
