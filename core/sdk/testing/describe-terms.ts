import assert from 'node:assert/strict'
import { type RemoteTerm, termKinds } from '../model/term.ts'
import { inShop, type Shop, walk } from './shop.ts'
import type { Check, Subject } from './subject.ts'

/** Enough to see the page size of any API that pages at a hundred. */
const manyCategories = 130

/** What a reading of the platform's terms has to keep. */
export function termChecks(subject: Subject): Check[] {
  if (!subject.connector.operations.pullTerms) return []
  const check = (guarantee: string, visit: (shop: Shop) => Promise<void>): Check => ({
    theme: 'pullTerms',
    guarantee,
    run: () => inShop(subject, visit),
  })
  return [
    check("tells each term once, as the platform has it, of the SDK's kinds", tellsAll),
    check('the same cursor gives the same page', async (shop) => {
      await fill(shop, 3)
      const pull = shop.operations.pullTerms!
      for (let after: string | null = null, more = true; more; ) {
        const page = await pull.run(shop.client, after)
        assert.deepEqual((await pull.run(shop.client, after)).items, page.items)
        after = page.next
        more = page.more
      }
    }),
    check('every parent that a term names is told too', async (shop) => {
      await fill(shop, manyCategories)
      const { items } = await walk(shop.operations.pullTerms!, shop.client)
      const parentKind = (term: RemoteTerm) => (term.kind === 'attribute_value' ? 'attribute' : term.kind)
      const known = new Set(items.map((term) => `${term.kind} ${term.id}`))
      const orphans = items.filter(
        (term) => term.parentId !== null && !known.has(`${parentKind(term)} ${term.parentId}`),
      )
      assert.deepEqual(
        orphans.map((term) => term.id),
        [],
        'These terms have a parent that is not told.',
      )
    }),
    {
      theme: 'pullTerms',
      guarantee: 'an exact multiple of the page size ends, and leaves none out',
      run: async () => {
        for (const count of [100, 200])
          await inShop(subject, async (shop) => {
            await fill(shop, count)
            await assertAll(shop)
          })
      },
    },
  ]
}

async function tellsAll(shop: Shop): Promise<void> {
  await fill(shop, manyCategories)
  await assertAll(shop)
}

async function assertAll(shop: Shop): Promise<void> {
  assert(shop.sandbox.terms, 'A sandbox of a connector with pullTerms has to tell its own terms.')
  const { items } = await walk(shop.operations.pullTerms!, shop.client)
  for (const term of items)
    assert((termKinds as readonly string[]).includes(term.kind), `"${term.kind}" is no kind of term.`)
  const keyOf = ({ kind, id, parentId }: RemoteTerm) =>
    JSON.stringify([kind, id, kind === 'attribute_value' ? parentId : null])
  const byKey = (a: RemoteTerm, b: RemoteTerm) => (keyOf(a) < keyOf(b) ? -1 : 1)
  // How a state is read is the connector's own: the platform does not tell it.
  const unique = new Map(items.map(({ reading: _reading, ...term }) => [keyOf(term), term]))
  assert.deepEqual([...unique.values()].sort(byKey), [...shop.sandbox.terms()].sort(byKey))
}

/** Adds categories where the merchant can make them: every tenth stands below the one before. */
async function fill(shop: Shop, count: number): Promise<void> {
  const { sandbox } = shop
  if (!sandbox.addCategory) return
  let last: string | null = null
  for (let n = 0; n < count; n += 1) last = sandbox.addCategory(`Category ${n}`, n % 10 === 9 ? last : null)
}
