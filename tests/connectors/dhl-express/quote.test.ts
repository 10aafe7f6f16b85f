import { startSandbox } from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import { Hono } from 'hono'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { DhlClient } from '../../../connectors/dhl-express/client.ts'
import { dhlExpress } from '../../../connectors/dhl-express/index.ts'
import { toCharges } from '../../../connectors/dhl-express/mapping-charges.ts'
import { toQuoteAnswer, toRateRequest } from '../../../connectors/dhl-express/mapping-quote.ts'
import { rates } from '../../../connectors/dhl-express/schemas.ts'
import { settingsSchema } from '../../../connectors/dhl-express/settings.ts'
import { abroad, berlin, newYork, openDepot, ops, paris, start } from './support.ts'

const { parcels, shipAt } = abroad()
const request = { from: berlin, to: newYork, parcels, shipAt, declaredValue: null }
const settings = settingsSchema.parse({
  accountNumber: '123456789',
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
})

/** One product as DHL answers it, with changes. */
const answer = (changes: object, warnings: string[] = []) =>
  rates.parse({
    warnings,
    products: [
      {
        productCode: 'P',
        productName: 'EXPRESS WORLDWIDE',
        totalPrice: [
          { currencyType: 'PULCL', priceCurrency: 'GBP', price: 999.99 },
          { currencyType: 'BILLC', priceCurrency: 'EUR', price: 141.51 },
          { currencyType: 'BASEC', priceCurrency: 'USD', price: 160.02 },
        ],
        ...changes,
      },
    ],
  })

describe('quote', () => {
  test('gives price, parts, days, arrival and weight of each product of the way', async () => {
    const { client } = await openDepot()
    const { quotes, notOffered } = await ops.quote(client, request)
    expect(notOffered).toEqual([])
    expect(quotes.map(({ service }) => service)).toEqual(['P', 'Y', 'H'])
    // Two parcels of 3.851 kg are billed as 4: 52.30 and three times 7.90, and 27.5 % fuel.
    expect(quotes[0]).toEqual({
      service: 'P',
      serviceName: 'EXPRESS WORLDWIDE',
      currency: 'EUR',
      totalMinor: 7600 + 2090,
      charges: [
        { kind: 'base', code: null, label: 'EXPRESS WORLDWIDE', amountMinor: 7600 },
        { kind: 'fuel', code: 'FF', label: 'FUEL SURCHARGE', amountMinor: 2090 },
      ],
      transitDays: 3,
      deliverBy: new Date('2026-03-06T18:00:00Z'),
      expiresAt: null,
      billedWeightGrams: 4000,
    })
  })

  test('keeps to a currency without decimals', async () => {
    const { client } = await openDepot({ currency: 'JPY' })
    const [quote] = (await ops.quote(client, request)).quotes
    expect(quote).toMatchObject({ currency: 'JPY', totalMinor: 9690 })
  })

  test('a service that the way does not have is named with a reason, and has no price', async () => {
    const { client } = await openDepot()
    const { quotes, notOffered } = await ops.quote(client, { ...request, services: ['P', 'N'] })
    expect(quotes.map(({ service }) => service)).toEqual(['P'])
    expect(notOffered).toEqual([
      { service: 'N', reason: 'DHL Express does not offer it on this way and day.' },
    ])
  })

  test("when nothing fits at all, the answer is empty and in DHL's words, and no failure", async () => {
    const { client } = await openDepot()
    const none = await ops.quote(client, { ...request, to: paris, services: ['P'] })
    expect(none).toEqual({
      quotes: [],
      notOffered: [{ service: 'P', reason: expect.stringContaining('996') }],
    })
    const heavy = { weightGrams: 71_000, lengthMm: null, widthMm: null, heightMm: null }
    const { notOffered } = await ops.quote(client, { ...request, parcels: [heavy] })
    expect(notOffered).toMatchObject([{ service: null }])
  })

  test('any other refusal stays one', async () => {
    const { client } = await openDepot()
    const late = { ...request, shipAt: new Date('2026-05-01T00:00:00Z') }
    await expect(ops.quote(client, late)).rejects.toMatchObject({ kind: 'rejected', vendorCode: '998' })
  })

  test('a price that cannot be read is an unexpected answer', async () => {
    const app = new Hono().post('*', (c) =>
      c.json({ products: [{ productCode: 'P', totalPrice: [{ currencyType: 'BILLC', price: '12,50' }] }] }),
    )
    const courier = await startSandbox({ app })
    onTestFinished(() => courier.close())
    const client = createTestClient<DhlClient>(dhlExpress, {
      settings: { ...settings, endpoint: courier.url },
      credentials: { apiKey: 'key', apiSecret: 'secret' },
    })
    await expect(ops.quote(client, request)).rejects.toMatchObject({ kind: 'unexpected' })
  })
})

