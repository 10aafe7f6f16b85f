import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { manualClock } from '../../../core/lib/clock.ts'
import type { Offer, ShippingQuestion, TransitHistory } from '../../../core/sdk/shipping.ts'
import { createRates } from '../../../plugins/carrier-costs/exchange/rates.ts'
import { decideService } from '../../../plugins/carrier-costs/rules/choose.ts'
import { ruleSet } from '../../../plugins/carrier-costs/rules/rule-set.ts'

const now = '2026-03-02T09:00:00Z'
type Given = Partial<Offer> & { id: string }

const offer = ({ id, ...more }: Given): Offer => ({
  id,
  service: id,
  serviceName: id,
  currency: 'EUR',
  totalMinor: 1000,
  charges: [],
  transitDays: 2,
  deliverBy: null,
  expiresAt: null,
  billedWeightGrams: null,
  source: { kind: 'courier', connectionId: 'con_1', name: 'DHL' },
  connectionId: 'con_1',
  carrier: 'dhl',
  explanation: [],
  ...more,
})

const question = (offers: readonly Offer[], more: Partial<ShippingQuestion> = {}): ShippingQuestion => ({
  request: {
    from: { country: 'DE', postcode: '10115', city: null, region: null, isResidential: null },
    to: { country: 'FR', postcode: '75001', city: null, region: null, isResidential: true },
    parcels: [
      { weightGrams: 700, lengthMm: 300, widthMm: 200, heightMm: 100 },
      { weightGrams: 500, lengthMm: 200, widthMm: 200, heightMm: 100 },
    ],
    shipAt: new Date(now),
    declaredValue: null,
  },
  offers,
  unavailable: [],
  shipBy: null,
  deliverBy: null,
  order: {
    id: 'ord_1',
    connectionId: 'con_shop',
    currency: 'EUR',
    totalMinor: 5000,
    shippingService: 'Express',
    skus: ['GLASS-1', 'TIN-2'],
  },
  ...more,
})

const rates = createRates([{ day: '2026-01-01', base: 'USD', quote: 'EUR', rate: '0.5' }])
const convert = async (minor: number, currency: string, to: string) =>
  rates.convert({ minor, currency }, to)?.minor ?? null

const decide = (rules: readonly object[], asked: ShippingQuestion, transit: readonly TransitHistory[] = []) =>
  decideService(
    { version: 3, rules: ruleSet.parse({ rules }) },
    asked,
    { clock: manualClock(now), services: { readTransit: async () => [...transit] } },
    convert,
  )

const cheapest = { id: 'r1', name: 'R1', objective: { kind: 'cheapest' } }

