import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { QuoteCharge } from '../../../core/sdk/model/shipment.ts'
import type { ShipmentFacts } from '../../../core/sdk/shipping.ts'
import { allocate } from '../../../plugins/carrier-costs/invoices/allocate.ts'
import { applyCredits } from '../../../plugins/carrier-costs/invoices/credits.ts'
import {
  type BilledLine,
  findDifferences,
  isCredit,
} from '../../../plugins/carrier-costs/invoices/differences.ts'
import type { ChargeKind } from '../../../plugins/carrier-costs/invoices/profile.ts'

const place = { country: 'DE', postcode: null, city: null, region: null, isResidential: null }
type Charges = readonly (readonly [QuoteCharge['kind'], string, number])[]

function shipmentOf(
  charges: Charges,
  more: Partial<ShipmentFacts> & { weightGrams?: number | null; parcels?: never } = {},
  tracking: readonly string[] = ['T1'],
): ShipmentFacts {
  const { weightGrams = 2000, ...rest } = more
  return {
    id: 'shp_1',
    orderId: null,
    channelId: null,
    connectionId: 'con_1',
    carrier: 'dhl',
    service: 'paket',
    from: place,
    to: place,
    shipAt: new Date(0),
    bookedAt: new Date(0),
    handedOverAt: null,
    promisedAt: null,
    deliveredAt: null,
    isCancelled: false,
    externalId: 'X1',
    parcels: tracking.map((trackingNumber) => ({
      weightGrams: 1800,
      lengthMm: null,
      widthMm: null,
      heightMm: null,
      trackingNumber,
      state: null,
      incident: null,
      deliveredAt: null,
    })),
    quoted: {
      currency: 'EUR',
      totalMinor: charges.reduce((sum, [, , minor]) => sum + minor, 0),
      source: { kind: 'courier', connectionId: 'con_1', name: 'DHL' },
      charges: charges.map(([kind, code, amountMinor]) => ({ kind, code, label: code, amountMinor })),
      billedWeightGrams: weightGrams,
    },
    booked: null,
    declaredValue: null,
    items: [],
    ...rest,
  }
}

let keys = 0
const line = (
  kind: ChargeKind,
  code: string,
  amountMinor: number,
  more: Partial<BilledLine> = {},
): BilledLine => {
  keys += 1
  return {
    carrier: 'dhl',
    invoiceNumber: '700',
    invoiceDate: '2026-03-10',
    lineKey: String(keys).padStart(6, '0'),
    reference: 'T1',
    kind,
    code,
    label: '',
    amountMinor,
    currency: 'EUR',
    billedWeightGrams: null,
    dimensionalWeightGrams: null,
    ...more,
  }
}
const quoted: Charges = [
  ['base', 'BASE', 1000],
  ['fuel', 'FUEL', 100],
  ['surcharge', 'RES', 300],
  ['tax', 'VAT', 266],
]
const judge = (
  lines: readonly BilledLine[],
  shipment: ShipmentFacts | null = shipmentOf(quoted),
  tolerance = 5,
) => {
  const tax = shipment?.quoted?.charges.find(({ kind }) => kind === 'tax')?.amountMinor ?? 0
  const minor = (shipment?.quoted?.totalMinor ?? 0) - tax
  return findDifferences(lines, shipment, { minor, isQuote: true }, tolerance).map(
    ({ cause, amountMinor, reason }) => [cause, amountMinor, reason] as const,
  )
}
const asQuoted = () => [line('base', 'BASE', 1000), line('fuel', 'FUEL', 100), line('surcharge', 'RES', 300)]