describe('the request', () => {
  const now = new Date(start)

  test('declares goods only where they leave the customs union of the EU', () => {
    const declares = (from: string, to: string) =>
      toRateRequest(
        { ...request, from: { ...berlin, country: from }, to: { ...newYork, country: to } },
        settings,
        now,
      ).isCustomsDeclarable
    expect(declares('DE', 'FR')).toBe(false)
    expect(declares('US', 'US')).toBe(false)
    expect(declares('DE', 'CH')).toBe(true)
    expect(declares('GB', 'IE')).toBe(true)
  })

  test('asks for no product that leaves on a later day', () => {
    expect(toRateRequest(request, settings, now)).toMatchObject({
      nextBusinessDay: false,
      plannedShippingDateAndTime: '2026-03-03T16:30:00 GMT+01:00',
    })
  })

  test('a place without a city is refused before anything is sent', () => {
    expect(() => toRateRequest({ ...request, to: { ...newYork, city: null } }, settings, now)).toThrow(
      "DHL Express demands the recipient's city",
    )
  })
})

describe('the answer', () => {
  test('is read in the billing currency, wherever it stands', () => {
    expect(toQuoteAnswer(answer({}), undefined).quotes[0]).toMatchObject({
      currency: 'EUR',
      totalMinor: 14151,
    })
  })

  test.each([
    ['none', { totalPrice: [] }],
    ['of zero', { totalPrice: [{ currencyType: 'BILLC', priceCurrency: 'EUR', price: 0 }] }],
    ['in an unknown currency', { totalPrice: [{ currencyType: 'BILLC', priceCurrency: 'XQQ', price: 5 }] }],
    ['in other currencies only', { totalPrice: [{ currencyType: 'PULCL', priceCurrency: 'EUR', price: 5 }] }],
  ])('a price %s is not offered', (_, changes) => {
    const { quotes, notOffered } = toQuoteAnswer(answer(changes), undefined)
    expect(quotes).toEqual([])
    expect(notOffered).toEqual([{ service: 'P', reason: expect.stringMatching(/\w/) }])
  })

  test("a missing price is explained in DHL's words", () => {
    const silent = answer({ totalPrice: [] }, ["Price can't be calculated"])
    expect(toQuoteAnswer(silent, undefined).notOffered).toEqual([
      { service: 'P', reason: "Price can't be calculated" },
    ])
  })

  test('is billed by the heavier of actual and dimensional weight', () => {
    const grams = (weight: object) =>
      toQuoteAnswer(answer({ weight }), undefined).quotes[0]!.billedWeightGrams
    expect(grams({ volumetric: 2.9, provided: 1.5 })).toBe(2900)
    expect(grams({ volumetric: 0, provided: 1.001 })).toBe(1001)
    expect(grams({})).toBeNull()
  })
})

describe('charges', () => {
  const eur = (minor: number) => ({ minor, currency: 'EUR' })
  const lines = [
    { code: null, label: 'EXPRESS WORLDWIDE', price: '100' },
    { code: 'FF', label: 'FUEL SURCHARGE', price: '27.5' },
    { code: 'OO', label: 'REMOTE AREA', price: '22.5' },
    { code: 'II', label: 'INSURANCE', price: undefined },
  ]
  const amounts = (tax: string, total: number) =>
    toCharges(lines, tax, eur(total)).map(({ kind, amountMinor }) => [kind, amountMinor])

  test('name what is charged, and nothing that is not', () => {
    expect(amounts('0', 15000)).toEqual([
      ['base', 10000],
      ['fuel', 2750],
      ['surcharge', 2250],
    ])
  })

  test('tax is added where it lies on top, and not where it lies within', () => {
    expect(amounts('28.5', 17850).at(-1)).toEqual(['tax', 2850])
    expect(amounts('28.5', 15000)).toHaveLength(3)
    // A rounding cent does not make tax of it.
    expect(amounts('28.5', 15001).at(-1)).toEqual(['other', 1])
  })

  test('add up, whatever is left over', () => {
    for (const [tax, total] of [
      ['0', 15000],
      ['28.5', 17853],
      ['0', 14000],
      ['1', 20000],
    ] as const)
      expect(amounts(tax, total).reduce((sum, [, minor]) => sum + Number(minor), 0)).toBe(total)
  })
})
