import { hc } from 'hono/client'
import { expect, test } from 'vitest'
import type { Api } from '../../core/api/app.ts'
import { useDatabase } from '../support/database.ts'
import { seed } from '../support/hub.ts'
import { useApi } from './support.ts'

const database = useDatabase()
const api = useApi(database)

test("Hono's client knows the routes, what they take and what they answer", async () => {
  await seed(api().hub, [{ sku: 'CUP', stock: 5 }])
  const request: typeof fetch = async (input, init) => api().api.request(String(input), init)
  const client = hc<Api>('http://localhost', { fetch: request })
  const stock = await client.api.stock[':sku'].$get({ param: { sku: 'CUP' } })
  if (!stock.ok) throw new Error(`The API answered ${stock.status}.`)
  const { levels } = await stock.json()
  const units: number = levels[0]!.onHand
  expect(units).toBe(5)
  const changed = await client.api.stock.changes.$post({
    json: { edits: [{ sku: 'CUP', delta: -1, reason: 'One is broken' }] },
  })
  expect(await changed.json()).toEqual({ changed: 1 })
  // @ts-expect-error a reason must be given
  await client.api.stock.changes.$post({ json: { edits: [{ sku: 'CUP', delta: -1 }] } })
})
