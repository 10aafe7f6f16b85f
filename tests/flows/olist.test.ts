import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const folder = resolve(process.env.SHARED_DIR ?? at('../../../shared'), 'data/olist')
const isThere = existsSync(folder)

describe.skipIf(!isThere)(isThere ? 'the Olist files' : 'skipped: shared data not found', () => {
  test('all products are sold on both marketplaces, and every real order arrives once with its exact money', async () => {
    const args = [at('../../core/cli/main.ts'), 'demo', '--once', '--json', '--data', folder]
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 590_000 })
    expect(JSON.parse(stdout)).toMatchObject({
      products: 5460,
      listingsLive: 10_920,
      ordersPlaced: 6767,
      ordersImported: 6767,
      ordersMissing: 0,
      ordersDuplicated: 0,
      moneyMismatches: 0,
      stockMismatches: 0,
      ledgerGaps: 0,
      secondSyncChanges: 0,
      callsRefused: 0,
    })
  }, 600_000)
})
