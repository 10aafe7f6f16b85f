import { createAmazonSandbox } from '../../connectors/amazon/sandbox.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { type Clock, systemClock } from '../../core/lib/clock.ts'
import { parseMoney } from '../../core/lib/money.ts'
import { type MarketplaceSandbox, type RunningSandbox, startSandbox } from '../../core/sdk/sandbox.ts'
import { serve } from './child.ts'

export type SandboxProcessOptions = {
  platform: 'woocommerce' | 'amazon'
  rateScale: number
  /** The shop's time zone, where it has one. */
  timeZone?: string
}
export type CallCounts = { total: number; writes: number; refused: number; orderLists: number; feeds: number }

let offsetMs = 0
/** The time of orders can be moved; limits and signatures live in the present. */
const clock: Clock = { ...systemClock, now: () => new Date(Date.now() + offsetMs) }

type Goods = { sku: string; title: string; quantity: number }
type Shop = MarketplaceSandbox & { add(goods: Goods): string }

/** The stand-in of now: one after another, so that the code is loaded once. */
let running: RunningSandbox<Shop> | null = null
function shop(): RunningSandbox<Shop> {
  if (!running) throw new Error('No stand-in is open in this process.')
  return running
}

function openAmazon({ rateScale }: SandboxProcessOptions): Shop {
  const sandbox = createAmazonSandbox({ clock, currency: 'EUR', rateScale, feedDelayMs: 0 })
  const price = parseMoney('19.90', 'EUR')
  const add = (goods: Goods) => {
    sandbox.addListing({ ...goods, price })
    return goods.sku
  }
  return Object.assign(sandbox, { add })
}

function openWooCommerce({ rateScale, timeZone = 'UTC' }: SandboxProcessOptions): Shop {
  const sandbox = createWooCommerceSandbox({ clock, currency: 'EUR', rateScale, timeZone })
  const add = ({ sku, title, quantity }: Goods) =>
    sandbox.addProduct({ sku, name: title, price: '19.90', quantity })
  return Object.assign(sandbox, { add })
}

export const control = {
  async open(options: SandboxProcessOptions): Promise<void> {
    running = await startSandbox(
      options.platform === 'amazon' ? openAmazon(options) : openWooCommerce(options),
    )
  },
  async close(): Promise<void> {
    await running?.close()
    running = null
    globalThis.gc?.()
  },
  connection: () => shop().connection(shop().url),
  /** Puts goods on the shelves without a request; their external ids in order. */
  addGoods: (goods: readonly Goods[]): string[] => goods.map((item) => shop().add(item)),
  /** Counts the calls since the last time this was asked. */
  takeCounts: (): CallCounts => {
    const calls = shop().calls.splice(0)
    return {
      total: calls.length,
      writes: calls.filter((call) => call.isWrite).length,
      refused: calls.filter((call) => call.status === 429).length,
      orderLists: calls.filter((call) => call.method === 'GET' && call.path.endsWith('/orders')).length,
      feeds: calls.filter((call) => call.method === 'POST' && call.path.endsWith('/feeds')).length,
    }
  },
  /** When, in epoch milliseconds, the shop first showed this quantity for all these SKUs. */
  async waitForQuantity(skus: readonly string[], quantity: number): Promise<number> {
    const wanted = new Set(skus)
    const isThere = () =>
      shop()
        .listings()
        .every((listing) => !wanted.has(listing.sku) || listing.quantity === quantity)
    while (!isThere()) await systemClock.sleep(shop().listings().length > 500 ? 25 : 4)
    return Date.now()
  },
  /** How many of the shop's listings a buyer sees at this price, in minor units. */
  countAtPrice: (minor: number): number =>
    shop()
      .listings()
      .filter(({ price }) => price?.minor === minor).length,
  /** Places an order of one unit for each SKU, `agesMs` ago. */
  placeOrders: (orders: readonly { sku: string; ageMs: number }[]): string[] =>
    orders.map(({ sku, ageMs }) => {
      offsetMs = -ageMs
      try {
        return shop().placeOrder({ lines: [{ sku, quantity: 1 }] }).externalId
      } finally {
        offsetMs = 0
      }
    }),
}

serve(control)
