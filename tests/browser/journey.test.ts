import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { useShop } from '../api/support.ts'
import { testPassword } from '../support/callers.ts'
import { useDatabase } from '../support/database.ts'
import {
  expectAccessible,
  expectFits,
  narrow,
  openWindow,
  picture,
  useBrowser,
  type Watched,
  wide,
} from './support.ts'

const main = fileURLToPath(new URL('../../core/cli/main.ts', import.meta.url))
const database = useDatabase()
const shop = useShop()
const browser = useBrowser()
let folder: string
let hub: ChildProcess
let first: { url: string; firstAdmin: string }
let ada: Watched
let connectionId: string
let bob: Watched | undefined

// What stood on the screen when a step failed.
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await picture(ada.page, `journey-failed-${task.name.slice(0, 20).replaceAll(' ', '-')}`)
})

beforeAll(async () => {
  const home = shop().addCategory('Home', null)
  for (const name of ['Kitchen', 'Bath towels']) shop().addCategory(name, home)
  folder = await mkdtemp(join(tmpdir(), 'entrepot-journey-'))
  const args = ['--json', '--database-url', database().url, '--data-folder', folder]
  hub = spawn(process.execPath, [main, ...args, 'start', '--port', '0', '--log-level', 'silent'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((done) => createInterface(hub.stdout!).once('line', done))
  first = JSON.parse(line) as typeof first
  ada = await openWindow(browser(), first.url)
})
afterAll(async () => {
  await ada?.context.close()
  await bob?.context.close()
  if (hub?.exitCode === null) {
    hub.kill()
    await new Promise((done) => hub.once('exit', done))
  }
  await rm(folder, { recursive: true, force: true })
})

const patience = { timeout: 20_000, interval: 50 }
const liveSkus = () =>
  shop()
    .listings()
    .flatMap(({ sku, status }) => (status === 'live' ? [sku] : []))
    .sort()
const see = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()

async function chooseIn(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}

/** Has the platform's terms read, and with them the words that wait for a meaning. */
async function lookAgain(page: Page): Promise<void> {
  await press(page, 'More')
  await page.getByRole('menuitem', { name: 'Look again' }).click()
}

/** What the shop tells by webhook. */
async function deliver(): Promise<void> {
  for (const { headers, body } of shop().takeWebhooks())
    expect(
      (await fetch(`${first.url}/webhooks/${connectionId}`, { method: 'POST', headers, body })).status,
    ).toBe(200)
}

async function joinBy(page: Page, link: string, { email, name }: { email?: string; name: string }) {
  await page.goto(link)
  if (email) await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel(/^New password/).fill(testPassword)
  await page.getByLabel('The new password again').fill(testPassword)
  await press(page, 'Save and sign in')
  await page.getByRole('button', { name: `Signed in as ${name}` }).waitFor()
}

/** As long as a description gets, without a blank to break it at. */
const longText = `<img src=x onerror=alert(2)>${'long'.repeat(2500)}`
const goods = `SKU,Title,Category,Weight (g),Price,Currency,Quantity,Description
CUP,"Cup <script>alert('x')</script>",kitchen,320,19.90,EUR,12,${longText}
TOWEL,"مَنْشَفَة حمام",towels,450,12.00,EUR,8,
BOWL,白瓷碗 🍚,kitchen,510,9.50,EUR,4,
LAMP,Lamp,kitchen,many,35.00,EUR,1,
`

describe('a company’s first day with the hub, in a browser', () => {
  test('the first admin is made by the link of the first start, and connects a shop', async () => {
    const { page } = ada
    await joinBy(page, first.firstAdmin, { email: 'ada@shop.example', name: 'Ada' })
    await see(page, 'There is no connection yet.')
    await picture(page, 'journey-empty')
    await page.getByRole('link', { name: 'Add a connection' }).first().click()
    await chooseIn(page, 'Platform', 'WooCommerce')
    const { settings, credentials } = shop().connection(shop().url) as {
      settings: { url: string }
      credentials: { consumerKey: string; consumerSecret: string; webhookSecret: string }
    }
    await page.getByLabel('Name').first().fill('Main shop')
    await page
      .getByLabel(/address/i)
      .first()
      .fill(settings.url)
    await page.getByRole('textbox', { name: 'Currency' }).fill('EUR')
    await page.getByLabel('Consumer key').fill(credentials.consumerKey)
    await page.getByLabel('Consumer secret').fill(credentials.consumerSecret)
    await page.getByLabel(/webhook/i).fill(credentials.webhookSecret)
    await page.getByRole('switch', { name: 'In our own network' }).click()
    await press(page, 'Add')
    await page.getByRole('heading', { level: 1, name: 'Main shop' }).waitFor()
    connectionId = page.url().split('/').at(-1)!
    await press(page, 'Test')
    await see(page, 'Reached the shop')
  })

  test('goods come from a file; what it says wrongly comes back; texts of every script are text', async () => {
    const { page, complaints } = ada
    await page.goto('/imports/new')
    await page.locator('input[type=file]').setInputFiles({
      name: 'goods.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(goods),
    })
    await press(page, 'See what would change')
    await see(page, 'Rows that would be refused')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('link', { name: 'Refused rows (CSV)' }).waitFor()
    await page.goto('/products')
    for (const title of ["Cup <script>alert('x')</script>", 'مَنْشَفَة حمام', '白瓷碗 🍚']) await see(page, title)
    await picture(page, 'journey-products')
    await page.getByText("Cup <script>alert('x')</script>").first().click()
    await page.getByRole('tab', { name: 'Texts' }).click()
    expect(await page.getByLabel('Description').first().inputValue()).toBe(longText)
    await page.setViewportSize(narrow)
    await expectFits(page)
    await page.setViewportSize(wide)
    expect(complaints).toEqual([])
  })

  test('what would be listed is shown before; it is listed, and its categories are mapped', async () => {
    const { page, complaints } = ada
    await page.goto('/products')
    await page.getByRole('checkbox', { name: 'Select the rows that are loaded' }).check()
    await chooseIn(page, 'List on…', 'Main shop')
    await press(page, 'Preview')
    const dialog = page.getByRole('dialog', { name: 'What Main shop would be told' })
    await see(page, '19.90 EUR')
    await expectAccessible(page)
    await picture(page, 'journey-publish-preview')
    expect(shop().listings()).toEqual([])
    await dialog.getByRole('button', { name: 'List', exact: true }).click()
    await see(page, 'They are being listed')
    await page.goto('/listings')
    await page.getByText('Live', { exact: true }).nth(2).waitFor()
    expect(liveSkus()).toEqual(['BOWL', 'CUP', 'TOWEL'])

    await page.goto('/mappings')
    await lookAgain(page)
    const kitchen = page.locator('li[aria-current]').filter({ hasText: 'kitchen' })
    await kitchen.getByText(/could be Kitchen/).waitFor()
    await kitchen.getByRole('button', { name: 'Map', exact: true }).click()
    await see(page, 'kitchen is saved.')
    await picture(page, 'journey-mappings')
    const [cup] = shop()
      .listings()
      .filter(({ sku }) => sku === 'CUP')
    await vi.waitFor(() => expect(shop().categoriesOf(cup!.externalId)).toHaveLength(1), patience)
    expect(complaints).toEqual([])
  })

  test('an order arrives while the list is open, and is shipped; the shop is told', async () => {
    const { page, complaints } = ada
    await page.goto('/orders')
    await see(page, 'There are no orders yet.')
    const { externalId } = shop().placeOrder({ lines: [{ sku: 'CUP', quantity: 2 }] })
    await deliver()
    await page.getByRole('link', { name: externalId, exact: true }).click()
    await page.getByRole('heading', { name: `Order ${externalId}` }).waitFor()
    await picture(page, 'journey-order')
    await page.goto('/warehouses')
    await press(page, 'Edit MAIN')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Name' }).last().fill('Dispatch')
    await dialog.getByLabel(/^Street/).fill('1 Hall Street')
    await dialog.getByLabel(/^City/).fill('Leipzig')
    await dialog.getByLabel(/^Country/).fill('DE')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await see(page, 'Dispatch, 1 Hall Street, Leipzig, DE')
    await page.goto('/orders')
    await page.getByRole('link', { name: externalId, exact: true }).click()
    await press(page, 'More')
    await page.getByRole('menuitem', { name: 'Enter a shipment made elsewhere' }).click()
    await dialog.getByLabel(/^Carrier/).fill('Bike courier')
    await dialog.getByLabel(/^Tracking number/).fill('BC-1')
    await dialog.getByLabel(/^Weight of the parcel/).fill('700')
    await dialog.getByRole('button', { name: 'Enter it' }).click()
    await page.getByRole('heading', { name: 'Shipment BC-1' }).waitFor()
    await press(page, 'Hand over')
    await dialog.getByRole('button', { name: 'Hand over' }).click()
    await see(page, 'It is handed over')
    const isShipped = () =>
      shop()
        .orders()
        .find((order) => order.externalId === externalId)?.isShipped
    await vi.waitFor(() => expect(isShipped()).toBe(true), patience)
    await picture(page, 'journey-shipped')
    expect(complaints).toEqual([])
  })

  test('an order with a SKU that nobody knows is a problem, until somebody says what it is', async () => {
    const { page, complaints } = ada
    shop().addProduct({
      sku: 'FOREIGN',
      name: 'Old cup <img src=x onerror=alert(1)>',
      price: '5.00',
      quantity: 3,
    })
    shop().placeOrder({ lines: [{ sku: 'FOREIGN', quantity: 1 }] })
    await deliver()
    await page.goto('/problems')
    await page.getByRole('region', { name: 'Unknown SKU' }).waitFor()
    await picture(page, 'journey-problem')
    await page.goto('/mappings?kind=sku')
    await lookAgain(page)
    await page.getByText('FOREIGN').first().click()
    await chooseIn(page, 'Something else', /CUP/)
    await press(page, 'Map')
    await see(page, 'is saved. 1 order line found its SKU.')
    await page.goto('/problems')
    await page.getByRole('region', { name: 'Unknown SKU' }).waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  test('what is beyond a guard rail is approved by a second person, in Chinese and on a telephone', async () => {
    const { page, complaints } = ada
    await page.goto('/users')
    await press(page, 'Invite somebody')
    await page.getByLabel('E-mail address').fill('bob@shop.example')
    await page.getByRole('textbox', { name: 'Name' }).fill('鲍勃')
    await chooseIn(page, 'Role', 'manager')
    await press(page, 'Make the invitation')
    const link = await page.locator('pre').filter({ hasText: '/join#' }).textContent()
    const { externalId } = shop().placeOrder({
      lines: [{ sku: 'BOWL', quantity: 1, unitPrice: { minor: 30_000, currency: 'EUR' } }],
    })
    await deliver()
    await page.goto('/orders')
    await page.getByRole('link', { name: externalId, exact: true }).click()
    await press(page, 'More')
    await page.getByRole('menuitem', { name: 'Give money back' }).click()
    await page.getByLabel(/^Amount/).fill('300.00')
    await page.getByLabel('Reason').fill('Broken on arrival')
    await page.getByRole('dialog').getByRole('button', { name: 'Give money back' }).click()
    await see(page, 'It waits for approval')
    await page.goto('/proposals')
    await page.getByRole('link', { name: /EUR/ }).click()
    await see(page, 'Whoever proposed it cannot approve it')
    await picture(page, 'journey-own-proposal')

    bob = await openWindow(browser(), first.url, { viewport: narrow, language: 'zh-CN' })
    const his = bob.page
    await his.goto(link!)
    await his.getByLabel(/^新密码/).fill(testPassword)
    await his.getByLabel('再次输入新密码').fill(testPassword)
    await press(his, '保存并登录')
    await his.getByRole('button', { name: '当前用户：鲍勃' }).waitFor()
    await his.getByRole('heading', { level: 1, name: '总览' }).waitFor()
    await see(his, 'Main shop')
    await expectFits(his)
    await expectAccessible(his)
    await picture(his, 'journey-overview-narrow-zh')
    await his.goto('/proposals')
    await his.getByRole('link', { name: /EUR/ }).click()
    await expectFits(his)
    await press(his, '批准')
    await his.getByRole('dialog').getByRole('button', { name: '批准' }).click()
    await see(his, '已批准并执行。')
    await picture(his, 'journey-approved-narrow-zh')
    const refunds = () =>
      shop().calls.filter(
        ({ method, path }) => method === 'POST' && path.endsWith(`/orders/${externalId}/refunds`),
      )
    await vi.waitFor(() => expect(refunds()).toHaveLength(1), patience)
    expect([...complaints, ...bob.complaints]).toEqual([])
  })
})
