import { priced } from '../goods.ts'
import { type Check, type CheckInput, checkOf } from './check.ts'

/** Whether there is enough of each SKU for what all marketplaces of the campaign are expected to sell together. */
export function checkStock({ goods }: CheckInput): Check {
  const bySku = Map.groupBy(priced(goods), ({ variantId }) => variantId)
  const short: Check['subjects'] = []
  let withoutData = 0
  for (const mine of bySku.values()) {
    const known = mine.flatMap(({ expectedMilliUnits }) => expectedMilliUnits ?? [])
    const { sku } = mine[0]!
    const stock = Math.max(...mine.map(({ available, quantity }) => Math.max(available, quantity)))
    const expected = Math.ceil(known.reduce((sum, units) => sum + units, 0) / 1000)
    if (stock === 0) short.push({ subject: sku, message: 'Nothing is in stock.' })
    else if (known.length === 0) withoutData += 1
    else if (expected > stock)
      short.push({ subject: sku, message: `${stock} in stock, ${expected} expected to sell.` })
  }
  return checkOf('stock', 'Stock', {
    status: 'warning',
    subjects: short,
    message: `${short.length} SKUs would run out.`,
    fine: `No SKU is expected to run out; ${withoutData} of ${bySku.size} sold too little to tell.`,
    numbers: { skus: bySku.size, withoutData },
  })
}

/** More buffers than this would hold up the approval for minutes. */
export const mostSetAside = 2000

/** Whether stock can be held back from those who take no part. */
export function checkSetAside({ campaign, goods }: CheckInput): Check {
  const held =
    campaign.setAsideBasisPoints === 0
      ? []
      : priced(goods).filter(({ expectedMilliUnits }) => expectedMilliUnits !== null)
  const isTooMany = held.length > mostSetAside
  return {
    id: 'set-aside',
    title: 'Stock set aside',
    status: isTooMany ? 'blocks' : 'ok',
    message: isTooMany
      ? `Stock of ${held.length} listings is to be set aside; ${mostSetAside} is the most. Narrow the scope.`
      : campaign.setAsideBasisPoints === 0
        ? 'No stock is set aside.'
        : `${campaign.setAsideBasisPoints / 100} % of what ${held.length} listings are expected to sell is held back elsewhere from the start to the end.`,
    subjects: [],
    numbers: { listings: held.length },
  }
}
