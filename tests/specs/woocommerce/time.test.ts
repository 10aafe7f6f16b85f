import type { Clock } from 'entrepot/sdk'
import { describe, expect, test } from 'vitest'
import { createWooCommerceSandbox } from '../../../connectors/woocommerce/sandbox.ts'
import { hasSpecs, readRecorded, specName } from './recordings.ts'

type Row = { endpoint: string; form: string } & Record<string, string>

const base = new Date('2026-11-23T12:00:00Z')
const hour = 3_600_000

/** How the recorded forms spell the instant `base`. */
const spell: Readonly<Record<string, string>> = {
  naive: '2026-11-23T12:00:00',
  'naive+dates_are_gmt': '2026-11-23T12:00:00&dates_are_gmt=true',
  Z: '2026-11-23T12:00:00Z',
  '.000Z': '2026-11-23T12:00:00.000Z',
  'Z+dates_are_gmt': '2026-11-23T12:00:00Z&dates_are_gmt=true',
  '.000Z+dates_are_gmt': '2026-11-23T12:00:00.000Z&dates_are_gmt=true',
  '+02:00': '2026-11-23T14:00:00%2B02:00',
}

/** A shop with one product and order an hour before `base` and one each a minute after it. */
async function rowsAfter(endpoint: string, timeZone: string, form: string): Promise<number> {
  let now = new Date(base.getTime() - hour)
  const clock: Clock = { now: () => now, sleep: async () => {} }
  const sandbox = createWooCommerceSandbox({ clock, timeZone, rateScale: Infinity })
  const { consumerKey, consumerSecret } = sandbox.connection('http://x').credentials as Record<string, string>
  const authorization = `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}`
  for (const at of [base.getTime() - hour, base.getTime() + 60_000]) {
    now = new Date(at)
    const sku = `S-${at}`
    sandbox.addProduct({ sku, name: sku, price: '1.00', quantity: 5 })
    // Unpaid, so that the product is not touched again.
    sandbox.placeOrder({ lines: [{ sku, quantity: 1 }], isUnpaid: true })
  }
  const answer = await sandbox.app.request(
    `http://127.0.0.1/wp-json/wc/v3${endpoint}?modified_after=${spell[form]}`,
    { headers: { authorization, 'x-forwarded-proto': 'https' } },
  )
  expect(answer.status).toBe(200)
  return ((await answer.json()) as unknown[]).length
}

const found = (count: number) => (count === 0 ? 'MISSES' : count === 1 ? 'exact' : `too many (${count})`)

describe.skipIf(!hasSpecs)(specName('modified_after is read as the recorded shops read it'), () => {
  const matrix = hasSpecs ? (readRecorded('modified-after-timezone-matrix') as Row[]) : []
  const cases = matrix.flatMap(({ endpoint, form, ...zones }) =>
    Object.entries(zones).map(([zone, expected]) => ({ endpoint, form, zone, expected })),
  )
  test.each(cases)('$endpoint, $form, in $zone: $expected', async ({ endpoint, form, zone, expected }) => {
    expect(found(await rowsAfter(endpoint, zone, form))).toBe(expected)
  })
})
