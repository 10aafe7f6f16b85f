import type { DbOrTx } from '../db/client.ts'
import { fingerprint } from '../lib/crypto.ts'
import { formatMoney } from '../lib/money.ts'
import { desiredContents, desiredPrices, desiredQuantities } from '../listings/desired.ts'
import type { Term } from '../listings/quantity.ts'
import type { ActivePlugin } from '../plugins/settings.ts'
import type { MarketplaceOperations, PushForms } from '../sdk/connector.ts'
import type {
  Aspect,
  ContentChange,
  ListingContent,
  ListingRef,
  PriceChange,
  SalePrice,
  StockChange,
} from '../sdk/model/listing.ts'
import type { Money } from '../sdk/model/money.ts'
import type { Outgoing, PluginFilters } from '../sdk/plugin.ts'

/** What a listing should show of one aspect, or why it shows nothing. */
export type Desired =
  | { ok: true; value: AspectValue; terms: Term[] }
  | {
      ok: false
      problem: 'price_missing' | 'price_below_floor' | 'filter_failed'
      message: string
      terms: Term[]
    }

export type StockValue = { quantity: number }
export type PriceValue = { price: Money; sale: SalePrice | null }
export type AspectValue = StockValue | PriceValue | ListingContent
export type Change = StockChange | PriceChange | ContentChange
// biome-ignore lint/suspicious/noExplicitAny: the client type is private to each connector.
export type AnyPush = PushForms<any, Change>

/** The operation that pushes each aspect. */
export const pushOperations = { content: 'pushContent', price: 'pushPrices', stock: 'pushStock' } as const

/** How the connector pushes an aspect, if it does. */
export const pushOf = (operations: MarketplaceOperations<unknown>, aspect: Aspect): AnyPush | undefined =>
  operations[pushOperations[aspect]] as AnyPush | undefined

/** What each listing should show now. One query whatever the number. */
export async function loadDesired(
  db: DbOrTx,
  aspect: Aspect,
  listingIds: readonly string[],
  now: Date,
): Promise<Map<string, Desired>> {
  const result = new Map<string, Desired>()
  if (aspect === 'stock') {
    for (const [id, { quantity, terms }] of await desiredQuantities(db, listingIds))
      result.set(id, { ok: true, value: { quantity }, terms })
  } else if (aspect === 'price') {
    for (const [id, outcome] of await desiredPrices(db, listingIds, now)) {
      if (outcome.ok)
        result.set(id, {
          ok: true,
          value: { price: outcome.price, sale: outcome.sale },
          terms: outcome.terms,
        })
      else
        result.set(id, { ok: false, problem: outcome.reason, message: outcome.message, terms: outcome.terms })
    }
  } else {
    for (const [id, content] of await desiredContents(db, listingIds))
      result.set(id, { ok: true, value: content, terms: [] })
  }
  return result
}

/** Gives plugins the last word. One that throws stops this item only. */
export function applyFilters(
  plugins: readonly ActivePlugin[],
  aspect: Aspect,
  desired: Desired,
  about: Outgoing,
): Desired {
  if (!desired.ok) return desired
  let { value } = desired
  const terms = [...desired.terms]
  for (const { plugin, settings } of plugins) {
    if (!plugin.filter?.[filterOf[aspect]]) continue
    try {
      const before = fingerprint(value)
      value = runFilter(plugin.filter, aspect, value, about, settings())
      if (fingerprint(value) !== before)
        terms.push({ label: `plugin ${plugin.id}`, value: describeValue(aspect, value) })
    } catch (error) {
      return {
        ok: false,
        problem: 'filter_failed',
        message: `Plugin ${plugin.id} stopped it: ${error instanceof Error ? error.message : String(error)}`,
        terms,
      }
    }
  }
  return { ok: true, value, terms }
}

/** Which filter has the last word on an aspect. */
export const filterOf = { content: 'listing.push', price: 'price.push', stock: 'stock.push' } as const

function runFilter(
  filter: PluginFilters,
  aspect: Aspect,
  value: AspectValue,
  about: Outgoing,
  settings: unknown,
): AspectValue {
  if (aspect === 'content') return filter['listing.push']!(value as ListingContent, about, settings)
  if (aspect === 'stock') {
    const quantity = filter['stock.push']!((value as StockValue).quantity, about, settings)
    if (!Number.isSafeInteger(quantity) || quantity < 0) throw new Error(`${quantity} is no quantity`)
    return { quantity }
  }
  const { price, sale } = value as PriceValue
  const next = filter['price.push']!(price, about, settings)
  if (!Number.isSafeInteger(next.minor) || next.minor <= 0) throw new Error(`${next.minor} is no price`)
  return { price: next, sale }
}

/** The change as the connector takes it. */
export function toChange(aspect: Aspect, ref: ListingRef, value: AspectValue, acknowledged: unknown): Change {
  if (aspect === 'stock') {
    const before = acknowledged as StockValue | null
    return { ref, quantity: (value as StockValue).quantity, acknowledgedQuantity: before?.quantity ?? null }
  }
  if (aspect === 'price') return { ref, ...(value as PriceValue) }
  return { ref, content: value as ListingContent }
}

/** What the buyer pays at the moment of the push. */
export const effectivePrice = (value: PriceValue): Money => value.sale?.price ?? value.price

/** One field that would change, as a preview and a proposal show it. */
export type FieldDiff = { field: string; from: string | null; to: string | null }

/** Field by field, what pushing `to` over `from` changes. */
export function diffValues(aspect: Aspect, from: unknown, to: AspectValue): FieldDiff[] {
  const before = fieldsOf(aspect, from)
  const after = fieldsOf(aspect, to)
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field, from: before[field] ?? null, to: after[field] ?? null }))
}

function fieldsOf(aspect: Aspect, value: unknown): Record<string, string> {
  if (value === null || value === undefined) return {}
  if (aspect === 'stock') return { quantity: String((value as StockValue).quantity) }
  if (aspect === 'price') {
    const { price, sale } = value as PriceValue
    return { price: formatMoney(price), ...(sale ? { sale: formatMoney(sale.price) } : {}) }
  }
  const fields: Record<string, string> = {}
  for (const [name, part] of Object.entries(value as ListingContent)) {
    if (part !== null && part !== undefined)
      fields[name] = typeof part === 'string' ? part : JSON.stringify(part)
  }
  return fields
}

/** The value in a few words. */
export const describeValue = (aspect: Aspect, value: AspectValue): string =>
  Object.values(fieldsOf(aspect, value)).join(', ').slice(0, 200)

/** A value as it comes back from JSON: instants are instants again. */
export function reviveValue(aspect: Aspect, value: unknown): AspectValue | null {
  if (value === null || value === undefined) return null
  const sale = (value as PriceValue).sale
  if (aspect !== 'price' || !sale) return value as AspectValue
  return {
    ...(value as PriceValue),
    sale: { ...sale, startsAt: new Date(sale.startsAt), endsAt: sale.endsAt && new Date(sale.endsAt) },
  }
}
