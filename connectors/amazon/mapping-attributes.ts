import type { ListingContent } from 'entrepot/sdk'
import type { AmazonSettings } from './settings.ts'

/** Attribute values as Amazon has them: each a list of instances, told apart by marketplace and language. */
export type Attributes = Record<string, readonly Readonly<Record<string, unknown>>[]>

/** `other_product_image_locator_1` to `_8`. */
export const otherImages = 8
const maxBulletPoints = 5

/** Where an instance applies. */
export const place = (settings: AmazonSettings) => ({ marketplace_id: settings.marketplaceId })

/** What a content says, as Amazon's attributes; what it leaves open is left out. */
export function contentAttributes(content: ListingContent, settings: AmazonSettings): Attributes {
  const here = place(settings)
  const text = (value: string) => ({ value, language_tag: settings.languageTag, ...here })
  const [mainImage, ...others] = content.images
  const image = (url: string) => [{ media_location: url, ...here }]
  const length = (value: number) => ({ value, unit: 'millimeters' })
  return {
    item_name: [text(content.title)],
    product_description: [text(content.description)],
    ...(content.brand ? { brand: [text(content.brand)] } : {}),
    ...(content.gtin
      ? {
          externally_assigned_product_identifier: [
            { type: gtinType(content.gtin), value: content.gtin, ...here },
          ],
        }
      : {}),
    ...(mainImage ? { main_product_image_locator: image(mainImage) } : {}),
    ...Object.fromEntries(
      others.slice(0, otherImages).map((url, n) => [`other_product_image_locator_${n + 1}`, image(url)]),
    ),
    ...(content.externalTaxClassId === undefined
      ? {}
      : { product_tax_code: [{ value: content.externalTaxClassId, ...here }] }),
    ...(content.weightGrams === null
      ? {}
      : { item_weight: [{ value: content.weightGrams, unit: 'grams', ...here }] }),
    ...(content.size
      ? {
          item_dimensions: [
            {
              length: length(content.size.lengthMm),
              width: length(content.size.widthMm),
              height: length(content.size.heightMm),
              ...here,
            },
          ],
        }
      : {}),
    ...factAttributes(content, text),
  }
}

/**
 * Attributes with an Amazon name ("bullet_point", "material") go under it; a value that is a JSON list goes as
 * it is. What has a name for people ("Care") becomes a bullet point. Options always become attributes.
 */
function factAttributes(
  content: ListingContent,
  text: (value: string) => Record<string, unknown>,
): Attributes {
  const attributes: Attributes = {}
  const bullets: string[] = []
  for (const [name, value] of Object.entries(content.attributes)) {
    if (name === 'bullet_point') bullets.unshift(...value.split('\n').filter(Boolean))
    else if (/^[a-z][a-z0-9_]*$/.test(name)) attributes[name] = rawInstances(value) ?? [text(value)]
    else bullets.push(`${name}: ${value}`)
  }
  for (const [name, value] of Object.entries(content.options)) attributes[attributeName(name)] = [text(value)]
  if (bullets.length > 0) attributes.bullet_point = bullets.slice(0, maxBulletPoints).map(text)
  return attributes
}

/** An option's name as an attribute: "Shoe size" -> "shoe_size"; Amazon spells colour without u. */
export const attributeName = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/colour/, 'color')

function rawInstances(value: string): Record<string, unknown>[] | null {
  if (!value.startsWith('[{')) return null
  try {
    return JSON.parse(value) as Record<string, unknown>[]
  } catch {
    return null
  }
}

const gtinType = (gtin: string): string => ({ 12: 'upc', 13: 'ean' })[gtin.length] ?? 'gtin'
