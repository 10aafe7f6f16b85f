import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { perform } from '../../core/cli/demo/perform.ts'
import { createOutput } from '../../core/cli/output.ts'
import { silentLog } from '../../core/lib/log.ts'
import { startHub } from '../../core/sync/start.ts'
import config from '../../hub.config.ts'
import { findViolations } from '../support/oracle.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const olist = resolve(process.env.SHARED_DIR ?? at('../../../shared'), 'data/olist')
const isThere = existsSync(olist)

describe.skipIf(!isThere)(isThere ? 'the Olist files' : 'skipped: shared data not found', () => {
  const closing: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const close of closing.reverse()) await close()
  }, 60_000)

  test('all products are sold on both marketplaces, and every real order arrives once with its exact money', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'entrepot-olist-'))
    await chmod(dataFolder, 0o755)
    closing.push(() => rm(dataFolder, { recursive: true, force: true }))
    const hub = await startHub({ config, log: silentLog, dataFolder, isWorker: true })
    closing.push(() => hub.stop())
    const plan = { source: { olist }, seed: 1, rateScale: 200 }
    const { signal } = new AbortController()
    const { verdict, stages } = await perform(
      hub,
      config.sandboxes,
      plan,
      createOutput(true),
      signal,
      closing,
    )
    expect(verdict).toMatchObject({
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
    const sides = stages.map(({ connection, sandbox }) => ({ connectionId: connection.id, sandbox }))
    expect(await findViolations(hub.db, sides)).toEqual([])
  }, 600_000)
})
