import { describe, expect, test } from 'vitest'
import { compileCard } from '../../../plugins/carrier-costs/compile.ts'
import { describeRefusal, renderExplanation } from '../../../plugins/carrier-costs/explain.ts'
import { explainPrice, priceParcels, priceServices } from '../../../plugins/carrier-costs/price.ts'
import { compileSmall, makeCard, offered, parcel, place, refused, request } from './support.ts'

const steps = (price: object) => ({ prices: [{ zone: '1', steps: [{ over: 0, notOver: 30_000, price }] }] })
const surcharge = (code: string, more: object) => ({ code, label: code, order: 1, ...more })
const fixed = (amountMinor: number) => ({ kind: 'fixed', amountMinor })

describe('what a step costs', () => {
  const two = [parcel(1200), parcel(700)]
  test.each([
    ['amount', { kind: 'amount', amountMinor: 300 }, 600, 300],
    [
      'additional',
      { kind: 'additional', amountMinor: 300, additionalMinor: 50, unit: 500 },
      300 + 150 + 300 + 100,
      300 + 200,
    ],
    [
      'perWeight',
      { kind: 'perWeight', amountMinor: 100, rateMinor: 333, unit: 1000 },
      100 + 400 + 100 + 233,
      100 + 633,
    ],
    ['flat', { kind: 'flat', amountMinor: 300 }, 300, 300],
    ['perPiece', { kind: 'perPiece', amountMinor: 300 }, 600, 600],
  ])('%s, by parcel and by shipment', (_kind, price, byParcel, byShipment) => {
    const asked = request({ parcels: two })
    expect(offered(compileSmall({}, steps(price)), asked, 'S').totalMinor).toBe(byParcel)
    const shipment = compileSmall({}, { ...steps(price), basis: 'shipment' })
    expect(offered(shipment, asked, 'S').totalMinor).toBe(byShipment)
  })
})

describe('billable weight', () => {
  const dimensional = { unit: 'cm3/kg', divisor: { numerator: 5000, denominator: 1 } }
  const billed = (service: object, grams: number, sides: readonly [number, number, number] | null) => {
    const priced = offered(compileSmall({}, service), request({ parcels: [parcel(grams, sides)] }), 'S')
    return [priced.billedWeightGrams, priced.assumes]
  }

  test.each([
    ['the greater of actual and dimensional', { dimensional }, 1000, [500, 400, 300], 12_000],
    ['the actual where it is greater', { dimensional }, 13_000, [500, 400, 300], 13_000],
    ['rounded up to the unit', { dimensional, weightUnit: 500 }, 1001, [100, 100, 100], 1500],
    ['at least the minimum', { minWeight: 2000 }, 1, [100, 100, 100], 2000],
    [
      'by a divisor that is a fraction',
      { dimensional: { ...dimensional, divisor: { numerator: 333, denominator: 2 } } },
      1,
      [100, 100, 100],
      6007,
    ],
    [
      'with sides rounded up to centimetres',
      { dimensional: { ...dimensional, roundSidesUpTo: 'cm' } },
      1,
      [101, 100, 100],
      220,
    ],
    [
      'only above a volume',
      { dimensional: { ...dimensional, overVolumeMm3: 1_000_000 } },
      1,
      [100, 100, 100],
      1,
    ],
    [
      'in pounds by cubic inches: 10 in cubed by 166 is 6.024 lb',
      { dimensional: { unit: 'in3/lb', divisor: { numerator: 166, denominator: 1 } } },
      1,
      [254, 254, 254],
      2733,
    ],
  ] as const)('is %s', (_what, service, grams, sides, expected) => {
    expect(billed(service, grams, sides)).toEqual([expected, []])
  })

  test('a size that nobody knows has no volume, and the price says that it rests on that', () => {
    expect(billed({ dimensional }, 1000, null)).toEqual([1000, ['size']])
    expect(billed({}, 1000, null)).toEqual([1000, []])
  })
})

