import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { PDFDocument } from '@cantoo/pdf-lib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { placeOrders, prepare, sender } from '../shipments/support.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed } from '../support/hub.ts'

const main = fileURLToPath(new URL('../../core/cli/main.ts', import.meta.url))
const database = useDatabase()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entrepot-ship-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function entrepot(...args: string[]): Promise<{ code: number; value: Record<string, unknown> }> {
  const all = [main, '--json', '--database-url', database().url, '--data-folder', folder, ...args]
  try {
    const { stdout } = await promisify(execFile)(process.execPath, all, { cwd: folder, timeout: 60_000 })
    return { code: 0, value: JSON.parse(stdout) }
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string }
    return { code, value: JSON.parse(stdout) }
  }
}

test('a new user sets up a courier of the neighbourhood, ships, prints and looks, from the command line', async () => {
  const hub = createTestHub(database(), [])
  await seed(hub, [
    { sku: 'CUP', stock: 10 },
    { sku: 'FOG', stock: 10 },
  ])
  await prepare(hub, { FOG: null })
  await placeOrders(hub, { 'K-1': [{ sku: 'CUP', quantity: 2 }], 'K-2': [{ sku: 'FOG' }] })
  await writeFile(join(folder, 'address.json'), JSON.stringify(sender))
  expect(await entrepot('warehouse', 'set', 'MAIN', '--address', 'address.json')).toMatchObject({ code: 0 })
  const services = JSON.stringify([{ code: 'day', name: 'Same day' }])
  const settings = ['carrierName=Kurier Klein', 'numberPrefix=KK', `services=${services}`].flatMap((one) => [
    '--set',
    one,
  ])
  expect(await entrepot('connection', 'add', 'rate-card', '--name', 'Kurier', ...settings)).toMatchObject({
    code: 0,
  })
  expect(await entrepot('connection', 'test', 'Kurier')).toMatchObject({ code: 0 })
  expect(await entrepot('ship', '--all', '--courier', 'Kurier')).toMatchObject({ code: 2 })

  const shipped = await entrepot('ship', '--all', '--courier', 'Kurier', '--service', 'day')
  expect(shipped).toMatchObject({ code: 6, value: { booked: 1, skipped: [{ number: 'K-2' }] } })
  const { id } = shipped.value as { id: string }
  expect(await entrepot('labels', id, '--out', 'labels.pdf')).toMatchObject({ code: 0 })
  expect((await PDFDocument.load(await readFile(join(folder, 'labels.pdf')))).getPageCount()).toBe(1)
  const { value: list } = await entrepot('shipments')
  expect(list).toMatchObject([{ state: 'booked', orderNumber: 'K-1', serviceName: 'Same day' }])
  expect(await entrepot('track', (list as unknown as { id: string }[])[0]!.id)).toMatchObject({
    code: 0,
    value: { parcels: [{ state: 'announced' }] },
  })
  expect(await entrepot('ship', 'K-9')).toMatchObject({ code: 3 })
}, 120_000)
