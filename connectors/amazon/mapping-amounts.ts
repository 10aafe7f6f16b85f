import { parseMoney, type RemoteOrderCharge } from 'entrepot/sdk'
import type { AmazonOrderItem } from './schemas-orders.ts'

/** What a line consists of, in minor units. */
export type Part = { priceMinor: number; discountMinor: number; taxMinor: number; totalMinor: number }

/** The breakdown categories that are charges of the order, not the price of the goods. */
const chargeKinds: Readonly<Record<string, Pick<RemoteOrderCharge, 'kind' | 'label'>>> = {
  SHIPPING: { kind: 'shipping', label: 'Shipping' },
  GIFT_WRAP: { kind: 'fee', label: 'Gift wrap' },
  COD_FEE: { kind: 'fee', label: 'Cash on delivery' },
  OTHER: { kind: 'other', label: 'Other' },
}
const goods = 'ITEM'

/**
 * Splits an item's proceeds into the line and the order's charges, so that both add up to Amazon's total for
 * the item. Tax and discount name in their details what they belong to; what they do not name belongs to the
 * goods. Some marketplaces send tax on top of the price and some within it: the total tells which.
 * An item without proceeds (a pending order has none) is worth its unit price times its quantity, or zero.
 */
export function amountsOf(
  item: AmazonOrderItem,
  currency: string,
): { line: Part; charges: RemoteOrderCharge[] } {
  const minor = (money: { amount: string } | undefined) =>
    money ? parseMoney(money.amount, currency).minor : 0
  const breakdowns = item.proceeds?.breakdowns ?? []
  const priceOf = new Map<string, number>()
  const taxOf = new Map<string, number>()
  const discountOf = new Map<string, number>()
  for (const { type, subtotal, detailedBreakdowns = [] } of breakdowns) {
    if (type !== 'TAX' && type !== 'DISCOUNT') {
      add(priceOf, type, minor(subtotal))
      continue
    }
    // Amazon does not say whether a discount comes with a minus; it always lowers the total.
    const read = type === 'TAX' ? minor : (money: { amount: string } | undefined) => Math.abs(minor(money))
    const target = type === 'TAX' ? taxOf : discountOf
    const details = detailedBreakdowns.map(({ subtype, value }) => [subtype ?? goods, read(value)] as const)
    const rest = read(subtotal) - details.reduce((sum, [, amount]) => sum + amount, 0)
    // Details that give away more than the discount are none.
    const isSound = type === 'TAX' || rest >= 0
    for (const [subtype, amount] of isSound ? details : []) add(target, subtype, amount)
    add(target, goods, isSound ? rest : read(subtotal))
  }
  if (!priceOf.has(goods)) add(priceOf, goods, minor(item.product.price?.unitPrice) * item.quantityOrdered)

  const tax = total(taxOf)
  const untaxed = total(priceOf) - total(discountOf)
  const told = item.proceeds?.proceedsTotal
  const isTaxOnTop = !(told && tax !== 0 && minor(told) === untaxed)
  const worth = (type: string) =>
    (priceOf.get(type) ?? 0) - (discountOf.get(type) ?? 0) + (isTaxOnTop ? (taxOf.get(type) ?? 0) : 0)

  const types = new Set([...priceOf.keys(), ...taxOf.keys(), ...discountOf.keys()])
  const charges = [...types]
    .filter((type) => type in chargeKinds)
    .map((type) => ({ ...chargeKinds[type]!, amountMinor: worth(type) }))
  const ofLine = [...types].filter((type) => !(type in chargeKinds))
  return {
    line: {
      priceMinor: ofLine.reduce((sum, type) => sum + (priceOf.get(type) ?? 0), 0),
      discountMinor: ofLine.reduce((sum, type) => sum + (discountOf.get(type) ?? 0), 0),
      taxMinor: ofLine.reduce((sum, type) => sum + (taxOf.get(type) ?? 0), 0),
      totalMinor: ofLine.reduce((sum, type) => sum + worth(type), 0),
    },
    charges,
  }
}

const add = (amounts: Map<string, number>, type: string, minor: number): void => {
  if (minor !== 0) amounts.set(type, (amounts.get(type) ?? 0) + minor)
}
const total = (amounts: ReadonlyMap<string, number>): number =>
  [...amounts.values()].reduce((sum, minor) => sum + minor, 0)
