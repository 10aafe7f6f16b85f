import type { Ledger, Meta, Picture, ShopAttribute, ShopProduct } from './sandbox-ledger.ts'
import { type Body, type Complaint, invalidParams, notInEnum, notOfType, WpFailure } from './sandbox-wire.ts'

const types = ['simple', 'grouped', 'external', 'variable']
const statuses = ['draft', 'pending', 'private', 'publish', 'future', 'auto-draft', 'trash']

const textParams = ['name', 'regular_price', 'sale_price', 'sku', 'description', 'weight', 'global_unique_id']
/** What a single call checks and a batch does not. */
export function validateProduct(body: Body): void {
  const complaints: Record<string, Complaint> = {}
  for (const name of textParams)
    if (body[name] !== undefined && body[name] !== null && typeof body[name] !== 'string')
      complaints[name] = notOfType(name, 'string')
  const { type, status, stock_quantity: quantity } = body
  if (type !== undefined && !types.includes(String(type))) complaints.type = notInEnum('type', types)
  if (status !== undefined && !statuses.includes(String(status)))
    complaints.status = notInEnum('status', statuses)
  if (quantity !== undefined && quantity !== null && !/^-?\d+(\.0*)?$/.test(String(quantity)))
    complaints.stock_quantity = notOfType('stock_quantity', 'integer')
  if (Object.keys(complaints).length > 0) throw invalidParams(complaints)
}

