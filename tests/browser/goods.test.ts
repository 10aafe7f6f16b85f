import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, serveApi } from '../../core/api/server.ts'
import { products } from '../../core/db/schema/index.ts'
import { useApi, useShop } from '../api/support.ts'
import { makeWorld, type World } from '../api/world.ts'
import { useDatabase } from '../support/database.ts'
import { expectAccessible, expectFits, narrow, openWindow, picture, useBrowser } from './support.ts'

const api = useApi(useDatabase())
const shop = useShop()
const browser = useBrowser()
let server: RunningApi
let world: World
beforeAll(async () => {
  world = await makeWorld(api(), shop())
  server = await serveApi(api().api, { port: 0 })
})
afterAll(() => server?.close())

describe('products, listings and stock in a browser', () => {
  test('a product is found, its price explained, its text edited; whoever was faster is not written over', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto('/products')
    await page.getByRole('searchbox', { name: 'Search products' }).fill('cup')
    await page.getByText('1 row', { exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('q')).toBe('cup')
    await expectAccessible(page)
    await picture(page, 'products')
    await page.getByRole('link', { name: 'Product CUP' }).click()
    await page.getByRole('heading', { level: 1, name: 'Product CUP' }).waitFor()
    await page.getByText('there now:').first().waitFor()
    await page.getByRole('button', { name: 'Price: how this came to be' }).click()
    await page.getByText('base price', { exact: true }).waitFor()
    await picture(page, 'product-sale')
    await expectAccessible(page)
    await page.keyboard.press('Escape')

    await page.getByRole('tab', { name: 'Texts' }).click()
    const title = page.getByLabel('Title').first()
    await title.fill('Cup of clay')
    await api().call('PATCH', `/api/products/${world.productId}`, {
      revision: 1,
      title: { en: 'Somebody was faster' },
    })
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('alert').getByText('Product CUP was changed meanwhile').waitFor()
    expect(await title.inputValue()).toBe('Cup of clay')
    await page.getByText('There now: Somebody was faster').waitFor()
    await picture(page, 'product-conflict')
    await page.getByRole('button', { name: 'I have looked: keep my text' }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved. What changed goes out').waitFor()
    const [cup] = await api().hub.db.select().from(products).where(eq(products.id, world.productId))
    expect(cup?.title).toEqual({ en: 'Cup of clay' })

    for (const tab of ['Variants', 'Prices', 'Stock', 'History']) {
      await page.getByRole('tab', { name: tab }).click()
      await page.getByRole('tabpanel').waitFor()
      await expectAccessible(page)
      await picture(page, `product-${tab.toLowerCase()}`)
    }
    expect(complaints).toEqual([])
    await context.close()
  })

  test('a variant and a price are edited; what is no GTIN is refused beside what was typed', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto(`/products/${world.productId}?tab=variants`)
    await page.getByRole('button', { name: 'Edit CUP' }).click()
    await page.getByLabel('GTIN').fill('4006381333932')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('This is no GTIN').waitFor()
    await page.getByLabel('GTIN').fill('4006381333931')
    await page.getByLabel('Weight in grams').fill('320')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('320 g').waitFor()
    await page.getByRole('tab', { name: 'Prices' }).click()
    await page.getByRole('button', { name: 'Change the price of CUP in EUR' }).click()
    await page.getByRole('textbox', { name: 'Price' }).fill('21.50')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('21.50').first().waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('a listing shows what is wanted beside what is there, and how each figure came to be', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto('/listings?dirty=price&sort=sku')
    await page.getByRole('link', { name: 'CUP' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'listings')
    await page.getByRole('link', { name: 'CUP' }).click()
    await page.getByRole('heading', { level: 1, name: 'CUP · woocommerce' }).waitFor()
    await page.getByText('warehouse MAIN').first().waitFor()
    expect(await page.locator('[data-differs]').count()).toBeGreaterThan(0)
    await expectAccessible(page)
    await picture(page, 'listing')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('stock is counted with a reason, and its ledger says so', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto('/stock')
    await page.getByRole('link', { name: 'MUG' }).click()
    await page.getByRole('heading', { name: 'Stock of MUG' }).waitFor()
    await page.getByRole('button', { name: 'Change stock' }).click()
    await page.getByLabel('Counted', { exact: false }).last().fill('9')
    await page.getByLabel('Why').fill('Stocktaking in May')
    await picture(page, 'stock-change')
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('cell', { name: 'Stocktaking in May' }).waitFor()
    await page.getByRole('cell', { name: '+5' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'stock-sku')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('a view is saved and brings its filters, order and columns back', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto('/listings?status=live&sort=-sku')
    await page.getByRole('link', { name: 'TEE-S' }).waitFor()
    await page.getByRole('button', { name: 'Saved views' }).click()
    await page.getByRole('menuitem', { name: 'Save this view as…' }).click()
    await page.getByLabel('Name').fill('Live ones')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('The view is saved.').waitFor()
    await page.goto('/listings')
    await page.getByRole('button', { name: 'Saved views' }).click()
    await page.getByRole('menuitem', { name: 'Live ones' }).click()
    await page.getByRole('button', { name: 'Saved views: Live ones' }).waitFor()
    const { searchParams } = new URL(page.url())
    expect([searchParams.get('status'), searchParams.get('sort')]).toEqual(['live', '-sku'])
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('every page fits a narrow window and speaks Chinese', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url, {
      viewport: narrow,
      language: 'zh-CN',
    })
    const pages = [
      ['/products', '商品'],
      [`/products/${world.productId}`, 'woocommerce'],
      [`/products/${world.productId}?tab=texts`, '语言 en'],
      ['/listings', '刊登'],
      [`/listings/${world.listingId}`, '系统期望'],
      ['/stock', '库存'],
      ['/stock/CUP', '库存流水'],
    ] as const
    for (const [path, text] of pages) {
      await page.goto(path)
      await page.getByText(text).first().waitFor()
      await page.waitForLoadState('networkidle')
      await expectFits(page)
      await picture(page, `narrow${path.replaceAll(/[^a-z]+/gi, '-').slice(0, 30)}`)
    }
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await context.close()
  })
})
