import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findAmbiguities } from '../../../plugins/carrier-costs/ambiguity.ts'
import { explainPrice } from '../../../plugins/carrier-costs/price.ts'
import type { ZoneRule } from '../../../plugins/carrier-costs/rate-card.ts'
import { divideUp, scaleHalfUp, scaleUp } from '../../../plugins/carrier-costs/ratio.ts'
import { compileSmall, offered, parcel, place, request } from './support.ts'

/** Steps whose bounds and prices rise; additional units never pass the next step's price. */
const risingSteps = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 900 }), fc.boolean()), {
    minLength: 1,
    maxLength: 8,
  })
  .map((raw) => {
    let over = 0
    let amountMinor = 100
    return raw.map(([width, rise, isAdditional]) => {
      const notOver = over + width
      amountMinor += rise
      const unit = 1 + (rise % 500)
      const price = isAdditional
        ? { kind: 'additional', amountMinor, additionalMinor: rise % 7, unit }
        : { kind: 'amount', amountMinor }
      const step = { over, notOver, price }
      if (isAdditional) amountMinor += Math.ceil(width / unit) * (rise % 7)
      over = notOver
      return step
    })
  })

test('a card whose steps rise never prices more weight lower', () => {
  fc.assert(
    fc.property(risingSteps, fc.nat(), fc.nat(), (steps, one, other) => {
      const last = steps.at(-1)!.notOver
      const compiled = compileSmall({}, { prices: [{ zone: '1', steps }] })
      const [light, heavy] = [1 + (one % last), 1 + (other % last)].sort((a, b) => a - b) as [number, number]
      const total = (grams: number) =>
        offered(compiled, request({ parcels: [parcel(grams)] }), 'S').totalMinor
      expect(total(light)).toBeLessThanOrEqual(total(heavy))
    }),
  )
})

const rate = fc.oneof(
  fc.record({ kind: fc.constant('fixed'), amountMinor: fc.nat(2000) }),
  fc.record({ kind: fc.constant('perPiece'), amountMinor: fc.nat(2000) }),
  fc.record({
    kind: fc.constant('perWeight'),
    amountMinor: fc.nat(200),
    unit: fc.integer({ min: 1, max: 2000 }),
  }),
  fc.record({
    kind: fc.constant('percentage'),
    basisPoints: fc.nat(20_000),
    plus: fc.constant<string[]>([]),
  }),
)
const anySurcharge = fc.record({
  rate,
  kind: fc.constantFrom('surcharge', 'discount', 'tax', 'fuel', 'other'),
  isGrouped: fc.boolean(),
  weightOver: fc.option(fc.nat(5000), { nil: undefined }),
})

