import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { createApi } from '../../core/api/app.ts'
import { answerErrors, createRouter } from '../../core/api/errors.ts'
import { silentLog } from '../../core/lib/log.ts'
import { ConnectorError } from '../../core/sdk/errors.ts'
import { withKey } from '../support/callers.ts'
import { useDatabase } from '../support/database.ts'
import { useApi } from './support.ts'

describe('what a failure tells, and what it keeps', () => {
  const database = useDatabase()
  const api = useApi(database)

  /** Answers a failure as the API does; returns the answer and what was logged. */
  async function fail(work: () => Promise<unknown>) {
    const lines: string[] = []
    const log = {
      ...silentLog,
      error: (fields: object, message: string) => lines.push(JSON.stringify({ ...fields, message })),
    }
    const app = createRouter()
    app.onError(answerErrors(log as typeof silentLog))
    app.get('/', async (c) => {
      await work()
      return c.text('')
    })
    const answer = await app.request('/')
    return { status: answer.status, text: await answer.text(), logged: lines.join('\n') }
  }

  test('a failed statement shows its parameters to nobody: not in the answer, not in the log', async () => {
    const person = 'Ada Lovelace, 12 Square'
    const outcome = await fail(() => database().db.execute(sql`select ${person}::text from no_such_table`))
    expect(outcome.status).toBe(500)
    expect(outcome.text).not.toContain('Ada')
    expect(outcome.text).not.toContain('select')
    expect(outcome.logged).toContain('42P01')
    expect(outcome.logged).toContain('errors.test.ts')
    expect(outcome.logged).not.toContain('Ada')
  })

  test('a value that cannot be stored is the fault of the request, and is not repeated', async () => {
    const outcome = await fail(() => database().db.execute(sql`select ${'Ada'}::text::integer`))
    expect(outcome).toMatchObject({ status: 400, logged: '' })
    expect(outcome.text).not.toContain('Ada')
    const zero = await api().call('GET', '/api/orders/%00')
    expect(zero).toMatchObject({ status: 400, json: { error: { code: 'invalid_input' } } })
  })

  test('an unexpected failure names the request in the log and nothing of its inside in the answer', async () => {
    const { hub } = api()
    const logged: object[] = []
    const log = { ...silentLog, error: (fields: object) => logged.push(fields) }
    const broken = {
      get: () => undefined,
      values: () => {
        throw new Error('the inner secret reason')
      },
    }
    const app = withKey(
      createApi({ ...hub, log: log as typeof silentLog, connectors: broken as never }),
      hub.db,
    )
    const answer = await app.request('/api/connectors')
    const text = await answer.text()
    expect(answer.status).toBe(500)
    expect(text).not.toContain('inner secret reason')
    const { error } = JSON.parse(text)
    expect(error).toMatchObject({ code: 'internal', details: { requestId: expect.any(String) } })
    expect(logged).toMatchObject([{ requestId: error.details.requestId, reason: 'the inner secret reason' }])
  })

  test("a platform's refusal comes with its kind and its own words", async () => {
    const outcome = await fail(async () => {
      throw new ConnectorError('rejected', 'The shop refused it.', {
        vendorMessage: 'Too many.',
        vendorCode: 'E7',
      })
    })
    expect(outcome.status).toBe(502)
    expect(JSON.parse(outcome.text).error).toMatchObject({
      code: 'platform_failed',
      details: { kind: 'rejected', vendorMessage: 'Too many.', vendorCode: 'E7' },
    })
  })

  test('several mistakes are told at once, the first by its field', async () => {
    const { status, json } = await api().call('PUT', '/api/prices', {
      prices: [{ sku: '', price: { minor: 1.5, currency: 'EURO' } }],
    })
    expect(status).toBe(400)
    expect(json.error.field).toBe('prices.0.sku')
    expect(json.error.details.issues.map((issue: { field: string }) => issue.field)).toEqual([
      'prices.0.sku',
      'prices.0.price.minor',
      'prices.0.price.currency',
    ])
  })

  test('a body beyond the limit is 413', async () => {
    const huge = { products: [{ key: 'x'.repeat(11 * 1024 * 1024) }] }
    expect(await api().call('PUT', '/api/products', huge)).toMatchObject({
      status: 413,
      json: { error: { code: 'too_large' } },
    })
  })

  test('a cursor that is none is 400', async () => {
    for (const path of ['/api/orders', '/api/audit', '/api/problems', '/api/proposals'])
      expect(await api().call('GET', `${path}?after=nonsense`), path).toMatchObject({
        status: 400,
        json: { error: { field: 'after' } },
      })
  })
})
