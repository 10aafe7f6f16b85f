import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { workOn } from '../../core/sync/work.ts'
import { useDatabase } from '../support/database.ts'
import { seed } from '../support/hub.ts'
import { useApi } from './support.ts'

const root = await mkdtemp(join(tmpdir(), 'entrepot-api-imports-'))
const folder = join(root, 'inside')
afterAll(() => rm(root, { recursive: true, force: true }))

describe('imports over HTTP', () => {
  const database = useDatabase()
  const api = useApi(database, { importFolder: folder })
  const closed = useApi(database)
  const start = (path: string, profile = 'stock') => api().call('POST', '/api/imports', { profile, path })
  beforeAll(async () => {
    await mkdir(folder)
    await writeFile(join(root, 'outside.csv'), 'sku,quantity\nCUP,1\n')
    await symlink(join(root, 'outside.csv'), join(folder, 'link.csv'))
    await writeFile(join(folder, 'stock.csv'), 'sku,quantity\nCUP,8\nNONE,3\n')
    await seed(api().hub, [{ sku: 'CUP' }])
  })

  test('a file of the folder is imported in the background, and followed until it is done', async () => {
    const started = await start('stock.csv')
    expect(started).toMatchObject({
      status: 202,
      json: { id: expect.stringMatching(/^imp_/) },
    })
    const done = await untilDone(started.json.id)
    expect(done).toMatchObject({
      state: 'done',
      fileName: 'stock.csv',
      hasRejects: true,
      counts: { rows: 2, stockSet: 1, rejected: 1 },
    })
    expect((await api().call('GET', '/api/stock/CUP')).json.levels).toMatchObject([{ onHand: 8 }])
    expect((await api().call('GET', '/api/imports')).json.items).toMatchObject([{ id: started.json.id }])
  })

  test('nothing outside the folder is read, by no way there', async () => {
    for (const path of [
      '../outside.csv',
      join(root, 'outside.csv'),
      'link.csv',
      'none.csv',
      '..',
      'x/../../outside.csv',
    ])
      expect(await start(path), path).toMatchObject({ status: 400, json: { error: { field: 'path' } } })
    expect(await start('stock.csv', '../../etc/passwd')).toMatchObject({
      status: 400,
      json: { error: { field: 'profile' } },
    })
    expect(await start('stock.csv', '../outside.json')).toMatchObject({
      status: 400,
      json: { error: { field: 'profile' } },
    })
  })

  test('a file that does not fit its profile is refused before anything is written', async () => {
    await writeFile(join(folder, 'wrong.csv'), 'name\nCup\n')
    expect(await start('wrong.csv')).toMatchObject({
      status: 400,
      json: { error: { code: 'invalid_input' } },
    })
    expect((await api().call('GET', '/api/imports')).json.items).toHaveLength(1)
  })

  test('the same file twice at once is one import', async () => {
    const answers = await Promise.all([start('stock.csv'), start('stock.csv')])
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409])
    await untilDone(answers.find(({ status }) => status === 202)!.json.id)
  })

  test('without a folder the API reads no file at all', async () => {
    const answer = await closed().call('POST', '/api/imports', { profile: 'stock', path: 'stock.csv' })
    expect(answer).toMatchObject({
      status: 409,
      json: { error: { message: expect.stringContaining('import folder') } },
    })
  })

  /** Works on an import as a worker does. */
  async function untilDone(id: string) {
    const { json } = await api().call('GET', `/api/imports/${id}`)
    await workOn(api().hub, json.workId)
    return (await api().call('GET', `/api/imports/${id}`)).json
  }
})