describe('the first rule whose conditions hold decides', () => {
  const holds: [string, object, string][] = [
    ['the country', { destinations: [{ country: 'FR' }] }, 'it goes to FR'],
    [
      'a postcode range, both ends taken in',
      { destinations: [{ country: 'FR', postcodes: [{ from: '74', to: '75' }] }] },
      'it goes to FR 75001',
    ],
    ['the weight of all parcels', { weightGrams: { from: 1200, to: 1200 } }, 'it weighs 1200 g'],
    ['the value', { orderValueMinor: { from: 5000 } }, 'the order is worth 50.00 EUR'],
    ['the channel', { channels: ['con_shop'] }, 'it was sold on con_shop'],
    ['one of the SKUs', { skus: { patterns: ['GLASS-*'] } }, 'it holds GLASS-1'],
    ["the buyer's service", { shippingServices: ['Express'] }, 'the buyer chose Express'],
    ['a home', { isResidential: true }, 'it goes to a home'],
    ['the largest side', { largestSideMm: { from: 300 } }, 'its largest side is 300 mm'],
  ]
  test.each(holds)('by %s', async (_name, when, says) => {
    const { rule, choice } = await decide(
      [{ ...cheapest, when, currency: 'EUR' }],
      question([offer({ id: 'a' })]),
    )
    expect(rule?.id).toBe('r1')
    expect(choice?.explanation[0]).toBe(`Rule 1 "R1" (r1, version 3) decides: ${says}.`)
  })

  const breaks: [object, string][] = [
    [{ destinations: [{ country: 'DE' }] }, 'it goes to FR'],
    [{ destinations: [{ country: 'FR', postcodes: [{ from: '1', to: '74' }] }] }, 'it goes to FR 75001'],
    [{ weightGrams: { to: 1199 } }, 'it weighs 1200 g'],
    [{ orderValueMinor: { to: 4999 } }, 'the order is worth 50.00 EUR'],
    [{ channels: ['con_other'] }, 'it was sold on con_shop'],
    [{ skus: { match: 'all', patterns: ['GLASS-*'] } }, 'not all of its SKUs are listed'],
    [{ skus: { patterns: ['GLASS'] } }, 'none of its SKUs are listed'],
    [{ isResidential: false }, 'it goes to a home'],
    [{ largestSideMm: { to: 299 } }, 'its largest side is 300 mm'],
  ]
  test.each(breaks)('and not where %j is not met', async (when, against) => {
    const { choice, tried } = await decide(
      [{ ...cheapest, when, currency: 'EUR' }],
      question([offer({ id: 'a' })]),
    )
    expect(choice).toBeNull()
    expect(tried).toEqual([{ id: 'r1', name: 'R1', match: { isMatch: false, against } }])
  })

  test('what is not known meets no condition', async () => {
    const asked = question([offer({ id: 'a' })], { order: null })
    asked.request.to.postcode = null
    asked.request.to.isResidential = null
    asked.request.parcels = [{ weightGrams: 700, lengthMm: null, widthMm: 200, heightMm: 100 }]
    const whens = [
      { channels: ['con_shop'] },
      { orderValueMinor: { from: 0 } },
      { skus: { patterns: ['*'] } },
      { shippingServices: ['Express'] },
      { isResidential: false },
      { largestSideMm: { from: 0 } },
      { destinations: [{ country: 'FR', postcodes: [{ from: '0', to: '9' }] }] },
    ]
    for (const when of whens)
      expect((await decide([{ ...cheapest, when, currency: 'EUR' }], asked)).choice).toBeNull()
  })

  test('one that is switched off decides nothing, and the next does', async () => {
    const rules = [
      { ...cheapest, isActive: false },
      { ...cheapest, id: 'r2', name: 'R2' },
    ]
    const { choice } = await decide(rules, question([offer({ id: 'a' })]))
    expect(choice?.explanation[0]).toBe('Rule 2 "R2" (r2, version 3) decides: it has no conditions.')
  })
})

