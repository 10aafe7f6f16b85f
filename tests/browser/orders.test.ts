import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, serveApi } from '../../core/api/server.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { makeShipping, type ShippingWorld } from '../api/shipping-world.ts'
import { useApi, useShop } from '../api/support.ts'
import { makeWorld, type World } from '../api/world.ts'
import { useDatabase } from '../support/database.ts'
import { settle } from '../support/hub.ts'
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

describe('orders, shipments and returns in the browser', () => {
  test('an order is found, held, released, planned in part, booked and handed over', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto('/orders')
    await page.getByRole('heading', { name: 'Orders', level: 1 }).waitFor()
    const { number } = (await api().call('GET', `/api/orders/${world.orderId}`)).json
    await page.getByRole('link', { name: number, exact: true }).waitFor()
    await expectAccessible(page)
    await picture(page, 'orders')
    await page.getByRole('link', { name: number, exact: true }).click()
    await page.getByRole('heading', { name: `Order ${number}` }).waitFor()
    await expectAccessible(page)
    await picture(page, 'order')

    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Put on hold' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('Asks for a gift wrap')
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Put on hold' }).click()
    await page.getByText('This order cannot go on').waitFor()
    await page.getByRole('button', { name: 'Release' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click()
    await page.getByText('This order cannot go on').waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Plan a shipment' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Plan it' }).click()
    await page.getByRole('heading', { name: /^Shipment/ }).waitFor()
    await page.getByRole('button', { name: 'Ask for prices' }).click()
    await page.getByText('What the rules choose, and why').waitFor()
    await expectAccessible(page)
    await picture(page, 'shipment-planned')
    await page.getByRole('combobox', { name: 'Courier and service' }).click()
    await page.getByRole('option', { name: 'Kurier · Same day' }).click()
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await page.getByText('It is being booked').waitFor()
    await runTask(api().hub, 'once', shipping.courierId)
    await page.reload()
    await page.getByRole('link', { name: 'Print the label' }).waitFor()
    await page.goto(`/shipments/${shipping.plannedIds[0]}`)
    await page.getByRole('button', { name: 'Undo the plan' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Undo the plan' }).click()
    await page.getByText('cancelled', { exact: true }).first().waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('a booked shipment shows its label, is handed over, and stands in the list of shipments', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto(`/shipments/${shipping.bookedId}`)
    await page.getByRole('link', { name: 'Print the label' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'shipment-booked')
    await page.getByRole('button', { name: 'Hand over' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Hand over' }).click()
    await page.getByText('It is handed over').waitFor()
    await page.goto('/shipments')
    await page.getByRole('heading', { name: 'Shipments', level: 1 }).waitFor()
    await page.getByRole('link', { name: /^KK/ }).first().waitFor()
    await expectAccessible(page)
    await picture(page, 'shipments')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('exceptions tell why and what to do; the desk ships what is selected as one batch', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto('/exceptions')
    await page.getByText('No SKU here is known for FOREIGN').waitFor()
    await expectAccessible(page)
    await picture(page, 'exceptions')
    shop().placeOrder({ lines: [{ sku: 'CUP', quantity: 1 }] })
    await settle(api().hub, [world.connection], ['orders'])
    await page.goto('/shipping')
    await page.getByRole('heading', { name: 'Shipping desk' }).waitFor()
    await page.getByRole('checkbox').nth(1).check()
    await picture(page, 'desk')
    await page.getByRole('button', { name: 'Ship together' }).click()
    await page.getByRole('heading', { name: /^Batch of/ }).waitFor()
    await page.goto(`/shipping/${shipping.batchId}`)
    await page.getByRole('link', { name: 'Print labels' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'batch')
    await page.goto('/shipping?tab=batches')
    await page
      .getByText(/of 1 booked/)
      .first()
      .waitFor()
    await expectAccessible(page)
    await picture(page, 'batches')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('a return is approved, taken in and refunded; the platform is asked once', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto('/returns')
    await page.getByRole('heading', { name: 'Returns', level: 1 }).waitFor()
    await picture(page, 'returns')
    await expectAccessible(page)
    await page.goto(`/returns/${world.returnId}`)
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('button', { name: 'Take goods in' }).click()
    await page.getByRole('dialog').getByLabel('How they are').fill('as new')
    await expectAccessible(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Take goods in' }).click()
    await page.getByText('The goods are taken in').waitFor()
    await page.getByRole('button', { name: 'Give money back' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('Came back')
    await picture(page, 'return-refund')
    await page.getByRole('dialog').getByRole('button', { name: 'Give money back' }).click()
    await page.getByText('The refund is under way').waitFor()
    await runTask(api().hub, 'once', world.connection.id)
    await page.reload()
    await page.getByText('given back', { exact: true }).waitFor()
    await expectAccessible(page)
    await picture(page, 'return')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('on a narrow screen, in Chinese, every page fits and says what it is', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url, {
      viewport: narrow,
      language: 'zh-CN',
    })
    for (const [path, title] of [
      ['/orders', '订单'],
      [`/orders/${world.orderId}`, /^订单 /],
      ['/exceptions', '异常订单'],
      ['/shipping', '发货台'],
      [`/shipping/${shipping.batchId}`, /^批次/],
      ['/shipments', '运单'],
      [`/shipments/${shipping.plannedIds[0]}`, /运单$/],
      ['/returns', '退货'],
      [`/returns/${world.returnId}`, /退货$/],
    ] as const) {
      await page.goto(path)
      await page.getByRole('heading', { name: title, level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      await expectFits(page)
      await picture(page, `narrow${path.replaceAll('/', '-').replace(/_.*/, '')}`)
    }
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await context.close()
  })
})
