import { sql } from 'drizzle-orm'
import { amazon } from '../../connectors/amazon/index.ts'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { type Db, query } from '../../core/db/client.ts'
import type { Bucket } from '../../core/sdk/connector.ts'
import { fillCatalogue, goodsOf, isInStep, numbersTo, openingStock, setStock } from './catalogue.ts'
import { connect, createBenchHub, type HubKind, startSandboxChild, startWorkers } from './hub.ts'
import { atMost, type Bench, type Figure, ofFloor, type Row } from './row.ts'
import { settleDown, until } from './server.ts'

type Case = {
  platform: 'woocommerce' | 'amazon'
  changes: number
  kind: HubKind
  /** So many times the published rate, so that the floor is seconds and not half an hour. */
  rateScale: number
}

/** From the commit of the changes until all are acknowledged, against the least that the published limit allows. */
const cases: readonly Case[] = [
  { platform: 'woocommerce', changes: 1_000, kind: 'whole', rateScale: 1 },
  { platform: 'woocommerce', changes: 10_000, kind: 'whole', rateScale: 5 },
  { platform: 'amazon', changes: 1_000, kind: 'single', rateScale: 20 },
  { platform: 'amazon', changes: 10_000, kind: 'single', rateScale: 50 },
]

const buckets: Record<Case['platform'], { bucket: Bucket; batch: number }> = {
  woocommerce: {
    bucket: woocommerce.buckets.products!,
    batch: woocommerce.operations.pushStock!.maxBatch,
  },
  amazon: { bucket: amazon.buckets.patchListingsItem!, batch: amazon.operations.pushStock!.maxBatch },
}

/** The first `burst` calls are free; each other one waits for its token. */
function floorSeconds({ platform, changes, rateScale }: Case): number {
  const { bucket, batch } = buckets[platform]
  return Math.max(0, Math.ceil(changes / batch) - bucket.burst) / (bucket.perSecond * rateScale)
}

const nameOf = ({ platform, changes, rateScale }: Case): string =>
  `push ${platform}, ${changes} stock changes at ${rateScale} x the published rate`

async function measurePush(bench: Bench, given: Case): Promise<Row[]> {
  const result: Row[] = []
  let refused = 0
  for (const [workers, bar] of [
    [1, 0.95],
    [4, 0.9],
  ] as const) {
    const run = await runPush(bench, given, workers)
    refused += run.refused
    const who = workers === 1 ? '1 worker' : `${workers} workers`
    result.push(ofFloor(`${nameOf(given)}, ${who}`, run.seconds, floorSeconds(given), bar))
  }
  return [...result, atMost(`${nameOf(given)}, refused calls`, refused, 0, 'calls')]
}

type Run = { seconds: number; refused: number; writes: number; feeds: number }

async function runPush(bench: Bench, given: Case, workers: number): Promise<Run> {
  const { platform, changes, kind, rateScale } = given
  const database = await bench.server.clone()
  const sandbox = await startSandboxChild({ platform, rateScale })
  const numbers = numbersTo(changes)
  const ids = await sandbox.call('addGoods', goodsOf(numbers))
  const hub = createBenchHub(database, { kind })
  const connection = await connect(hub, platform, sandbox, rateScale)
  const externalIds = new Map(numbers.map((number, index) => [number, ids[index]!]))
  await fillCatalogue(hub.db, changes, { connectionId: connection.id, externalIds })
  await settleDown(database)
  const stop = await startWorkers(database, workers, kind)
  try {
    // A hub at work: the connections of whichever worker comes first are open, and its code is compiled.
    for (let round = workers + 1; round > 0; round -= 1) {
      await setStock(hub.db, numbers.slice(0, 2 * buckets[platform].batch), openingStock + (round % 2))
      await until('the first changes to be acknowledged', () => isInStep(hub.db, connection.id))
    }
    await rest(hub.db, given)
    await sandbox.call('takeCounts')
    await setStock(hub.db, numbers, openingStock - 1)
    const committedAt = Date.now()
    await until('all changes to be acknowledged', () => isInStep(hub.db, connection.id))
    const seconds = (Date.now() - committedAt) / 1000
    const { refused, writes, feeds } = await sandbox.call('takeCounts')
    const [taken] = await query<{ refused: number }>(
      hub.db,
      sql`select coalesce(sum(calls_refused), 0)::int as refused from rate_buckets`,
    )
    return { seconds, refused: Math.max(refused, taken!.refused), writes, feeds }
  } finally {
    await stop()
    await sandbox.kill()
    await database.drop()
  }
}

/** Waits until the bucket is full again, and lets orders be read again before stock. */
async function rest(db: Db, { platform, rateScale }: Case): Promise<void> {
  const { burst, perSecond } = buckets[platform].bucket
  await db.execute(sql`update cursors set updated_at = updated_at - interval '1 minute'`)
  await new Promise((resolve) => setTimeout(resolve, 500 + (burst * 1000) / (perSecond * rateScale)))
}

/** Long queues go out as a feed; within the burst of feeds the limit's floor is zero at any scale. */
async function measureFeed(bench: Bench): Promise<Row[]> {
  const given: Case = { platform: 'amazon', changes: 10_000, kind: 'whole', rateScale: 20 }
  const { seconds, refused, feeds } = await runPush(bench, given, 1)
  const name = `push amazon as a feed, ${given.changes} stock changes at ${given.rateScale} x the published rate`
  return [
    atMost(`${name} (the floor is 0: one feed is within the burst)`, seconds, 20, 's'),
    atMost(`${name}, feeds`, feeds, 1, 'calls'),
    atMost(`${name}, refused calls`, refused, 0, 'calls'),
  ]
}

export const figures: Figure[] = [
  ...cases.map((given) => ({ name: nameOf(given), measure: (bench: Bench) => measurePush(bench, given) })),
  { name: 'push amazon as a feed', measure: measureFeed },
]
