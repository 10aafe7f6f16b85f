import { type RateCard, rateCard } from '../../plugins/carrier-costs/rate-card.ts'

export const countries = 'DE AT CH FR NL BE LU IT ES PT PL CZ SK HU DK SE FI IE GB NO'.split(' ')
const zones = ['1', '2', '3', '4', '5']

/** Twenty services of two zone tables; one in three countries is zoned by postcode, remote postcodes cost more. */
export function buildCard(): RateCard {
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
