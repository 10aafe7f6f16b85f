import { formatMoney, type Money, multiplyByBasisPoints } from 'entrepot/sdk'
import { type CampaignInput, type CampaignKind, isCoupon } from './campaign.ts'

export type PriceTerm = { label: string; value: string }

/** A promotional price with what led to it, or why the goods have none. */
export type PromotionalOutcome =
  | { ok: true; price: Money; terms: PriceTerm[] }
  | {
      ok: false
      reason: 'no_price' | 'no_reduction' | 'below_floor' | 'kind'
      message: string
      price: Money | null
    }

export type PricedGoods = {
  sku: string
  regular: Money | null
  floor: Money | null
  /** For a bundle: what its parts cost singly; null where one of them has no price. */
  parts: Money | null
}

/** What goods cost in a campaign. Nothing it returns is below the floor or not below the regular price. */
export function priceOf(
  campaign: Pick<CampaignInput, 'kind' | 'belowFloor'>,
  goods: PricedGoods,
): PromotionalOutcome {
  const { regular, floor, sku } = goods
  if (!regular) return { ok: false, reason: 'no_price', message: `${sku} has no regular price.`, price: null }
  const wanted = wantedPrice(campaign.kind, goods, regular)
  if (typeof wanted === 'string') return { ok: false, reason: 'kind', message: wanted, price: null }
  const terms: PriceTerm[] = [{ label: 'regular price', value: formatMoney(regular) }, ...wanted.terms]
  let { price } = wanted
  const lowest = Math.max(1, floor?.minor ?? 1)
  if (price.minor < lowest) {
    const what = floor ? `the floor of ${formatMoney(floor)}` : 'one minor unit'
    if (campaign.belowFloor !== 'raise-to-floor')
      return {
        ok: false,
        reason: 'below_floor',
        message: `${formatMoney(price)} for ${sku} is below ${what}.`,
        price,
      }
    price = { minor: lowest, currency: price.currency }
    terms.push({ label: `raised to ${what}`, value: formatMoney(price) })
  }
  if (price.minor >= regular.minor)
    return {
      ok: false,
      reason: 'no_reduction',
      message: `${formatMoney(price)} for ${sku} is not below the regular price of ${formatMoney(regular)}.`,
      price,
    }
  return { ok: true, price, terms }
}

type Wanted = { price: Money; terms: PriceTerm[] }

function wantedPrice(kind: CampaignKind, { sku, parts }: PricedGoods, regular: Money): Wanted | string {
  if (kind.kind === 'percentage') return reduced(kind, regular)
  if (kind.kind === 'bundle') {
    if (!parts || parts.currency !== regular.currency)
      return `A part of ${sku} has no price of its own on this marketplace.`
    const price = { ...parts, minor: multiplyByBasisPoints(parts.minor, 10_000 - kind.basisPoints) }
    const terms = [
      { label: 'its parts cost', value: formatMoney(parts) },
      { label: `${kind.basisPoints / 100} % off`, value: formatMoney(price) },
    ]
    return { price, terms }
  }
  if (isCoupon(kind)) {
    const price = { ...regular, minor: multiplyByBasisPoints(regular.minor, 10_000 - kind.basisPoints) }
    const label = `${kind.basisPoints / 100} % off with the code ${kind.code}`
    return { price, terms: [{ label, value: formatMoney(price) }] }
  }
  const mine = kind.prices.filter(({ price }) => price.currency === regular.currency)
  const found = mine.find((entry) => entry.sku === sku) ?? mine.find((entry) => entry.sku === null)
  if (!found) return `The campaign names no price in ${regular.currency} for ${sku}.`
  const label = found.sku ? `price named for ${sku}` : 'price named for all goods'
  return { price: found.price, terms: [{ label, value: formatMoney(found.price) }] }
}

function reduced(kind: CampaignKind & { kind: 'percentage' }, regular: Money): Wanted {
  const { currency } = regular
  const terms: PriceTerm[] = []
  let { minor } = regular
  const step = (label: string, next: number) => {
    if (next === minor) return
    minor = next
    terms.push({ label, value: formatMoney({ minor, currency }) })
  }
  step(`${kind.basisPoints / 100} % off`, multiplyByBasisPoints(minor, 10_000 - kind.basisPoints))
  const { roundToMinor, minusMinor } = kind
  step(
    `rounded up to ${formatMoney({ minor: roundToMinor, currency })}`,
    Math.ceil(minor / roundToMinor) * roundToMinor,
  )
  step(`minus ${formatMoney({ minor: minusMinor, currency })}`, minor - minusMinor)
  return { price: { minor, currency }, terms }
}