describe('what is billed otherwise than quoted', () => {
  test('nothing where it is billed as quoted, with tax or without, within the tolerance', () => {
    expect(judge([...asQuoted(), line('tax', 'VAT', 266)])).toEqual([])
    expect(judge([line('base', 'BASE', 1005), line('other', 'ALL', 400)])).toEqual([])
  })

  test('by weight', () => {
    const lines = [line('base', 'BASE', 1550, { billedWeightGrams: 5000 }), ...asQuoted().slice(1)]
    expect(judge(lines)).toEqual([
      ['weight', 550, 'Billed for 5000 g, quoted for 2000 g: quoted 14.00 EUR, billed 19.50 EUR.'],
    ])
  })

  test('by size, where the billed weight is the dimensional one', () => {
    const weights = { billedWeightGrams: 5000, dimensionalWeightGrams: 5000 }
    const lines = [line('base', 'BASE', 1550, weights), ...asQuoted().slice(1)]
    expect(judge(lines, shipmentOf(quoted, { weightGrams: null }))).toEqual([
      ['size', 550, 'Billed by size for 5000 g, packed 1800 g: quoted 14.00 EUR, billed 19.50 EUR.'],
    ])
  })

  test('by price, where the weight is as quoted; also in our favour', () => {
    const lines = (minor: number) => [
      line('base', 'BASE', minor, { billedWeightGrams: 2000 }),
      ...asQuoted().slice(1),
    ]
    expect(judge(lines(1100))).toEqual([
      ['price', 100, 'The price differs: quoted 14.00 EUR, billed 15.00 EUR.'],
    ])
    expect(judge(lines(900))).toEqual([
      ['price', -100, 'The price differs: quoted 14.00 EUR, billed 13.00 EUR.'],
    ])
  })

  test('by a surcharge that was not quoted, not by one under another code or of another amount', () => {
    expect(judge([...asQuoted(), line('surcharge', 'OSP', 250, { label: 'Oversize' })])).toEqual([
      ['surcharge', 250, 'Oversize of 2.50 EUR was not quoted.'],
    ])
    const renamed = [...asQuoted().slice(0, 2), line('surcharge', '405', 300), line('surcharge', 'OSP', 250)]
    expect(judge(renamed)).toEqual([['surcharge', 250, 'OSP of 2.50 EUR was not quoted.']])
    const dearer = [...asQuoted().slice(0, 2), line('surcharge', 'RES', 350)]
    expect(judge(dearer)).toEqual([['price', 50, 'The price differs: quoted 14.00 EUR, billed 14.50 EUR.']])
  })

  test('a surcharge that may be in a quote of one sum is claimed up to the excess only', () => {
    const lines = [line('base', 'BASE', 900), line('surcharge', 'OSP', 250)]
    expect(judge(lines, shipmentOf([['base', 'ALL', 1000]]))).toEqual([
      ['surcharge', 150, 'OSP of 2.50 EUR was not quoted.'],
    ])
  })

  test('a parcel billed twice, on the same invoice or on a later one', () => {
    const later = { invoiceNumber: '701', invoiceDate: '2026-03-20' }
    const lines = [...asQuoted(), line('base', 'BASE', 1000, later), line('surcharge', 'RES', 300, later)]
    expect(judge(lines)).toEqual([
      ['duplicate', 1300, 'Billed before for shp_1 on invoice 700: BASE 10.00 EUR, RES 3.00 EUR.'],
    ])
    expect(judge([...asQuoted(), line('fuel', 'FUEL', 100)])).toEqual([
      ['duplicate', 100, 'Billed before for shp_1 on the same invoice: FUEL 1.00 EUR.'],
    ])
  })

  test('a line for each parcel of a shipment is no duplicate; one more is', () => {
    const two = shipmentOf([['base', 'BASE', 2000]], {}, ['T1', 'T2'])
    const each = [line('base', 'BASE', 1000), line('base', 'BASE', 1000, { reference: 'T2' })]
    expect(judge(each, two)).toEqual([])
    expect(judge([...each, line('base', 'BASE', 1000, { reference: 'T2' })], two)).toEqual([
      ['duplicate', 1000, 'Billed before for T2 on the same invoice: BASE 10.00 EUR.'],
    ])
    const whole = [1, 2].map(() => line('base', 'BASE', 1000, { reference: 'X1' }))
    expect(judge(whole, two)).toEqual([])
  })

  test('a label that was cancelled, a parcel that nobody knows, and an invoice without one', () => {
    expect(judge(asQuoted(), shipmentOf(quoted, { isCancelled: true }))).toEqual([
      ['cancelled', 1400, 'The label of shp_1 was cancelled.'],
    ])
    expect(judge([line('base', 'BASE', 700)], null)).toEqual([['unknown', 700, 'There is no shipment T1.']])
    expect(judge([line('fuel', 'TRUE-UP', 700, { reference: '' })], null)).toEqual([
      ['unknown', 700, 'It names no parcel.'],
    ])
  })
})

describe('credits', () => {
  const settle = (lines: readonly BilledLine[]) => {
    const found = findDifferences(lines, shipmentOf(quoted), { minor: 1400, isQuote: true }, 0)
    const { differences, leftOver } = applyCredits(found, lines)
    return { credited: differences.map((one) => [one.cause, one.amountMinor, one.creditedMinor]), leftOver }
  }
  const wrong = () => [
    line('base', 'BASE', 1550, { billedWeightGrams: 5000 }),
    ...asQuoted().slice(1),
    line('surcharge', 'OSP', 250),
    line('fuel', 'FUEL', 100),
  ]

  test('settle what they fit by code and amount, then by amount, whatever the kind they come as', () => {
    expect(settle([...wrong(), line('credit', 'OSP', -250)]).credited).toEqual([
      ['duplicate', 100, 0],
      ['surcharge', 250, 250],
      ['weight', 550, 0],
    ])
    expect(settle([...wrong(), line('base', 'CORR', -550)]).credited).toEqual([
      ['duplicate', 100, 0],
      ['surcharge', 250, 0],
      ['weight', 550, 550],
    ])
  })

  test('settle in part, and what is left over is told', () => {
    expect(settle([...wrong(), line('credit', '', -300)]).credited).toEqual([
      ['duplicate', 100, 100],
      ['surcharge', 250, 0],
      ['weight', 550, 200],
    ])
    expect(settle([...wrong(), line('credit', '', -1000)])).toEqual({
      credited: [
        ['duplicate', 100, 100],
        ['surcharge', 250, 250],
        ['weight', 550, 550],
      ],
      leftOver: [{ currency: 'EUR', minor: 100 }],
    })
  })
})

