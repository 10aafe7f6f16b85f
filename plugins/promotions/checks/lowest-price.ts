import { formatMoney } from 'entrepot/sdk'
import { priced } from '../goods.ts'
import { type Check, type CheckInput, checkOf } from './check.ts'

export const lookBackDays = 30

/**
 * A reduction is announced against the lowest price of the 30 days before it.
 * @see https://eur-lex.europa.eu/eli/dir/1998/6/2022-05-28 Directive 98/6/EC, article 6a
 */
export function checkLowestPrice({ goods, lowest, settings }: CheckInput): Check {
  const title = 'Lowest price of 30 days'
  if (settings.lowestPriceRule === 'off')
    return {
      id: 'lowest-price',
      title,
      status: 'unchecked',
      message: 'Switched off in the settings.',
      subjects: [],
      numbers: {},
    }
  const part = priced(goods)
  const none: Check['subjects'] = []
  let short = 0
  for (const { listingId, sku, outcome, regular } of part) {
    const before = lowest.get(listingId)
    if (!before || before.days < lookBackDays) short += 1
    if (!before || outcome.price.minor < before.minor) continue
    const was = formatMoney({ minor: before.minor, currency: outcome.price.currency })
    const claimed = Math.round(((regular.minor - outcome.price.minor) * 100) / regular.minor)
    none.push({
      subject: sku,
      message: `${formatMoney(outcome.price)} is no reduction: it cost ${was} within 30 days, so "${claimed} % off" may not be said.`,
    })
  }
  const known = `The prices of fewer than ${lookBackDays} days are known for ${short} of ${part.length} listings.`
  const numbers = { listings: part.length, shortHistory: short }
  if (none.length === 0 && short > 0)
    return {
      id: 'lowest-price',
      title,
      status: 'warning',
      message: `No fault was found, but ${known}`,
      subjects: [],
      numbers,
    }
  return checkOf('lowest-price', title, {
    status: settings.lowestPriceRule === 'block' ? 'blocks' : 'warning',
    subjects: none,
    message: `${none.length} prices are not below the lowest of the 30 days before. ${known}`,
    fine: 'Every price is below the lowest of the 30 days before.',
    numbers,
  })
}