const allowedTags = /^\/?(?:a|b|blockquote|br|div|em|h[1-6]|i|img|li|ol|p|span|strong|u|ul)\b/i
/** Text as WordPress stores it: backslashes dropped, forbidden tags taken off with their content left, & escaped. */
export const storedText = (text: unknown): string =>
  String(text)
    .replaceAll('\\', '')
    .replace(/<([^<>]*)>/g, (whole, inner: string) => (allowedTags.test(inner) ? whole : ''))
    .replace(/&(?!#?\w+;)/g, '&amp;')

/** A price as typed, without what is no digit, dot or minus: "19,90" becomes "1990". */
export const storedPrice = (value: unknown): string => {
  const text = String(value ?? '').replace(/[^0-9.-]/g, '')
  return /\d/.test(text) ? text : ''
}

/** PHP's (int): the digits in front, else 0. */
export const phpInt = (value: unknown): number => {
  const number = Math.trunc(Number.parseFloat(String(value ?? '')))
  return Number.isFinite(number) ? number : 0
}

/** A date without zone is UTC for `*_gmt`; empty text clears it and null leaves it. */
function storedDate(value: unknown, held: Date | null): Date | null {
  if (value === undefined || value === null) return held
  if (value === '') return null
  const text = String(value)
  return new Date(/Z|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`)
}

/** Takes meta by key, in place where the key is there. */
export function writeMeta(ledger: Ledger, held: Meta[], given: unknown): void {
  for (const { id, key, value } of (Array.isArray(given) ? given : []) as Partial<Meta>[]) {
    const present = held.find((meta) => (id ? meta.id === id : meta.key === key))
    if (present) present.value = value
    else if (key) held.push({ id: ledger.nextMetaId(), key, value })
  }
}

const skuKey = (sku: string): string => sku.trim().toLowerCase()
/** Gives the product that SKU. Case and outer spaces do not count; the trash still holds its own. */
function claimSku(ledger: Ledger, product: ShopProduct, sku: string, isNew: boolean): void {
  const key = skuKey(sku)
  const owner = ledger.bySku.get(key)
  if (owner !== undefined && owner !== product.id)
    throw new WpFailure(400, 'product_invalid_sku', 'Invalid or duplicated SKU.', {
      status: 400,
      resource_id: owner,
      unique_sku: `${sku}-1`,
    })
  if (isNew && ledger.trashedSkus.has(key))
    throw new WpFailure(
      400,
      'woocommerce_rest_product_not_created',
      `The product with SKU (${sku}) you are trying to insert is already present in the lookup table`,
    )
  if (product.sku) ledger.bySku.delete(skuKey(product.sku))
  product.sku = sku.trim()
  if (key) ledger.bySku.set(key, product.id)
}

/** Into the trash, where the SKU stays taken. */
export function trashProduct(ledger: Ledger, product: ShopProduct): void {
  product.status = 'trash'
  if (!product.sku) return
  ledger.bySku.delete(skuKey(product.sku))
  ledger.trashedSkus.set(skuKey(product.sku), product.id)
}

/** Gone for good. */
export function removeProduct(ledger: Ledger, product: ShopProduct): void {
  ledger.bySku.delete(skuKey(product.sku))
  ledger.trashedSkus.delete(skuKey(product.sku))
  ledger.products.delete(product.id)
  for (const id of product.variations) ledger.products.delete(id)
}

function takePicture(ledger: Ledger, given: unknown, held: readonly Picture[]): Picture | null {
  const { id, src, name, alt } = given as Partial<Picture>
  if (id) return held.find((picture) => picture.id === id) ?? null
  if (!src) return null
  // A host that answers nothing makes the whole product fail.
  if (/\.invalid(?:\/|$)/.test(src))
    throw new WpFailure(
      400,
      'woocommerce_product_image_upload_error',
      `Error getting remote image ${src}. Error: A valid URL was not provided.`,
    )
  return { id: ledger.nextId(), src, name: name ?? '', alt: alt ?? '', createdAt: ledger.now() }
}

/** What a shared attribute is called. */
const attributeName = (ledger: Ledger, id: number): string => ledger.terms.attributes.get(id)?.name ?? ''

function takeAttributes(ledger: Ledger, given: readonly unknown[]): ShopAttribute[] {
  return (given as Partial<ShopAttribute>[])
    .filter((attribute) => attribute.name || attribute.id)
    .map(({ id = 0, name = '', position = 0, visible = false, variation = false, options = [] }) => ({
      id,
      name: name || attributeName(ledger, id) || `Attribute ${id}`,
      position,
      visible,
      variation,
      options: [...options],
    }))
}

function writePictures(ledger: Ledger, product: ShopProduct, body: Body): void {
  const given = Array.isArray(body.images) ? body.images : body.image ? [body.image] : null
  if (given)
    product.pictures = given
      .map((picture) => takePicture(ledger, picture, product.pictures))
      .filter((picture) => picture !== null)
}

function writeStock(product: ShopProduct, body: Body): void {
  if (body.manage_stock !== undefined) {
    product.manageStock = body.manage_stock === true || body.manage_stock === 'true'
    product.stockQuantity = product.manageStock ? (product.stockQuantity ?? 0) : null
  }
  if (typeof body.backorders === 'string') product.backorders = body.backorders
  if (body.stock_quantity !== undefined && product.manageStock)
    product.stockQuantity = phpInt(body.stock_quantity)
  if (typeof body.stock_status === 'string' && !product.manageStock) product.stockStatus = body.stock_status
}

function writePrices(product: ShopProduct, body: Body): void {
  if (body.regular_price !== undefined) product.regularPrice = storedPrice(body.regular_price)
  if (body.sale_price !== undefined) product.salePrice = storedPrice(body.sale_price)
  product.saleFrom = storedDate(body.date_on_sale_from_gmt, product.saleFrom)
  product.saleTo = storedDate(body.date_on_sale_to_gmt, product.saleTo)
  if (product.salePrice !== '' && Number(product.salePrice) >= Number(product.regularPrice || 0))
    product.salePrice = ''
}

/** The standard class is kept as nothing, and so is one that the shop does not have. */
const storedTaxClass = (ledger: Ledger, slug: string): string =>
  slug !== 'standard' && ledger.terms.taxClasses.some((known) => known.slug === slug) ? slug : ''

/** Applies a body to a product or variation as the shop does: unknown fields are ignored. */
export function writeProduct(ledger: Ledger, product: ShopProduct, body: Body, isNew: boolean): void {
  const isVariation = product.type === 'variation'
  writePictures(ledger, product, body)
  if (typeof body.sku === 'string') claimSku(ledger, product, body.sku, isNew)
  if (body.name !== undefined && !isVariation) product.name = storedText(body.name)
  if (body.description !== undefined) product.description = storedText(body.description)
  if (body.short_description !== undefined) product.shortDescription = storedText(body.short_description)
  if (body.status !== undefined)
    product.status = statuses.includes(String(body.status)) ? String(body.status) : 'draft'
  if (typeof body.type === 'string' && !isVariation && types.includes(body.type)) product.type = body.type
  writePrices(product, body)
  writeStock(product, body)
  if (typeof body.weight === 'string') product.weight = body.weight
  if (typeof body.global_unique_id === 'string') product.globalUniqueId = body.global_unique_id
  if (body.dimensions) product.dimensions = { ...product.dimensions, ...(body.dimensions as object) }
  if (Array.isArray(body.categories) && body.categories.length > 0)
    product.categories = (body.categories as { id: number }[]).map(({ id }) => id)
  if (typeof body.tax_class === 'string') product.taxClass = storedTaxClass(ledger, body.tax_class)
  if (Array.isArray(body.attributes)) {
    if (isVariation)
      product.options = (body.attributes as { id?: number; name?: string; option?: string }[]).map(
        (given) => ({
          name: given.name ?? attributeName(ledger, given.id ?? 0),
          option: given.option ?? '',
        }),
      )
    else product.attributes = takeAttributes(ledger, body.attributes)
  }
  writeMeta(ledger, product.meta, body.meta_data)
}

/** A product as an empty POST makes it. */
export function blankProduct(ledger: Ledger, type: string, parentId: number): ShopProduct {
  const at = ledger.now()
  return {
    id: ledger.nextId(),
    type,
    parentId,
    name: type === 'variation' ? '' : 'Product',
    status: 'publish',
    sku: '',
    description: '',
    shortDescription: '',
    regularPrice: '',
    salePrice: '',
    saleFrom: null,
    saleTo: null,
    manageStock: false,
    stockQuantity: null,
    stockStatus: 'instock',
    backorders: 'no',
    globalUniqueId: '',
    weight: '',
    dimensions: { length: '', width: '', height: '' },
    categories: [15],
    taxClass: '',
    pictures: [],
    attributes: [],
    options: [],
    variations: [],
    meta: [],
    totalSales: 0,
    createdAt: at,
    modifiedAt: at,
  }
}

/** Creates a product, or a variation of a parent. @throws WpFailure, and nothing was created */
export function createProduct(ledger: Ledger, body: Body, parentId = 0): ShopProduct {
  const product = blankProduct(ledger, parentId ? 'variation' : 'simple', parentId)
  writeProduct(ledger, product, body, true)
  ledger.products.set(product.id, product)
  ledger.products.get(parentId)?.variations.push(product.id)
  ledger.touchProduct(product, 'created')
  return product
}
