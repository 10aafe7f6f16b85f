import { sql } from 'drizzle-orm'
import { saveProducts } from '../../core/catalog/catalog.ts'
import { setBasePrices } from '../../core/catalog/prices.ts'
import { query } from '../../core/db/client.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { fillCatalogue, goodsOf, isInStep, numbersTo, openingStock, setStockOf } from './catalogue.ts'
import {
  benchAct,
  connect,
  createBenchHub,
  type SandboxChild,
  startSandboxChild,
  startWorkers,
} from './hub.ts'
import { atMost, type Bench, type Figure, type Row } from './row.ts'
import { settleDown, until } from './server.ts'

const simple = 500
const parents = 5
const variationsEach = 100

type Variant = { id: string; sku: string }

/** Stock changes, half of them on variations, on their way to a shop at its published rate. */
async function measure(bench: Bench): Promise<Row[]> {
  const database = await bench.server.clone()
  const sandbox = await startSandboxChild({ platform: 'woocommerce', rateScale: 1 })
  const hub = createBenchHub(database)
  const connection = await connect(hub, 'woocommerce', sandbox, 1)
  const numbers = numbersTo(simple)
  const ids = await sandbox.call('addGoods', goodsOf(numbers))
  const externalIds = new Map(numbers.map((number, index) => [number, ids[index]!]))
  await fillCatalogue(hub.db, simple, { connectionId: connection.id, externalIds })
  const productIds = await addParents(hub)
  await settleDown(database)
  const stop = await startWorkers(database, 1)
  try {
    await publishProducts(hub.db, connection.id, productIds, benchAct())
    await until('the variations to be listed', async () => {
      const listed = await readVariants(hub, connection.id)
      return listed.length === simple + parents * variationsEach && (await isInStep(hub.db, connection.id))
    })
    const all = await readVariants(hub, connection.id)
    const [plain, sized] = [all.slice(0, simple), all.slice(simple)]
    // Two parents of fifty of their variations each, and a hundred products.
    const twoHundred = [
      ...plain.slice(0, 100),
      ...sized.slice(0, 50),
      ...sized.slice(variationsEach, variationsEach + 50),
    ]
    const small = await change(hub, sandbox, twoHundred, openingStock + 1)
    const large = await change(hub, sandbox, all, openingStock + 2)
    return [
      atMost('shop batches, 200 stock changes, half on variations of 2 parents', small.seconds, 10, 's'),
      atMost('shop batches, 200 stock changes, calls that write', small.writes, 4, 'calls'),
      atMost(
        `shop batches, 1,000 stock changes, half on variations of ${parents} parents`,
        large.seconds,
        45,
        's',
      ),
      atMost('shop batches, refused calls', small.refused + large.refused, 0, 'calls'),
    ]
  } finally {
    await stop()
    await sandbox.kill()
    await database.drop()
  }
}

async function addParents(hub: Hub): Promise<string[]> {
  const act = benchAct()
  const saved = await hub.db.transaction(async (tx) => {
    const products = numbersTo(parents).map((parent) => ({
      key: `V${parent}`,
      title: { en: `Sized product ${parent}` },
      optionNames: ['Size'],
      variants: numbersTo(variationsEach).map((size) => ({
        sku: `V${parent}-${String(size).padStart(3, '0')}`,
        options: { Size: String(size) },
      })),
    }))
    const variants = await saveProducts(tx, products, act)
    const price = { minor: 1990, currency: 'EUR' }
    const prices = variants.map(({ variantId }) => ({ variantId, price, source: 'bench' }))
    await setBasePrices(tx, prices, act)
    return variants
  })
  await setStockOf(
    hub.db,
    saved.map((row) => row.variantId),
    openingStock,
  )
  return [...new Set(saved.map((row) => row.productId))]
}

/** What is live on the connection: products first, then variations by parent. */
const readVariants = (hub: Hub, connectionId: string): Promise<Variant[]> =>
  query<Variant>(
    hub.db,
    sql`
    select variant.id, variant.sku from listings listing join variants variant on variant.id = listing.variant_id
    where listing.connection_id = ${connectionId} and listing.status = 'live' order by variant.sku`,
  )

/** Seconds from the commit until the shop holds all of it. */
async function change(hub: Hub, sandbox: SandboxChild, variants: readonly Variant[], onHand: number) {
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  await sandbox.call('takeCounts')
  const held = sandbox.call(
    'waitForQuantity',
    variants.map((variant) => variant.sku),
    onHand,
  )
  await setStockOf(
    hub.db,
    variants.map((variant) => variant.id),
    onHand,
  )
  const committedAt = Date.now()
  const seconds = ((await held) - committedAt) / 1000
  return { seconds, ...(await sandbox.call('takeCounts')) }
}

export const figures: Figure[] = [{ name: 'shop batches', measure }]
