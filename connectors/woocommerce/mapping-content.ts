import { fingerprint, type ListingContent } from 'entrepot/sdk'
import { toId } from './mapping-listings.ts'
import type { Settings, WooProduct } from './schemas.ts'

type Units = Pick<Settings, 'weightUnit' | 'dimensionsUnit'>
type Attribute = WooProduct['attributes'][number]

/** Marks what we created, with the key of the request: how a lost answer is found again. */
export const creationKey = '_entrepot_key'
export const creationMeta = (key: string) => ({ key: creationKey, value: key })
export const createdBy = (product: WooProduct): string | null => {
  const value = product.meta_data.find((meta) => meta.key === creationKey)?.value
  return typeof value === 'string' ? value : null
}

const gramsPer: Readonly<Record<Units['weightUnit'], number>> = {
  kg: 1000,
  g: 1,
  lbs: 453.59237,
  oz: 28.349523125,
}
const millimetresPer: Readonly<Record<Units['dimensionsUnit'], number>> = {
  m: 1000,
  cm: 10,
  mm: 1,
  in: 25.4,
  yd: 914.4,
}
/** At most four decimals, without trailing zeros. */
const decimal = (value: number): string => String(Number(value.toFixed(4)))

/** The tax class by its slug; without a mapping the shop's own stays. */
const taxField = ({ externalTaxClassId: tax_class }: ListingContent): object =>
  tax_class === undefined ? {} : { tax_class }

/** What a variation and a simple product have in common: weight, size, GTIN, tax class. What we do not know is not sent. */
export function physicalFields(content: ListingContent, units: Units): object {
  const perMm = millimetresPer[units.dimensionsUnit]
  const { size, weightGrams, gtin } = content
  return {
    ...taxField(content),
    ...(gtin === null ? {} : { global_unique_id: gtin }),
    ...(weightGrams === null ? {} : { weight: decimal(weightGrams / gramsPer[units.weightUnit]) }),
    ...(size === null
      ? {}
      : {
          dimensions: {
            length: decimal(size.lengthMm / perMm),
            width: decimal(size.widthMm / perMm),
            height: decimal(size.heightMm / perMm),
          },
        }),
  }
}

/** The name a picture gets in the media library: its file name and a fingerprint of where it came from. */
export function imageName(src: string): string {
  const file = /([^/?#]+?)(?:\.\w+)?(?:[?#].*)?$/.exec(src)?.[1] ?? 'image'
  return `${file.slice(0, 60)}-${fingerprint(src).slice(0, 8)}`
}

/**
 * A picture to send: by id when the product has it already, else by address. WooCommerce downloads an address
 * anew each time and would fill the media library with copies.
 */
function toImage(src: string, present: readonly { id: number; name: string }[]): object {
  const name = imageName(src)
  const known = present.find((image) => image.name === name)
  return known ? { id: known.id } : { src, name }
}

/** Pictures of a product; none of ours leaves the shop's own alone. */
function imageFields(images: readonly string[], present: WooProduct['images']): object {
  return images.length === 0 ? {} : { images: images.map((src) => toImage(src, present)) }
}

/** The one picture of a variation. */
export function variationImage(content: ListingContent, present: WooProduct['image']): object {
  const [first] = content.images
  return first === undefined ? {} : { image: toImage(first, present ? [present] : []) }
}

const factsOf = (content: ListingContent): Record<string, string> => ({
  ...(content.brand ? { Brand: content.brand } : {}),
  ...content.attributes,
})

const isSameName = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase()

/** How ours is mapped to a shared attribute of the shop; any other name is an attribute of the product's own. */
export const attributeTerm = (id: number): string => `id:${id}`
const sharedId = (name: string): number | null => {
  const id = /^id:(\d+)$/.exec(name)?.[1]
  return id === undefined ? null : Number(id)
}
const isSameAttribute = (held: Attribute, name: string): boolean => {
  const id = sharedId(name)
  return id === null ? isSameName(held.name, name) : held.id === id
}
const namedAttribute = (name: string): { id: number } | { name: string } => {
  const id = sharedId(name)
  return id === null ? { name } : { id }
}

/** An option attribute of a parent with the values that ours need added to those it has. */
function optionAttribute(
  name: string,
  values: readonly string[],
  present: readonly Attribute[],
  position: number,
): object {
  const held = present.find((attribute) => attribute.variation && isSameAttribute(attribute, name))
  const options = [...new Set([...(held?.options ?? []), ...values])]
  const named = held && held.id > 0 ? { id: held.id } : namedAttribute(held?.name ?? name)
  return { ...named, position, visible: held?.visible ?? true, variation: true, options }
}

/**
 * All attributes of a product, since a write replaces the whole list: facts, and for a parent the options of
 * its variations, those of others that are not in this request included.
 */
export function attributeFields(
  content: ListingContent,
  optionValues: ReadonlyMap<string, readonly string[]>,
  present: readonly Attribute[],
): object {
  const optionNames = [...optionValues.keys()]
  const foreign = present.filter(
    (attribute) => attribute.variation && !optionNames.some((name) => isSameAttribute(attribute, name)),
  )
  const options = [
    ...optionNames.map((name, position) =>
      optionAttribute(name, optionValues.get(name) ?? [], present, position),
    ),
    ...foreign,
  ]
  const facts = Object.entries(factsOf(content)).map(([name, value], index) => ({
    ...namedAttribute(name),
    position: options.length + index,
    visible: true,
    variation: false,
    options: [value],
  }))
  return { attributes: [...options, ...facts] }
}

/** What a product or a parent says of itself. @param present the product as it is there, or null for a new one. */
export function productContent(
  content: ListingContent,
  optionValues: ReadonlyMap<string, readonly string[]>,
  present: Pick<WooProduct, 'images' | 'attributes'> | null,
): object {
  const category = content.externalCategoryId
  return {
    name: content.title,
    description: content.description,
    ...taxField(content),
    ...(category === null
      ? {}
      : { categories: [{ id: toId(category, `the category of ${content.title}`) }] }),
    ...imageFields(content.images, present?.images ?? []),
    ...attributeFields(content, optionValues, present?.attributes ?? []),
  }
}

/**
 * What a variation says: its options, and what is physical about it. The rest stands in its parent, whose
 * shared attributes go by id: by name the shop would ignore them.
 */
export function variationContent(
  content: ListingContent,
  units: Units,
  parentAttributes: readonly Attribute[],
): object {
  const attributes = Object.entries(content.options).map(([name, option]) => {
    const shared = parentAttributes.find((held) => held.id > 0 && isSameAttribute(held, name))
    return { ...(shared ? { id: shared.id } : namedAttribute(name)), option }
  })
  return { attributes, ...physicalFields(content, units) }
}

/** The values each option takes among these variants, in order of appearance. */
export function optionValuesOf(
  names: readonly string[],
  contents: readonly ListingContent[],
): Map<string, string[]> {
  const all = names.length > 0 ? names : [...new Set(contents.flatMap(({ options }) => Object.keys(options)))]
  return new Map(
    all.map((name) => [name, [...new Set(contents.flatMap(({ options }) => options[name] ?? []))]] as const),
  )
}
