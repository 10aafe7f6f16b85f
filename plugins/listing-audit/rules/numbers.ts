import { formatMoney } from 'entrepot/sdk'
import { type Finding, findingOf, type RuleWord } from '../finding.ts'
import { findGtinFault } from '../gtin.ts'
import type { Subject } from '../subject.ts'

const rule = (
  ruleId: string,
  category: string,
  severity: RuleWord['severity'],
  message: string,
  basis = 'What cannot be right is not offered',
): RuleWord => ({ ruleId, category, severity, effect: 'none', basis, message })

const gs1 = 'GS1 General Specifications: https://www.gs1.org/services/how-calculate-check-digit-manually'
export const numberRules = {
  gtinFault: {
    ...rule(
      'gtin.fault',
      'gtin',
      'error',
      'The GTIN is none.',
      `${gs1}. It stops a listing only where the marketplace wants a GTIN`,
    ),
    effect: 'blocks',
  } satisfies RuleWord,
  gtinInternal: rule('gtin.internal', 'gtin', 'warning', 'The GTIN is one for use within a shop.', gs1),
  gtinMissing: rule(
    'gtin.missing',
    'gtin',
    'warning',
    'The marketplace wants a GTIN or an exemption.',
    'Published rule of the marketplace',
  ),
  priceMissing: rule('price.missing', 'price', 'error', 'It has no price.'),
  priceZero: rule('price.zero', 'price', 'error', 'The price is zero or less.'),
  priceFloor: rule(
    'price.floor',
    'price',
    'error',
    'The price is below its floor.',
    'Cost and least margin of the price rule',
  ),
  priceSale: rule('price.sale', 'price', 'warning', 'The dated price is no lower than the regular one.'),
  priceStep: rule('price.step', 'price', 'warning', 'The price is far from what the marketplace shows.'),
  priceCost: rule('price.cost', 'price', 'warning', 'The price is implausibly far above the cost.'),
  stockNegative: rule('stock.negative', 'stock', 'error', 'The quantity is below zero.'),
  stockOver: rule(
    'stock.over',
    'stock',
    'info',
    'More is offered than is free to sell.',
    'Oversold goods cannot be sent',
  ),
}

/** A price that many times the other is taken for a slipped decimal point. */
const slip = 5
const mostTimesCost = 50

/** Faults of the GTIN, the prices and the stock. What is not known is not judged. */
export function findNumberFaults({ facts, limits }: Subject): Finding[] {
  return [...judgeGtin(facts.content.gtin, limits.needsGtin), ...judgePrice(facts), ...judgeStock(facts)]
}

function judgeGtin(gtin: string | null, isNeeded: boolean): Finding[] {
  if (gtin === null || gtin.trim() === '') return isNeeded ? [findingOf(numberRules.gtinMissing, 'gtin')] : []
  const fault = findGtinFault(gtin)
  const place = { excerpt: gtin, from: 0, to: gtin.length }
  if (fault === null) return []
  if (fault === 'internal') return [findingOf(numberRules.gtinInternal, 'gtin', place)]
  const message =
    fault === 'shape'
      ? 'A GTIN has 8, 12, 13 or 14 digits.'
      : 'The check digit of the GTIN is wrong: a digit is mistyped.'
  const word: RuleWord = isNeeded ? numberRules.gtinFault : { ...numberRules.gtinFault, effect: 'none' }
  return [findingOf(word, 'gtin', { ...place, message })]
}

function judgePrice({
  price,
  priceProblem,
  salePrice,
  acknowledgedPrice,
  floor,
  cost,
}: Subject['facts']): Finding[] {
  if (price === undefined) return []
  if (price === null)
    return [
      findingOf(numberRules.priceMissing, 'price', {
        message: priceProblem ?? numberRules.priceMissing.message,
      }),
    ]
  const found: Finding[] = []
  const excerpt = formatMoney(price)
  const add = (word: RuleWord, message: string) => found.push(findingOf(word, 'price', { excerpt, message }))
  if (price.minor <= 0) add(numberRules.priceZero, `The price is ${excerpt}.`)
  if (floor && floor.currency === price.currency && price.minor < floor.minor)
    add(numberRules.priceFloor, `The price is below its floor of ${formatMoney(floor)}.`)
  if (salePrice && salePrice.currency === price.currency && salePrice.minor >= price.minor)
    add(
      numberRules.priceSale,
      `The dated price of ${formatMoney(salePrice)} is no lower than the regular one.`,
    )
  if (acknowledgedPrice && acknowledgedPrice.currency === price.currency && acknowledgedPrice.minor > 0) {
    const ratio = price.minor / acknowledgedPrice.minor
    if (ratio >= slip || (ratio > 0 && ratio <= 1 / slip))
      add(
        numberRules.priceStep,
        `The marketplace shows ${formatMoney(acknowledgedPrice)}: a decimal point may have slipped.`,
      )
  }
  if (cost && cost.currency === price.currency && cost.minor > 0 && price.minor > cost.minor * mostTimesCost)
    add(
      numberRules.priceCost,
      `The price is more than ${mostTimesCost} times the cost of ${formatMoney(cost)}.`,
    )
  return found
}

function judgeStock({ quantity, available }: Subject['facts']): Finding[] {
  if (quantity === undefined) return []
  if (quantity < 0) return [findingOf(numberRules.stockNegative, 'quantity', { excerpt: String(quantity) })]
  if (available === undefined || quantity <= available) return []
  const message = `${quantity} are offered and ${available} are free to sell.`
  return [findingOf(numberRules.stockOver, 'quantity', { excerpt: String(quantity), message })]
}
