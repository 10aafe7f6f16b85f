import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../../core/api/app.ts'
import { topics } from '../../core/api/live.ts'
import { type RunningApi, serveApi } from '../../core/api/server.ts'
import { raiseProblems } from '../../core/problems/problems.ts'
import { withKey } from '../support/callers.ts'
import { useDatabase } from '../support/database.ts'
import { testAct } from '../support/hub.ts'
import { useApi } from './support.ts'

type Event = { event: string; data: { topics?: string[] } }

/** Reads a stream of events one after another; null once it has ended. */
async function follow(url: string): Promise<{ next(): Promise<Event | null>; leave(): Promise<void> }> {
  const response = await fetch(`${url}/api/live`)
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    async next() {
      while (!text.includes('\n\n')) {
        const { value, done } = await reader.read()
        if (done) return null
        text += value
      }
      const end = text.indexOf('\n\n')
      const block = text.slice(0, end)
      text = text.slice(end + 2)
      return {
        event: /^event: (.*)$/m.exec(block)![1]!,
        data: JSON.parse(/^data: (.*)$/m.exec(block)![1]!),
      }
    },
    leave: () => reader.cancel(),
  }
}

describe('changes as they happen', () => {
  const database = useDatabase()
  const api = useApi(database)
  let server: RunningApi

  beforeAll(async () => {
    server = await serveApi(api().api, { port: 0 })
  })
  afterAll(() => server?.close())

  const problem = (key: string) => ({ kind: 'plugin' as const, key, message: 'Something.' })

  test('a reader learns first that all may have changed, then of each commit of any process, and of no rollback', async () => {
    const { hub } = api()
    const stream = await follow(server.url)
    expect(await stream.next()).toEqual({ event: 'ready', data: { topics: [...topics] } })
    await hub.db
      .transaction(async (tx) => {
        await tx.execute("insert into categories (id, key, name) values ('cat_1', 'a', '{}')")
        await tx.execute("update warehouses set name = 'gone'")
        throw new Error('no')
      })
      .catch(() => {})
    // What changes nothing tells nothing.
    await hub.db.execute("update problems set message = 'x' where id = 'nobody'")
    await hub.db.transaction(async (tx) => {
      await raiseProblems(tx, [problem('a')], testAct())
      await raiseProblems(tx, [problem('b')], testAct())
    })
    expect(await stream.next()).toEqual({ event: 'changed', data: { topics: ['problems'] } })
    await stream.leave()
  })

  test('many changes within half a second are told once', async () => {
    const { hub } = api()
    const stream = await follow(server.url)
    await stream.next()
    for (let count = 0; count < 20; count += 1)
      await raiseProblems(hub.db, [problem(`many ${count}`)], testAct())
    await hub.db.execute("insert into hub_state (key, value) values ('x', '1')")
    expect(await stream.next()).toMatchObject({ event: 'changed' })
    await hub.db.execute('update connections set name = name')
    await hub.db.execute("insert into warehouses (id, code, name) values ('whs_1', 'X', 'X')")
    expect((await stream.next())?.data.topics).toEqual(['stock'])
    await stream.leave()
  })

  test('streams end when the hub closes, at once', async () => {
    const own = await serveApi(withKey(createApi(api().hub), api().hub.db), { port: 0 })
    const stream = await follow(own.url)
    expect((await stream.next())?.event).toBe('ready')
    const startedAt = performance.now()
    await Promise.all([own.close(), stream.next().then((event) => expect(event).toBeNull())])
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })
})
