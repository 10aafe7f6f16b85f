import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, createApi } from '../../core/api/app.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { migratePlugins } from '../../core/plugins/migrate.ts'
import type { PluginDefinition } from '../../core/sdk/plugin.ts'
import { startQueue } from '../../core/sync/queue.ts'
import { withKey } from '../support/callers.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub } from '../support/hub.ts'
import { shopNotes } from './shop-notes/index.ts'

const unmakeable: PluginDefinition = {
  id: 'unmakeable',
  name: 'Cannot be made',
  routes: () => {
    throw new Error('internal detail')
  },
}

describe('routes of plugins', () => {
  const database = useDatabase()
  let api: Api
  let stop: () => Promise<void>
  beforeAll(async () => {
    const plugins = [unmakeable, shopNotes]
    await migratePlugins(database(), plugins, systemClock)
    const queue = await startQueue(database(), { isWorker: false })
    stop = () => queue.stop()
    const hub = Object.assign(createTestHub(database(), [], { plugins }), { queue })
    api = withKey(createApi(hub), hub.db)
  })
  afterAll(() => stop())

  const call = async (path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const response = await api.request(path, { ...init, headers })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) as unknown }
  }

  test('answer below the plugin, never stored by anybody in between', async () => {
    expect(await call('/plugins/shop-notes/notes', { text: 'hello' })).toMatchObject({ status: 201 })
    const answer = await call('/plugins/shop-notes/notes')
    expect(answer).toMatchObject({ status: 200, json: [{ text: 'hello' }] })
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('stand behind the guard and the body limit of the API', async () => {
    expect(await call('/plugins/shop-notes/notes', undefined, { host: 'evil.example' })).toMatchObject({
      status: 403,
      json: { error: { code: 'forbidden' } },
    })
    expect(await call('/plugins/shop-notes/notes', { text: 'x'.repeat(11 * 1024 * 1024) })).toMatchObject({
      status: 413,
      json: { error: { code: 'too_large' } },
    })
  })

  test('refuse in the one error shape', async () => {
    expect(await call('/plugins/shop-notes/notes', { text: '' })).toMatchObject({
      status: 400,
      json: { error: { code: 'invalid_input', message: 'A note needs a text.', field: 'text' } },
    })
    expect(await call('/plugins/nothing/notes')).toMatchObject({
      status: 404,
      json: { error: { code: 'not_found' } },
    })
    expect(await call('/plugins/shop-notes/nothing')).toMatchObject({ status: 404 })
  })

  test('that fail tell nothing internal and harm nothing else', async () => {
    const crashed = await call('/plugins/shop-notes/crash')
    expect(crashed).toMatchObject({ status: 500, json: { error: { code: 'internal' } } })
    expect(crashed.text).not.toMatch(/secret-value|nonsense|select/)
    const unmade = await call('/plugins/unmakeable/anything')
    expect(unmade).toMatchObject({ status: 500, json: { error: { code: 'internal' } } })
    expect(unmade.text).not.toContain('internal detail')
    expect(await call('/plugins/shop-notes/notes')).toMatchObject({ status: 200 })
    expect(await call('/api/problems')).toMatchObject({ status: 200 })
  })
})
