import { sql } from 'drizzle-orm'
import { saveProducts } from '../../catalog/catalog.ts'
import { setBasePrices } from '../../catalog/prices.ts'
import { query } from '../../db/client.ts'
import { transact } from '../../db/transact.ts'
import { loadProfile } from '../../imports/profiles.ts'
import { readRecords } from '../../imports/records.ts'
import { runImport } from '../../imports/run.ts'
import type { RemoteOrder } from '../../sdk/model/order.ts'
import type { SandboxOrderInput } from '../../sdk/sandbox.ts'
import { changeStock } from '../../stock/change.ts'
import { defaultWarehouse } from '../../stock/levels.ts'
import type { RunningHub } from '../../sync/start.ts'
import type { Output } from '../output.ts'
import { type DemoVariant, makeCatalogue } from './catalogue.ts'
import type { Buyer, Stage } from './play.ts'

/** What the demo plays with: goods in the hub, and buyers for the shops. */
export type Goods = {
  currency: string
  variants: number
  orders: number
  buyers(stages: readonly Stage[]): Buyer[]
}
export type GoodsSource = { olist: string } | { products: number; orders: number; random: () => number }

const act = () => ({ actor: 'demo', now: new Date() })

/** Puts the catalogue with prices and stock into the hub. */
export function loadGoods(hub: RunningHub, source: GoodsSource, output: Output): Promise<Goods> {
  return 'olist' in source ? loadOlist(hub, source.olist, output) : makeGoods(hub, source)
}

const batchSize = 500

async function makeGoods(
  hub: RunningHub,
  { products: count, orders, random }: Exclude<GoodsSource, { olist: string }>,
): Promise<Goods> {
  const { products, variants } = makeCatalogue(count, random)
  for (let at = 0; at < products.length; at += batchSize) {
    const page = products.slice(at, at + batchSize)
    await transact(hub.db, async (tx) => {
      const ids = new Map((await saveProducts(tx, page, act())).map((row) => [row.sku, row.variantId]))
      const mine = variants.filter((variant) => ids.has(variant.sku))
      await setBasePrices(
        tx,
        mine.map((v) => ({
          variantId: ids.get(v.sku)!,
          price: { minor: v.priceMinor, currency: 'EUR' },
          source: 'demo',
        })),
        act(),
      )
      const warehouseId = await defaultWarehouse(tx)
      await changeStock(
        tx,
        mine.map((v) => ({
          variantId: ids.get(v.sku)!,
          warehouseId,
          onHand: v.stock,
          reason: 'opening stock of the demo',
        })),
        'count',
        act(),
      )
    })
  }
  const baskets = Array.from({ length: orders }, () => makeBasket(variants, random))
  return {
    currency: 'EUR',
    variants: variants.length,
    orders,
    buyers: (stages) =>
      baskets.map((order) => ({ stage: stages[Math.floor(random() * stages.length)]!, order })),
  }
}

function makeBasket(variants: readonly DemoVariant[], random: () => number): SandboxOrderInput {
  const lines = new Map<string, number>()
  for (let wanted = 1 + Math.floor(random() * 3); wanted > 0; wanted -= 1) {
    const { sku } = variants[Math.floor(random() * variants.length)]!
    lines.set(sku, (lines.get(sku) ?? 0) + 1)
  }
  return {
    lines: [...lines].map(([sku, quantity]) => ({ sku, quantity })),
    shippingMinor: random() < 0.5 ? 0 : 490,
  }
}

/** The real Olist files: all products, and every order played by one of the shops with its real money. */
async function loadOlist(hub: RunningHub, folder: string, output: Output): Promise<Goods> {
  const progress = output.progress('Importing the catalogue')
  await runImport({
    db: hub.db,
    profile: 'olist-products',
    path: folder,
    actor: 'demo',
    onProgress: ({ rows }) => progress.set(rows, null),
  })
  progress.end()
  await priceUnsold(hub)
  const profile = await loadProfile('olist-orders')
  if (profile.kind !== 'orders') throw new Error('The profile olist-orders is not for orders.')
  const orders: SandboxOrderInput[] = []
  for await (const item of readRecords(profile, folder))
    if ('record' in item) orders.push(toBasket(item.record.order))
  const [row] = await query<{ variants: number }>(hub.db, sql`select count(*)::int as variants from variants`)
  return {
    currency: 'BRL',
    variants: row!.variants,
    orders: orders.length,
    buyers: (stages) => orders.map((order, index) => ({ stage: stages[index % stages.length]!, order })),
  }
}

/** A product that the files never sell has no price there; the demo gives it the median of its category. */
async function priceUnsold(hub: RunningHub): Promise<void> {
  const found = await query<{ variant_id: string; minor: string }>(
    hub.db,
    sql`
    with priced as (
      select product.category_id, price.amount_minor from base_prices price
      join variants variant on variant.id = price.variant_id join products product on product.id = variant.product_id
      where price.currency = 'BRL'
    ),
    median as (
      select category_id, percentile_disc(0.5) within group (order by amount_minor) as minor from priced group by category_id
    )
    select variant.id as variant_id, coalesce(median.minor, (select percentile_disc(0.5) within group (order by amount_minor) from priced)) as minor
    from variants variant join products product on product.id = variant.product_id
    left join median on median.category_id is not distinct from product.category_id
    where not exists (select 1 from base_prices price where price.variant_id = variant.id and price.currency = 'BRL')`,
  )
  const source = 'demo: never sold in the files, so the median of its category'
  const prices = found.map((row) => ({
    variantId: row.variant_id,
    price: { minor: Number(row.minor), currency: 'BRL' },
    source,
  }))
  await transact(hub.db, (tx) => setBasePrices(tx, prices, act()))
}

function toBasket(order: RemoteOrder): SandboxOrderInput {
  return {
    lines: order.lines.map((line) => ({
      sku: line.sku!,
      quantity: line.quantity,
      unitPrice: { minor: line.unitPriceMinor, currency: order.currency },
    })),
    shippingMinor: order.charges.reduce((sum, charge) => sum + charge.amountMinor, 0),
  }
}
