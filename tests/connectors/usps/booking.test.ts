import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { idempotencyKey } from '../../../connectors/usps/mapping-label.ts'
import {
  booking,
  complaint,
  exported,
  find,
  openPost,
  operations,
  type Post,
  parcel,
  usd,
} from './support.ts'

let post: Post
beforeEach(async () => {
  post = await openPost()
})
afterEach(() => post.close())

const { bookShipment, cancelShipment } = operations
const three = booking({
  parcels: [parcel, { ...parcel, weightGrams: 1200 }, { ...parcel, weightGrams: 700 }],
})
const book = (what = booking()) => bookShipment.run(post.client, what, what.reference)
const findBooked = (what = booking()) => find(post.client, what, what.reference)
const isLabel = ({ path }: { path: string }) => path.endsWith('/label')
const skipping = (count: number) => {
  let seen = 0
  return (request: { path: string }) => isLabel(request) && ++seen > count
}

describe('booking', () => {
  it('buys a label that opens, at the price that the quote gave', async () => {
    const booked = await book()
    const [shipment] = post.sandbox.shipments()
    expect(shipment).toMatchObject({ reference: booking().reference, weightsGrams: [900] })
    expect(booked.externalId).toBe(shipment!.externalId)
    expect(booked.price!.totalMinor).toBe(shipment!.price!.totalMinor)
    const pdf = Buffer.from(booked.parcels[0]!.documents[0]!.base64, 'base64').toString('latin1')
    expect(pdf).toMatch(/^%PDF-1\.\d[\s\S]*%%EOF\s*$/)
    const { quotes } = await operations.quote(post.client, { ...booking(), parcels: [parcel] })
    expect(quotes.find(({ service }) => service === 'USPS_GROUND_ADVANTAGE')!.totalMinor).toBe(
      booked.price!.totalMinor,
    )
  })

  it('prints as PNG and ZPL too', async () => {
    const png = await book(booking({ labelFormat: 'png' }))
    expect(Buffer.from(png.parcels[0]!.documents[0]!.base64, 'base64').subarray(1, 4).toString()).toBe('PNG')
    const zpl = await book(booking({ labelFormat: 'zpl', reference: 'shp_2' }))
    expect(Buffer.from(zpl.parcels[0]!.documents[0]!.base64, 'base64').toString()).toMatch(/^\^XA.*\^XZ$/s)
  })

  it('prints the whole reference, though it is longer than a field of USPS', async () => {
    await book()
    const [bought] = post.heard('/label', 'POST')
    expect(bought!.body).toMatchObject({
      packageDescription: {
        customerReference: [
          { referenceNumber: booking().reference.slice(0, 30), printReferenceNumber: true },
          { referenceNumber: booking().reference.slice(30), printReferenceNumber: true },
        ],
      },
    })
  })

  it('adds up postage, fees, signature and insurance', async () => {
    const long = { ...parcel, lengthMm: 600 }
    const { price } = await book(
      booking({ parcels: [long], isSignatureRequired: true, declaredValue: usd(30_000) }),
    )
    expect(price!.charges.map(({ label }) => label)).toEqual([
      'Postage',
      'Nonstandard Length > 22',
      'Signature Confirmation',
      'Insurance <= $500',
    ])
    expect(price!.charges.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(price!.totalMinor)
    expect(price!.totalMinor).toBe(post.sandbox.shipments()[0]!.price!.totalMinor)
  })

  it('insures each parcel for its share of the value, to the cent', async () => {
    const dear = { ...parcel, items: [{ ...parcel.items[0]!, unitValue: usd(2000) }] }
    await book(booking({ parcels: [parcel, dear], declaredValue: usd(10_000) }))
    const values = post
      .heard('/label', 'POST')
      .map(({ body }) => (body as { packageDescription: { packageOptions: object } }).packageDescription)
      .map(({ packageOptions }) => packageOptions)
    expect(values).toEqual([{ packageValue: 39.21 }, { packageValue: 60.79 }])
  })

  it('sends abroad with customs in pounds and dollars', async () => {
    const { parcels } = await book(exported())
    expect(parcels[0]!.trackingNumber).toMatch(/^[A-Z]{2}\d{9}US$/)
    expect(post.heard('/international-label', 'POST')[0]!.body).toMatchObject({
      toAddress: { country: 'France', countryISOAlpha2Code: 'FR', phone: '+33170189900' },
      customsForm: {
        AESITN: 'NO EEI 30.37(a)',
        invoiceNumber: 'INV-2026-77',
        contents: [
          {
            itemDescription: 'Enamel mug, blue, half a litre',
            itemQuantity: 2,
            itemTotalValue: 25.8,
            itemTotalWeight: 1.5433,
            HSTariffNumber: '7323.94',
          },
        ],
      },
    })
  })

  it.each([
    ['a service it does not know', booking({ service: 'PIGEON' }), 'no service PIGEON'],
    ['a sender abroad', booking({ from: { ...booking().from, country: 'DE' } }), 'from the United States'],
    ['a home service abroad', exported({ service: 'PRIORITY_MAIL' }), 'does not go to FR'],
    ['no size', booking({ parcels: [{ ...parcel, heightMm: null }] }), 'length, width and height'],
    ['too much weight', booking({ parcels: [{ ...parcel, weightGrams: 31_752 }] }), 'above 70 lb'],
    ['no ZIP code', booking({ to: { ...booking().to, postcode: '6310' } }), 'ZIP code'],
    ['a state in full', booking({ to: { ...booking().to, region: 'Missouri' } }), 'two letters'],
    [
      'a street too long',
      booking({ to: { ...booking().to, addressLines: ['x'.repeat(51)] } }),
      '50 characters',
    ],
    ['a value in euros', booking({ declaredValue: { minor: 100, currency: 'EUR' } }), 'in USD'],
    ['no customs data', exported({ customs: null }), 'needs customs data'],
    ['a PNG with customs', exported({ labelFormat: 'png' }), 'PDF or ZPL'],
    ['a signature abroad', exported({ isSignatureRequired: true }), 'no signature abroad'],
  ])('refuses %s before anything is bought', async (_, wrong, words) => {
    await expect(book(wrong)).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining(words),
    })
    expect(post.heard('/label', 'POST')).toEqual([])
  })

  it.each([
    [{ originCountry: null }, 'country of origin'],
    [{ weightGrams: null }, 'weight of MUG-1'],
    [{ unitValue: { minor: 1290, currency: 'EUR' } }, 'in USD'],
    [{ unitValue: usd(125_001) }, 'file the export in AES'],
  ])('refuses customs items with %o', async (change, words) => {
    const items = [{ ...parcel.items[0]!, ...change }]
    await expect(book(exported({ parcels: [{ ...parcel, items }] }))).rejects.toThrow(words)
  })
})