test('differences add up to what was billed less what was quoted, whatever the order of the lines', () => {
  const anyLine = fc.record({
    kind: fc.constantFrom<ChargeKind>('base', 'fuel', 'surcharge', 'discount', 'tax', 'credit', 'other'),
    code: fc.constantFrom('BASE', 'RES', 'OSP', ''),
    amountMinor: fc.integer({ min: -50, max: 400 }),
    invoiceNumber: fc.constantFrom('1', '2'),
    reference: fc.constantFrom('T1', 'T2', 'X1'),
    billedWeightGrams: fc.option(fc.integer({ min: 1, max: 9000 })),
  })
  const anyCharges = fc.constantFrom<Charges>(quoted, [['base', 'ALL', 500]], quoted.slice(0, 2))
  fc.assert(
    fc.property(
      fc
        .array(anyLine, { maxLength: 10 })
        .map((given) =>
          given.map(({ kind, code, amountMinor, ...more }) => line(kind, code, amountMinor, more)),
        )
        .chain((lines) =>
          fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })),
        ),
      anyCharges,
      fc.constantFrom(['T1'], ['T1', 'T2']),
      fc.nat({ max: 60 }),
      ([lines, shuffled], charges, tracking, tolerance) => {
        const shipment = shipmentOf(charges, {}, tracking)
        const minor = charges
          .filter(([kind]) => kind !== 'tax')
          .reduce((sum, [, , amount]) => sum + amount, 0)
        const find = (some: readonly BilledLine[], within: number) =>
          findDifferences(some, shipment, { minor, isQuote: true }, within)
        const sum = (some: readonly { amountMinor: number }[]) =>
          some.reduce((all, one) => all + one.amountMinor, 0)
        const billed = lines.filter((one) => one.kind !== 'tax' && one.amountMinor !== 0 && !isCredit(one))
        const exact = find(lines, 0)
        expect(find(shuffled, 0)).toEqual(exact)
        expect(sum(exact)).toBe(billed.length === 0 ? 0 : sum(billed) - minor)
        expect(Math.abs(sum(find(lines, tolerance)) - sum(exact))).toBeLessThanOrEqual(tolerance * 2)
        expect(new Set(exact.map(({ key }) => key)).size).toBe(exact.length)
        const credits = sum(
          lines.filter(isCredit).map((one) => ({ amountMinor: Math.max(0, -one.amountMinor) })),
        )
        const { differences, leftOver } = applyCredits(exact, lines)
        const credited = differences.reduce((all, one) => all + one.creditedMinor, 0)
        expect(credited + leftOver.reduce((all, one) => all + one.minor, 0)).toBe(credits)
        for (const one of differences)
          expect(one.creditedMinor).toBeLessThanOrEqual(Math.max(0, one.amountMinor))
      },
    ),
    { numRuns: 1000 },
  )
})

test('a cost is split to the last cent, each share within a cent an item of its part of the weight', () => {
  expect(
    allocate(1000, [
      { sku: 'a', quantity: 1, weightGrams: 100 },
      { sku: 'b', quantity: 2, weightGrams: 100 },
    ]),
  ).toEqual({
    by: 'weight',
    // A third of 10.00 is 3.33; two thirds are 6.66, and the cent left over goes to the heavier.
    shares: [
      { sku: 'a', quantity: 1, minor: 333 },
      { sku: 'b', quantity: 2, minor: 667 },
    ],
  })
  expect(
    allocate(100, [
      { sku: 'a', quantity: 3, weightGrams: null },
      { sku: 'b', quantity: 1, weightGrams: 9000 },
    ]),
  ).toMatchObject({ by: 'units', shares: [{ minor: 75 }, { minor: 25 }] })
  const anyItem = fc.record({
    sku: fc.constantFrom('a', 'b', null),
    quantity: fc.integer({ min: 1, max: 1000 }),
    weightGrams: fc.option(fc.integer({ min: 1, max: 100_000 })),
  })
  fc.assert(
    fc.property(fc.integer(), fc.array(anyItem, { minLength: 1, maxLength: 20 }), (minor, items) => {
      const { shares, by } = allocate(minor, items)
      expect(shares.reduce((sum, share) => sum + share.minor, 0)).toBe(minor)
      const parts = items.map(({ quantity, weightGrams }) => quantity * (by === 'weight' ? weightGrams! : 1))
      const whole = parts.reduce((sum, part) => sum + part, 0)
      for (const [index, share] of shares.entries())
        expect(Math.abs(share.minor - (minor * parts[index]!) / whole)).toBeLessThanOrEqual(items.length)
    }),
  )
})
