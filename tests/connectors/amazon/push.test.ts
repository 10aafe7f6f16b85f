import { parseMoney } from 'entrepot/sdk'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { amazon } from '../../../connectors/amazon/index.ts'
import { toJsonAmount } from '../../../connectors/amazon/mapping-content.ts'
import { content, eur, openShop, ref, type Shop } from './support.ts'

const { pushStock, pushPrices, pushContent, endListing } = amazon.operations as Required<
  typeof amazon.operations
>
const here = { marketplace_id: 'A1PA6795UKMFR9' }
const text = (value: string) => [{ value, language_tag: 'en_GB', ...here }]
const sku = 'MUG/1 blue'

describe('single pushes', () => {
  let shop: Shop
  beforeEach(async () => {
    shop = await openShop()
    shop.sandbox.addListing({ sku, title: 'Mug', price: eur(1290), quantity: 10 })
  })
  afterEach(() => shop.close())
  const patches = () => shop.heard('/listings/', 'PATCH')
  const held = () => shop.sandbox.listings()[0]!

  it('name seller, SKU and marketplace in the address, escaped', async () => {
    await pushStock.run(shop.client, [{ ref: ref(sku), quantity: 3, acknowledgedQuantity: null }])
    const { url } = patches()[0]!
    expect(url.pathname).toBe('/listings/2021-08-01/items/A2SANDBOXSELLER/MUG%2F1%20blue')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      marketplaceIds: 'A1PA6795UKMFR9',
      issueLocale: 'en_GB',
    })
  })

  it('of stock merge the quantity, so that the handling time beside it stays', async () => {
    const result = await pushStock.run(shop.client, [
      { ref: ref(sku), quantity: 0, acknowledgedQuantity: 10 },
    ])
    expect(result).toEqual([{ ok: true, externalId: sku }])
    expect(patches()[0]!.body).toEqual({
      productType: 'PRODUCT',
      patches: [
        {
          op: 'merge',
          path: '/attributes/fulfillment_availability',
          value: [{ fulfillment_channel_code: 'DEFAULT', quantity: 0 }],
        },
      ],
    })
    expect(held().quantity).toBe(0)
  })

  it('of prices replace the whole offer, with the dated sale', async () => {
    const sale = {
      price: eur(999),
      startsAt: new Date('2026-03-01T00:00:00Z'),
      endsAt: new Date('2026-03-31T22:00:00Z'),
    }
    await pushPrices.run(shop.client, [{ ref: ref(sku), price: eur(1290), sale }])
    expect(patches()[0]!.body).toMatchObject({
      productType: 'PRODUCT',
      patches: [
        {
          op: 'replace',
          path: '/attributes/purchasable_offer',
          value: [
            {
              ...here,
              currency: 'EUR',
              audience: 'ALL',
              our_price: [{ schedule: [{ value_with_tax: 12.9 }] }],
              discounted_price: [
                {
                  schedule: [
                    {
                      start_at: '2026-03-01T00:00:00.000Z',
                      end_at: '2026-03-31T22:00:00.000Z',
                      value_with_tax: 9.99,
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    })
  })

  it('of a price without a sale leave none behind, and a sale without an end gets one', async () => {
    const sale = { price: eur(999), startsAt: new Date('2026-03-01T00:00:00Z'), endsAt: null }
    await pushPrices.run(shop.client, [{ ref: ref(sku), price: eur(1290), sale }])
    await pushPrices.run(shop.client, [{ ref: ref(sku), price: eur(1290), sale: null }])
    const [first, second] = patches().map(({ body }) => JSON.stringify(body))
    expect(first).toContain('"end_at":"2099-12-31T23:59:59Z"')
    expect(second).not.toContain('discounted_price')
  })

  it.each([
    ['a price of zero', { price: eur(0), sale: null }],
    ['a negative price', { price: eur(-1), sale: null }],
    [
      'a sale price of zero',
      { price: eur(1290), sale: { price: eur(0), startsAt: new Date(), endsAt: null } },
    ],
  ])('never send %s', async (_what, prices) => {
    const [result] = (await pushPrices.run(shop.client, [{ ref: ref(sku), ...prices }])) as [unknown]
    expect(result).toMatchObject({ ok: false, error: { kind: 'rejected' } })
    expect(patches()).toHaveLength(0)
    expect(held().price).toEqual(eur(1290))
  })

  it('of content send each attribute as Amazon’s lists, and take away pictures beyond the last', async () => {
    const full = {
      ...content,
      attributes: {
        material: 'Enamel',
        bullet_point: 'Tough\nLight',
        Care: 'Dishwasher safe',
        number_of_items: '[{"value":2}]',
      },
      options: { Colour: 'Blue' },
    }
    await pushContent.run(shop.client, [{ ref: ref(sku), content: full }])
    const body = patches()[0]!.body as {
      productType: string
      patches: { op: string; path: string; value: unknown }[]
    }
    expect(body.productType).toBe('DRINKING_CUP')
    const sent = Object.fromEntries(
      body.patches
        .filter(({ op }) => op === 'replace')
        .map(({ path, value }) => [path.replace('/attributes/', ''), value]),
    )
    expect(sent).toEqual({
      item_name: text('Enamel mug'),
      product_description: text('Holds half a litre.'),
      brand: text('Northwind'),
      externally_assigned_product_identifier: [{ type: 'ean', value: '4006381333931', ...here }],
      main_product_image_locator: [{ media_location: 'https://images.example/1.jpg', ...here }],
      other_product_image_locator_1: [{ media_location: 'https://images.example/2.jpg', ...here }],
      item_weight: [{ value: 350, unit: 'grams', ...here }],
      item_dimensions: [
        {
          length: { value: 120, unit: 'millimeters' },
          width: { value: 90, unit: 'millimeters' },
          height: { value: 80, unit: 'millimeters' },
          ...here,
        },
      ],
      material: text('Enamel'),
      color: text('Blue'),
      number_of_items: [{ value: 2 }],
      bullet_point: [...text('Tough'), ...text('Light'), ...text('Care: Dishwasher safe')],
    })
    const gone = body.patches.filter(({ op }) => op === 'delete').map(({ path }) => path.at(-1))
    expect(gone).toEqual(['2', '3', '4', '5', '6', '7', '8'])
  })

  it('tell a refusal inside a 200 by field, code, words and weight', async () => {
    shop.answerNext('/listings/', {
      sku,
      status: 'INVALID',
      submissionId: 's-1',
      issues: [
        {
          code: '90220',
          message: "'size' is required.",
          severity: 'ERROR',
          attributeNames: ['size', 'color'],
          categories: [],
        },
        { code: '18027', message: 'The image has text.', severity: 'WARNING', categories: [] },
      ],
    })
    const [result] = (await pushContent.run(shop.client, [{ ref: ref(sku), content }])) as [unknown]
    expect(result).toMatchObject({
      ok: false,
      error: {
        kind: 'rejected',
        vendorCode: '90220',
        vendorMessage: "'size' is required.",
        issues: [
          { field: 'size', code: '90220', severity: 'error' },
          { field: 'color', code: '90220', severity: 'error' },
          { field: null, code: '18027', message: 'The image has text.', severity: 'warning' },
        ],
      },
    })
  })

  it('take an acceptance with warnings as one, and an unknown status as none', async () => {
    const answer = {
      sku,
      submissionId: 's',
      issues: [{ code: '1', message: 'Hm.', severity: 'WARNING', categories: [] }],
    }
    const push = () =>
      pushStock.run(shop.client, [{ ref: ref(sku), quantity: 1, acknowledgedQuantity: null }])
    shop.answerNext('/listings/', { ...answer, status: 'ACCEPTED' })
    expect(await push()).toEqual([{ ok: true, externalId: sku }])
    shop.answerNext('/listings/', { ...answer, status: 'POSTPONED' })
    expect(await push()).toMatchObject([{ ok: false, error: { kind: 'unexpected' } }])
  })

  it('let what concerns the whole run stop it: a 429 is thrown, a refused item is not', async () => {
    const push = () =>
      pushStock.run(shop.client, [{ ref: ref(sku), quantity: 1, acknowledgedQuantity: null }])
    shop.answerNext(
      '/listings/',
      { errors: [{ code: 'QuotaExceeded', message: 'You exceeded your quota.' }] },
      429,
    )
    await expect(push()).rejects.toMatchObject({ kind: 'rate_limited', vendorCode: 'QuotaExceeded' })
    shop.answerNext('/listings/', { errors: [{ code: 'InvalidInput', message: 'No such SKU.' }] }, 400)
    expect(await push()).toMatchObject([
      { ok: false, error: { kind: 'rejected', vendorMessage: 'No such SKU.' } },
    ])
  })

  it('end a listing by taking offer and stock away, and a price and a stock push open it again', async () => {
    await endListing.run(shop.client, [ref(sku)])
    expect(held()).toMatchObject({ status: 'ended', quantity: 0, price: null, title: 'Mug' })
    expect(shop.heard('/listings/', 'DELETE')).toHaveLength(0)
    await pushPrices.run(shop.client, [{ ref: ref(sku), price: eur(1490), sale: null }])
    await pushStock.run(shop.client, [{ ref: ref(sku), quantity: 4, acknowledgedQuantity: 0 }])
    expect(held()).toMatchObject({ status: 'live', quantity: 4, price: eur(1490) })
  })
})

describe('amounts in JSON', () => {
  it.each([
    [1290, 'EUR', 12.9],
    [1, 'EUR', 0.01],
    [110, 'EUR', 1.1],
    [1999, 'JPY', 1999],
    [12345, 'KWD', 12.345],
  ])('%i minor units of %s are %d', (minor, currency, amount) => {
    expect(toJsonAmount({ minor, currency })).toBe(amount)
  })

  it('come back to the minor unit, whatever the amount', () => {
    const currencies = fc.constantFrom('EUR', 'JPY', 'KWD')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000_000 }), currencies, (minor, currency) => {
        const written = JSON.stringify(toJsonAmount({ minor, currency }))
        expect(parseMoney(written, currency)).toEqual({ minor, currency })
      }),
    )
  })
})