describe('a booking whose answer was lost', () => {
  it('is uncertain, is found with the same label, and is not bought again', async () => {
    post.sandbox.faults.add({ kind: 'lost_answer', when: isLabel })
    await expect(book()).rejects.toMatchObject({ kind: 'uncertain' })
    const found = await findBooked()
    expect(found!.externalId).toBe(post.sandbox.shipments()[0]!.externalId)
    expect(await book()).toEqual(found)
    expect(post.sandbox.shipments()[0]!.trackingNumbers).toHaveLength(1)
  })

  it('is found as it was run, at home and abroad', async () => {
    for (const what of [three, exported({ reference: 'shp_3' })]) {
      expect(await findBooked(what)).toBeNull()
      const booked = await book(what)
      expect(await findBooked(what)).toEqual(booked)
    }
  })

  it.each([
    { kind: 'garbage' as const },
    { kind: 'half_answer' as const },
    { kind: 'status' as const, status: 503 },
  ])('is uncertain after $kind', async (fault) => {
    post.sandbox.faults.add({ ...fault, when: isLabel })
    await expect(book()).rejects.toMatchObject({ kind: 'uncertain' })
  })

  it('is not called missing when USPS prints no more: a person decides', async () => {
    await book()
    for (let n = 0; n < 3; n += 1) await findBooked()
    await expect(findBooked()).rejects.toMatchObject({
      kind: 'rejected',
      vendorMessage: expect.stringContaining('limit'),
    })
  })
})

