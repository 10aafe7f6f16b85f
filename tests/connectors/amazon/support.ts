import {
  type Clock,
  type ListingContent,
  type ListingDraft,
  type ListingRef,
  startSandbox,
} from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import type { AmazonClient } from '../../../connectors/amazon/client.ts'
import { amazon } from '../../../connectors/amazon/index.ts'
import { type AmazonSandboxOptions, createAmazonSandbox } from '../../../connectors/amazon/sandbox.ts'
import { manualClock } from '../../../core/lib/clock.ts'

export const start = '2026-03-02T09:00:00.000Z'
export const eur = (minor: number) => ({ minor, currency: 'EUR' })
export const ref = (sku: string): ListingRef => ({ externalId: sku, externalParentId: null, sku })

export const content: ListingContent = {
  title: 'Enamel mug',
  description: 'Holds half a litre.',
  brand: 'Northwind',
  gtin: '4006381333931',
  images: ['https://images.example/1.jpg', 'https://images.example/2.jpg'],
  attributes: { Care: 'Dishwasher safe' },
  options: {},
  externalCategoryId: 'DRINKING_CUP',
  weightGrams: 350,
  size: { lengthMm: 120, widthMm: 90, heightMm: 80 },
}

/** A product with one variant. */
export const draft = (sku: string, priceMinor = 1290, quantity = 10): ListingDraft => ({
  content,
  optionNames: [],
  externalParentId: null,
  parentSku: sku,
  variants: [{ sku, content, price: eur(priceMinor), sale: null, quantity }],
})

/** A running stand-in and a client on it, on one clock that only moves when told. */
export async function openShop(options: Partial<AmazonSandboxOptions> = {}) {
  const clock = manualClock(start)
  const sandbox = await startSandbox(
    createAmazonSandbox({ clock, rateScale: Number.POSITIVE_INFINITY, ...options }),
  )
  const buckets: string[] = []
  const connect = (connectionClock: Clock = clock) =>
    createTestClient<AmazonClient>(amazon, sandbox.connection(sandbox.url), {
      clock: connectionClock,
      onToken: (bucket) => buckets.push(bucket),
    })
  return { clock, sandbox, client: connect(), connect, buckets, close: sandbox.close }
}

/** Adds `count` listings SKU-0001 and on. */
export function fillShelf(
  sandbox: {
    addListing(listing: {
      sku: string
      title: string
      price: { minor: number; currency: string }
      quantity: number
    }): void
  },
  count: number,
): string[] {
  const skus = Array.from({ length: count }, (_, n) => `SKU-${String(n + 1).padStart(4, '0')}`)
  for (const sku of skus) sandbox.addListing({ sku, title: `Mug ${sku}`, price: eur(1290), quantity: 10 })
  return skus
}