describe('what is not offered has its reason', () => {
  const limits = {
    maxWeight: 20_000,
    maxLengthMm: 1200,
    maxLengthPlusGirthMm: 3000,
    maxSidesMm: [1200, 600, 600],
  }
  const compiled = compileSmall({}, { limits })
  const say = (grams: number, sides: readonly [number, number, number]) =>
    describeRefusal(refused(compiled, request({ parcels: [parcel(1), parcel(grams, sides)] }), 'S'), 1)

  test('weight and sizes, at the limit and above', () => {
    expect(offered(compiled, request({ parcels: [parcel(20_000, [1200, 450, 450])] }), 'S').totalMinor).toBe(
      500,
    )
    expect(say(20_001, [1, 1, 1])).toBe('Parcel 2 is heavier than 20.000 kg.')
    expect(say(1, [1, 1201, 1])).toBe('Parcel 2 is longer than the service takes.')
    expect(say(1, [1200, 450, 451])).toBe(
      'Length and girth of parcel 2 together are more than the service takes.',
    )
    expect(say(1, [700, 650, 100])).toBe('A side of parcel 2 is longer than the service takes.')
  })

  test('dates outside the version, places without a zone, weights that are none, no parcels', () => {
    const code = (more: Parameters<typeof request>[0]) => refused(compileSmall(), request(more), 'S').code
    expect(code({ shipAt: new Date('2025-12-31T23:59:59Z') })).toBe('not_in_force')
    expect(code({ shipAt: new Date('2027-01-01T00:00:00Z') })).toBe('not_in_force')
    expect(code({ to: place('FR') })).toBe('no_zone')
    expect(code({ parcels: [] })).toBe('no_parcels')
    for (const grams of [0, -1, 1.5, Number.NaN])
      expect(code({ parcels: [parcel(grams)] })).toBe('bad_measure')
    expect(code({ parcels: [parcel(1, [0, 1, 1])] })).toBe('bad_measure')
    expect(code({ parcels: [parcel(30_000), parcel(30_001)] })).toBe('too_heavy')
  })

  test('the ship date is that of the card, not of the clock in Greenwich', () => {
    const asked = request({ shipAt: new Date('2025-12-31T23:30:00Z') })
    const inZone = (timeZone: string) => {
      const card = makeCard()
      return priceParcels(compileCard({ ...card, timeZone }, card.versions[0]!), asked, 'S').isOffered
    }
    expect([inZone('UTC'), inZone('Europe/Berlin'), inZone('America/New_York')]).toEqual([false, true, false])
  })

  test('a service that the card lacks is an error of the caller', () => {
    expect(() => priceParcels(compileSmall(), request({}), 'X')).toThrow(
      'The rate card card has no service "X".',
    )
  })
})

