import {
  type Clock,
  type ListingContent,
  type ListingDraft,
  type RunningSandbox,
  startSandbox,
  systemClock,
} from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import type { WooClient } from '../../../connectors/woocommerce/client.ts'
import { woocommerce } from '../../../connectors/woocommerce/index.ts'
import {
  createWooCommerceSandbox,
  type WooCommerceSandbox,
  type WooCommerceSandboxOptions,
} from '../../../connectors/woocommerce/sandbox.ts'

export type Shop = { sandbox: RunningSandbox<WooCommerceSandbox>; client: WooClient; clock: Clock }

/** A running shop without limits, and a client that is connected to it. */
export async function openShop(
  options: Partial<WooCommerceSandboxOptions> & { settings?: object; timeoutMs?: number } = {},
): Promise<Shop> {
  const clock = options.clock ?? systemClock
  const sandbox = await startSandbox(createWooCommerceSandbox({ rateScale: Infinity, ...options, clock }))
  const { settings, credentials } = sandbox.connection(sandbox.url)
  const client = createTestClient<WooClient>(
    woocommerce,
    { settings: { ...settings, ...options.settings }, credentials },
    { clock, ...(options.timeoutMs ? { timeoutMs: options.timeoutMs } : {}) },
  )
  return { sandbox, client, clock }
}

export const content = (more: Partial<ListingContent> = {}): ListingContent => ({
  title: 'Silk scarf',
  description: '<p>Soft.</p>',
  brand: null,
  gtin: null,
  images: [],
  attributes: {},
  options: {},
  externalCategoryId: null,
  weightGrams: null,
  size: null,
  ...more,
})

export const simpleDraft = (
  sku: string,
  more: Partial<ListingDraft['variants'][number]> = {},
): ListingDraft => ({
  content: content(),
  optionNames: [],
  externalParentId: null,
  parentSku: sku,
  variants: [
    { sku, content: content(), price: { minor: 1990, currency: 'EUR' }, sale: null, quantity: 5, ...more },
  ],
})

/** A parent with one variation per size. */
export const variableDraft = (parentSku: string, sizes: readonly string[]): ListingDraft => ({
  content: content({ title: 'Tee' }),
  optionNames: ['Size'],
  externalParentId: null,
  parentSku,
  variants: sizes.map((size) => ({
    sku: `${parentSku}-${size}`,
    content: content({ title: 'Tee', options: { Size: size } }),
    price: { minor: 2500, currency: 'EUR' },
    sale: null,
    quantity: 5,
  })),
})

/** A clock that stands still until it is moved. */
export function stillClock(start = '2026-03-02T09:00:00Z'): Clock & { advance(ms: number): void } {
  let at = new Date(start).getTime()
  const advance = (ms: number) => {
    at += ms
  }
  return { now: () => new Date(at), sleep: async (ms) => advance(ms), advance }
}