describe('several parcels are several labels', () => {
  it.each(
    (['lost_answer', 'lost_request', 'garbage', 'half_answer'] as const).flatMap((kind) =>
      [0, 1, 2].map((nth) => ({ kind, nth })),
    ),
  )(
    'and after a $kind with $nth bought before, running again buys every parcel once',
    async ({ kind, nth }) => {
      post.sandbox.faults.add({ kind, when: skipping(nth) })
      const failure = await book(three).catch((error) => error)
      expect(failure).toMatchObject({ kind: 'unavailable' })
      const before = post.sandbox.shipments()[0]?.trackingNumbers ?? []
      for (const number of before.slice(0, nth)) expect(failure.message).toContain(number)
      const booked = await book(three)
      const { trackingNumbers, weightsGrams } = post.sandbox.shipments()[0]!
      expect(booked.parcels.map(({ trackingNumber }) => trackingNumber)).toEqual(trackingNumbers)
      expect(trackingNumbers.slice(0, before.length)).toEqual(before)
      expect(weightsGrams).toEqual([900, 1200, 700])
    },
  )

  it('and looking does not take a part of them for the whole', async () => {
    post.sandbox.faults.add({ kind: 'lost_request', when: skipping(2) })
    await book(three).catch(() => null)
    expect(await findBooked(three)).toBeNull()
    expect((await book(three)).parcels).toHaveLength(3)
  })

  it('and when the second is refused, the error names the first, which the corrected booking takes over', async () => {
    post.sandbox.faults.add({
      kind: 'status',
      status: 400,
      body: JSON.stringify(complaint('The package is not accepted.', 'packageDescription')),
      when: skipping(1),
    })
    const failure = await book(three).catch((error) => error)
    const [first] = post.sandbox.shipments()[0]!.trackingNumbers
    expect(failure).toMatchObject({ kind: 'rejected', vendorMessage: 'The package is not accepted.' })
    expect(failure.message).toContain(`Parcel 2 of 3`)
    expect(failure.message).toContain(first)
    const corrected = { ...three, parcels: [parcel, { ...parcel, weightGrams: 1100 }] }
    const booked = await book(corrected)
    expect(booked.parcels.map(({ trackingNumber }) => trackingNumber)).toEqual(
      post.sandbox.shipments()[0]!.trackingNumbers,
    )
    expect(booked.parcels[0]!.trackingNumber).toBe(first)
  })

  it('and a quota that ends in between stays a wait, not an uncertainty', async () => {
    post.sandbox.faults.add({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '60' },
      when: skipping(1),
    })
    await expect(book(three)).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 60_000 })
    expect((await book(three)).parcels).toHaveLength(3)
    expect(post.sandbox.shipments()[0]!.trackingNumbers).toHaveLength(3)
  })

  it('each under a UUID of its own that never changes', () => {
    const keys = ['a', 'b'].flatMap((reference) => [0, 1, 2].map((n) => idempotencyKey(reference, n)))
    expect(new Set(keys).size).toBe(6)
    expect(keys).toEqual(
      ['a', 'b'].flatMap((reference) => [0, 1, 2].map((n) => idempotencyKey(reference, n))),
    )
    for (const key of keys)
      expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

describe('cancelling', () => {
  const cancel = (trackingNumbers: readonly string[]) =>
    cancelShipment.run(
      post.client,
      { externalId: trackingNumbers[0]!, trackingNumbers, reference: 'shp_1' },
      'onc_1',
    )
  const numbersOf = async (what = booking()) =>
    (await book(what)).parcels.map(({ trackingNumber }) => trackingNumber)

  it('takes back every label, at home and abroad', async () => {
    await cancel(await numbersOf(three))
    await cancel(await numbersOf(exported({ reference: 'shp_4' })))
    expect(post.sandbox.shipments().map(({ isCancelled }) => isCancelled)).toEqual([true, true])
    expect(post.heard('/international-label/', 'DELETE')).toHaveLength(1)
  })

  it('may be tried again after a lost answer', async () => {
    const numbers = await numbersOf()
    post.sandbox.faults.add({ kind: 'lost_answer', when: ({ path }) => path.includes('/label/') })
    await expect(cancel(numbers)).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(cancel(numbers)).resolves.toBe(true)
  })

  it('asks for a refund once the label is manifested, and takes "already submitted" for done', async () => {
    const numbers = await numbersOf()
    post.clock.advance(2 * 24 * 3_600_000)
    await expect(cancel(numbers)).resolves.toBe(true)
    expect(post.heard('/label/', 'DELETE')[0]!.answer).toMatchObject({ status: 'DISPUTED' })
    await expect(cancel(numbers)).resolves.toBe(true)
    expect(post.heard('/label/', 'DELETE')[1]!.status).toBe(400)
  })

  it('does not call a label cancelled that USPS does not know or will not refund', async () => {
    await expect(cancel(['9234690361980999999999'])).rejects.toMatchObject({ kind: 'not_found' })
    const numbers = await numbersOf()
    post.answerNext('/label/', complaint('A refund request for this order cannot be submitted'))
    await expect(cancel(numbers)).rejects.toMatchObject({ kind: 'rejected' })
  })

  it('does not take an unknown word for success', async () => {
    const numbers = await numbersOf()
    post.answerNext('/label/', { trackingNumber: numbers[0], status: 'PENDING' }, 200)
    await expect(cancel(numbers)).rejects.toMatchObject({ kind: 'uncertain' })
  })
})
