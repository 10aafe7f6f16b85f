import {
  type ListingContent,
  type ListingDraft,
  type ListingRef,
  type Pull,
  startSandbox,
} from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import type { AmazonClient } from '../../../connectors/amazon/client.ts'
import { amazon } from '../../../connectors/amazon/index.ts'
import { type AmazonSandboxOptions, createAmazonSandbox } from '../../../connectors/amazon/sandbox.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { type Exchange, recording } from './recording.ts'

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

/** A running stand-in and a client on it, on one clock that only moves when told; every call is recorded. */
export async function openShop(options: Partial<AmazonSandboxOptions> = {}) {
  const clock = manualClock(start)
  const sandbox = createAmazonSandbox({ clock, rateScale: Number.POSITIVE_INFINITY, ...options })
  const { app, exchanges } = recording(sandbox.app)
  const { url, close } = await startSandbox({ app })
  const connection = sandbox.connection(url)
  const connect = (settings: Record<string, unknown> = {}) =>
    createTestClient<AmazonClient>(
      amazon,
      { ...connection, settings: { ...connection.settings, ...settings } },
      { clock },
    )
  /** The recorded calls whose path holds `part`. */
  const heard = (part: string, method?: string): Exchange[] =>
    exchanges.filter((entry) => entry.url.pathname.includes(part) && (!method || entry.method === method))
  /** Answers the next call to a path that holds `part` with this instead. */
  const answerNext = (part: string, body: unknown, status = 200) =>
    sandbox.faults.add({
      kind: 'status',
      status,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      when: ({ path }) => path.includes(part),
    })
  return { clock, sandbox, client: connect(), connect, heard, answerNext, close }
}
export type Shop = Awaited<ReturnType<typeof openShop>>

/** Reads all pages of a pull. */
export async function readAll<Item>(
  pull: Pull<AmazonClient, Item>,
  client: AmazonClient,
  from: string | null = null,
) {
  const items: Item[] = []
  let pages = 0
  for (let after = from; ; ) {
    const page = await pull.run(client, after)
    items.push(...page.items)
    pages += 1
    if (!page.more) return { items, next: page.next, pages }
    after = page.next
  }
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
