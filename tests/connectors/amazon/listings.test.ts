import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { amazon } from '../../../connectors/amazon/index.ts'
import { content, draft, eur, fillShelf, openShop, readAll, type Shop } from './support.ts'

const { createListing, pullListings } = amazon.operations as Required<typeof amazon.operations>
const find = createListing.find as Exclude<typeof createListing.find, string>
const family = (sku: string) => ({
  ...draft(sku),
  optionNames: ['Colour', 'Size'],
  variants: ['S', 'M'].map((Size) => ({
    ...draft(`${sku}-${Size}`).variants[0]!,
    content: { ...content, gtin: null, options: { Colour: 'Blue', Size } },
  })),
})

describe('createListing', () => {
  let shop: Shop
  beforeEach(async () => {
    shop = await openShop()
  })
  afterEach(() => shop.close())
  const puts = () => shop.heard('/listings/', 'PUT')

  it('puts a full listing under the SKU, with offer and stock', async () => {
    const created = await createListing.run(shop.client, draft('MUG-1'), 'key')
    expect(created).toEqual({
      externalParentId: null,
      variants: [{ sku: 'MUG-1', ok: true, externalId: 'MUG-1' }],
    })
    expect(puts()[0]!.body).toMatchObject({
      productType: 'DRINKING_CUP',
      requirements: 'LISTING',
      attributes: {
        condition_type: [{ value: 'new_new', marketplace_id: 'A1PA6795UKMFR9' }],
        purchasable_offer: [{ our_price: [{ schedule: [{ value_with_tax: 12.9 }] }] }],
        fulfillment_availability: [{ fulfillment_channel_code: 'DEFAULT', quantity: 10 }],
      },
    })
    expect(puts()[0]!.body).not.toHaveProperty('attributes.parentage_level')
  })

  it('puts the parent of a family first, without an offer, and ties the children to it', async () => {
    const created = await createListing.run(shop.client, family('TEE'), 'key')
    expect(created.externalParentId).toBe('TEE')
    const [parent, child] = puts().map(({ body }) => body as { requirements: string; attributes: object })
    expect(parent).toMatchObject({
      requirements: 'LISTING_PRODUCT_ONLY',
      attributes: { parentage_level: [{ value: 'parent' }], variation_theme: [{ name: 'COLOR/SIZE' }] },
    })
    expect(parent!.attributes).not.toHaveProperty('purchasable_offer')
    expect(child!.attributes).toMatchObject({
      parentage_level: [{ value: 'child' }],
      child_parent_sku_relationship: [{ child_relationship_type: 'variation', parent_sku: 'TEE' }],
      color: [{ value: 'Blue' }],
      size: [{ value: 'S' }],
      supplier_declared_has_product_identifier_exemption: [{ value: true }],
    })
  })

  it('lets variants join a parent that is there, without putting it again', async () => {
    await createListing.run(shop.client, { ...family('TEE'), externalParentId: 'OLD-TEE' }, 'key')
    expect(puts().map(({ url }) => url.pathname.split('/').at(-1))).toEqual(['TEE-S', 'TEE-M'])
  })

  it('keeps the good variants when one is refused, each with its own complaint', async () => {
    const product = family('TEE')
    const [first, second] = product.variants
    const nameless = { ...first!, content: { ...first!.content, title: ' ' } }
    const created = await createListing.run(shop.client, { ...product, variants: [nameless, second!] }, 'key')
    expect(created.variants).toMatchObject([
      {
        sku: 'TEE-S',
        ok: false,
        error: { kind: 'rejected', issues: [{ field: 'item_name', code: '90220' }] },
      },
      { sku: 'TEE-M', ok: true, externalId: 'TEE-M' },
    ])
  })

  it('never puts a price of zero', async () => {
    const created = await createListing.run(shop.client, draft('MUG-1', 0), 'key')
    expect(created.variants).toMatchObject([{ sku: 'MUG-1', ok: false, error: { kind: 'rejected' } }])
    expect(puts()).toHaveLength(0)
  })

  it('is found only when every variant is there', async () => {
    const product = family('TEE')
    await createListing.run(shop.client, { ...product, variants: product.variants.slice(0, 1) }, 'key')
    expect(await find(shop.client, product, 'key')).toBeNull()
    const whole = await createListing.run(shop.client, product, 'key')
    expect(await find(shop.client, product, 'key')).toEqual(whole)
  })

  it('with a lost answer is uncertain, and found once Amazon shows what it was told', async () => {
    const slow = await openShop({ readDelayMs: 5000 })
    slow.sandbox.faults.add({ kind: 'lost_answer', when: ({ method }) => method === 'PUT' })
    await expect(createListing.run(slow.client, draft('MUG-1'), 'key')).rejects.toMatchObject({
      kind: 'uncertain',
    })
    expect(await find(slow.client, draft('MUG-1'), 'key')).toBeNull()
    slow.clock.advance(5000)
    expect(await find(slow.client, draft('MUG-1'), 'key')).not.toBeNull()
    await slow.close()
  })
})

