import { expect, test } from 'vitest'
import { createHealthApi } from '../../core/api/app.ts'
import { withKey } from '../support/callers.ts'
import { useDatabase } from '../support/database.ts'
import { useApi } from './support.ts'

const database = useDatabase()
const api = useApi(database)

test('a worker without the API tells its health to all, its own failures to a key, and nothing else', async () => {
  const worker = createHealthApi(api().hub)
  const asked = withKey(worker, api().hub.db)
  api().hub.metrics.callFailures.inc({ connection: 'con_1', kind: 'rate_limited' })
  const ask = (path: string) => worker.request(path)
  expect((await ask('/healthz')).status).toBe(200)
  expect((await ask('/readyz')).status).toBe(200)
  const metrics = await (await asked.request('/metrics')).text()
  expect(metrics).toContain('entrepot_call_failures_total{connection="con_1",kind="rate_limited"} 1')
  expect((await ask('/metrics')).status).toBe(401)
  expect((await asked.request('/api/connections')).status).toBe(404)
})