describe('what a rule chooses', () => {
  test('the cheapest in its currency, saying what was compared and what was left out', async () => {
    const offers = [
      offer({ id: 'a', totalMinor: 900 }),
      offer({ id: 'b', totalMinor: 1700, currency: 'USD' }),
      offer({ id: 'c', totalMinor: 100, connectionId: null }),
      offer({ id: 'd', totalMinor: 100, currency: 'GBP' }),
      offer({ id: 'e', totalMinor: 100, expiresAt: new Date(now) }),
      offer({ id: 'f', totalMinor: 2000, transitDays: null }),
    ]
    const { choice } = await decide(
      [{ ...cheapest, maxPriceMinor: 1500, currency: 'EUR' }],
      question([...offers, offer({ id: 'g', totalMinor: 3001, currency: 'USD' })], {
        unavailable: [
          {
            source: { kind: 'courier', connectionId: 'con_2', name: 'UPS' },
            service: null,
            reason: 'No answer.',
          },
        ],
      }),
    )
    // 17.00 USD at 0.5 are 8.50 EUR; 30.01 USD are 15.005, rounded to 15.01 EUR and above the 15.00.
    expect(choice).toEqual({
      offerId: 'b',
      explanation: [
        'Rule 1 "R1" (r1, version 3) decides: it has no conditions.',
        'DHL b wins: the cheapest at 8.50 EUR.',
        'Compared 2 in EUR by price: DHL b 8.50 EUR (from 17.00 USD, 2 days); DHL a 9.00 EUR (2 days).',
        'DHL c is left out: it is a price for comparison; no courier connection books it.',
        'DHL d is left out: its price is in GBP, and nothing converts it to EUR.',
        'DHL e is left out: its price has expired.',
        "DHL f is left out: 20.00 EUR is above the rule's 15.00 EUR.",
        "DHL g is left out: 15.01 EUR is above the rule's 15.00 EUR.",
        'UPS offers nothing: No answer.',
      ],
    })
  })

  test('the best value, with the price of a day', async () => {
    // Monday 2 March: 1 working day is 1 calendar day, 5 are 7 (a weekend between). 10.00 + 1 x 1.50 = 11.50;
    // 5.00 + 7 x 1.50 = 15.50.
    const offers = [
      offer({ id: 'slow', totalMinor: 500, transitDays: 5 }),
      offer({ id: 'fast', transitDays: 1 }),
    ]
    const rule = { ...cheapest, objective: { kind: 'bestValue', pricePerDayMinor: 150 }, currency: 'EUR' }
    const { choice } = await decide([rule], question(offers))
    expect(choice?.offerId).toBe('fast')
    expect(choice?.explanation[1]).toBe(
      'DHL fast wins: the best value, 10.00 EUR and 1 days at 1.50 EUR each make 11.50 EUR.',
    )
    const cheapDay = { ...rule, objective: { kind: 'bestValue', pricePerDayMinor: 50 } }
    expect((await decide([cheapDay], question(offers))).choice?.offerId).toBe('slow')
  })

  test('the fastest, not what does not say how long it takes', async () => {
    const offers = [
      offer({ id: 'a', transitDays: null, totalMinor: 1 }),
      offer({ id: 'b', transitDays: 3 }),
      offer({ id: 'c', transitDays: null, deliverBy: new Date('2026-03-04T12:00:00Z') }),
    ]
    const { choice } = await decide([{ ...cheapest, objective: { kind: 'fastest' } }], question(offers))
    expect(choice?.offerId).toBe('c')
    expect(choice?.explanation.at(-1)).toBe(
      'DHL a is left out: it does not say how long it takes, and the rule compares that.',
    )
  })

  test('nothing that misses a deadline, unless the rule lets it', async () => {
    const offers = [
      offer({ id: 'late', totalMinor: 1, transitDays: 3 }),
      offer({ id: 'unknown', totalMinor: 2, transitDays: null }),
      offer({ id: 'hour', totalMinor: 3, deliverBy: new Date('2026-03-04T12:00:01Z') }),
      offer({ id: 'day', totalMinor: 4, transitDays: 2 }),
    ]
    const asked = question(offers, { deliverBy: new Date('2026-03-04T12:00:00Z') })
    expect((await decide([cheapest], asked)).choice?.offerId).toBe('day')
    expect((await decide([{ ...cheapest, unknownArrival: 'allow' }], asked)).choice?.offerId).toBe('unknown')
    expect((await decide([{ ...cheapest, mustKeepDeadline: false }], asked)).choice?.offerId).toBe('late')
    const overdue = question(offers, { shipBy: new Date('2026-03-01T12:00:00Z') })
    expect((await decide([cheapest], overdue)).choice).toMatchObject({ offerId: null })
    expect((await decide([cheapest], overdue)).choice?.explanation[2]).toBe(
      'DHL day is left out: it is handed over 2026-03-02, after the ship-by of 2026-03-01.',
    )
  })

  test('what kept its promises often enough, with a sample that says something', async () => {
    const history = (service: string, promised: number, onTimeBasisPoints: number): TransitHistory => ({
      carrier: 'dhl',
      service,
      fromCountry: 'DE',
      toCountry: 'FR',
      delivered: promised,
      promised,
      onTimeBasisPoints,
      medianDays: 2,
      p90Days: 3,
      lost: 0,
      damaged: 0,
      returned: 0,
    })
    const transit = [history('bad', 100, 8999), history('few', 29, 10_000), history('good', 30, 9000)]
    const offers = [
      offer({ id: 'few', totalMinor: 1 }),
      offer({ id: 'none', totalMinor: 2 }),
      offer({ id: 'bad', totalMinor: 3 }),
      offer({ id: 'good', totalMinor: 4 }),
    ]
    const rule = { ...cheapest, onTime: { minBasisPoints: 9000, withoutData: 'refuse' } }
    const { choice } = await decide([rule], question(offers), transit)
    expect(choice?.offerId).toBe('good')
    expect(choice?.explanation.slice(2)).toEqual([
      'Compared 1 in EUR by price: DHL good 0.04 EUR (2 days, 90.00 % of 30 in time).',
      'DHL bad is left out: only 89.99 % of 100 in time, the rule wants 90.00 %.',
      'DHL few is left out: no data on being in time: 29 parcels with a promise from DE to FR, 30 are needed.',
      'DHL none is left out: no data on being in time: 0 parcels with a promise from DE to FR, 30 are needed.',
    ])
    const lenient = { ...cheapest, onTime: { minBasisPoints: 9000, withoutData: 'allow' } }
    expect((await decide([lenient], question(offers), transit)).choice?.offerId).toBe('few')
  })

  test('nothing, rather than what it forbids', async () => {
    const rule = { ...cheapest, services: [{ carrier: 'ups' }, { carrier: 'dhl', service: 'x' }] }
    const { choice } = await decide([rule], question([offer({ id: 'a' })]))
    expect(choice?.offerId).toBeNull()
    expect(choice?.explanation.slice(1)).toEqual([
      'No offer is left that the rule allows.',
      'DHL a is left out: the rule does not allow dhl a.',
    ])
  })
})

