import { describe, expect, test } from 'vitest'
import { readRefusal } from '../../../connectors/woocommerce/errors.ts'
import { toRemoteListing } from '../../../connectors/woocommerce/mapping-listings.ts'
import { sign, signatureBase } from '../../../connectors/woocommerce/oauth.ts'
import { readRows } from '../../../connectors/woocommerce/orders.ts'
import { batchAnswer, note, product, refund } from '../../../connectors/woocommerce/schemas.ts'
import { hasSpecs, type Recording, readRecordings, specName } from './recordings.ts'
import { fullKey } from './replay.ts'

type Row = Record<string, unknown>
const all = readRecordings()
const rowsOf = ({ answer }: Recording): Row[] => (Array.isArray(answer) ? answer : [answer]) as Row[]
const succeeded = all.filter(({ status }) => status < 400)
const isBatch = ({ target }: Recording) => target.includes('/batch')
const named = (recordings: readonly Recording[]) =>
  recordings.map((recording) => [recording.name, recording] as const)

/** Orders that no shop should have: they are kept as they came, with the reason. */
const senseless = new Set(['order-negative-quantity'])
const orders = succeeded.filter(
  (recording) => /^\/orders(\/\d+)?(\?|$)/.test(recording.target) && rowsOf(recording).length > 0,
)
const products = succeeded.filter(
  (recording) =>
    /^\/products/.test(recording.target) &&
    !isBatch(recording) &&
    rowsOf(recording).some((row) => 'status' in row),
)

describe.skipIf(!hasSpecs)(specName('every recorded body is read'), () => {
  test.each(named(orders))('%s: orders add up', (name, recording) => {
    const rows = rowsOf(recording)
    const { items, unreadable } = readRows(rows, { orderStatuses: {} })
    const drafts = rows.filter(({ status }) => status === 'auto-draft' || status === 'checkout-draft')
    expect(unreadable).toHaveLength(senseless.has(name) ? 1 : 0)
    expect(items.length + unreadable.length + drafts.length).toBe(rows.length)
    for (const order of items) {
      const parts = [
        ...order.lines.map((line) => line.totalMinor),
        ...order.charges.map((charge) => charge.amountMinor),
      ]
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(order.totalMinor)
      expect(order.charges.filter(({ label }) => label === 'adjustment')).toEqual([])
    }
  })

  test.each(named(products))('%s: products and variations', (_, recording) => {
    for (const row of rowsOf(recording)) {
      const listing = toRemoteListing(product.parse(row), null, 'EUR')
      expect(listing.externalId).toBe(String(row.id))
      expect(listing.title).not.toContain('&amp;')
    }
  })

  test.each(
    named(succeeded.filter((recording) => isBatch(recording) && recording.target.startsWith('/products'))),
  )('%s: one entry per item, in order', (_, recording) => {
    const { create, update } = batchAnswer.parse(recording.answer)
    const sent = recording.body as { create?: unknown[]; update?: { id?: number }[] }
    expect(create).toHaveLength(sent.create?.length ?? 0)
    expect(update.map(({ id }) => id)).toEqual((sent.update ?? []).map(({ id }) => id ?? null))
  })

  test.each(named(succeeded.filter(({ target }) => /refunds/.test(target))))(
    '%s: refunds',
    (_, recording) => {
      for (const row of rowsOf(recording)) expect(refund.parse(row).amount).toMatch(/^\d+\.\d\d$/)
    },
  )

  test.each(named(succeeded.filter(({ target }) => /notes/.test(target))))('%s: notes', (_, recording) => {
    expect(note.parse(recording.answer).customer_note).toBe(true)
  })
})

/** What each refusal means for the hub: by the start of the recording's name. */
const meanings: readonly [RegExp, string][] = [
  [/^auth-/, 'auth'],
  [/^error-500-fatal/, 'unavailable'],
  [/^(error-method|error-no-route|refund-12)/, 'unexpected'],
  [/^(product-(09|10|21)|order-not-found|order-put-not-found|order-delete-again|refund-14)/, 'not_found'],
  [/./, 'rejected'],
]

describe.skipIf(!hasSpecs)(specName('every recorded refusal has its word'), () => {
  test.each(named(all.filter(({ status }) => status >= 400)))(
    '%s',
    (name, { status, answer, method, target }) => {
      const refusal = readRefusal({ status, body: JSON.stringify(answer) }, `${method} ${target}`, true)
      expect(refusal?.kind).toBe(meanings.find(([pattern]) => pattern.test(name))![1])
      expect(refusal?.vendorMessage).not.toMatch(/&\w+;|<p>/)
    },
  )
})

test.skipIf(!hasSpecs)(specName('a signature that a real shop accepted is the one we make'), () => {
  const accepted = all.find(({ name }) => name === 'auth-04-oauth-query-over-http')!
  const url = new URL(`http://127.0.0.1:8081/wp-json/wc/v3${accepted.target}`)
  const parameters = [...url.searchParams].filter(([name]) => name !== 'oauth_signature') as [
    string,
    string,
  ][]
  expect(sign(signatureBase('GET', url, parameters), fullKey.consumerSecret)).toBe(
    url.searchParams.get('oauth_signature'),
  )
})
