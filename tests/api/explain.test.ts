import { beforeAll, describe, expect, test } from 'vitest'
import type { ExplainedTerm, Explanation, ListingExplanation } from '../../core/listings/explain.ts'
import { explainSku } from '../../core/listings/explain.ts'
import { definePlugin } from '../../core/sdk/plugin.ts'
import { useDatabase } from '../support/database.ts'
import { seed, settle } from '../support/hub.ts'
import { useApi, useShop } from './support.ts'
import { makeWorld, type World } from './world.ts'

describe('why a listing shows what it shows', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database)
  let world: World
  beforeAll(async () => {
    world = await makeWorld(api(), shop())
  })

  const explain = async (sku: string): Promise<ListingExplanation> => {
    const { json } = await api().call('GET', `/api/explain/${sku}?connectionId=${world.connection.id}`)
    return (json as Explanation).listings[0]!
  }
  const shown = (sku: string) =>
    shop()
      .listings()
      .find((listing) => listing.sku === sku)
  const termValue = (terms: readonly ExplainedTerm[], label: string) =>
    Number(terms.find((term) => term.label === label)?.value)

  test('warehouses add up to what is available, and the last term is what the shop shows', async () => {
    const { stock } = await explain('CUP')
    const warehouses = stock.terms.filter(({ label }) => label.startsWith('warehouse '))
    const sum = warehouses.reduce((total, term) => total + Number(term.value), 0)
    expect(sum).toBe(termValue(stock.terms, 'available'))
    expect(stock.terms.at(-1)!.value).toBe(stock.desired!.quantity)
    expect(stock.desired!.quantity).toBe(7)
    expect(shown('CUP')!.quantity).toBe(7)
    expect(stock.state).toMatchObject({
      isInStep: true,
      acknowledgedValue: { quantity: 7 },
      dirtySince: null,
    })
  })

  test('behind a warehouse stand its latest movements, down to the order that reserved', async () => {
    const [warehouse] = (await explain('CUP')).stock.terms
    expect(warehouse).toMatchObject({ label: 'warehouse MAIN', because: '10 on hand, 3 reserved' })
    expect(warehouse!.events).toMatchObject([
      {
        kind: 'reserve',
        change: 'reserved +3 in MAIN',
        reason: expect.stringMatching(/^Order /),
        actor: expect.any(String),
      },
      { kind: 'count', change: 'on hand +10 in MAIN', reason: 'opening', actor: 'test' },
    ])
  })

  test('share, buffer and cap each say what they left, and when the allocation was set', async () => {
    const { hub } = api()
    await api().call('PUT', `/api/connections/${world.connection.id}/allocations`, {
      sku: 'TEE-M',
      shareBasisPoints: 8000,
      cap: 5,
      buffer: 2,
    })
    const before = await explain('TEE-M')
    expect(before.stock.terms.map(({ label, value }) => [label, value])).toEqual([
      ['warehouse MAIN', 10],
      ['available', 10],
      ['share of 80 %', 8],
      ['safety buffer of 2', 6],
      ['cap of 5', 5],
    ])
    expect(before.stock).toMatchObject({ desired: { quantity: 5 }, state: { isInStep: false } })
    expect(before.stock.state!.acknowledgedValue).toEqual({ quantity: 10 })
    for (const term of before.stock.terms.slice(2))
      expect(term.events).toMatchObject([{ kind: 'allocation', reason: expect.stringContaining('this SKU') }])
    await settle(hub, [world.connection])
    expect(shown('TEE-M')!.quantity).toBe(5)
    expect((await explain('TEE-M')).stock.state).toMatchObject({
      isInStep: true,
      acknowledgedValue: { quantity: 5 },
    })
  })

  test('a bundle is explained by its components and the scarcest one', async () => {
    await api().call('PUT', '/api/bundles/SET', {
      components: [
        { sku: 'CUP', quantity: 2 },
        { sku: 'MUG', quantity: 1 },
      ],
    })
    const { stock } = await explain('SET')
    expect(stock.terms.map(({ label, value }) => [label, value])).toEqual([
      ['CUP', 7],
      ['MUG', 4],
      ['bundles that the components allow', 3],
    ])
    expect(stock.terms[0]!.events[0]).toMatchObject({ kind: 'reserve' })
    expect(stock.desired).toEqual({ quantity: 3 })
  })

  test('a price is told from the base price over the rule to the promotion, each with who set it', async () => {
    const at = `/api/connections/${world.connection.id}`
    await api().call('PUT', `${at}/price-rule`, {
      markupBasisPoints: 1000,
      feeBasisPoints: 0,
      addMinor: 0,
      roundToMinor: 100,
      minusMinor: 1,
      marginBasisPoints: 0,
    })
    await api().call('POST', '/api/promotions', {
      promotions: [
        {
          sku: 'TEE-S',
          price: { minor: 1800, currency: 'EUR' },
          startsAt: '2020-01-01T00:00:00Z',
          endsAt: '2090-01-01T00:00:00Z',
          source: 'Spring sale',
        },
      ],
    })
    const { price } = await explain('TEE-S')
    expect(price.terms.map(({ label, value }) => [label, value])).toEqual([
      ['base price', '19.90 EUR'],
      ['markup of 10 %', '21.89 EUR'],
      ['rounded up to 1.00 EUR', '22.00 EUR'],
      ['minus 0.01 EUR', '21.99 EUR'],
      ['promotional price', '18.00 EUR'],
    ])
    expect(price.desired).toMatchObject({ price: { minor: 2199 }, sale: { price: { minor: 1800 } } })
    const events = price.terms.map((term) => term.events[0])
    expect(events[0]).toMatchObject({ kind: 'base price', reason: 'set by test' })
    for (const event of events.slice(1, 4))
      expect(event).toMatchObject({ kind: 'price rule', actor: 'key:tests' })
    expect(events[4]).toMatchObject({ kind: 'promotion', reason: expect.stringContaining('Spring sale') })
    await settle(api().hub, [world.connection])
    expect(shown('TEE-S')!.price).toEqual({ minor: 1800, currency: 'EUR' })
  })

  test('a price that waits for approval names the proposal, and shows what the shop still has', async () => {
    const { price, proposals } = await explain('CUP')
    expect(proposals).toMatchObject([{ title: expect.stringContaining('Change the price of CUP') }])
    expect(price.state).toMatchObject({ isInStep: false, acknowledgedValue: { price: { minor: 1990 } } })
    expect(shown('CUP')!.price).toEqual({ minor: 1990, currency: 'EUR' })
  })

  test('a refusal is told in the words of the shop', async () => {
    shop().faults.add({
      kind: 'status',
      status: 400,
      body: JSON.stringify({
        code: 'woocommerce_rest_invalid',
        message: 'No such stock here.',
        data: { status: 400 },
      }),
      headers: { 'content-type': 'application/json' },
      when: ({ method, path }) => method === 'POST' && path.includes('batch'),
      times: 5,
    })
    await seed(api().hub, [{ sku: 'MUG', stock: 2 }])
    await settle(api().hub, [world.connection], ['stock'])
    shop().faults.clear()
    const { stock, problems } = await explain('MUG')
    expect(stock.state).toMatchObject({ isInStep: false, isRefused: true })
    expect(problems).toMatchObject([{ kind: 'push_refused', vendorMessage: 'No such stock here.' }])
  })

  test("a plugin's word is a term of its own", async () => {
    const lessOne = definePlugin({
      id: 'less-one',
      name: 'Less one',
      filter: { 'stock.push': (units) => units - 1 },
    })
    const plugins = api().hub.plugins
    Object.assign(api().hub, { plugins: [lessOne] })
    const { stock } = await explain('CUP')
    Object.assign(api().hub, { plugins })
    expect(stock.terms.at(-1)).toMatchObject({ label: 'plugin less-one', value: '6', events: [] })
    expect(stock.desired).toEqual({ quantity: 6 })
  })

  test('a SKU that is listed nowhere still shows its stock; an unknown one is not found', async () => {
    await seed(api().hub, [{ sku: 'NEW', stock: 1 }])
    const { json } = await api().call('GET', '/api/explain/NEW')
    expect(json).toMatchObject({ sku: 'NEW', listings: [], stock: [{ label: 'warehouse MAIN', onHand: 1 }] })
    await expect(explainSku(database().db, 'NONE', null, new Date())).rejects.toThrow(
      'There is no SKU "NONE"',
    )
  })
})
