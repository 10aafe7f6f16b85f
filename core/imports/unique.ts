import { fingerprint } from '../lib/crypto.ts'
import { type CatalogRecord, type Item, isTaken, type OrderRecord, type Taken } from './item.ts'

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
  const lines = new Map<string, number>()
  const products = new Map<string, { line: number; facts: string }>()
  for await (const item of items) {
    if (!isTaken(item)) {
      yield item
      continue
    }
    const { file, line, raw } = item
    const { text, is, of } = identify(item.record)
    const first = lines.get(text)
    const otherFacts = first === undefined ? findOtherFacts(item, products) : null
    if (first !== undefined) {
      yield { file, line, column: of, reason: `${is} stands in line ${first} already`, raw }
    } else if (otherFacts !== null) {
      const reason = `the product has another title, text, brand or attribute in line ${otherFacts}, with the same key`
      yield { file, line, column: 'productKey', reason, raw }
    } else {
      lines.set(text, line)
      yield item
    }
  }
}

/** The line whose facts about the same product differ. Products with a SKU of their own need no memory. */
function findOtherFacts(
  item: Taken<CatalogRecord | OrderRecord>,
  products: Map<string, { line: number; facts: string }>,
): number | null {
  if ('order' in item.record || !item.record.product || item.record.product.key === item.record.sku)
    return null
  const { variants, optionNames, ...facts } = item.record.product
  const print = fingerprint([facts, item.record.category])
  const first = products.get(facts.key)
  if (!first) products.set(facts.key, { line: item.line, facts: print })
  return first && first.facts !== print ? first.line : null
}
