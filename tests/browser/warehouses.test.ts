import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, serveApi } from '../../core/api/server.ts'
import { makeShipping, type ShippingWorld } from '../api/shipping-world.ts'
import { useApi, useShop } from '../api/support.ts'
import { makeWorld, type World } from '../api/world.ts'
import { useDatabase } from '../support/database.ts'
import { expectAccessible, expectFits, narrow, openWindow, picture, useBrowser } from './support.ts'

const api = useApi(useDatabase())
const shop = useShop()
const browser = useBrowser()
let server: RunningApi
let world: World
let shipping: ShippingWorld
beforeAll(async () => {
  world = await makeWorld(api(), shop())
  shipping = await makeShipping(api(), world, shop())
  server = await serveApi(api().api, { port: 0 })
})
afterAll(() => server?.close())

describe('where goods lie, what was shipped elsewhere, and how prices are made', () => {
  test('a warehouse and a box are added, a foreign shipment entered, a price rule set', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto('/warehouses')
    await page.getByRole('button', { name: 'Add a warehouse' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^Code/).fill('EAST')
    await dialog.getByRole('textbox', { name: 'Name' }).first().fill('East warehouse')
    await dialog.getByLabel(/^City/).fill('Leipzig')
    await dialog.getByRole('textbox', { name: 'Name' }).last().fill('Dispatch')
    await dialog.getByLabel(/^Street/).fill('1 Hall Street')
    await dialog.getByLabel(/^Country/).fill('D')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog
      .getByLabel(/^Country/)
      .and(page.locator('[aria-invalid=true]'))
      .waitFor()
    await expectAccessible(page)
    await picture(page, 'warehouse-form')
    await dialog.getByLabel(/^Country/).fill('de')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Dispatch, 1 Hall Street, Leipzig, DE').waitFor()

    await page.getByRole('button', { name: 'Add a box' }).click()
    await dialog.getByLabel(/^Code/).fill('M')
    await dialog.getByLabel(/^Name/).fill('Medium box')
    for (const [label, figure] of [
      [/^Inner length/, '400'],
      [/^Inner width/, '300'],
      [/^Inner height/, '200'],
      [/^Full weight at most/, '10000'],
    ] as const)
      await dialog.getByLabel(label).fill(figure)
    await picture(page, 'box-form')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('400 × 300 × 200 mm').waitFor()
    await expectAccessible(page)
    await picture(page, 'warehouses')

    await page.goto(`/orders/${shipping.recordable.orderId}`)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Enter a shipment made elsewhere' }).click()
    await dialog.getByLabel(/^Carrier/).fill('yuantong')
    await dialog.getByLabel(/^Tracking number/).fill('YT8899')
    await dialog.getByLabel(/^Weight of the parcel/).fill('750')
    await expectAccessible(page)
    await picture(page, 'record-shipment')
    await dialog.getByRole('button', { name: 'Enter it' }).click()
    await page.getByRole('heading', { name: 'Shipment YT8899' }).waitFor()

    await page.goto(`/connections/${world.connection.id}?tab=prices`)
    await page.getByLabel(/^Markup/).fill('10')
    await page.getByLabel(/^Fee of the platform/).fill('100')
    await page.getByLabel(/^Round up to/).fill('1,00')
    await page.getByLabel(/^Then less/).fill('0.01')
    await page.getByRole('button', { name: 'Save' }).click()
    await page
      .getByLabel(/^Fee of the platform/)
      .and(page.locator('[aria-invalid=true]'))
      .waitFor()
    await page.getByLabel(/^Fee of the platform/).fill('12.5')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The rule is saved').waitFor()
    await expectAccessible(page)
    await picture(page, 'price-rule')
    const { json } = await api().call('GET', `/api/connections/${world.connection.id}/price-rule`)
    expect(json).toMatchObject({
      markupBasisPoints: 1000,
      feeBasisPoints: 1250,
      roundToMinor: 100,
      minusMinor: 1,
    })
    expect(complaints).toEqual([])
    await context.close()
  })

  test('on a narrow screen, in Chinese, the pages fit and can be used by everybody', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url, {
      viewport: narrow,
      language: 'zh-CN',
    })
    await api().call('PUT', '/api/warehouses', { code: 'WEST', name: 'Without an address' })
    for (const [path, name, thing] of [
      ['/warehouses', 'warehouses', '仓库与包装'],
      [`/connections/${world.connection.id}?tab=prices`, 'price-rule', '最低毛利'],
      ['/users', 'users', '用户'],
      ['/keys', 'keys', 'API 密钥'],
    ] as const) {
      await page.goto(path)
      await page.getByText(thing).first().waitFor()
      await page.waitForLoadState('networkidle')
      await expectFits(page)
      await picture(page, `narrow-${name}`)
      if (name !== 'users') await expectAccessible(page)
    }
    expect(complaints).toEqual([])
    await context.close()
  })
})
