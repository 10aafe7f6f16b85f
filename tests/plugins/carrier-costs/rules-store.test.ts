import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listAudit } from '../../../core/audit/read.ts'
import { ConflictError } from '../../../core/sdk/errors.ts'
import { chooseService } from '../../../core/sync/choose-service.ts'
import { convertByRates } from '../../../plugins/carrier-costs/exchange/convert.ts'
import { choose } from '../../../plugins/carrier-costs/rules/parts.ts'
import { readRules, saveRules } from '../../../plugins/carrier-costs/rules/store-rules.ts'
import { placeOrders, prepare } from '../../shipments/support.ts'
import { seed } from '../../support/hub.ts'
import { openPlugin } from './invoices-support.ts'

const rule = { id: 'all', name: 'All', objective: { kind: 'cheapest' } }

describe('stored rules', () => {
  let world: Awaited<ReturnType<typeof openPlugin>>
  beforeAll(async () => {
    world = await openPlugin()
  })
  afterAll(() => world.drop())
  const save = (rules: unknown, basedOn: number, note = '') =>
    saveRules(world.context, { rules, basedOn, note, actor: 'anna' })

  test('without rules the hub chooses', async () => {
    const place = { country: 'DE', postcode: null, city: null, region: null, isResidential: null }
    const request = { from: place, to: place, parcels: [], shipAt: new Date(), declaredValue: null }
    const question = { request, offers: [], unavailable: [], shipBy: null, deliverBy: null, order: null }
    expect(await choose(question, world.context)).toBeNull()
  })

  test('are kept as versions with who changed them, and nobody overwrites a change unseen', async () => {
    expect(await save({ rules: [rule] }, 0, 'first')).toBe(1)
    expect(await save({ rules: [] }, 1)).toBe(2)
    await expect(save({ rules: [rule] }, 1)).rejects.toThrow(ConflictError)
    await expect(save({ rules: [rule] }, 1)).rejects.toThrow(
      'The shipping rules were changed meanwhile: they are at version 2, not 1. Look at that one and save again.',
    )
    const both = await Promise.allSettled([save({ rules: [rule] }, 2), save({ rules: [rule] }, 2)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await readRules(world.context.db, 1)).toMatchObject({
      note: 'first',
      changedBy: 'anna',
      version: 1,
    })
    expect((await readRules(world.context.db))?.version).toBe(3)
    await expect(readRules(world.context.db, 9)).rejects.toThrow(
      'There is no version 9 of the shipping rules.',
    )
    const audit = await listAudit(world.hub.db, { subject: 'rules 1', limit: 5 })
    expect(audit).toMatchObject([{ actor: 'anna', action: 'carrier-costs.rules.saved' }])
  })

  const bad: [string, unknown, string][] = [
    ['no rules', {}, 'The rules, rules: Invalid input: expected array, received undefined'],
    ['an id twice', { rules: [rule, rule] }, 'The rules, rules: have the same id twice'],
    [
      'amounts without a currency',
      { rules: [{ ...rule, maxPriceMinor: 5 }] },
      'The rules, rules.0.currency: is needed, because the rule names amounts',
    ],
    [
      'a range that ends before it begins',
      { rules: [{ ...rule, when: { weightGrams: { from: 2, to: 1 } } }] },
      'The rules, rules.0.when.weightGrams: ends before it begins',
    ],
    [
      'a condition nobody knows',
      { rules: [{ ...rule, when: { moon: 'full' } }] },
      'The rules, rules.0.when: Unrecognized key: "moon"',
    ],
    [
      'a wrong country',
      { rules: [{ ...rule, when: { destinations: [{ country: 'Germany' }] } }] },
      'The rules, rules.0.when.destinations.0.country: is no ISO 3166-1 alpha-2 code such as DE',
    ],
  ]
  test.each(bad)('refuse %s', async (_name, rules, message) => {
    await expect(save(rules, 3)).rejects.toThrow(message)
  })

  test('a dry run shows which rule would decide, and why the others do not', async () => {
    const heavy = { ...rule, id: 'heavy', name: 'Heavy', when: { weightGrams: { from: 5000 } } }
    await save({ rules: [heavy, rule] }, 3)
    const request = {
      from: { country: 'DE' },
      to: { country: 'FR' },
      parcels: [{ weightGrams: 700 }],
      shipAt: '2026-03-02T09:00:00Z',
    }
    expect(JSON.parse(await world.call('POST', '/rules/test', { request }))).toMatchObject({
      version: 4,
      rule: { id: 'all' },
      tried: [
        { id: 'heavy', match: { isMatch: false, against: 'it weighs 700 g' } },
        { id: 'all', match: { isMatch: true } },
      ],
      choice: { offerId: null },
    })
    await expect(world.run('rules-test', ['ord_none'])).rejects.toThrow('There is no order ord_none.')
    await expect(world.run('rules-test')).rejects.toThrow(
      'Name either an order or, with --request, a JSON file.',
    )
  })

  test('a dry run for an order knows its channel, value, SKUs and dates, and the hub chooses by the same rule', async () => {
    const { hub } = world
    await seed(hub, [{ sku: 'GLASS-1', stock: 5 }], 'USD')
    await prepare(hub)
    const more = { shippingService: 'Express', deliverBy: new Date('2026-04-10T00:00:00Z') }
    const id = (await placeOrders(hub, { 4711: [{ sku: 'GLASS-1', quantity: 2 }] }, more)).get('4711')!
    const { order } = await world.context.services.readShippingFacts(id)
    const when = {
      channels: [order!.connectionId],
      orderValueMinor: { from: 2000, to: 2000 },
      skus: { patterns: ['GLASS-*'] },
      shippingServices: ['Express'],
    }
    await save({ rules: [{ ...rule, when, currency: 'USD' }] }, 4)
    expect(await world.run('rules-test', [id])).toMatchObject({
      version: 5,
      rule: { id: 'all' },
      choice: { offerId: null },
    })
    const request = await world.context.services.readShippingRequest(id)
    const facts = await world.context.services.readShippingFacts(id)
    const offer = (connectionId: string | null, totalMinor: number) => ({
      id: `o${totalMinor}`,
      service: 's',
      serviceName: 'S',
      currency: 'USD',
      totalMinor,
      charges: [],
      transitDays: 1,
      deliverBy: null,
      expiresAt: null,
      billedWeightGrams: null,
      source: { kind: 'courier' as const, connectionId: 'con_1', name: 'DHL' },
      connectionId,
      carrier: 'dhl',
      explanation: [],
    })
    const offers = [offer(null, 1), offer('con_1', 900), offer('con_1', 800)]
    const chosen = await chooseService(hub, { request, offers, unavailable: [], ...facts })
    expect(chosen.offerId).toBe('o800')
    expect(chosen.explanation.slice(0, 2)).toEqual([
      'Decided by Carrier costs.',
      `Rule 1 "All" (all, version 5) decides: the order is worth 20.00 USD; it was sold on ${order!.connectionId}; it holds GLASS-1; the buyer chose Express.`,
    ])
  })

  test('prices are converted by the rate of the last day, either way round, or not at all', async () => {
    const convert = convertByRates(world.context.db)
    await world.context.db.execute(sql`insert into carrier_costs_exchange_rates values
      ('2026-03-01', 'EUR', 'USD', 1.25), ('2026-03-05', 'EUR', 'USD', 2), ('2026-03-01', 'EUR', 'JPY', 160.5)`)
    expect(await convert(1000, 'EUR', 'USD', '2026-03-04')).toBe(1250)
    expect(await convert(1250, 'USD', 'EUR', '2026-03-04')).toBe(1000)
    expect(await convert(1000, 'EUR', 'USD', '2026-03-05')).toBe(2000)
    // 10.00 EUR are 1605 yen, which have no decimals; 1.01 EUR are 162.105 yen.
    expect(await convert(1000, 'EUR', 'JPY', '2026-03-05')).toBe(1605)
    expect(await convert(101, 'EUR', 'JPY', '2026-03-05')).toBe(162)
    // Yen to dollars go through the euro: 1605 yen are 10.00 EUR, 20.00 USD.
    expect(await convert(1605, 'JPY', 'USD', '2026-03-05')).toBe(2000)
    expect(await convert(1000, 'EUR', 'USD', '2026-02-28')).toBeNull()
    expect(await convert(1000, 'GBP', 'USD', '2026-03-05')).toBeNull()
  })
})
