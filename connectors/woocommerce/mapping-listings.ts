import {
  ConnectorError,
  formatDecimal,
  formatMoney,
  type ListingStatus,
  type Money,
  type PriceChange,
  parseMoney,
  type RemoteListing,
  type SalePrice,
  type StockChange,
} from 'entrepot/sdk'
import { plainText } from './errors.ts'
import type { WooProduct } from './schemas.ts'

/** A draft is what we leave when a listing ends; `private` is what the admin's "enabled" box leaves of a variation. */
const statusOf: Readonly<Record<string, ListingStatus>> = {
  publish: 'live',
  future: 'pending',
  pending: 'pending',
  draft: 'ended',
  private: 'ended',
  trash: 'ended',
}

/** Parents, and what cannot be bought here: no listing of ours. */
export const isSellable = ({ type }: WooProduct): boolean =>
  !type.startsWith('variable') && type !== 'grouped' && type !== 'external'

/** What a variation's row does not say of its parent. */
export type ParentFacts = Pick<WooProduct, 'id' | 'name' | 'sku' | 'status'>

/**
 * A product or variation in our words. A variation without its own SKU reports its parent's, which names no
 * variant; one that sells from its parent's stock shows the pool's quantity, which is not its own.
 */
export function toRemoteListing(
  product: WooProduct,
  parent: ParentFacts | null,
  currency: string,
): RemoteListing {
  const own = statusOf[product.status] ?? 'pending'
  const isShared = product.manage_stock === 'parent'
  // /variations says "S, Red" where /products says "Tee - S, Red".
  const isNamedShort = parent !== null && !product.name.startsWith(parent.name)
  const isInherited = parent !== null && product.sku !== '' && product.sku === parent.sku
  return {
    externalId: String(product.id),
    externalParentId: product.parent_id > 0 ? String(product.parent_id) : null,
    sku: isInherited || product.sku === '' ? null : product.sku,
    title: plainText(isNamedShort ? `${parent.name} - ${product.name}` : product.name),
    status: own === 'live' && parent ? (statusOf[parent.status] ?? 'pending') : own,
    price: priceOf(product, currency),
    quantity: product.manage_stock === true ? Math.trunc(product.stock_quantity ?? 0) : null,
    issues: isShared
      ? [
          {
            field: 'manage_stock',
            code: 'shared_stock',
            message: 'Sells from the stock of its parent. A stock push gives it a stock of its own.',
            severity: 'warning',
          },
        ]
      : [],
  }
}

/** The regular price, or null when there is none or it is no number ("abc" is stored as ""). */
function priceOf(product: WooProduct, currency: string): Money | null {
  return /^-?\d+(\.\d*)?$/.test(product.regular_price) ? parseMoney(product.regular_price, currency) : null
}

const rejected = (message: string): ConnectorError => new ConnectorError('rejected', message)

/** Our ids are the shop's numbers. @throws ConnectorError `rejected` */
export function toId(externalId: string, what: string): number {
  if (!/^\d+$/.test(externalId)) throw rejected(`"${externalId}" is no WooCommerce id, for ${what}.`)
  return Number(externalId)
}

/** A batch turns "many" into 0 and 7.9 into 7 without a word, so values are checked here. */
export function stockFields(sku: string, quantity: number) {
  if (!Number.isSafeInteger(quantity) || quantity < 0)
    throw rejected(`The stock of ${sku} must be a whole number from 0, not ${quantity}.`)
  return { manage_stock: true, stock_quantity: quantity }
}

export const stockUpdate = ({ ref, quantity }: StockChange): object => ({
  id: toId(ref.externalId, ref.sku),
  ...stockFields(ref.sku, quantity),
})

/** Compares what came back with what was sent. */
export function stockDifference({ ref, quantity }: StockChange, stored: WooProduct): ConnectorError | null {
  if (stored.manage_stock === true && stored.stock_quantity === quantity) return null
  const found = stored.manage_stock === true ? stored.stock_quantity : 'no stock of its own'
  return rejected(`WooCommerce stored ${found} for ${ref.sku} instead of ${quantity}.`)
}

/** An instant for the `*_gmt` fields. */
const gmt = (at: Date): string => at.toISOString().slice(0, 19)

/** A price as the shop wants it: a string with a dot; "19,90" would be stored as 1990. */
function decimal(price: Money, currency: string, sku: string): string {
  if (price.currency !== currency)
    throw rejected(`The price of ${sku} is in ${price.currency}, but the shop sells in ${currency}.`)
  if (!Number.isSafeInteger(price.minor) || price.minor <= 0)
    throw rejected(`The price of ${sku} must be above zero, not ${price.minor} minor units.`)
  return formatDecimal(price)
}

/**
 * The price fields of a product. Without a sale its fields are sent empty: null would leave them as they are.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#product-properties
 */
export function priceFields(price: Money, sale: SalePrice | null, currency: string, sku: string) {
  const regular = decimal(price, currency, sku)
  if (sale && sale.price.minor >= price.minor)
    throw rejected(
      `The sale price of ${sku}, ${formatMoney(sale.price)}, is not below ${formatMoney(price)}: WooCommerce would drop it.`,
    )
  return {
    regular_price: regular,
    sale_price: sale ? decimal(sale.price, currency, sku) : '',
    date_on_sale_from_gmt: sale ? gmt(sale.startsAt) : '',
    date_on_sale_to_gmt: sale?.endsAt ? gmt(sale.endsAt) : '',
  }
}

export const priceUpdate = ({ ref, price, sale }: PriceChange, currency: string): object => ({
  id: toId(ref.externalId, ref.sku),
  ...priceFields(price, sale, currency, ref.sku),
})

/** Compares the stored prices with those sent, as amounts: the shop keeps the decimals typed. */
export function priceDifference(
  { ref, price, sale }: PriceChange,
  stored: WooProduct,
): ConnectorError | null {
  const isSame = (text: string, money: Money | undefined) =>
    money === undefined
      ? text === ''
      : /^\d+(\.\d*)?$/.test(text) && parseMoney(text, money.currency).minor === money.minor
  if (isSame(stored.regular_price, price) && isSame(stored.sale_price, sale?.price)) return null
  const found = `"${stored.regular_price}"${stored.sale_price ? ` and on sale "${stored.sale_price}"` : ''}`
  return rejected(`WooCommerce stored the price ${found} for ${ref.sku}, which is not what was sent.`)
}
