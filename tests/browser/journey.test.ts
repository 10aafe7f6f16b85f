import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
} from './support.ts'

const main = fileURLToPath(new URL('../../core/cli/main.ts', import.meta.url))
const database = useDatabase()
const shop = useShop()
const browser = useBrowser()
let folder: string
let hub: ChildProcess
let first: { url: string; firstAdmin: string }
let ada: Watched
let bob: Watched

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

const see = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()

/** Goes to a page of the hub by the palette, as whoever does not look for the link. */
async function chooseIn(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}

async function join_(page: Page, link: string, { email, name }: { email?: string; name: string }) {
  await page.goto(link)
  if (email) await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel(/^New password/).fill(testPassword)
  await page.getByLabel('The new password again').fill(testPassword)
  await press(page, 'Save and sign in')
  await page.getByRole('button', { name: `Signed in as ${name}` }).waitFor()
}

const goods = `SKU,Title,Category,Weight (g),Price,Currency,Quantity
CUP,"Cup <script>alert('x')</script>",kitchen,320,19.90,EUR,12
TOWEL,"مَنْشَفَة حمام",towels,450,12.00,EUR,8
BOWL,白瓷碗 🍚,kitchen,510,9.50,EUR,4
LAMP,Lamp,kitchen,many,35.00,EUR,1
`

describe('a company’s first day with the hub, in a browser', () => {
  test('the first admin is made by the link of the first start, and connects a shop', async () => {
    const { page } = ada
    await join_(page, first.firstAdmin, { email: 'ada@shop.example', name: 'Ada' })
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
    expect(complaints).toEqual([])
  })

  test('its category is mapped; a dry run shows what would go out; then it is published', async () => {
    const { page, complaints } = ada
    await page.goto('/connections')
    await page.getByRole('link', { name: 'Main shop' }).click()
    await press(page, 'Pause')
    await page.getByRole('dialog').getByLabel('Reason').fill('First look')
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
    await see(page, 'This connection is paused')
    await page.goto('/products')
    await page.getByRole('checkbox', { name: 'Select the rows that are loaded' }).check()
    await chooseIn(page, 'List on…', 'Main shop')
    await press(page, 'List')
    await see(page, 'They are being listed')

    await page.goto('/mappings')
    await see(page, 'kitchen')
    await picture(page, 'journey-mappings')
    await page.goto('/preview')
    await page.getByRole('cell', { name: 'CUP', exact: true }).first().waitFor()
    await picture(page, 'journey-preview')
    expect(shop().listings()).toEqual([])
    expect(complaints).toEqual([])
  })
})
