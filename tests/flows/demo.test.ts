import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../core/cli/main.ts', import.meta.url))

test('the demo plays through and every shop agrees with the hub', async () => {
  const args = ['demo', '--once', '--json', '--products', '40', '--orders', '60']
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { timeout: 110_000 })
  const verdict = JSON.parse(stdout) as Record<string, number>
  expect(verdict).toMatchObject({
    products: 40,
    listingsLive: 112,
    ordersMissing: 0,
    ordersDuplicated: 0,
    moneyMismatches: 0,
    stockMismatches: 0,
    secondSyncChanges: 0,
    callsRefused: 0,
  })
  expect(verdict.ordersImported).toBe(verdict.ordersPlaced)
  expect(verdict.ordersPlaced).toBeGreaterThan(30)
}, 120_000)