describe('surcharges', () => {
  const charges = (
    surcharges: object[],
    more: Parameters<typeof request>[0] = {},
    fuelTables: object[] = [],
  ) =>
    offered(compileSmall({ surcharges, fuelTables }), request(more), 'S')
      .charges.slice(1)
      .map(({ code, amountMinor }) => [code, amountMinor])

  test.each([
    ['weight', { weightOver: 1000 }, { parcels: [parcel(1000)] }, { parcels: [parcel(1001)] }],
    [
      'longest side',
      { longestSideOverMm: 500 },
      { parcels: [parcel(1, [500, 1, 1])] },
      { parcels: [parcel(1, [1, 501, 1])] },
    ],
    [
      'second side',
      { secondSideOverMm: 300 },
      { parcels: [parcel(1, [900, 300, 1])] },
      { parcels: [parcel(1, [301, 1, 301])] },
    ],
    [
      'girth',
      { girthOverMm: 800 },
      { parcels: [parcel(1, [500, 200, 200])] },
      { parcels: [parcel(1, [500, 201, 200])] },
    ],
    [
      'length plus girth',
      { lengthPlusGirthOverMm: 1300 },
      { parcels: [parcel(1, [500, 200, 200])] },
      { parcels: [parcel(1, [501, 200, 200])] },
    ],
    [
      'volume',
      { volumeOverMm3: 1000 },
      { parcels: [parcel(1, [10, 10, 10])] },
      { parcels: [parcel(1, [10, 10, 11])] },
    ],
    ['home', { isResidential: true }, {}, { to: place('DE', '1', { isResidential: true }) }],
    ['country', { countries: ['AT'] }, {}, null],
    [
      'postcodes',
      { postcodes: [{ country: 'DE', from: '18565', to: '18565' }] },
      { to: place('DE', '18566') },
      { to: place('DE', '18565') },
    ],
    ['service', { services: ['S'] }, null, {}],
    [
      'declared value',
      { declaredValueOverMinor: 50_000 },
      { declaredValueMinor: 50_000 },
      { declaredValueMinor: 50_001 },
    ],
  ])('apply by %s, beyond the bound and not at it', (_what, when, isNot, is) => {
    const list = [surcharge('X', { when, rate: fixed(70) })]
    if (isNot) expect(charges(list, isNot)).toEqual([])
    if (is) expect(charges(list, is)).toEqual([['X', 70]])
  })

  test('are fixed, a parcel, by weight, or a percentage of the base and of others', () => {
    const list = [
      surcharge('A', { rate: fixed(100) }),
      surcharge('B', { rate: { kind: 'perPiece', amountMinor: 30 } }),
      surcharge('C', { rate: { kind: 'perWeight', amountMinor: 10, unit: 1000 } }),
      surcharge('D', { order: 2, rate: { kind: 'percentage', basisPoints: 1250, plus: [] } }),
      surcharge('E', { order: 3, rate: { kind: 'percentage', basisPoints: 1000, plus: ['A', 'B'] } }),
    ]
    // The base is 2 x 500; 12.5 % of it is 125, and 10 % of 1160 is 116.
    expect(charges(list, { parcels: [parcel(900), parcel(1200)] })).toEqual([
      ['A', 100],
      ['B', 60],
      ['C', 30],
      ['D', 125],
      ['E', 116],
    ])
  })

  test('of one group only the highest applies, also to a percentage of it', () => {
    const list = [
      surcharge('LOW', { group: 'g', rate: fixed(100) }),
      surcharge('HIGH', { group: 'g', rate: fixed(300) }),
      surcharge('MIDDLE', { group: 'g', rate: fixed(200) }),
      surcharge('PERCENT', {
        order: 2,
        rate: { kind: 'percentage', basisPoints: 5000, plus: ['LOW', 'HIGH'] },
      }),
    ]
    expect(charges(list)).toEqual([
      ['HIGH', 300],
      ['PERCENT', 400],
    ])
  })

  test('apply within their dates, and fuel by its week', () => {
    const list = [
      surcharge('PEAK', { rate: fixed(100), validFrom: '2026-11-01', validUntil: '2026-12-24' }),
      surcharge('FUEL', { kind: 'fuel', order: 2, rate: { kind: 'fuel', table: 'road' } }),
    ]
    const tables = [
      {
        id: 'road',
        rows: [
          { from: '2026-12-21', until: '2026-12-27', basisPoints: 1000 },
          { from: '2026-12-14', until: '2026-12-20', basisPoints: 2000 },
        ],
      },
    ]
    const on = (day: string) => charges(list, { shipAt: new Date(`${day}T10:00:00Z`) }, tables)
    expect(on('2026-12-20')).toEqual([
      ['PEAK', 100],
      ['FUEL', 100],
    ])
    expect(on('2026-12-24')).toEqual([
      ['PEAK', 100],
      ['FUEL', 50],
    ])
    expect(on('2026-12-25')).toEqual([['FUEL', 50]])
    const compiled = compileSmall({ surcharges: list, fuelTables: tables })
    expect(refused(compiled, request({ shipAt: new Date('2026-12-28') }), 'S')).toEqual({
      code: 'no_fuel_rate',
      table: 'road',
    })
  })

  test('a discount lowers the total, never below zero', () => {
    expect(
      charges([surcharge('D', { kind: 'discount', rate: { kind: 'percentage', basisPoints: 1000 } })]),
    ).toEqual([['D', -50]])
    expect(charges([surcharge('D', { kind: 'discount', rate: fixed(900) })])).toEqual([['D', -500]])
  })

  test('a place that may be a home is taken for one, and the price says so', () => {
    const compiled = compileSmall({
      surcharges: [surcharge('HOME', { when: { isResidential: true }, rate: fixed(70) })],
    })
    const priced = offered(compiled, request({ to: place('DE', '1', { isResidential: null }) }), 'S')
    expect([priced.totalMinor, priced.assumes]).toEqual([570, ['residential']])
  })

  test('a postcode that decides and is missing leaves no price', () => {
    const when = { postcodes: [{ country: 'DE', from: '18', to: '18' }] }
    const compiled = compileSmall({ surcharges: [surcharge('REMOTE', { when, rate: fixed(70) })] })
    expect(refused(compiled, request({ to: place('DE') }), 'S').code).toBe('postcode_missing')
  })
})

