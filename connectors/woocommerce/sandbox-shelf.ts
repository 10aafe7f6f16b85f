import type { Ledger, ShopProduct } from './sandbox-ledger.ts'

/** The address of a name. */
export const slugOf = (name: string): string =>
  encodeURIComponent(
    name
      .toLowerCase()
      .replace(/<[^>]*>/g, '')
      .replace(/[^\p{L}\p{N}\p{Extended_Pictographic}]+/gu, '-')
      .replace(/^-+|-+$/g, ''),
  ).toLowerCase()

/** Whether the sale price counts now. */
export function isOnSale(product: ShopProduct, now: Date): boolean {
  if (product.salePrice === '') return false
  return (!product.saleFrom || product.saleFrom <= now) && (!product.saleTo || product.saleTo >= now)
}

/** What a buyer pays now; a parent shows its cheapest variation. */
export function currentPrice(ledger: Ledger, product: ShopProduct): string {
  if (product.type !== 'variable')
    return isOnSale(product, ledger.now()) ? product.salePrice : product.regularPrice
  const prices = product.variations
    .map((id) => ledger.products.get(id))
    .filter((variation) => variation !== undefined)
    .map((variation) => currentPrice(ledger, variation))
    .filter((price) => price !== '')
  return prices.sort((a, b) => Number(a) - Number(b))[0] ?? ''
}

/** A variation that manages no stock of its own sells from its parent's. */
export function stockOwner(ledger: Ledger, product: ShopProduct): ShopProduct {
  const parent = ledger.products.get(product.parentId)
  return !product.manageStock && parent?.manageStock ? parent : product
}

/** A parent has stock while one of its variations has. */
export function stockStatus(ledger: Ledger, product: ShopProduct): string {
  if (product.type === 'variable' && !product.manageStock) {
    const variations = product.variations.flatMap((id) => ledger.products.get(id) ?? [])
    return variations.some((variation) => stockStatus(ledger, variation) !== 'outofstock')
      ? 'instock'
      : 'outofstock'
  }
  if (!product.manageStock) return product.stockStatus
  if ((product.stockQuantity ?? 0) > 0) return 'instock'
  return product.backorders === 'no' ? 'outofstock' : 'onbackorder'
}

export const variationName = (product: ShopProduct): string =>
  product.options.map(({ option }) => option).join(', ')
