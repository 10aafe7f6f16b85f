import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { abroad, openPost, operations, type Post, parcel, quoteRequest, sender, usd } from './support.ts'

let post: Post
beforeEach(async () => {
  post = await openPost()
})
afterEach(() => post.close())

const quote = (change = {}) => operations.quote(post.client, quoteRequest(change))

/** One option as USPS sends it. */
const option = (change: object = {}, rate: object = {}) => ({
  commitment: { name: '3 Days', expectedDeliveryDate: '2026-03-05' },
  totalBasePrice: 10.5,
  rates: [
    {
      price: 10.5,
      weight: 2,
      dimWeight: 0,
      fees: [],
      processingCategory: 'MACHINABLE',
      rateIndicator: 'SP',
      ...rate,
    },
  ],
  ...change,
})
const answer = (mailClass: string, rateOptions: object[]) => ({
  pricingOptions: [{ shippingOptions: [{ mailClass, rateOptions }] }],
})

describe('a quote', () => {
  it('prices every service at home, each of which can be booked, with parts that add up', async () => {
    const { quotes, notOffered } = await quote()
    expect(quotes.map(({ service }) => service)).toContain('PRIORITY_MAIL:MD_FLAT_RATE_BOX')
    expect(new Set(quotes.map(({ service }) => service)).size).toBe(quotes.length)
    expect(notOffered).toEqual([])
    for (const { charges, totalMinor, transitDays } of quotes) {
      expect(charges.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(totalMinor)
      expect(transitDays).toBeGreaterThan(0)
    }
  })

  it('has no days abroad, where USPS promises none', async () => {
    const { quotes } = await quote({ to: abroad })
    expect(quotes.length).toBeGreaterThan(5)
    expect(new Set(quotes.map(({ transitDays }) => transitDays))).toEqual(new Set([null]))
  })

  it('asks once for equal parcels and multiplies', async () => {
    const [one] = (await quote({ services: ['PRIORITY_MAIL'] })).quotes
    const before = post.heard('/options/search').length
    const [three] = (await quote({ services: ['PRIORITY_MAIL'], parcels: [parcel, parcel, parcel] })).quotes
    expect(post.heard('/options/search').length - before).toBe(1)
    expect(three!.totalMinor).toBe(one!.totalMinor * 3)
    expect(three!.billedWeightGrams).toBe(2700)
  })

  it('offers only what is sold for every parcel', async () => {
    post.answerNext('/options/', answer('PRIORITY_MAIL', [option()]), 200)
    const { quotes, notOffered } = await quote({ parcels: [parcel, { ...parcel, weightGrams: 2000 }] })
    expect(quotes.map(({ service }) => service)).toEqual(['PRIORITY_MAIL'])
    expect(notOffered).toContainEqual(expect.objectContaining({ service: 'USPS_GROUND_ADVANTAGE' }))
  })

  it('counts insurance in, and only when it was asked for', async () => {
    const services = ['PRIORITY_MAIL']
    const [plain] = (await quote({ services })).quotes
    const [insured] = (await quote({ services, declaredValue: usd(20_000) })).quotes
    expect(insured!.totalMinor - plain!.totalMinor).toBe(290)
    const offered = { extraServices: [{ name: 'Insurance', SKU: 'X', price: 2.9, extraService: '930' }] }
    post.answerNext('/options/', answer('PRIORITY_MAIL', [option(offered)]), 200)
    expect((await quote()).quotes[0]).toMatchObject({ totalMinor: 1050, charges: [{ amountMinor: 1050 }] })
  })

  it('takes the processing category that the label will name', async () => {
    const dear = option({ totalBasePrice: 14.5 }, { price: 14.5, processingCategory: 'NONSTANDARD' })
    for (const options of [
      [dear, option()],
      [option(), dear],
    ]) {
      post.answerNext('/options/', answer('PRIORITY_MAIL', options), 200)
      expect((await quote()).quotes.map(({ totalMinor }) => totalMinor)).toEqual([1050])
    }
  })

  it('gives the large box its military price at military post offices only', async () => {
    const boxes = [
      option({ totalBasePrice: 26.3 }, { price: 26.3, rateIndicator: 'PL' }),
      option({ totalBasePrice: 25.05 }, { price: 25.05, rateIndicator: 'PM' }),
    ]
    for (const [region, total] of [
      ['MO', 2630],
      ['AE', 2505],
    ] as const) {
      post.answerNext('/options/', answer('PRIORITY_MAIL', boxes), 200)
      const { quotes } = await quote({ to: { ...quoteRequest().to, region } })
      expect(quotes.map(({ totalMinor }) => totalMinor)).toEqual([total])
    }
  })

  it('does not sell what it cannot book, and says so', async () => {
    post.answerNext('/options/', answer('PARCEL_SELECT', [option()]), 200)
    const { quotes, notOffered } = await quote()
    expect(quotes).toEqual([])
    expect(notOffered).toEqual([{ service: null, reason: expect.stringContaining('PARCEL_SELECT SP') }])
  })

  it('says no weight where size decided, and no days for a word that is no number', async () => {
    const odd = option({ commitment: { name: 'NO STD' } }, { dimWeight: 13 })
    post.answerNext('/options/', answer('PRIORITY_MAIL', [odd]), 200)
    expect((await quote()).quotes[0]).toMatchObject({
      billedWeightGrams: null,
      transitDays: null,
      deliverBy: null,
    })
  })

  it.each([
    ['from abroad', { from: { ...sender, country: 'DE' } }, 'United States'],
    ['without a size', { parcels: [{ ...parcel, widthMm: null }] }, 'length, width and height'],
    ['above 70 lb', { parcels: [{ ...parcel, weightGrams: 40_000 }] }, '70 lb'],
    ['without a ZIP code', { to: { ...quoteRequest().to, postcode: null } }, 'ZIP code'],
    ['insured in euros', { declaredValue: { minor: 1, currency: 'EUR' } }, 'in USD'],
  ])('has a reason and no price %s, and costs no call', async (_, change, words) => {
    expect(await quote(change)).toEqual({
      quotes: [],
      notOffered: [{ service: null, reason: expect.stringContaining(words) }],
    })
    expect(post.exchanges).toEqual([])
  })

  it('names a wanted service that has no price', async () => {
    const { notOffered } = await quote({ services: ['PRIORITY_MAIL', 'PRIORITY_MAIL_INTERNATIONAL'] })
    expect(notOffered).toEqual([
      { service: 'PRIORITY_MAIL_INTERNATIONAL', reason: 'USPS gave no price for it.' },
    ])
  })
})