describe('for any offers and rules', () => {
  const anyOffer = fc.record({
    service: fc.constantFrom('s1', 's2', 's3'),
    carrier: fc.constantFrom('dhl', 'ups'),
    totalMinor: fc.integer({ min: 1, max: 20 }),
    currency: fc.constantFrom('EUR', 'USD', 'GBP'),
    transitDays: fc.option(fc.integer({ min: 0, max: 6 })),
    connectionId: fc.option(fc.constant('con_1')),
    expiresAt: fc.option(fc.constantFrom(new Date('2026-03-02T08:00:00Z'), new Date('2026-03-03T08:00:00Z'))),
  })
  const anyRule = fc.record({
    services: fc.oneof(
      fc.constant('all' as const),
      fc.array(
        fc.record({
          carrier: fc.constantFrom('dhl', 'ups'),
          service: fc.option(fc.constantFrom('s1', 's2')),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    ),
    objective: fc.constantFrom(
      { kind: 'cheapest' as const },
      { kind: 'fastest' as const },
      { kind: 'bestValue' as const, pricePerDayMinor: 3 },
    ),
    maxPriceMinor: fc.option(fc.integer({ min: 0, max: 15 })),
  })
  const deadline = new Date('2026-03-05T00:00:00Z')

  test('the order of the offers changes nothing, and nothing forbidden is picked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyOffer, { maxLength: 8 }).chain((given) => {
          const offers = given.map((one, index) => offer({ ...one, id: `o${index}` }))
          return fc.tuple(fc.constant(offers), fc.shuffledSubarray(offers, { minLength: offers.length }))
        }),
        anyRule,
        async ([offers, shuffled], given) => {
          const rule = { id: 'r', name: 'R', currency: 'EUR', ...given }
          const asked = { deliverBy: deadline }
          const one = await decide([rule], question(offers, asked))
          const other = await decide([rule], question(shuffled, asked))
          expect(other).toEqual(one)
          const allowed = await Promise.all(
            offers.map(async (candidate) => {
              const minor = await convert(candidate.totalMinor, candidate.currency, 'EUR')
              const isListed =
                given.services === 'all' ||
                given.services.some(
                  ({ carrier, service }) =>
                    carrier === candidate.carrier && (service === null || service === candidate.service),
                )
              return (
                isListed &&
                candidate.connectionId !== null &&
                !(candidate.expiresAt && candidate.expiresAt <= new Date(now)) &&
                minor !== null &&
                (given.maxPriceMinor === null || minor <= given.maxPriceMinor) &&
                // Monday plus three working days is Thursday, the 5th.
                candidate.transitDays !== null &&
                candidate.transitDays <= 3
              )
            }),
          )
          const ids = offers.filter((_offer, index) => allowed[index]).map(({ id }) => id)
          if (ids.length === 0) expect(one.choice?.offerId).toBeNull()
          else expect(ids).toContain(one.choice?.offerId)
        },
      ),
      { numRuns: 300 },
    )
  })
})
