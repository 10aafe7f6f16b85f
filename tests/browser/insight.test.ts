import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, serveApi } from '../../core/api/server.ts'
import { refreshOverview } from '../../core/overview/refresh.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { type InsightWorld, makeInsight } from '../api/insight-world.ts'
import { useApi, useShop } from '../api/support.ts'
import { makeWorld, type World } from '../api/world.ts'
import { useDatabase } from '../support/database.ts'
import { testAct } from '../support/hub.ts'
import { expectAccessible, expectFits, narrow, openWindow, picture, useBrowser } from './support.ts'

const api = useApi(useDatabase())
const shop = useShop()
const browser = useBrowser()
let server: RunningApi
let world: World
let insight: InsightWorld

beforeAll(async () => {
  world = await makeWorld(api(), shop())
  insight = await makeInsight(api(), world)
  const { hub } = api()
  await hub.db.execute(`update variants set cost_minor = 800, cost_currency = 'EUR'`)
  await refreshOverview(hub.db, new Date())
  await hub.db.transaction(async (tx) =>
    changeStock(
      tx,
      [
        {
          variantId: world.skus.get('MUG')!,
          warehouseId: await defaultWarehouse(tx),
          onHand: 40,
          reason: 'counted',
        },
      ],
      'count',
      testAct(),
    ),
  )
  server = await serveApi(api().api, { port: 0 })
})
afterAll(() => server?.close())

describe('what the hub is doing', () => {
  test('each page is drawn without a complaint, accessible, and no wider than a telephone', async () => {
    const { connection } = world
    const pages = [
      ['overview', '/', 'Overview'],
      ['capabilities', `/connections/${connection.id}?tab=capabilities`, 'woocommerce'],
      ['limits', `/connections/${connection.id}?tab=limits`, 'woocommerce'],
      ['schedule', `/connections/${connection.id}?tab=schedule`, 'woocommerce'],
      ['runs', '/runs', 'Runs'],
      ['run', `/runs/${insight.runId}?call=${insight.callId}`, ' · woocommerce'],
      ['preview', '/preview', 'Preview'],
      ['jobs', '/jobs', 'Jobs'],
      ['calls', '/calls', 'HTTP calls'],
      ['connections', '/connections', 'Connections'],
      ['connection-add', '/connections/add?connector=woocommerce', 'Add a connection'],
      ['connection-settings', `/connections/${connection.id}?tab=settings`, 'woocommerce'],
      ['credentials', `/connections/${connection.id}?tab=credentials`, 'woocommerce'],
      ['settings', '/settings', 'Settings'],
      ['plugin', '/plugin/shop-notes', 'Notes'],
    ] as const
    const { page, context, complaints } = await openWindow(browser(), server.url)
    for (const [name, path, heading] of pages) {
      await page.setViewportSize({ width: 1280, height: 800 })
      await page.goto(path)
      await page.getByRole('heading', { level: 1, name: heading }).waitFor()
      await page.waitForLoadState('load')
      await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
      await expectAccessible(page)
      await picture(page, name)
      await page.setViewportSize(narrow)
      await expectFits(page)
      await picture(page, `${name}-narrow`)
    }
    expect(complaints).toEqual([])
    await context.close()
  })

  test('the first page can be used after less than 300 kB of compressed script', async () => {
    const { page, context } = await openWindow(browser(), server.url)
    await page.goto('/')
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await page.getByText('Unknown SKU').waitFor()
    const bytes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map((entry) => entry as unknown as { name: string; encodedBodySize: number })
        .filter(({ name }) => name.endsWith('.js'))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    )
    console.log(`The first page took ${Math.round(bytes / 1000)} kB of compressed script.`)
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(300_000)
    await context.close()
  })

  test('the overview leads from a number to its rows, in Chinese too, and follows a change by itself', async () => {
    const { page, context } = await openWindow(browser(), server.url, { language: 'zh-CN' })
    await page.goto('/')
    await page.getByRole('heading', { level: 1, name: '总览' }).waitFor()
    await page.getByText('未知 SKU').waitFor()
    await picture(page, 'overview-zh')
    await page.goto('/connections')
    await page.getByText('运行中').waitFor()
    await api().call('POST', `/api/connections/${world.connection.id}/pause`, { reason: 'Umzug' })
    await page.getByText('已暂停').waitFor()
    await api().call('POST', `/api/connections/${world.connection.id}/resume`)
    await context.close()
  })

  test('a connection is added by the form of its platform, and a refusal stands at its field', async () => {
    const { page, context } = await openWindow(browser(), server.url)
    await page.goto('/connections/add?connector=woocommerce')
    const { settings, credentials } = shop().connection(shop().url) as {
      settings: { url: string }
      credentials: Record<string, string>
    }
    await page.getByLabel('Name').first().fill('Second shop')
    await page
      .getByLabel(/address/i)
      .first()
      .fill('no address')
    await page.getByRole('textbox', { name: 'Currency' }).fill('EUR')
    for (const [name, value] of Object.entries(credentials)) {
      const label = { consumerKey: 'Consumer key', consumerSecret: 'Consumer secret' }[name]
      if (label) await page.getByLabel(label).first().fill(value)
    }
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('alert').first().waitFor()
    await picture(page, 'add-refused')
    expect(await page.getByLabel('Name').first().inputValue()).toBe('Second shop')
    await page
      .getByLabel(/address/i)
      .first()
      .fill(settings.url)
    await page.getByRole('switch', { name: 'In our own network' }).click()
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Second shop' }).waitFor()
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await page.getByText('Reached the shop').waitFor()
    await context.close()
  })

  test('a preview shows the change with its reason, and pushing it leads to the runs', async () => {
    const { page, context } = await openWindow(browser(), server.url)
    await page.goto(`/preview?connection=${world.connection.id}&aspect=stock`)
    await page.getByRole('cell', { name: 'MUG', exact: true }).waitFor()
    await page.getByText('1 listing waits').waitFor()
    await page.getByRole('button', { name: 'Push now' }).click()
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
    await context.close()
  })

  test('a job that failed for good says why, and is run again', async () => {
    const { page, context } = await openWindow(browser(), server.url)
    await page.goto('/jobs?queue=dead')
    await page.getByText('It cannot be done').first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Run it again' }).click()
    await page.getByText('1 job waits again').waitFor()
    await context.close()
  })
})
