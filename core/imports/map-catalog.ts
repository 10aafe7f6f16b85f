import type { ProductInput, VariantInput } from '../catalog/catalog.ts'
import { currencyField, moneyField } from './amount.ts'
import {
  byLocale,
  type Field,
  instantField,
  maxLength,
  measureField,
  nameOf,
  required,
  requiredText,
  textField,
  textsField,
  wholeField,
} from './field.ts'
import { type CatalogRecord, FieldError } from './item.ts'
import type { CatalogProfile, PriceFields, ProductFields, StockFields } from './profile.ts'
import type { Scope } from './value.ts'

/** The function from a row to what it says of a SKU. It throws FieldError for what cannot be used. */
export function compileCatalog(profile: CatalogProfile, scope: Scope): Field<CatalogRecord> {
  const { fields } = profile
  const sku = requiredText(fields.sku, scope, maxLength.id, 'sku')
  if (profile.kind === 'products') return compileProducts(profile, scope, sku)
  const price =
    profile.kind === 'prices'
      ? required(priceOf(profile.fields, scope, profile.currency), nameOf(profile.fields.price, 'price'))
      : () => null
  const stock =
    profile.kind === 'stock'
      ? required(stockOf(profile.fields, scope), nameOf(profile.fields.quantity, 'quantity'))
      : () => null
  return (cells) => ({
    sku: sku(cells),
    product: null,
    category: null,
    price: price(cells),
    stock: stock(cells),
    snapshot: null,
  })
}

function compileProducts(
  profile: Extract<CatalogProfile, { kind: 'products' }>,
  scope: Scope,
  sku: Field<string>,
): Field<CatalogRecord> {
  const { fields, snapshots } = profile
  const product = productOf(profile, scope)
  const category = categoryOf(profile, scope)
  const price = priceOf(fields, scope, profile.currency)
  const stock = stockOf(fields, scope)
  const key = snapshots && requiredText(snapshots.key, scope, maxLength.id, 'key')
  const at = snapshots && required(instantField(snapshots.at, scope, 'at'), nameOf(snapshots.at, 'at'))
  return (cells) => ({
    sku: sku(cells),
    product: product(cells, sku(cells)),
    category: category(cells),
    price: price(cells),
    stock: stock(cells),
    snapshot: key && at ? { key: key(cells), at: at(cells) } : null,
  })
}

function productOf(
  profile: { fields: ProductFields; locale: string; currency?: string | undefined },
  scope: Scope,
) {
  const { fields, locale } = profile
  const key = textField(fields.productKey, scope, maxLength.id)
  const title = textsField(byLocale(fields.title, locale), scope, maxLength.title)
  const titleColumn = nameOf(Object.values(byLocale(fields.title, locale))[0], 'title')
  const description = textsField(byLocale(fields.description, locale), scope, maxLength.description)
  const brand = textField(fields.brand, scope, maxLength.id)
  const images = imagesField(fields, scope)
  const attributes = textsField(fields.attributes, scope, maxLength.text)
  const variant = variantOf(profile, scope)
  return (cells: readonly string[], sku: string): ProductInput => {
    const titles = title(cells)
    if (Object.keys(titles).length === 0) throw new FieldError(titleColumn, 'the title is empty')
    const { options = {}, ...facts } = variant(cells, sku)
    return {
      key: key(cells) ?? sku,
      title: titles,
      description: description(cells),
      brand: brand(cells),
      images: images(cells),
      attributes: attributes(cells),
      optionNames: Object.keys(options),
      variants: [{ ...facts, options }],
    }
  }
}

function variantOf(
  { fields, currency }: { fields: ProductFields; currency?: string | undefined },
  scope: Scope,
) {
  const gtin = gtinField(fields, scope)
  const options = textsField(fields.options, scope, maxLength.id)
  const compliance = textsField(fields.compliance, scope, maxLength.text)
  const taxClass = textField(fields.taxClass, scope, maxLength.id)
  const weight = measureField(fields.weight, scope, 'weight')
  const length = measureField(fields.length, scope, 'length')
  const width = measureField(fields.width, scope, 'width')
  const height = measureField(fields.height, scope, 'height')
  const cost = moneyField(fields.cost, currencyField(fields.currency, scope, currency), scope, 'cost', 0)
  return (cells: readonly string[], sku: string): VariantInput => {
    const paid = cost(cells)
    return {
      sku,
      gtin: gtin(cells),
      options: options(cells),
      compliance: compliance(cells),
      taxClass: taxClass(cells),
      weightGrams: weight(cells),
      lengthMm: length(cells),
      widthMm: width(cells),
      heightMm: height(cells),
      costMinor: paid?.minor ?? null,
      costCurrency: paid?.currency ?? null,
    }
  }
}

function categoryOf({ fields, locale }: { fields: ProductFields; locale: string }, scope: Scope) {
  const { category } = fields
  if (!category) return () => null
  const key = textField(category.key, scope, maxLength.id)
  const name = textsField(byLocale(category.name, locale), scope, maxLength.id)
  return (cells: readonly string[]) => {
    const found = key(cells)
    return found === null ? null : { key: found, name: name(cells) }
  }
}

const priceOf = (fields: ProductFields | PriceFields, scope: Scope, currency: string | undefined) =>
  moneyField(fields.price, currencyField(fields.currency, scope, currency), scope, 'price', 1)

function stockOf(fields: ProductFields | StockFields, scope: Scope) {
  const onHand = wholeField(fields.quantity, scope, 'stock')
  const warehouse = textField(fields.warehouse, scope, maxLength.id)
  return (cells: readonly string[]) => {
    const units = onHand(cells)
    return units === null ? null : { onHand: units, warehouse: warehouse(cells) }
  }
}

/** Web addresses, several separated by "|". */
function imagesField(fields: ProductFields, scope: Scope): Field<string[]> {
  const text = textField(fields.images, scope, maxLength.text)
  const column = nameOf(fields.images, 'images')
  return (cells) => {
    const addresses = (text(cells) ?? '').split('|').flatMap((part) => part.trim() || [])
    const wrong = addresses.find((address) => !/^https?:\/\/\S+$/.test(address))
    if (wrong) throw new FieldError(column, `"${wrong.slice(0, 100)}" is no web address`)
    return addresses
  }
}

function gtinField(fields: ProductFields, scope: Scope): Field<string | null> {
  const text = textField(fields.gtin, scope, maxLength.id)
  return (cells) => {
    const gtin = text(cells)
    if (gtin !== null && !/^(\d{8}|\d{12,14})$/.test(gtin)) {
      throw new FieldError(nameOf(fields.gtin, 'gtin'), `"${gtin}" is no GTIN: it has 8, 12, 13 or 14 digits`)
    }
    return gtin
  }
}
