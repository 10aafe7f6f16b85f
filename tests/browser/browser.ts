import { existsSync } from 'node:fs'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

const installed = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** A real Chromium: the machine's own where there is one (or CHROMIUM_PATH), else the one that npm brought. */
export async function launchBrowser(): Promise<Browser> {
  const own = installed.find((path) => path && existsSync(path))
  return playwright.launch({
    executablePath: own ?? (await chromium.executablePath()),
    headless: true,
    // A machine that runs tests as root has no sandbox; what is loaded are the hub's own pages.
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
  })
}
