import { z } from 'zod'

/** What Simple Shop sends, as its API page describes it. Amounts are decimals in text: "19.90". */
export const listing = z.object({
  id: z.string(),
  productId: z.string().nullable(),
  sku: z.string(),
  title: z.string(),
  state: z.enum(['live', 'ended']),
  price: z.string(),
  quantity: z.int(),
})
export const listingPage = z.object({ listings: z.array(listing), next: z.string(), more: z.boolean() })

export const product = z.object({
  productId: z.string().nullable(),
  listings: z.array(z.object({ id: z.string(), sku: z.string() })),
})
export const foundProduct = z.object({ product: product.nullable() })

export const changeResults = z.object({
  results: z.array(z.object({ id: z.string(), error: z.string().nullable() })),
})
export const bulkTicket = z.object({ ticket: z.string() })
export const bulkState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('working') }),
  z.object({ state: z.literal('done'), ...changeResults.shape }),
])

export const order = z.object({
  id: z.string(),
  number: z.string(),
  state: z.enum(['unpaid', 'paid', 'shipped', 'cancelled']),
  placedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  sellerNumber: z.string().nullable(),
  buyerName: z.string(),
  shipping: z.string(),
  total: z.string(),
  lines: z.array(
    z.object({
      id: z.string(),
      listingId: z.string(),
      sku: z.string(),
      title: z.string(),
      quantity: z.int(),
      price: z.string(),
    }),
  ),
  refunds: z.array(z.object({ id: z.string(), reference: z.string(), amount: z.string() })),
})
export const orderPage = z.object({ orders: z.array(order), next: z.string(), more: z.boolean() })

export type SimpleListing = z.infer<typeof listing>
export type SimpleProduct = z.infer<typeof product>
export type SimpleOrder = z.infer<typeof order>
/** The fields of a listing that a change may set. */
export type SimpleChange = { id: string; title?: string; price?: string; quantity?: number; state?: 'ended' }
