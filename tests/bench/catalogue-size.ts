import { runTask } from '../../core/sync/tasks.ts'
import { fillCatalogue, goodsOf, openingStock, setStock } from './catalogue.ts'
import { connect, createBenchHub, startSandboxChild } from './hub.ts'
import { atMost, type Bench, type Figure, median, type Row } from './row.ts'
import { settleDown } from './server.ts'

const sizes = [1_000, 100_000, 1_000_000] as const
const changes = 100
const rounds = 15
/** Far above what one push needs: the limit must not be what is measured. */
const rateScale = 1000

async function measure(bench: Bench): Promise<Row[]> {
  const sandbox = await startSandboxChild({ platform: 'woocommerce', rateScale })
  const worlds = []
  try {
    for (const size of sizes) worlds.push(await open(bench, sandbox, size))
    // In turns, so that whatever else the machine does falls on all sizes alike.
    for (let round = -2; round < rounds; round += 1) {
      for (const world of worlds) {
        const ms = await world.change(openingStock + 1 + Math.abs(round % 2))
        if (round >= 0) world.samples.push(ms)
      }
    }
    const medians = worlds.map((world) => median(world.samples))
    const ratio = Math.max(...medians) / Math.min(...medians)
    const shown = medians
      .map((ms, index) => `${ms.toFixed(0)} ms of ${sizes[index]!.toLocaleString('en')}`)
      .join(', ')
    return [
      atMost(`catalogue size, 100 changes, slowest of ${shown} to the fastest`, ratio, 1.5, 'x'),
      ...(await measureIdle(sandbox, worlds.at(-1)!.sync)),
    ]
  } finally {
    for (const world of worlds) await world.close()
    await sandbox.kill()
  }
}

type Sandbox = Awaited<ReturnType<typeof startSandboxChild>>

/** A catalogue of this size, of which the shop holds the SKUs that will change, spread over all of it. */
async function open(bench: Bench, sandbox: Sandbox, size: number) {
  bench.note(`  building a catalogue of ${size.toLocaleString('en')} listings`)
  const database = await bench.server.clone()
  const hub = createBenchHub(database)
  const numbers = Array.from({ length: changes }, (_, index) => 1 + Math.floor((index * size) / changes))
  const goods = goodsOf(numbers).map((item) => ({ ...item, sku: `${item.sku}-${size}` }))
  const ids = await sandbox.call('addGoods', goods)
  const connection = await connect(hub, 'woocommerce', sandbox, rateScale)
  const externalIds = new Map(numbers.map((number, index) => [number, ids[index]!]))
  await fillCatalogue(hub.db, size, { connectionId: connection.id, externalIds })
  await settleDown(database)
  const sync = async (task: 'content' | 'price' | 'stock') => {
    const outcome = await runTask(hub, task, connection.id)
    if (outcome.state !== 'done') throw new Error(`The ${task} of ${size} listings ended ${outcome.state}.`)
    return outcome.counts
  }
  return {
    samples: [] as number[],
    sync,
    /** Milliseconds from the commit of the changes until they are acknowledged. */
    change: async (onHand: number) => {
      await setStock(hub.db, numbers, onHand)
      const startedAt = performance.now()
      const counts = await sync('stock')
      if (counts.pushed !== changes) throw new Error(`${counts.pushed} of ${changes} changes were pushed.`)
      return performance.now() - startedAt
    },
    close: () => database.drop(),
  }
}

/** A sync of a catalogue that is in step. */
async function measureIdle(
  sandbox: Sandbox,
  sync: (task: 'content' | 'price' | 'stock') => Promise<unknown>,
): Promise<Row[]> {
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  await sandbox.call('takeCounts')
  for (const task of ['content', 'price', 'stock'] as const) await sync(task)
  const { total } = await sandbox.call('takeCounts')
  return [
    atMost('catalogue size, calls of a sync with nothing to do (content, price, stock)', total, 0, 'calls'),
  ]
}

export const figures: Figure[] = [{ name: 'catalogue size', measure }]
