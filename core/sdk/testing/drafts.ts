import type { ListingContent, ListingDraft } from '../model/listing.ts'

/** A GTIN-13 with a right check digit. */
function gtin(n: number): string {
  const digits = `40063${String(n).padStart(7, '0')}`
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 ? 3 : 1), 0)
  return digits + String((10 - (sum % 10)) % 10)
}

const content = (n: number, options: Record<string, string>): ListingContent => ({
  title: `Enamel mug ${n} – größer & blauer`,
  description: `Mug number ${n}. Holds half a litre.`,
  brand: 'Northwind',
  gtin: gtin(n),
  images: [`https://images.example/mug-${n}.jpg`],
  attributes: { Material: 'Enamel' },
  options,
  externalCategoryId: null,
  weightGrams: 350,
  size: { lengthMm: 120, widthMm: 90, heightMm: 80 },
})

const priceOf = (n: number, currency: string) => ({ minor: 1990 + 7 * (n % 500), currency })

/** A product with one variant, `SKU-<n>`. */
export function singleDraft(n: number, currency: string, quantity = 900): ListingDraft {
  const shared = content(n, {})
  return {
    content: shared,
    optionNames: [],
    externalParentId: null,
    parentSku: `SKU-${n}`,
    variants: [{ sku: `SKU-${n}`, content: shared, price: priceOf(n, currency), sale: null, quantity }],
  }
}

/** The size of a variant of `sizesDraft`, by its SKU. */
export const sizeIn = (sku: string): string => sku.slice(sku.lastIndexOf('-') + 1)

/** A product in three sizes, `SKU-<n>-S` and so on. */
export function sizesDraft(n: number, currency: string, quantity = 900): ListingDraft {
  return {
    content: content(n, {}),
    optionNames: ['Size'],
    externalParentId: null,
    parentSku: `SKU-${n}`,
    variants: ['S', 'M', 'L'].map((size, index) => ({
      sku: `SKU-${n}-${size}`,
      content: { ...content(n * 10 + index, { Size: size }), title: `Enamel mug ${n} – größer & blauer` },
      price: priceOf(n + index, currency),
      sale: null,
      quantity: quantity - index,
    })),
  }
}
