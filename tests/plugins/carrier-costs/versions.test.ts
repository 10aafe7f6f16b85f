import { describe, expect, test } from 'vitest'
import { findFaults } from '../../../plugins/carrier-costs/find-faults.ts'
import { rateCard } from '../../../plugins/carrier-costs/rate-card.ts'
import { addVersion, versionInForce } from '../../../plugins/carrier-costs/versions.ts'
import { makeCard } from './support.ts'

const card = (validUntil: string | null = '2026-12-31') => makeCard({ validUntil })
const version = (validFrom: string, validUntil: string | null = null) =>
  makeCard({ validFrom, validUntil }).versions[0]!

describe('versions', () => {
  test('the one in force on the ship date prices, by the calendar of the card', () => {
    const both = { ...addVersion(card(), version('2027-01-01')), timeZone: 'Europe/Berlin' }
    const from = (instant: string) => versionInForce(both, new Date(instant))?.validFrom
    expect(from('2025-12-31T22:59:59Z')).toBeUndefined()
    expect(from('2025-12-31T23:00:00Z')).toBe('2026-01-01')
    expect(from('2026-12-31T22:59:59Z')).toBe('2026-01-01')
    expect(from('2026-12-31T23:00:00Z')).toBe('2027-01-01')
    expect(from('2036-01-01T00:00:00Z')).toBe('2027-01-01')
  })

  test('a gap and an overlap are refused, an open one ends where the next begins', () => {
    expect(() => addVersion(card(), version('2027-01-03'))).toThrow(
      'The rate card card cannot take these prices: No prices are in force from 2027-01-01 until the day before 2027-01-03. Close the gap.',
    )
    expect(() => addVersion(card(), version('2026-12-31'))).toThrow(
      'The rate card card cannot take these prices: The prices from 2026-12-31 overlap those from 2026-01-01 until 2026-12-31. Let one end where the other begins.',
    )
    expect(() => addVersion(card(null), version('2026-01-01'))).toThrow('overlap')
    expect(
      addVersion(card(null), version('2026-07-01')).versions.map(({ validUntil }) => validUntil),
    ).toEqual(['2026-06-30', null])
  })
})

describe('a card built by hand is checked like an imported one', () => {
  const messages = (changes: object) =>
    findFaults(makeCard(changes).versions[0]!).map(({ path, message }) => `${path.join('.')}: ${message}`)

  test('twice the same name', () => {
    const { services, zoneSets } = makeCard().versions[0]!
    expect(messages({ services: [...services, ...services] })).toEqual([
      'services.1: The service "S" stands here twice. Remove or rename one.',
    ])
    expect(messages({ zoneSets: [...zoneSets, ...zoneSets] })).toEqual([
      'zoneSets.1: The zone set "zones" stands here twice. Remove or rename one.',
    ])
  })

  test('postcodes of any other country, and origins that half overlap', () => {
    const rules = (list: object[]) => ({
      zoneSets: [{ id: 'zones', zones: [{ id: '1', name: '1' }], rules: list }],
    })
    expect(messages(rules([{ zone: '1', country: '*', postcodes: { from: '1', to: '2' } }]))).toEqual([
      'zoneSets.0.rules.0.country: Any other country has no postcodes or areas. Name the country.',
    ])
    const from = (lower: string, upper: string) => ({
      zone: '1',
      country: 'DE',
      origin: { country: 'PL', postcodes: { from: lower, to: upper } },
    })
    expect(messages(rules([from('10', '19'), from('15', '25')]))).toHaveLength(1)
    expect(messages(rules([from('10', '19'), from('20', '25')]))).toEqual([])
    expect(messages(rules([from('10', '19'), from('15', '17')]))).toEqual([])
  })

  test('a group of discounts and others', () => {
    const surcharge = (code: string, kind: string) => ({
      code,
      label: code,
      kind,
      order: 1,
      group: 'g',
      rate: { kind: 'fixed', amountMinor: 1 },
    })
    expect(messages({ surcharges: [surcharge('A', 'discount'), surcharge('B', 'other')] })).toEqual([
      'surcharges.0.group: The group "g" holds discounts and others. Take them apart.',
      'surcharges.1.group: The group "g" holds discounts and others. Take them apart.',
    ])
  })

  test('no float reaches a card', () => {
    const price = (amountMinor: number, notOver: number) => () =>
      makeCard(
        {},
        { prices: [{ zone: '1', steps: [{ over: 0, notOver, price: { kind: 'amount', amountMinor } }] }] },
      )
    expect(price(499, 1000)).not.toThrow()
    expect(price(4.99, 1000)).toThrow()
    expect(price(499, 1000.5)).toThrow()
  })

  test('a card is plain JSON and comes back from it equal', () => {
    expect(rateCard.parse(JSON.parse(JSON.stringify(card())))).toEqual(card())
  })
})
