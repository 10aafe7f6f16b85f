import { fillCatalogue, goodsOf, numbersTo, openingStock, setStock, skuOf } from './catalogue.ts'
import { connect, createBenchHub, startSandboxChild, startWorkers } from './hub.ts'
import { atMost, type Bench, type Figure, median, quantile, type Row } from './row.ts'
import { settleDown } from './server.ts'

const samples = 24
const listings = 100
/** Enough for a bucket of two a second to be full again. */
const pauseMs = 600

/** From the commit of a stock change to the shop holding it, at the published rate and an idle bucket. */
async function measure(bench: Bench): Promise<Row[]> {
  const database = await bench.server.clone()
  const sandbox = await startSandboxChild({ platform: 'woocommerce', rateScale: 1 })
  const hub = createBenchHub(database)
  const connection = await connect(hub, 'woocommerce', sandbox, 1)
  const numbers = numbersTo(listings)
  const ids = await sandbox.call('addGoods', goodsOf(numbers))
  const externalIds = new Map(numbers.map((number, index) => [number, ids[index]!]))
  await fillCatalogue(hub.db, listings, { connectionId: connection.id, externalIds })
  await settleDown(database)
  const stop = await startWorkers(database, 1)
  try {
    const seconds: number[] = []
    for (let sample = -2; sample < samples; sample += 1) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      const number = 1 + ((sample + 2) % listings)
      const held = sandbox.call('waitForQuantity', [skuOf(number)], openingStock + 5)
      await setStock(hub.db, [number], openingStock + 5)
      const committedAt = Date.now()
      const latency = ((await held) - committedAt) / 1000
      if (sample >= 0) seconds.push(latency)
    }
    const name = 'latency of a stock change, from its commit to the shop holding it'
    return [
      atMost(`${name}, median of ${samples}`, median(seconds), 0.5, 's'),
      atMost(`${name}, 95th percentile`, quantile(seconds, 0.95), 1, 's'),
    ]
  } finally {
    await stop()
    await sandbox.kill()
    await database.drop()
  }
}

export const figures: Figure[] = [{ name: 'latency', measure }]
