import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pageSize, type Query, type WooClient } from '../../../connectors/woocommerce/client.ts'
import { pullOrders } from '../../../connectors/woocommerce/orders.ts'
import { settings } from '../../../connectors/woocommerce/schemas.ts'

type Held = { id: number; modified: number }
const iso = (epoch: number) => new Date(epoch * 1000).toISOString().slice(0, 19)

/** A shop that lists by time of change as WooCommerce does: strictly later, whole seconds, 100 rows at most. */
function listOf(held: readonly Held[], query: Query): unknown[] {
  const since =
    query.modified_after === undefined
      ? Number.NEGATIVE_INFINITY
      : Date.parse(String(query.modified_after)) / 1000
  const from = Number(query.offset ?? 0)
  return held
    .filter(({ modified }) => modified > since)
    .sort((a, b) => a.modified - b.modified || a.id - b.id)
    .slice(from, from + pageSize)
    .map(({ id, modified }) => ({
      id,
      number: String(id),
      status: 'processing',
      currency: 'EUR',
      total: '0.00',
      date_created_gmt: iso(modified),
      date_modified_gmt: iso(modified),
      billing: {},
      shipping: {},
      line_items: [],
    }))
}

const gaps = fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 1, 2, 70), { maxLength: 450, size: 'max' })
/** Between two pages: an order that is touched, or a new one that is placed. */
const meanwhile = fc.array(fc.record({ isNew: fc.boolean(), pick: fc.nat() }), { maxLength: 12, size: 'max' })

test('whatever the pattern of times, and whatever is touched between pages, no order is missed', async () => {
  await fc.assert(
    fc.asyncProperty(gaps, meanwhile, async (gapsInSeconds, events) => {
      let now = 1_795_468_591
      const held: Held[] = []
      for (const [id, gap] of gapsInSeconds.entries()) {
        now += gap
        held.push({ id, modified: now })
      }
      const seen = new Map<string, number>()
      const pending = [...events]
      const listOrders = async (query: Query) => listOf(held, query)
      const client = {
        settings: settings.parse({ url: 'http://shop.test', currency: 'EUR' }),
        listOrders,
      } as unknown as WooClient
      let cursor: string | null = null
      for (let pages = 0; ; pages += 1) {
        expect(pages).toBeLessThan(60)
        const page = await pullOrders(client, cursor)
        for (const { externalId, updatedAt } of page.items) seen.set(externalId, updatedAt.getTime() / 1000)
        cursor = page.next
        const event = pending.shift()
        now += 1
        if (event?.isNew) held.push({ id: held.length, modified: now })
        else if (event && held.length > 0) held[event.pick % held.length]!.modified = now
        if (!page.more && !event) break
      }
      const missed = held.filter(({ id, modified }) => seen.get(String(id)) !== modified)
      expect(missed).toEqual([])
    }),
    { numRuns: 150, seed: 20261123 },
  )
})