test('the most specific zone wins: postcodes, then areas, then the country, then the rest; then the origin', () => {
  const rules = [
    { zone: 'any', country: '*' },
    { zone: 'country', country: 'DE' },
    { zone: 'area', country: 'DE', areas: ['Bayern'] },
    { zone: 'range', country: 'DE', postcodes: { from: '10', to: '14' } },
    { zone: 'prefix', country: 'DE', postcodes: { from: '101', to: '101' } },
    { zone: 'exact', country: 'DE', postcodes: { from: '10115', to: '10115' } },
    { zone: 'lane', country: 'DE', postcodes: { from: '101', to: '101' }, origin: { country: 'PL' } },
    {
      zone: 'narrow lane',
      country: 'DE',
      postcodes: { from: '101', to: '101' },
      origin: { country: 'PL', postcodes: { from: '00', to: '00' } },
    },
  ]
  const zones = rules.map(({ zone }) => ({ id: zone, name: zone }))
  const prices = zones.map(({ id }, index) => ({
    zone: id,
    steps: [{ over: 0, notOver: 30_000, price: { kind: 'amount', amountMinor: index + 1 } }],
  }))
  const compiled = compileSmall({ zoneSets: [{ id: 'zones', zones, rules }] }, { prices })
  const zoneOf = (to: ReturnType<typeof place>, from = place('DE')) =>
    rules[offered(compiled, request({ from, to }), 'S').totalMinor - 1]!.zone
  expect(zoneOf(place('FR'))).toBe('any')
  expect(zoneOf(place('DE', '99999', { region: 'Thüringen' }))).toBe('country')
  expect(zoneOf(place('DE', '80331', { region: 'BAYERN' }))).toBe('area')
  expect(zoneOf(place('DE', '14999', { region: 'Bayern' }))).toBe('range')
  expect(zoneOf(place('DE', '10 199'))).toBe('prefix')
  expect(zoneOf(place('DE', '10115'))).toBe('exact')
  expect(zoneOf(place('DE', '10199'), place('PL', '99-999'))).toBe('lane')
  expect(zoneOf(place('DE', '10199'), place('PL', '00-950'))).toBe('narrow lane')
  expect(zoneOf(place('DE', '10115'), place('PL', '00-950'))).toBe('exact')
})

test('an explanation has every term in words and the price that was charged', () => {
  const compiled = compileSmall(
    {
      surcharges: [
        surcharge('LONG', { group: 'size', when: { longestSideOverMm: 1000 }, rate: fixed(300) }),
        surcharge('HOME', { group: 'size', when: { isResidential: true }, rate: fixed(100) }),
        surcharge('FUEL', { kind: 'fuel', order: 2, rate: { kind: 'fuel', table: 'road', plus: ['LONG'] } }),
      ],
      fuelTables: [{ id: 'road', rows: [{ from: '2026-03-02', until: '2026-03-08', basisPoints: 1250 }] }],
    },
    { dimensional: { unit: 'cm3/kg', divisor: { numerator: 5000, denominator: 1 } }, weightUnit: 500 },
  )
  const asked = request({
    to: place('DE', '20095', { isResidential: true }),
    parcels: [parcel(900, [1100, 200, 100])],
  })
  const explanation = explainPrice(compiled, asked, 'S')
  expect(explanation.priced).toEqual(priceParcels(compiled, asked, 'S'))
  expect(explanation.priced).toEqual(priceServices(compiled, asked)[0])
  expect(renderExplanation(explanation)).toEqual([
    'Prices in force from 2026-01-01 until 2026-12-31.',
    'Zone 1: DE is the most specific row that holds.',
    'Parcel 1: 0.900 kg, 4.500 kg by volume, rounded up to 0.500 kg: billed as 4.500 kg.',
    'Parcel 1: step over 0.000 kg, not over 30.000 kg: 5.00 EUR = 5.00 EUR.',
    'LONG (LONG): once = 3.00 EUR, because the longest side of 1100 mm is over 1000 mm.',
    'HOME (HOME): 1.00 EUR is not charged: of the group size only the highest applies, LONG.',
    'FUEL (FUEL): 12.50 % of the base and LONG by the table road = 1.00 EUR.',
    'Total 9.00 EUR.',
  ])
})
