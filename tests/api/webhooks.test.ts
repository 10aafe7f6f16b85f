import { createHmac } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import type { Connection } from '../../core/connections/connections.ts'
import { query } from '../../core/db/client.ts'
import { useDatabase } from '../support/database.ts'
import { connect } from '../support/hub.ts'
import { useApi, useShop } from './support.ts'

describe('webhooks', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database)
  let connection: Connection
  let secret: string
  beforeAll(async () => {
    connection = await connect(api().hub, woocommerce, shop())
    secret = String(shop().connection('').credentials.webhookSecret)
  })

  const deliver = async (body: string, headers: Record<string, string>, id = connection.id) => {
    const answer = await api().api.request(`/webhooks/${id}`, { method: 'POST', body, headers })
    return {
      status: answer.status,
      json: (await answer.json()) as { outcome?: string; error?: { code: string } },
    }
  }
  const signed = (body: string, key = secret) => ({
    'content-type': 'application/json',
    'x-wc-webhook-topic': 'order.updated',
    'x-wc-webhook-signature': createHmac('sha256', key).update(body).digest('base64'),
  })
  const jobs = async () =>
    (
      await query<{ key: string }>(
        database().db,
        sql`select singleton_key as key from pgboss.job where name = 'pull'`,
      )
    ).map(({ key }) => key)

  test('what the shop signed is accepted and asks for a pull', async () => {
    shop().addProduct({ sku: 'CUP', name: 'Cup', price: '9.90', quantity: 5 })
    shop().placeOrder({ lines: [{ sku: 'CUP', quantity: 1 }] })
    const [delivery] = shop().takeWebhooks()
    expect(await deliver(delivery!.body, delivery!.headers)).toEqual({
      status: 200,
      json: { outcome: 'accepted' },
    })
    expect(await jobs()).toEqual([`${connection.id}:orders`])
  })

  test('a wrong, missing or empty signature is refused before anything is read', async () => {
    const body = '{"id":7}'
    const { 'x-wc-webhook-signature': _signature, ...unsigned } = signed(body)
    const before = await jobs()
    for (const headers of [signed(body, 'other'), unsigned, { ...unsigned, 'x-wc-webhook-signature': '' }]) {
      expect(await deliver(body, headers)).toMatchObject({
        status: 401,
        json: { error: { code: 'unauthorized' } },
      })
    }
    expect(await deliver('{"id":8}', signed(body))).toMatchObject({ status: 401 })
    expect(await jobs()).toEqual(before)
  })

  test('the ping of a new webhook and a topic of no interest are ignored, so the shop is content', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(await deliver('webhook_id=3', form)).toEqual({ status: 200, json: { outcome: 'ignored' } })
    const body = '{"id":1}'
    const coupon = { ...signed(body), 'x-wc-webhook-topic': 'coupon.created' }
    expect(await deliver(body, coupon)).toEqual({ status: 200, json: { outcome: 'ignored' } })
  })

  test('a signed body that is no JSON still asks for a pull', async () => {
    const body = 'not { json'
    expect(await deliver(body, signed(body))).toMatchObject({ status: 200 })
  })

  test('an unknown connection is 404, by name too, and a huge body 413', async () => {
    expect(await deliver('{}', signed('{}'), 'con_none')).toMatchObject({
      status: 404,
      json: { error: { code: 'not_found' } },
    })
    expect(await deliver('{}', signed('{}'), connection.name)).toMatchObject({ status: 404 })
    const huge = 'x'.repeat(5 * 1024 * 1024 + 1)
    expect(await deliver(huge, signed(huge))).toMatchObject({
      status: 413,
      json: { error: { code: 'too_large' } },
    })
  })
})
