import type { Connection } from '../connections/connections.ts'
import type { LoadedDraft } from '../listings/draft.ts'
import type { ActivePlugin } from '../plugins/settings.ts'
import type { Aspect, ListingContent, ListingDraft } from '../sdk/model/listing.ts'
import { type AspectValue, applyFilters, type PriceValue, type StockValue } from './aspects.ts'
import { outgoing } from './plan.ts'

type Variant = ListingDraft['variants'][number]

/** A variant that a plugin keeps from being listed. */
export type Stopped = {
  listingId: string
  sku: string
  kind: 'filter_failed'
  message: string
  field: Aspect
}

/** Gives plugins the last word on what is about to be listed. Null: nothing of the product may be. */
export function judgeDraft(
  plugins: readonly ActivePlugin[],
  connection: Connection,
  draft: LoadedDraft,
): { draft: LoadedDraft | null; stopped: Stopped[] } {
  const stopped: Stopped[] = []
  const variants: Variant[] = []
  const listingIds: string[] = []
  for (const [index, variant] of draft.variants.entries()) {
    const listingId = draft.listingIds[index]!
    const said = judgeVariant(plugins, connection, variant)
    if ('field' in said) stopped.push({ listingId, sku: variant.sku, kind: 'filter_failed', ...said })
    else {
      variants.push(said)
      listingIds.push(listingId)
    }
  }
  if (variants.length === 0) return { draft: null, stopped }
  // What the variants share is said by the parent: in the words of the first that may be listed.
  const { options: _options, gtin: _gtin, ...shared } = variants[0]!.content
  return { draft: { ...draft, content: { ...draft.content, ...shared }, variants, listingIds }, stopped }
}

function judgeVariant(
  plugins: readonly ActivePlugin[],
  connection: Connection,
  variant: Variant,
): Variant | { field: Aspect; message: string } {
  const about = outgoing(connection, variant.sku)
  const values: Record<Aspect, AspectValue> = {
    content: variant.content,
    price: { price: variant.price, sale: variant.sale },
    stock: { quantity: variant.quantity },
  }
  for (const field of ['content', 'price', 'stock'] as const) {
    const said = applyFilters(plugins, field, { ok: true, value: values[field], terms: [] }, about)
    if (!said.ok) return { field, message: said.message }
    values[field] = said.value
  }
  return {
    sku: variant.sku,
    content: values.content as ListingContent,
    ...(values.price as PriceValue),
    quantity: (values.stock as StockValue).quantity,
  }
}
