import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { type RunningApi, serveApi } from '../../core/api/server.ts'
import { saveProducts } from '../../core/catalog/catalog.ts'
import { setBasePrices } from '../../core/catalog/prices.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { categories, mappings, products } from '../../core/db/schema/index.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useApi, useShop } from '../api/support.ts'
import { useDatabase } from '../support/database.ts'
import { connect, settle, testAct } from '../support/hub.ts'
import { expectAccessible, expectFits, narrow, openWindow, picture, useBrowser, wide } from './support.ts'

const api = useApi(useDatabase())
const shop = useShop()
const browser = useBrowser()
let server: RunningApi
let connection: Connection

const goods = [
  ['SHEET', 'Bed sheet', 'linen', 'bed and bath'],
  ['TOWEL', 'Bath towel', 'towels', 'Towel, bath'],
  ['CUP', 'Cup', 'cups', 'Cups'],
  ['LAMP', 'Lamp', 'odd', 'Zirconium'],
] as const

beforeAll(async () => {
  const { hub } = api()
  const home = shop().addCategory('Home', null)
  for (const name of ['Bed & Bath', 'Bath towels', 'Cups']) shop().addCategory(name, home)
  connection = await connect(hub, woocommerce, shop(), 'Main shop')
  await hub.db.transaction(async (tx) => {
    const items = goods.map(([sku, title]) => ({ key: sku, title: { en: title }, variants: [{ sku }] }))
    const saved = await saveProducts(tx, items, testAct())
    for (const [sku, , key, name] of goods) {
      await tx.insert(categories).values({ id: `cat_${key}`, key, name: { en: name } })
      await tx
        .update(products)
        .set({ categoryId: `cat_${key}` })
        .where(eq(products.key, sku))
    }
    const price = { minor: 1990, currency: 'EUR' }
    await setBasePrices(
      tx,
      saved.map(({ variantId }) => ({ variantId, price, source: 'test' })),
      testAct(),
    )
  })
  await publishProducts(hub.db, connection.id, 'all', testAct())
  await settle(hub, [connection])
  await runTask(hub, 'terms', connection.id)
  server = await serveApi(api().api, { port: 0 })
})
afterAll(() => server?.close())

const saved = async () =>
  (await api().hub.db.select({ word: mappings.word }).from(mappings)).map(({ word }) => word).sort()

describe('mapping words', () => {
  test('by keys: choose, accept, take back; by mouse: try, accept many, undo in the history', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto('/mappings')
    await page.getByRole('heading', { level: 1, name: 'Mappings' }).waitFor()
    const rows = page.locator('li[aria-current]')
    const active = page.locator('li[aria-current="true"]')
    await page.getByRole('tab', { name: 'Categories' }).waitFor()
    await rows.first().waitFor()
    expect(await rows.count()).toBe(4)
    await expectAccessible(page)
    await picture(page, 'mappings')

    // The search of this page goes before the search of the hub.
    await page.keyboard.press('/')
    await page.keyboard.type('towel')
    await active.getByText('Towel, bath').waitFor()
    await rows.nth(1).waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.keyboard.press('1')
    await page.keyboard.press('Enter')
    await page.getByText('Towel, bath is saved.').waitFor()
    expect(await saved()).toEqual(['towels'])
    await page.keyboard.press('u')
    await page.getByText('Taken back.').waitFor()
    expect(await saved()).toEqual([])

    await page.getByLabel('Search words').fill('')
    await rows.nth(3).waitFor()
    await page.getByLabel('Search words').blur()
    await page.keyboard.press('j')
    await page.locator('li:nth-child(2)[aria-current="true"]').waitFor()
    await rows.getByText('bed and bath').click()
    await active.getByRole('button', { name: 'Try on a listing' }).click()
    await page.getByRole('dialog').getByText('Nothing speaks against it.').waitFor()
    await page.getByRole('dialog').getByText('Home > Bed & Bath').waitFor()
    await picture(page, 'mappings-try')
    await expectAccessible(page)
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'Accept suggestions' }).click()
    await page
      .getByRole('dialog')
      .getByText(/^3 words, in 3 listings/)
      .waitFor()
    await picture(page, 'mappings-accept')
    await page.getByRole('button', { name: 'Map 3 words' }).click()
    await page.getByText('3 words are mapped; 0 of this confidence stay open.').waitFor()
    expect(await saved()).toEqual(['cups', 'linen', 'towels'])
    await rows.nth(1).waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'History' }).click()
    const newest = page.getByRole('dialog').getByText('3 suggestions accepted')
    await newest.waitFor()
    await page.getByRole('button', { name: 'Show' }).first().click()
    await page.getByRole('button', { name: 'Undo cups' }).click()
    await page.getByRole('dialog').getByText('1 taken back').waitFor()
    await picture(page, 'mappings-history')
    await expectAccessible(page)
    expect(await saved()).toEqual(['linen', 'towels'])
    expect(complaints).toEqual([])
    await context.close()
  })

  test('a mapping that somebody else changed meanwhile is not overwritten, and the page says who it was', async () => {
    const { page, context } = await openWindow(browser(), server.url)
    // Live changes would show the other's edit before it can clash.
    await page.route('**/api/live**', (route) => route.abort())
    await page.goto('/mappings?kind=category&state=mapped')
    const active = page.locator('li[aria-current="true"]')
    await page.getByText('bed and bath').first().click()
    await active.getByRole('button', { name: 'Take the mapping away' }).waitFor()
    const at = `/api/connections/${connection.id}/mappings/category`
    await api().call('PUT', at, { entries: [{ word: 'linen', target: '15' }] })
    await active.getByRole('button', { name: 'Take the mapping away' }).click()
    await page.getByText(/"linen" on Main shop was mapped to "15" by/).waitFor()
    expect(await saved()).toContain('linen')
    await context.close()
  })

  test('on a telephone and in Chinese', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url, { language: 'zh-CN' })
    await page.setViewportSize(narrow)
    await page.goto('/mappings?kind=category&state=mapped')
    await page.getByRole('heading', { level: 1, name: '映射' }).waitFor()
    await page.locator('li[aria-current="true"]').waitFor()
    await expectFits(page)
    await expectAccessible(page)
    await picture(page, 'mappings-narrow-zh')
    await page.goto('/mappings?kind=order_state&state=mapped')
    await page.locator('li[aria-current="true"]').waitFor()
    await expectFits(page)
    await picture(page, 'mappings-states-narrow-zh')
    await page.setViewportSize(wide)
    await picture(page, 'mappings-states-zh')
    expect(complaints).toEqual([])
    await context.close()
  })
})
