import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { useDatabase } from '../support/database.ts'
import { useSandbox } from '../support/hub.ts'

const main = fileURLToPath(new URL('../../core/cli/main.ts', import.meta.url))
const database = useDatabase()
const shop = useSandbox(() =>
  createWooCommerceSandbox({ clock: systemClock, currency: 'EUR', rateScale: 1000 }),
)
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entrepot-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Answer = { code: number; out: string; err: string }

/** Runs the command line on the test's database. */
async function entrepot(...args: string[]): Promise<Answer> {
  const all = [main, '--database-url', database().url, '--data-folder', folder, ...args]
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, all, {
      cwd: folder,
      timeout: 60_000,
    })
    return { code: 0, out: stdout, err: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, err: stderr }
  }
}

const json = async (...args: string[]) => {
  const { code, out } = await entrepot('--json', ...args)
  return { code, value: JSON.parse(out) as unknown }
}

describe('the command line', () => {
  test('takes a shop from a CSV file to live listings, each step telling what it did', async () => {
    const products =
      'sku,title,price,currency,quantity,cost\nCUP,A cup,12.90,EUR,7,\nJAR,A jar,5.00,EUR,3,\nBAD,,1.00,EUR,1,\n'
    await writeFile(join(folder, 'products.csv'), products)
    const imported = await entrepot('import', 'products', join(folder, 'products.csv'))
    expect(imported.code).toBe(6)
    expect(imported.out).toContain('created')
    expect(imported.out).toContain('rejects.csv')

    const { settings, credentials } = shop().connection(shop().url)
    await writeFile(join(folder, 'secrets.json'), JSON.stringify(credentials))
    const set = Object.entries(settings).flatMap(([name, value]) => [
      '--set',
      `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ])
    const added = await entrepot(
      'connection',
      'add',
      'woocommerce',
      '--name',
      'shop',
      '--local',
      '--live',
      '--currency',
      'EUR',
      ...set,
      '--secrets-file',
      join(folder, 'secrets.json'),
    )
    expect(added).toMatchObject({ code: 0 })
    expect(await entrepot('connection', 'test', 'shop')).toMatchObject({ code: 0 })
    expect(await json('connection', 'list')).toMatchObject({
      code: 0,
      value: [{ name: 'shop', status: 'active' }],
    })

    expect(await json('publish', 'shop', '--all')).toEqual({ code: 0, value: { waiting: 2 } })
    expect(await json('sync', 'shop', '--dry-run')).toMatchObject({
      value: { calls: 2, once: [{ operation: 'createListing', calls: 2 }] },
    })
    const synced = await json('sync', 'shop')
    expect(synced).toMatchObject({ code: 0, value: { once: { createListing: 2 } } })
    expect(
      shop()
        .listings()
        .map(({ sku, quantity }) => [sku, quantity])
        .sort(),
    ).toEqual([
      ['CUP', 7],
      ['JAR', 3],
    ])
  })

  test('a dry run shows each field with its reason and the calls it would cost, and sends nothing', async () => {
    await writeFile(join(folder, 'stock.csv'), 'sku,quantity\nCUP,5\n')
    expect(await entrepot('import', 'stock', join(folder, 'stock.csv'))).toMatchObject({ code: 0 })
    const before = shop().calls.length
    const preview = await json('sync', 'shop', '--dry-run')
    expect(preview).toMatchObject({
      code: 0,
      value: { calls: 1, lines: [{ sku: 'CUP', aspect: 'stock', field: 'quantity', from: '7', to: '5' }] },
    })
    expect(shop().calls.length).toBe(before)
  })

  test('explain names the terms of a quantity and the movements behind them', async () => {
    const { code, out } = await entrepot('explain', 'CUP')
    expect(code).toBe(0)
    expect(out).toContain('5 on hand, 0 reserved')
    expect(out).toMatch(/quantity: 5/)
    expect(out).toMatch(/price: 12\.90 EUR/)
  })

  test('a listing is taken off the shelf and put back, with the stock of now', async () => {
    expect(await entrepot('end', 'shop', 'JAR', '--reason', 'out of season')).toMatchObject({ code: 0 })
    await entrepot('sync', 'shop')
    const status = () =>
      shop()
        .listings()
        .find((listing) => listing.sku === 'JAR')?.status
    expect(status()).toBe('ended')
    expect(await entrepot('relist', 'shop', 'JAR')).toMatchObject({ code: 0 })
    await entrepot('sync', 'shop')
    expect(status()).toBe('live')
  })

  test('credentials still open after their key was rotated', async () => {
    expect(await json('rotate-key')).toEqual({ code: 0, value: { connections: 1 } })
    expect(await entrepot('connection', 'test', 'shop')).toMatchObject({ code: 0 })
  })

  test('every failure has an exit code and a sentence that says what to do', async () => {
    expect(await entrepot('explain', 'NOPE')).toMatchObject({ code: 3, err: expect.stringContaining('NOPE') })
    expect(await entrepot('sync', 'nowhere')).toMatchObject({
      code: 3,
      err: expect.stringContaining('There are: shop'),
    })
    expect(await entrepot('sync', 'shop', '--aspect', 'colour')).toMatchObject({
      code: 2,
      err: expect.stringContaining('colour'),
    })
    expect(await entrepot('import', 'products', join(folder, 'absent.csv'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('absent.csv'),
    })
    expect(await entrepot('connection', 'add', 'woocommerce', '--name', 'x')).toMatchObject({
      code: 2,
      err: expect.stringContaining('settings.url'),
    })
    expect(await entrepot('schedule', 'set', 'shop', 'orders', '--cron', 'often')).toMatchObject({ code: 2 })
    expect((await entrepot('nonsense')).code).toBe(2)
  })

  test('wrong credentials are told in the shop’s own words', async () => {
    const { settings } = shop().connection(shop().url)
    await writeFile(
      join(folder, 'wrong.json'),
      JSON.stringify({ consumerKey: 'ck_wrong', consumerSecret: 'cs_wrong' }),
    )
    const set = Object.entries(settings).flatMap(([name, value]) => [
      '--set',
      `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ])
    await entrepot(
      'connection',
      'add',
      'woocommerce',
      '--name',
      'wrong',
      '--local',
      '--live',
      ...set,
      '--secrets-file',
      join(folder, 'wrong.json'),
    )
    const { code, err } = await entrepot('connection', 'test', 'wrong')
    expect(code).toBe(5)
    expect(err).toContain('Sorry, you cannot list resources.')
    expect(err).not.toContain('cs_wrong')
  })

  test('doctor finds the ledger and the audit log whole and names the connection that fails', async () => {
    const { code, value } = await json('doctor')
    const checks = value as { name: string; ok: boolean }[]
    expect(code).toBe(6)
    expect(checks.filter((check) => !check.ok).map((check) => check.name)).toEqual(['connection wrong'])
  })
})
