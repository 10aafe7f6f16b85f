import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, serveApi } from '../../core/api/server.ts'
import { useApi } from '../api/support.ts'
import { useDatabase } from '../support/database.ts'
import { expectAccessible, expectFits, narrow, openWindow, picture, useBrowser } from './support.ts'

const api = useApi(useDatabase())
const browser = useBrowser()
let server: RunningApi
beforeAll(async () => {
  server = await serveApi(api().api, { port: 0 })
})
afterAll(() => server?.close())

describe('the frame around every page', () => {
  test('a page is drawn with no complaint of the browser, accessible, in both languages', async () => {
    for (const [language, title, plugin] of [
      ['en', 'Installed plugins', 'Notes'],
      ['zh-CN', '已安装插件', '便签'],
    ] as const) {
      const { page, context, complaints } = await openWindow(browser(), server.url, { language })
      await page.goto('/plugins-installed')
      await page.getByRole('heading', { name: title }).waitFor()
      await page.getByRole('link', { name: plugin }).first().waitFor()
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
      await expectAccessible(page)
      await picture(page, `plugins-installed-${language}`)
      expect(complaints).toEqual([])
      await context.close()
    }
  })

  test('words of plugins follow when another language is chosen', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto('/plugin/shop-notes')
    await page.getByRole('heading', { level: 1, name: 'Notes' }).waitFor()
    await page.getByRole('button', { name: 'Language and colours' }).click()
    await page.getByRole('menuitem', { name: '简体中文' }).click()
    await page.getByRole('heading', { level: 1, name: '便签' }).waitFor()
    await page.getByRole('region', { name: '全部便签' }).first().waitFor()
    await page.goto('/plugin/shop-notes?tab=settings')
    await page.getByText('记录库存变动').waitFor()
    await picture(page, 'plugin-settings-zh-CN')
    await page.getByRole('button', { name: '语言与配色' }).click()
    await page.getByRole('menuitem', { name: 'English' }).click()
    await page.getByText('Watch stock').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('a narrow screen shows the page whole, and the navigation on request', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url, { viewport: narrow })
    await page.goto('/plugins-installed')
    await page.getByRole('heading', { name: 'Installed plugins' }).waitFor()
    await expectFits(page)
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('navigation', { name: 'Pages' }).waitFor()
    await picture(page, 'navigation-narrow')
    await context.close()
    expect(complaints).toEqual([])
  })

  test('the keyboard reaches pages: g and a letter, the palette, the list of keys', async () => {
    const { page, context } = await openWindow(browser(), server.url)
    await page.goto('/nowhere')
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('u')
    await page.getByRole('heading', { name: 'Installed plugins' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Go to a page').fill('installed')
    await page.getByText('Installed plugins').last().waitFor()
    await expectAccessible(page)
    await context.close()
  })
})
