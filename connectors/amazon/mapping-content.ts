import {
  ConnectorError,
  formatDecimal,
  type ListingContent,
  type ListingDraft,
  type Money,
  type SalePrice,
} from 'entrepot/sdk'
import {
  type Attributes,
  attributeName,
  contentAttributes,
  otherImages,
  place,
} from './mapping-attributes.ts'
import type { AmazonSettings } from './settings.ts'

type PatchOperation = {
  op: 'replace' | 'merge' | 'delete'
  path: string
  value: readonly Readonly<Record<string, unknown>>[]
}
export type ListingPatch = { productType: string; patches: PatchOperation[] }
export type ListingPut = { productType: string; requirements: string; attributes: Attributes }

/** Offer data may be patched under this name whatever the product is, so a stock push needs no product type. */
const anyProductType = 'PRODUCT'
/** A schedule must end; a sale without an end gets this one. */
const openEnd = '2099-12-31T23:59:59Z'

/** `merge` and not `replace`: the handling time that the seller set beside the quantity stays. */
export const stockPatch = (quantity: number): ListingPatch => ({
  productType: anyProductType,
  patches: [
    {
      op: 'merge',
      path: '/attributes/fulfillment_availability',
      value: [{ fulfillment_channel_code: 'DEFAULT', quantity }],
    },
  ],
})

/** The whole offer is replaced, so that a sale which is over disappears. @throws ConnectorError `rejected` */
export const pricePatch = (price: Money, sale: SalePrice | null, settings: AmazonSettings): ListingPatch => ({
  productType: anyProductType,
  patches: [{ op: 'replace', path: '/attributes/purchasable_offer', value: [offer(price, sale, settings)] }],
})

/** Everything the content says; pictures beyond the last are taken away. */
export function contentPatch(content: ListingContent, settings: AmazonSettings): ListingPatch {
  const attributes = contentAttributes(content, settings)
  const patches: PatchOperation[] = Object.entries(attributes).map(([name, value]) => ({
    op: 'replace',
    path: `/attributes/${name}`,
    value,
  }))
  for (let n = Math.max(content.images.length, 1); n <= otherImages; n += 1) {
    patches.push({
      op: 'delete',
      path: `/attributes/other_product_image_locator_${n}`,
      value: [place(settings)],
    })
  }
  return { productType: content.externalCategoryId ?? settings.productType, patches }
}

/** Takes the offer away and the stock to nothing. SKU, ASIN link and texts stay, so it can be opened again. */
export const endPatch = (settings: AmazonSettings): ListingPatch => ({
  productType: anyProductType,
  patches: [
    ...stockPatch(0).patches,
    { op: 'delete', path: '/attributes/purchasable_offer', value: [place(settings)] },
  ],
})

/** The parent of a variation family: what the variants share, and no offer. */
export const parentPut = (draft: ListingDraft, settings: AmazonSettings): ListingPut => ({
  productType: draft.content.externalCategoryId ?? settings.productType,
  requirements: 'LISTING_PRODUCT_ONLY',
  attributes: {
    ...contentAttributes(draft.content, settings),
    ...condition(settings),
    parentage_level: [{ value: 'parent', ...place(settings) }],
    variation_theme: theme(draft.optionNames),
  },
})

/** A variant as Amazon's full listing. @throws ConnectorError `rejected` for a price of zero. */
export function variantPut(
  variant: ListingDraft['variants'][number],
  draft: ListingDraft,
  settings: AmazonSettings,
): ListingPut {
  const parentSku = parentSkuOf(draft)
  const family: Attributes =
    parentSku === null
      ? {}
      : {
          parentage_level: [{ value: 'child', ...place(settings) }],
          child_parent_sku_relationship: [
            { child_relationship_type: 'variation', parent_sku: parentSku, ...place(settings) },
          ],
          variation_theme: theme(draft.optionNames),
        }
  return {
    productType:
      variant.content.externalCategoryId ?? draft.content.externalCategoryId ?? settings.productType,
    requirements: 'LISTING',
    attributes: {
      ...contentAttributes(variant.content, settings),
      ...condition(settings),
      ...family,
      ...(variant.content.gtin
        ? {}
        : { supplier_declared_has_product_identifier_exemption: [{ value: true, ...place(settings) }] }),
      purchasable_offer: [offer(variant.price, variant.sale, settings)],
      fulfillment_availability: [{ fulfillment_channel_code: 'DEFAULT', quantity: variant.quantity }],
    },
  }
}

/** The SKU of the family's parent, or null for a product without options. */
export const parentSkuOf = (draft: ListingDraft): string | null =>
  draft.externalParentId ?? (draft.optionNames.length > 0 ? draft.parentSku : null)

const condition = (settings: AmazonSettings): Attributes => ({
  condition_type: [{ value: 'new_new', ...place(settings) }],
})
const theme = (names: readonly string[]) => [
  { name: names.map((name) => attributeName(name).toUpperCase()).join('/') },
]

/** The amount as JSON has it. The text of a decimal survives the number: 1290 minor units are 12.9, not 12.899. */
export const toJsonAmount = (money: Money): number => Number(formatDecimal(money))

function offer(price: Money, sale: SalePrice | null, settings: AmazonSettings) {
  for (const { minor } of [price, ...(sale ? [sale.price] : [])]) {
    if (minor <= 0) {
      throw new ConnectorError('rejected', 'The price was not sent to Amazon: it must be above zero.', {
        issues: [{ field: 'purchasable_offer', code: null, message: 'Not above zero.', severity: 'error' }],
      })
    }
  }
  const discount = sale && {
    discounted_price: [
      {
        schedule: [
          {
            start_at: sale.startsAt.toISOString(),
            end_at: sale.endsAt?.toISOString() ?? openEnd,
            value_with_tax: toJsonAmount(sale.price),
          },
        ],
      },
    ],
  }
  return {
    ...place(settings),
    currency: price.currency,
    audience: 'ALL',
    our_price: [{ schedule: [{ value_with_tax: toJsonAmount(price) }] }],
    ...discount,
  }
}
