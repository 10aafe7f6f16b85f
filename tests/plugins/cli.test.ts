import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listAudit } from '../../core/audit/read.ts'
import { useDatabase } from '../support/database.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const database = useDatabase()
let folder: string
let config = at('./shop-notes/hub.config.ts')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entrepot-plugins-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function entrepot(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const where = ['--database-url', database().url, '--data-folder', folder]
  const all = [at('../../core/cli/main.ts'), ...args, ...where, '--config', config]
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, all, { timeout: 60_000 })
    return { code: 0, out: stdout, err: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, err: stderr }
  }
}

describe('commands of plugins', () => {
  test('take arguments and options, tell how far they are, and answer as text, table or JSON', async () => {
    const added = await entrepot('shop-notes', 'add', 'one', 'two', '--author', 'Ada')
    expect(added).toMatchObject({ code: 0, out: '2 written\n' })
    expect(added.err).toContain('shop-notes add: 2 of 2 (two)')
    const listed = await entrepot('shop-notes', 'list')
    expect(listed.out.split('\n').map((line) => line.split(/\s+/))).toEqual([
      ['text', 'colour', 'author'],
      ['one', 'blue', 'Ada'],
      ['two', 'blue', 'Ada'],
      [''],
    ])
    const asJson = await entrepot('--json', 'shop-notes', 'add', 'three', '--ink-colour', 'red')
    expect(asJson).toEqual({ code: 0, out: '"1 written"\n', err: '' })
    const { out } = await entrepot('--json', 'shop-notes', 'list')
    expect((JSON.parse(out) as unknown[])[2]).toEqual({ text: 'three', colour: 'red', author: null })
    const [entry] = await listAudit(database().db, { subject: 'notes', limit: 1 })
    expect(entry).toMatchObject({ action: 'shop-notes.added', actor: expect.stringMatching(/^cli:/) })
  })

  test('fail with the exit codes of the hub’s own', async () => {
    expect(await entrepot('shop-notes', 'add', 'nothing')).toMatchObject({
      code: 2,
      err: expect.stringContaining('That is no note.'),
    })
    expect(await entrepot('shop-notes', 'add')).toMatchObject({ code: 2 })
    expect(await entrepot('shop-notes', 'vanish')).toMatchObject({ code: 2 })
  })

  test('are listed with all that each plugin brings', async () => {
    const { code, out } = await entrepot('--json', 'plugin', 'list')
    expect({ code, value: JSON.parse(out) as unknown }).toEqual({
      code: 0,
      value: [
        {
          id: 'shop-notes',
          name: 'Notes',
          enabled: true,
          events: ['stock.changed'],
          filters: ['listing.push', 'price.push'],
          jobs: ['tidy (0 * * * * UTC)'],
          routes: true,
          panels: ['notes'],
          proposals: ['conflict', 'rename'],
          commands: ['add', 'list'],
          tables: ['0001', '0002', '0003'],
          shipping: [],
        },
      ],
    })
    expect((await entrepot('plugin')).out).toContain('shop-notes')
    expect((await entrepot('--help')).out).toContain('shop-notes')
  })
})

describe('a configuration that cannot be loaded', () => {
  beforeAll(async () => {
    config = join(folder, 'broken.ts')
    await writeFile(config, "throw new Error('the comma is missing')")
  })

  test('leaves the help of the hub’s own commands, and says what is wrong', async () => {
    expect(await entrepot('sync', '--help')).toMatchObject({ code: 0, err: '' })
    const help = await entrepot('--help')
    expect(help.code).toBe(0)
    expect(help.out).toMatch(/rotate-key[\s\S]*plugins are not known: the comma is missing/)
    expect(await entrepot('shop-notes', 'list')).toMatchObject({
      code: 1,
      err: expect.stringContaining('the comma is missing'),
    })
  })

  test('is told apart from a plugin that takes a name of the hub’s own', async () => {
    config = join(folder, 'taken.ts')
    const plugin = `{ id: 'sync', name: 'Sync', commands: [{ name: 'x', description: 'x', run: async () => {} }] }`
    await writeFile(config, `export default { connectors: [], plugins: [${plugin}] }`)
    expect(await entrepot('nothing')).toMatchObject({
      code: 2,
      err: expect.stringContaining('"entrepot sync" is the hub\'s own'),
    })
    expect(await entrepot('problems')).toMatchObject({ code: 0 })
  })
})

describe('entrepot plugin', () => {
  beforeAll(() => {
    config = at('./shop-notes/hub.config.ts')
  })

  test('sets what a plugin can be set to and shows it; a value that is none changes nothing', async () => {
    const set = await entrepot('plugin', 'set', 'shop-notes', 'leastPriceMinor=250', 'sign=NEW')
    expect(set).toMatchObject({ code: 0, out: 'Saved: {"sign":"NEW","leastPriceMinor":250}\n' })
    expect(await entrepot('plugin', 'set', 'shop-notes', 'leastPriceMinor=cheap')).toMatchObject({
      code: 2,
      err: expect.stringContaining('leastPriceMinor'),
    })
    const { out } = await entrepot('plugin', 'show', 'shop-notes')
    expect(out).toContain('Notes is switched on.')
    expect(out).toMatch(/sign\s+NEW\s+yes\s+Sign: Stands before titles\./)
    expect(out).toMatch(/isWatching\s+true\s+default/)
  })

  test('switches a plugin off: its commands answer only while it is on', async () => {
    expect(await entrepot('plugin', 'disable', 'shop-notes')).toMatchObject({ code: 0 })
    expect(await entrepot('shop-notes', 'list')).toMatchObject({
      code: 4,
      err: expect.stringContaining('entrepot plugin enable shop-notes'),
    })
    expect(await entrepot('plugin', 'enable', 'shop-notes')).toMatchObject({ code: 0 })
  })

  test('writes a skeleton once, and never over what is there', async () => {
    const made = await entrepot('--json', 'plugin', 'new', 'late-orders', '--project', folder)
    expect(JSON.parse(made.out)).toMatchObject({ id: 'late-orders', files: expect.any(Array) })
    expect(await readFile(join(folder, 'plugins/late-orders/index.ts'), 'utf8')).toContain(
      'export const lateOrders = definePlugin({',
    )
    expect(await entrepot('plugin', 'new', 'late-orders', '--project', folder)).toMatchObject({ code: 4 })
  })
})
