import { beforeAll, describe, expect, test } from 'vitest'
import { useDatabase } from '../support/database.ts'
import { type InsightWorld, makeJobs } from './insight-world.ts'
import { useApi } from './support.ts'

describe('jobs', () => {
  const database = useDatabase()
  const api = useApi(database)
  let jobs: InsightWorld['jobs']

  beforeAll(async () => {
    jobs = await makeJobs(api().hub)
  })

  const queueOf = async (name: string) => {
    const { json } = await api().call('GET', '/api/job-queues')
    return json.items.find((one: { queue: string }) => one.queue === name)
  }

  test('queues are counted by what stands in them, and since when the oldest waits', async () => {
    expect(await queueOf('batch')).toMatchObject({ waiting: 0, deferred: 1, active: 0 })
    expect(await queueOf('once')).toMatchObject({ waiting: 0, failed: 1, oldestWaitingSince: null })
    expect(await queueOf('dead')).toMatchObject({ waiting: 1, oldestWaitingSince: expect.any(String) })
  })

  test('a job shows its data and why it failed, without whom it is about', async () => {
    const { json, text } = await api().call('GET', `/api/jobs/${jobs.failed}`)
    expect(json).toMatchObject({ state: 'failed', key: 'doomed', data: { task: 'once', buyer: '[masked]' } })
    expect(json.error).toBe('It cannot be done. Ask [masked].')
    expect(text).not.toContain('Lovelace')
    const dead = await api().call('GET', `/api/jobs/${jobs.dead}`)
    expect(dead.json).toMatchObject({ queue: 'dead', source: 'once' })
    expect(dead.text).not.toContain('Lovelace')
  })

  test('a list is paged over all queues, the latest first', async () => {
    const all = (await api().call('GET', '/api/jobs?limit=100')).json.items.map(
      (one: { id: string }) => one.id,
    )
    expect(all.slice().sort()).toEqual(Object.values(jobs).sort())
    const seen: string[] = []
    for (let after = ''; ; ) {
      const { json } = await api().call('GET', `/api/jobs?limit=1${after}`)
      seen.push(...json.items.map((one: { id: string }) => one.id))
      if (json.next === null) break
      after = `&after=${encodeURIComponent(json.next)}`
    }
    expect(seen).toEqual(all)
    expect((await api().call('GET', '/api/jobs?after=garbled')).json.error.field).toBe('after')
    expect((await api().call('GET', '/api/jobs?queue=dead')).json.items).toHaveLength(1)
  })

  test('what waits is cancelled, resumed and deleted; each is written down, and what does not fit is refused', async () => {
    const at = `/api/jobs/${jobs.waiting}`
    expect((await api().call('POST', `${at}/resume`)).status).toBe(409)
    expect((await api().call('POST', `${at}/cancel`)).json.state).toBe('cancelled')
    expect((await api().call('POST', `${at}/cancel`)).status).toBe(409)
    expect((await api().call('POST', `${at}/resume`)).json.state).toBe('created')
    expect((await api().call('DELETE', at)).status).toBe(200)
    expect((await api().call('GET', at)).status).toBe(404)
    const { json } = await api().call('GET', `/api/audit?subject=${encodeURIComponent(jobs.waiting)}`)
    expect(json.items.map((row: { action: string }) => row.action)).toEqual([
      'job.deleted',
      'job.resumed',
      'job.cancelled',
    ])
  })

  test('what failed for good goes back to the queue it came from, by its source', async () => {
    expect((await api().call('POST', '/api/jobs/redrive', { source: 'pull' })).json).toEqual({ moved: 0 })
    expect((await api().call('POST', '/api/jobs/redrive', { source: 'once' })).json).toEqual({ moved: 1 })
    expect(await queueOf('dead')).toMatchObject({ waiting: 0 })
    expect(await queueOf('once')).toMatchObject({ waiting: 1 })
  })
})
