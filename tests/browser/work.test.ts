import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, serveApi } from '../../core/api/server.ts'
import { raiseProblems } from '../../core/problems/problems.ts'
import { propose } from '../../core/proposals/proposals.ts'
import { workOn } from '../../core/sync/work.ts'
import { findOpenWork } from '../../core/work/read.ts'
import { useApi, useShop } from '../api/support.ts'
import { makeUnclearCall, makeWorld, type World } from '../api/world.ts'
import { useDatabase } from '../support/database.ts'
import { testAct } from '../support/hub.ts'
import { expectAccessible, expectFits, narrow, openWindow, picture, useBrowser } from './support.ts'

const folder = await mkdtemp(join(tmpdir(), 'entrepot-browser-imports-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const shop = useShop()
const api = useApi(useDatabase(), { importFolder: folder })
const browser = useBrowser()
let server: RunningApi
let world: World
beforeAll(async () => {
  world = await makeWorld(api(), shop(), 'Main shop')
  const { hub } = api()
  await raiseProblems(
    hub.db,
    Array.from({ length: 14 }, (_, n) => ({
      kind: 'push_refused' as const,
      key: `push:lst_${n}:price`,
      connectionId: world.connection.id,
      subject: `lst_${n}`,
      message: `Main shop refused the price of SKU-${n} (price ${n}.99): out of bounds`,
      vendorMessage: `The price ${n}.99 is beyond what category <b>"Cups ${n}"</b> allows.`,
      field: 'regular_price',
      detail: { sku: `SKU-${n}` },
    })),
    testAct(),
  )
  server = await serveApi(api().api, { port: 0 })
})
afterAll(() => server?.close())

/** Works on all that was asked for, as a worker does. */
const work = async () => {
  for (const id of await findOpenWork(api().hub.db)) await workOn(api().hub, id)
}

describe('problems', () => {
  test('with one cause stand together, are resolved at once, followed in the header and taken back', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto('/problems')
    const group = page.getByRole('region', { name: 'Value refused' })
    await group.getByText('14 problems').waitFor()
    // What a platform says is text, whatever is in it.
    await group.getByText('<b>', { exact: false }).first().waitFor()
    await expectAccessible(page)
    await picture(page, 'problems-groups')
    await group.getByRole('button', { name: 'All are dealt with' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'All are dealt with' }).click()
    await page.getByRole('button', { name: 'Work under way: 1' }).waitFor()
    await work()
    await page.getByRole('button', { name: 'Work under way', exact: true }).click()
    const drawer = page.getByRole('dialog', { name: 'Work under way' })
    await drawer.getByText('Done').waitFor()
    await picture(page, 'work-drawer')
    await expectAccessible(page)
    await drawer.getByRole('link', { name: 'Resolve problems' }).click()
    await page.getByRole('button', { name: 'Take back' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
    await page.getByText('It is being taken back').waitFor()
    await work()
    await page.goto('/problems?view=all&kind=push_refused')
    await page.getByText('14 rows').waitFor()
    await picture(page, 'problems-list')
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('one by itself says what to do and what would be sent; an unclear call asks whether it happened', async () => {
    const { hub } = api()
    const { problemId } = await makeUnclearCall(api(), {
      connectionId: world.connection.id,
      operation: 'refund',
      subject: world.orderId,
      key: 'refund-browser',
    })
    await raiseProblems(
      hub.db,
      [
        {
          kind: 'push_refused',
          key: `push:${world.listingId}:price`,
          connectionId: world.connection.id,
          subject: world.listingId,
          message: 'Main shop refused the price of CUP',
        },
      ],
      testAct(),
    )
    const { json } = await api().call('GET', `/api/problems?subject=${world.listingId}`)
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto(`/problems/${json.items[0].id}`)
    await page.getByRole('heading', { name: 'Value refused' }).waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('It will be tried within seconds').waitFor()
    await expectAccessible(page)
    await picture(page, 'problem')
    await page.goto(`/problems/${problemId}`)
    await page.getByRole('button', { name: 'It did not happen' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'It did not happen' }).click()
    await page.getByText('Resolved', { exact: true }).first().waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('proposals', () => {
  test('show why, the whole diff and the cost, and are decided once; many at once in the list', async () => {
    const ids = await Promise.all(
      [1, 2, 3].map((n) =>
        propose(
          api().hub.db,
          {
            kind: 'end_listings',
            key: `end-${n}`,
            connectionId: world.connection.id,
            title: `End ${n} listings on Main shop`,
            reason: 'Out of the range. At most 10 % may be ended at once without approval.',
            diff: Array.from({ length: 250 }, (_, line) => ({
              subject: `SKU-${line}`,
              field: 'status',
              from: 'live',
              to: 'ended',
            })),
            payload: { connectionId: world.connection.id, listingIds: [], reason: 'Out', n },
            costCalls: 250,
          },
          testAct(),
        ),
      ),
    )
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto(`/proposals/${ids[0]}`)
    await page.getByText('200 of 250 lines').waitFor()
    await page.getByRole('button', { name: 'Show more lines' }).click()
    await page.getByText('250 of 250 lines').waitFor()
    await expectAccessible(page)
    await picture(page, 'proposal')
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await page.getByText('It was approved and applied.').waitFor()
    await page.goto('/proposals?kind=end_listings')
    await page.getByText('2 rows').waitFor()
    await picture(page, 'proposals')
    await expectAccessible(page)
    await page.getByRole('checkbox', { name: 'Select the rows that are loaded' }).check()
    await page.getByRole('button', { name: 'Turn down' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Turn down' }).click()
    await page.getByRole('button', { name: /Work under way: \d/ }).waitFor()
    await work()
    expect((await api().call('GET', `/api/proposals/${ids[2]}`)).json.status).toBe('rejected')
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('an import', () => {
  const german = Buffer.from(
    'Artikelnummer;Preis;Währung\nCUP;24,50;EUR\nMUG;9,90;EUR\nNONE;1,00;EUR\n',
    'latin1',
  )

  test('goes from the file to its result: columns are suggested, the preview writes nothing, rejects come back', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url)
    await page.goto('/imports')
    await page.getByRole('link', { name: 'Import a file' }).first().click()
    await page.getByRole('button', { name: 'Choose a file' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'import-upload')
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'preise.csv', mimeType: 'text/csv', buffer: german })
    await page.getByText('windows-1252').first().waitFor()
    await page.getByText('9,90').first().waitFor()
    await expectAccessible(page)
    await picture(page, 'import-columns')
    await page.getByRole('button', { name: 'See what would change' }).click()
    await page.getByText('The file is being looked through').waitFor()
    await work()
    await page.getByText('EUR 24.50').waitFor()
    await page.getByText('is not in the catalogue').waitFor()
    await expectAccessible(page)
    await picture(page, 'import-preview')
    // Closed and opened again, it still imports what was looked through.
    await page.evaluate('sessionStorage.clear()')
    await page.reload()
    await page.getByText('EUR 24.50').waitFor()
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('heading', { name: 'preise.csv' }).waitFor()
    await work()
    await page.getByRole('link', { name: 'Refused rows (CSV)' }).waitFor()
    await page.getByRole('button', { name: 'Take back' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'import-done')
    await page.goto('/imports')
    await page.getByRole('link', { name: 'preise.csv' }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('of a file that is no table says so and lets another be chosen', async () => {
    const { page, context } = await openWindow(browser(), server.url)
    await page.goto('/imports/new')
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('%PDF-1.4') })
    await page.getByRole('alert').getByText('is a PDF').waitFor()
    await page.getByRole('button', { name: 'Choose a file' }).waitFor()
    await context.close()
  })

  test('a narrow screen and Chinese show every page whole', async () => {
    const { page, context, complaints } = await openWindow(browser(), server.url, {
      viewport: narrow,
      language: 'zh-CN',
    })
    for (const [path, heading] of [
      ['/problems', '问题'],
      ['/problems?view=all', '问题'],
      ['/proposals', '待审提案'],
      ['/imports', '导入'],
      ['/imports/new', '导入文件'],
      ['/work', '长任务'],
    ] as const) {
      await page.goto(path)
      await page.getByRole('heading', { name: heading, exact: true }).waitFor()
      await page.waitForLoadState('networkidle')
      await expectFits(page)
      await picture(page, `narrow-${path.replace(/\W+/g, '-')}`)
    }
    await page.getByRole('link', { name: '撤销：将问题标记为已处理' }).waitFor()
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await context.close()
  })
})
