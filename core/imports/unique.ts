import { fingerprint } from '../lib/crypto.ts'
import { type CatalogRecord, type Item, isTaken, type OrderRecord, type Taken } from './item.ts'
import { createLineIndex, type LineIndex } from './line-index.ts'

/** What makes a record of a file one: its SKU (with currency or warehouse where those repeat it), its order id. */
function identify(record: CatalogRecord | OrderRecord): { text: string; is: string; of: string } {
  if ('order' in record) {
    return { text: record.order.externalId, is: `order ${record.order.externalId}`, of: 'order id' }
  }
  const { sku, product, price, stock } = record
  const within = product ? '' : (price?.currency ?? stock?.warehouse ?? '')
  return { text: within ? `${sku} ${within}` : sku, is: `SKU ${sku}`, of: 'sku' }
}

/**
 * Refuses what a file says a second time of a SKU or order, naming the line that said it first; and rows of a
 * product that tell other facts of it than its first row.
 */
export async function* refuseRepeats<Rec extends CatalogRecord | OrderRecord>(
  items: AsyncIterable<Item<Rec>>,
): AsyncGenerator<Item<Rec>> {
  const lines = createLineIndex()
  const products = { keys: createLineIndex(), facts: createLineIndex() }
  for await (const item of items) {
    if (!isTaken(item)) {
      yield item
      continue
    }
    const { file, line, raw } = item
    const { text, is, of } = identify(item.record)
    const first = lines.claim(text, line)
    const otherFacts = first === null ? findOtherFacts(item, products) : null
    if (first !== null) {
      yield { file, line, column: of, reason: `${is} stands in line ${first} already`, raw }
    } else if (otherFacts !== null) {
      const reason = `the product has another title, text, brand or attribute in line ${otherFacts}, with the same key`
      yield { file, line, column: 'productKey', reason, raw }
    } else {
      yield item
    }
  }
}

/** The line that tells other facts of the same product. Products with a SKU of their own need no memory. */
function findOtherFacts(
  item: Taken<CatalogRecord | OrderRecord>,
  products: { keys: LineIndex; facts: LineIndex },
): number | null {
  if ('order' in item.record || !item.record.product || item.record.product.key === item.record.sku)
    return null
  const { variants, optionNames, ...facts } = item.record.product
  const print = `${facts.key} ${fingerprint([facts, item.record.category])}`
  const first = products.keys.claim(facts.key, item.line)
  if (first === null) products.facts.claim(print, item.line)
  return first !== null && products.facts.find(print) === null ? first : null
}