describe('pullListings', () => {
  let shop: Shop
  beforeEach(async () => {
    shop = await openShop()
  })
  afterEach(() => shop.close())

  it('asks for twenty a page, by date of creation, with all it reads', async () => {
    await pullListings.run(shop.client, null)
    const { url } = shop.heard('/listings/', 'GET')[0]!
    expect(Object.fromEntries(url.searchParams)).toEqual({
      marketplaceIds: 'A1PA6795UKMFR9',
      issueLocale: 'en_GB',
      includedData: 'summaries,offers,fulfillmentAvailability,issues,relationships',
      sortBy: 'createdDate',
      sortOrder: 'ASC',
      pageSize: '20',
    })
  })

  it.each([0, 1, 20, 40, 1000, 1001, 2500])(
    'reads all of %i listings, though one search shows 1,000',
    async (count) => {
      const skus = fillShelf(shop.sandbox, count)
      const { items, next } = await readAll(pullListings, shop.client)
      expect([...new Set(items.map((item) => item.sku))]).toEqual(skus)
      expect(next).toBeNull()
    },
  )

  it('stops with an error where more than 1,000 were made in one instant, and skips none in silence', async () => {
    const createdDate = '2026-03-01T00:00:00Z'
    const summary = {
      marketplaceId: 'A1PA6795UKMFR9',
      status: [],
      createdDate,
      lastUpdatedDate: createdDate,
      productType: 'X',
    }
    const page = { numberOfResults: 1500, items: [{ sku: 'A', summaries: [summary] }] }
    const cursor = JSON.stringify({ from: createdDate, token: 'last', read: 999, last: createdDate })
    shop.answerNext('/listings/', page)
    await expect(pullListings.run(shop.client, cursor)).rejects.toThrow(
      'More than 1000 listings were created at',
    )
  })

  it('keeps a listing that it cannot read, and reads on', async () => {
    shop.answerNext('/listings/', {
      numberOfResults: 2,
      items: [{ sku: 'BAD', summaries: 'none' }, { sku: 'GOOD' }],
    })
    const page = await pullListings.run(shop.client, null)
    expect(page.items).toMatchObject([{ sku: 'GOOD', status: 'pending', price: null, quantity: null }])
    expect(page.unreadable).toMatchObject([{ externalId: 'BAD', raw: { sku: 'BAD' } }])
  })

  it('tells sold out as live, ended as ended, and no parent of a family', async () => {
    shop.sandbox.addListing({ sku: 'SOLD-OUT', title: 'Mug', price: eur(1290), quantity: 0 })
    await createListing.run(shop.client, family('TEE'), 'key')
    await amazon.operations.endListing!.run(shop.client, [
      { externalId: 'TEE-M', externalParentId: 'TEE', sku: 'TEE-M' },
    ])
    const { items } = await readAll(pullListings, shop.client)
    expect(items.map(({ sku, status, externalParentId }) => [sku, status, externalParentId])).toEqual([
      ['SOLD-OUT', 'live', null],
      ['TEE-S', 'live', 'TEE'],
      ['TEE-M', 'ended', 'TEE'],
    ])
  })
})
