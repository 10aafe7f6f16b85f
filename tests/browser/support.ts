import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { launchBrowser } from './browser.ts'

export const wide = { width: 1280, height: 800 }
export const narrow = { width: 390, height: 844 }

/** One browser for the test file. */
export function useBrowser(): () => Browser {
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())
  return () => browser!
}

export type Watched = {
  context: BrowserContext
  page: Page
  /** What the browser complained of: exceptions, refused scripts and styles, errors in the console. */
  complaints: string[]
}

/** A window of a person's own: cookies and settings of nobody else. What the browser complains of is collected. */
export async function openWindow(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { language?: 'en' | 'zh-CN' } = {},
): Promise<Watched> {
  const { language = 'en', ...rest } = options
  const context = await browser.newContext({
    baseURL: url,
    viewport: wide,
    locale: language,
    reducedMotion: 'reduce',
    ...rest,
  })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // A refusal that the page shows is no fault of the page.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      complaints.push(message.text())
  })
  return { context, page, complaints }
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** No serious accessibility fault stands on the page. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated by the debugger, which the page's content security policy does not bind.
  await page.evaluate(readFileSync(axePath, 'utf8'))
  const faults = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          options: object,
        ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
      }
    }
    const { violations } = await axe.run({ resultTypes: ['violations'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
  })
  expect(faults, `faults of ${page.url()}`).toEqual([])
}

/** Nothing hangs out at the side: the page scrolls downwards only. */
export async function expectFits(page: Page): Promise<void> {
  const { content, window } = await page
    .locator('html')
    .evaluate(({ scrollWidth, clientWidth }) => ({ content: scrollWidth, window: clientWidth }))
  expect(content, `${page.url()} is wider than its window`).toBeLessThanOrEqual(window)
}

const folder = process.env.SCREENSHOTS

/** A picture of the page, where SCREENSHOTS names a folder for them. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.evaluate('document.fonts.ready.then(() => true)')
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
