import { formatMoney, type ShippingQuestion } from 'entrepot/sdk'
import { compilePostcodes, hasPostcode, normalisePostcode } from '../postcodes.ts'
import type { Conditions, Rule } from './rule-set.ts'

/** What is asked, with the order's value in the rule's currency: null where there is none or nothing converts it. */
export type Asked = { question: ShippingQuestion; orderValueMinor: number | null }

/** Whether a rule decides: what was met, or the first condition that was not. */
export type RuleMatch = { isMatch: true; because: string[] } | { isMatch: false; against: string }

type Verdict = { holds: boolean; says: string }
type Range = { from: number; to: number | null }

/** Checks every condition of a rule. */
export function matchRule(rule: Rule, asked: Asked): RuleMatch {
  if (!rule.isActive) return { isMatch: false, against: 'it is switched off' }
  const verdicts = checks.flatMap((check) => check(rule.when, asked, rule) ?? [])
  const broken = verdicts.find(({ holds }) => !holds)
  if (broken) return { isMatch: false, against: broken.says }
  const because = verdicts.map(({ says }) => says)
  return { isMatch: true, because: because.length > 0 ? because : ['it has no conditions'] }
}

const checks: readonly ((when: Conditions, asked: Asked, rule: Rule) => Verdict | null)[] = [
  ({ destinations }, { question }) => {
    if (!destinations) return null
    const { country, postcode } = question.request.to
    const plain = normalisePostcode(postcode)
    const listed = destinations.filter((place) => place.country === country)
    if (listed.length === 0) return { holds: false, says: `it goes to ${country}` }
    if (listed.some(({ postcodes }) => postcodes.length === 0))
      return { holds: true, says: `it goes to ${country}` }
    if (plain === '') return { holds: false, says: `the postcode in ${country} is not known` }
    const ranges = compilePostcodes(listed.flatMap(({ postcodes }) => postcodes))
    return { holds: hasPostcode(ranges, plain), says: `it goes to ${country} ${plain}` }
  },
  ({ weightGrams }, { question }) => {
    const weight = question.request.parcels.reduce((sum, parcel) => sum + parcel.weightGrams, 0)
    return inRange(weightGrams, weight, `it weighs ${weight} g`)
  },
  ({ orderValueMinor }, asked, { currency }) => {
    if (!orderValueMinor) return null
    const { order } = asked.question
    if (!order) return { holds: false, says: 'there is no order whose value could be compared' }
    if (asked.orderValueMinor === null)
      return { holds: false, says: `nothing compares the order's ${order.currency} with ${currency}` }
    const value = formatMoney({ minor: asked.orderValueMinor, currency: currency! })
    return inRange(orderValueMinor, asked.orderValueMinor, `the order is worth ${value}`)
  },
  ({ channels }, { question: { order } }) =>
    listed(channels, order?.connectionId ?? null, 'it was sold on', 'there is no order and no channel'),
  ({ skus }, { question: { order } }) => {
    if (!skus) return null
    const held = order?.skus ?? []
    const hits = held.filter((sku) => skus.patterns.some((pattern) => fits(sku, pattern)))
    const holds = skus.match === 'all' ? held.length > 0 && hits.length === held.length : hits.length > 0
    return {
      holds,
      says: holds
        ? `it holds ${hits.join(', ')}`
        : `${skus.match === 'all' ? 'not all' : 'none'} of its SKUs are listed`,
    }
  },
  ({ shippingServices }, { question: { order } }) =>
    listed(shippingServices, order?.shippingService ?? null, 'the buyer chose', 'the buyer chose no service'),
  ({ isResidential }, { question }) => {
    if (isResidential === undefined) return null
    const known = question.request.to.isResidential
    if (known === null) return { holds: false, says: 'nobody knows whether it goes to a home' }
    return { holds: known === isResidential, says: known ? 'it goes to a home' : 'it goes to no home' }
  },
  ({ largestSideMm }, { question }) => {
    if (!largestSideMm) return null
    const sides = question.request.parcels.flatMap((parcel) => [
      parcel.lengthMm,
      parcel.widthMm,
      parcel.heightMm,
    ])
    if (sides.includes(null)) return { holds: false, says: 'the size of a parcel is not known' }
    const largest = Math.max(...(sides as number[]))
    return inRange(largestSideMm, largest, `its largest side is ${largest} mm`)
  },
]

const inRange = (range: Range | undefined, value: number, says: string): Verdict | null =>
  range ? { holds: value >= range.from && (range.to === null || value <= range.to), says } : null

const listed = (
  words: readonly string[] | undefined,
  word: string | null,
  says: string,
  unknown: string,
): Verdict | null => {
  if (!words) return null
  return word === null
    ? { holds: false, says: unknown }
    : { holds: words.includes(word), says: `${says} ${word}` }
}

const fits = (sku: string, pattern: string): boolean =>
  pattern.endsWith('*') ? sku.startsWith(pattern.slice(0, -1)) : sku === pattern
