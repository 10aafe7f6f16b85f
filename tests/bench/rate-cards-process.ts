import { compileCard } from '../../plugins/carrier-costs/compile.ts'
import { findFaults } from '../../plugins/carrier-costs/find-faults.ts'
import { priceServices } from '../../plugins/carrier-costs/price.ts'
import type { PriceRequest } from '../../plugins/carrier-costs/quote.ts'
import { rateCard } from '../../plugins/carrier-costs/rate-card.ts'
import { serve } from './child.ts'

export type Pricing = { quotes: number; offered: number; elapsedMs: number; grownBytes: number }

const countries = 'DE AT CH FR NL BE LU IT ES PT PL CZ SK HU DK SE FI IE GB NO'.split(' ')
const zones = ['1', '2', '3', '4', '5']

/** Twenty services of two zone tables; one in three countries is zoned by postcode, remote postcodes cost more. */
function buildCard() {
  const zoneSet = (id: string) => ({
    id,
    zones: zones.map((zone) => ({ id: zone, name: zone })),
    rules: countries.flatMap((country, index) => [
      { zone: zones[index % zones.length]!, country },
      ...(index % 3 === 0
        ? Array.from({ length: 45 }, (_, at) => ({
            zone: zones[(index + at) % zones.length]!,
            country,
            postcodes: { from: String(10 + at * 2), to: String(10 + at * 2) },
          }))
        : []),
    ]),
  })
  const prices = (level: number) =>
    zones.map((zone, index) => ({
      zone,
      steps: [
        ...Array.from({ length: 40 }, (_, at) => ({
          over: at * 500,
          notOver: (at + 1) * 500,
          price: { kind: 'amount', amountMinor: level + index * 100 + at * 35 },
        })),
        {
          over: 20_000,
          notOver: 100_000,
          price: { kind: 'additional', amountMinor: level + 1400, additionalMinor: 40, unit: 500 },
        },
      ],
    }))
  return rateCard.parse({
    id: 'bench',
    name: 'Bench',
    carrier: 'Bench',
    currency: 'EUR',
    source: 'made up',
    versions: [
      {
        validFrom: '2026-01-01',
        validUntil: null,
        zoneSets: [zoneSet('a'), zoneSet('b')],
        services: Array.from({ length: 20 }, (_, index) => ({
          code: `S${index}`,
          name: `Service ${index}`,
          zoneSet: index % 2 === 0 ? 'a' : 'b',
          limits: { maxWeight: 70_000, maxLengthMm: 2700, maxLengthPlusGirthMm: 4000 },
          dimensional: { unit: 'cm3/kg', divisor: { numerator: 4000 + index * 100, denominator: 1 } },
          weightUnit: 500,
          prices: prices(400 + index * 25),
        })),
        surcharges: [
          {
            code: 'HOME',
            label: 'Home',
            when: { isResidential: true },
            rate: { kind: 'perPiece', amountMinor: 150 },
            order: 1,
          },
          {
            code: 'LONG',
            label: 'Long',
            when: { longestSideOverMm: 1200 },
            rate: { kind: 'perPiece', amountMinor: 1200 },
            order: 1,
            group: 'size',
          },
          {
            code: 'WIDE',
            label: 'Wide',
            when: { secondSideOverMm: 760 },
            rate: { kind: 'perPiece', amountMinor: 1300 },
            order: 1,
            group: 'size',
          },
          {
            code: 'REMOTE',
            label: 'Remote area',
            when: {
              postcodes: Array.from({ length: 200 }, (_, at) => ({
                country: countries[at % 20]!,
                from: String(300 + at),
                to: String(300 + at),
              })),
            },
            rate: { kind: 'perWeight', amountMinor: 50, unit: 1000 },
            order: 1,
          },
          {
            code: 'FUEL',
            label: 'Fuel',
            kind: 'fuel',
            rate: { kind: 'fuel', table: 'road', plus: ['HOME', 'LONG', 'WIDE', 'REMOTE'] },
            order: 9,
          },
        ],
        fuelTables: [{ id: 'road', rows: [{ from: '2026-01-01', until: '2026-12-31', basisPoints: 1375 }] }],
      },
    ],
  })
}

/** Requests that differ, drawn from a fixed seed. */
function* requests(count: number): Generator<PriceRequest> {
  let state = 1
  const draw = (most: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % most
  }
  const from = { country: 'DE', postcode: '10115', city: null, region: null, isResidential: false }
  const shipAt = new Date('2026-06-01T12:00:00Z')
  for (let index = 0; index < count; index += 1) {
    const postcode = String(10_000 + draw(89_999))
    const to = {
      country: countries[draw(20)]!,
      postcode,
      city: null,
      region: null,
      isResidential: draw(2) === 0,
    }
    const parcel = {
      weightGrams: 50 + draw(30_000),
      lengthMm: 100 + draw(1300),
      widthMm: 50 + draw(500),
      heightMm: 20 + draw(400),
    }
    yield { from, to, parcels: [parcel], shipAt, declaredValueMinor: null }
  }
}

const card = buildCard()
const version = card.versions[0]!
const faults = findFaults(version)
if (faults.length > 0) throw new Error(`The bench's card is unsound: ${faults[0]!.message}`)
const compiled = compileCard(card, version)

function priceAll(count: number): Pick<Pricing, 'quotes' | 'offered'> {
  let quotes = 0
  let offered = 0
  for (const request of requests(count)) {
    for (const priced of priceServices(compiled, request)) {
      quotes += 1
      if (priced.isOffered && priced.totalMinor > 0) offered += 1
    }
  }
  return { quotes, offered }
}

export const control = {
  run(parcels: number): Pricing {
    priceAll(parcels / 10)
    globalThis.gc?.()
    const before = process.memoryUsage.rss()
    const startedAt = performance.now()
    const counts = priceAll(parcels)
    const elapsedMs = performance.now() - startedAt
    return { ...counts, elapsedMs, grownBytes: Math.max(0, process.memoryUsage.rss() - before) }
  },
}
serve(control)