test('charges add up to the total, no total is below zero, of a group one stands, and the explanation says the same', () => {
  fc.assert(
    fc.property(
      fc.array(anySurcharge, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom('parcel', 'shipment'),
      (raw, weights, basis) => {
        const surcharges = raw.map(({ rate, kind, isGrouped, weightOver }, index) => {
          const group = isGrouped ? (kind === 'discount' ? 'off' : 'on') : null
          const earlier = raw.flatMap((other, at) => (at < index && !other.isGrouped ? [`S${at}`] : []))
          const full = rate.kind === 'percentage' ? { ...rate, plus: earlier } : rate
          return {
            code: `S${index}`,
            label: 'x',
            order: index,
            kind,
            group,
            rate: full,
            when: { weightOver },
          }
        })
        const compiled = compileSmall(
          { surcharges },
          {
            basis,
            limits: { maxWeight: 90_000 },
            prices: [
              {
                zone: '1',
                steps: [{ over: 0, notOver: 90_000, price: { kind: 'amount', amountMinor: 500 } }],
              },
            ],
          },
        )
        const asked = request({ parcels: weights.map((grams) => parcel(grams)) })
        const priced = offered(compiled, asked, 'S')
        expect(priced.charges.reduce((sum, charge) => sum + charge.amountMinor, 0)).toBe(priced.totalMinor)
        expect(priced.totalMinor).toBeGreaterThanOrEqual(0)
        for (const group of ['on', 'off']) {
          const members = surcharges.filter((entry) => entry.group === group).map((entry) => entry.code)
          expect(priced.charges.filter(({ code }) => members.includes(code!)).length).toBeLessThanOrEqual(1)
        }
        const { terms, priced: explained } = explainPrice(compiled, asked, 'S')
        expect(explained).toEqual(priced)
        const parts = terms.reduce(
          (sum, term) => ('amountMinor' in term && term.kind !== 'outdone' ? sum + term.amountMinor : sum),
          0,
        )
        expect(parts).toBe(priced.totalMinor)
      },
    ),
  )
})

const digitsOf = (most: number) =>
  fc.string({ unit: fc.constantFrom('1', '2', '3'), minLength: 1, maxLength: most })
const rule = (zone: string, from: string, to: string): ZoneRule => ({
  zone,
  country: 'DE',
  postcodes: { from, to },
  areas: [],
  origin: null,
})

test('of prefixes the longest that the postcode begins with wins', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(digitsOf(5), { minLength: 1, maxLength: 20 }),
      fc.string({ unit: fc.constantFrom('1', '2', '3'), minLength: 5, maxLength: 5 }),
      (prefixes, postcode) => {
        const rules = [
          ...prefixes.map((prefix) => rule(prefix, prefix, prefix)),
          { zone: 'rest', country: 'DE' },
        ]
        const zones = rules.map(({ zone }) => ({ id: zone, name: zone }))
        const prices = zones.map(({ id }, index) => ({
          zone: id,
          steps: [{ over: 0, notOver: 30_000, price: { kind: 'amount', amountMinor: index + 1 } }],
        }))
        const compiled = compileSmall({ zoneSets: [{ id: 'zones', zones, rules }] }, { prices })
        const found =
          rules[offered(compiled, request({ to: place('DE', postcode) }), 'S').totalMinor - 1]!.zone
        const expected =
          prefixes.filter((prefix) => postcode.startsWith(prefix)).sort((a, b) => b.length - a.length)[0] ??
          'rest'
        expect(found).toBe(expected)
      },
    ),
  )
})

test('ranges are refused exactly where two share postcodes and neither lies within the other', () => {
  const all = [...'12345'].flatMap((a) => [...'12345'].map((b) => a + b))
  const bounds = fc
    .tuple(fc.constantFrom(...all), fc.constantFrom(...all))
    .map((pair) => pair.sort() as [string, string])
  fc.assert(
    fc.property(fc.uniqueArray(bounds, { maxLength: 6, selector: (pair) => pair.join() }), (ranges) => {
      const has = ([from, to]: [string, string]) => all.filter((code) => code >= from && code <= to)
      const sets = ranges.map(has)
      const isAmbiguous = sets.some((one, index) =>
        sets.slice(index + 1).some((other) => {
          const shared = one.filter((code) => other.includes(code)).length
          return shared > 0 && shared < one.length && shared < other.length
        }),
      )
      const found = findAmbiguities(ranges.map(([from, to], index) => rule(String(index), from, to)))
      expect(found.length > 0).toBe(isAmbiguous)
    }),
  )
})

test('arithmetic is that of whole numbers, also beyond 2^53', () => {
  const whole = fc.integer({ min: 0, max: 1e12 })
  const positive = fc.integer({ min: 1, max: 1e9 })
  fc.assert(
    fc.property(whole, positive, positive, (value, a, b) => {
      const product = BigInt(value) * BigInt(a)
      const [divisor, up] = [BigInt(b), (n: bigint, d: bigint) => (n + d - 1n) / d]
      expect(divideUp(value, b)).toBe(Number(up(BigInt(value), divisor)))
      expect(scaleUp(value, a, b)).toBe(Number(up(product, divisor)))
      expect(scaleHalfUp(value, a, b)).toBe(Number((product * 2n + divisor) / (divisor * 2n)))
    }),
  )
})
