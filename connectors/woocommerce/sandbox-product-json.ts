import type { Ledger, ShopAttribute, ShopProduct } from './sandbox-ledger.ts'
import { currentPrice, isOnSale, slugOf, stockOwner, stockStatus, variationName } from './sandbox-shelf.ts'

function dates({ time }: Ledger, product: ShopProduct) {
  return {
    date_created: time.local(product.createdAt),
    date_created_gmt: time.gmt(product.createdAt),
    date_modified: time.local(product.modifiedAt),
    date_modified_gmt: time.gmt(product.modifiedAt),
  }
}

function prices(ledger: Ledger, product: ShopProduct) {
  const { time } = ledger
  const { saleFrom, saleTo } = product
  const price = currentPrice(ledger, product)
  return {
    price,
    regular_price: product.regularPrice,
    sale_price: product.salePrice,
    date_on_sale_from: saleFrom && time.local(saleFrom),
    date_on_sale_from_gmt: saleFrom && time.gmt(saleFrom),
    date_on_sale_to: saleTo && time.local(saleTo),
    date_on_sale_to_gmt: saleTo && time.gmt(saleTo),
    on_sale: isOnSale(product, ledger.now()),
    purchasable: price !== '',
  }
}

const downloads = {
  virtual: false,
  downloadable: false,
  downloads: [],
  download_limit: -1,
  download_expiry: -1,
}

function stock(ledger: Ledger, product: ShopProduct) {
  const owner = stockOwner(ledger, product)
  return {
    manage_stock: owner === product ? product.manageStock : 'parent',
    stock_quantity: owner.manageStock ? owner.stockQuantity : null,
    stock_status: stockStatus(ledger, owner),
  }
}

const backorders = (product: ShopProduct) => ({
  backorders: product.backorders,
  backorders_allowed: product.backorders !== 'no',
  backordered: product.backorders !== 'no' && product.manageStock && (product.stockQuantity ?? 0) < 0,
})

const skuOf = (ledger: Ledger, product: ShopProduct): string =>
  product.sku || (ledger.products.get(product.parentId)?.sku ?? '')

const options = (product: ShopProduct) =>
  product.options.map(({ name, option }) => ({ id: 0, name, slug: slugOf(name), option }))
const attributes = (list: readonly ShopAttribute[]) =>
  list.map(({ id, name, position, visible, variation, options: values }) => ({
    id,
    name,
    slug: name,
    position,
    visible,
    variation,
    options: values,
  }))
const pictures = ({ time }: Ledger, product: ShopProduct) =>
  product.pictures.map(({ id, src, name, alt, createdAt }) => ({
    id,
    date_created: time.local(createdAt),
    date_created_gmt: time.gmt(createdAt),
    date_modified: time.local(createdAt),
    date_modified_gmt: time.gmt(createdAt),
    src,
    name,
    alt,
  }))

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
export const linksTo = (
  url: string,
  collection: string,
  up: string | null,
  allow: readonly string[] = methods,
) => ({
  _links: {
    self: [{ href: url, targetHints: { allow } }],
    collection: [{ href: collection }],
    ...(up === null ? {} : { up: [{ href: up }] }),
  },
})

/** How the shop shows it: `view` for a read, `edit` for the answer to a write. */
export type Show = { origin: string; context: 'view' | 'edit' }
const rest = ({ origin }: Show) => `${origin}/wp-json/wc/v3`

function permalink(ledger: Ledger, product: ShopProduct, { origin }: Show): string {
  const parent = ledger.products.get(product.parentId)
  if (!parent) return `${origin}/product/${slugOf(product.name)}/`
  const query = product.options.map(({ name, option }) => `attribute_${slugOf(name)}=${option}`).join('&')
  return `${origin}/product/${slugOf(parent.name)}/?${query}`
}

/** What /products says of a product, or of a variation that it is asked for. */
export function productJson(ledger: Ledger, product: ShopProduct, show: Show): object {
  const isVariation = product.type === 'variation'
  const parent = ledger.products.get(product.parentId)
  const name = isVariation && parent ? `${parent.name} - ${variationName(product)}` : product.name
  const price = currentPrice(ledger, product)
  const { manage_stock, stock_quantity, stock_status } = stock(ledger, product)
  const isEdit = show.context === 'edit' && !isVariation
  const text = product.description
  return {
    id: product.id,
    name,
    slug: slugOf(name),
    permalink: permalink(ledger, product, show),
    ...dates(ledger, product),
    type: product.type,
    status: product.status,
    featured: false,
    catalog_visibility: 'visible',
    description: isEdit ? text : paragraphs(text),
    short_description: product.shortDescription,
    sku: skuOf(ledger, product),
    ...prices(ledger, product),
    total_sales: isVariation ? String(product.totalSales) : product.totalSales,
    ...downloads,
    external_url: '',
    button_text: '',
    tax_status: 'taxable',
    tax_class: product.taxClass,
    manage_stock,
    stock_quantity,
    ...backorders(product),
    low_stock_amount: null,
    sold_individually: false,
    weight: product.weight,
    dimensions: product.dimensions,
    shipping_required: true,
    shipping_taxable: true,
    shipping_class: '',
    shipping_class_id: 0,
    reviews_allowed: !isVariation,
    average_rating: isEdit ? '0' : '0.00',
    rating_count: 0,
    upsell_ids: [],
    cross_sell_ids: [],
    parent_id: product.parentId,
    purchase_note: '',
    categories: isVariation ? [] : product.categories.map((id) => category(ledger, id)),
    brands: [],
    tags: [],
    images: pictures(ledger, product),
    attributes: isVariation ? options(product) : attributes(product.attributes),
    default_attributes: [],
    variations: product.variations,
    grouped_products: [],
    menu_order: 0,
    price_html:
      price === '' ? '' : `<span class="woocommerce-Price-amount amount"><bdi>${price}</bdi></span>`,
    related_ids: [],
    meta_data: product.meta,
    stock_status,
    has_options: product.type === 'variable',
    post_password: '',
    global_unique_id: product.globalUniqueId,
    ...(isEdit
      ? {
          permalink_template: `${show.origin}/product/%pagename%/`,
          generated_slug: decodeURIComponent(slugOf(name)),
        }
      : {}),
    ...linksTo(
      `${rest(show)}/products/${product.id}`,
      `${rest(show)}/products`,
      parent ? `${rest(show)}/products/${parent.id}` : null,
    ),
  }
}

/** Text for reading: WordPress puts every piece into a paragraph. */
const paragraphs = (text: string): string =>
  text
    .split(/<\/?p>/)
    .filter((part) => part.trim() !== '')
    .map((part) => `<p>${part}</p>\n`)
    .join('')

/** A category that the shop does not have is taken, and shown under a name that says so. */
function category(ledger: Ledger, id: number): object {
  const { name, slug } = ledger.terms.categories.get(id) ?? { name: `Category ${id}`, slug: `category-${id}` }
  return { id, name, slug }
}

/** What /products/{parent}/variations says of a variation. */
export function variationJson(ledger: Ledger, product: ShopProduct, show: Show): object {
  const parentUrl = `${rest(show)}/products/${product.parentId}`
  const [image = null] = pictures(ledger, product)
  return {
    id: product.id,
    type: 'variation',
    ...dates(ledger, product),
    description: product.description,
    permalink: permalink(ledger, product, show),
    sku: skuOf(ledger, product),
    global_unique_id: product.globalUniqueId,
    ...prices(ledger, product),
    // The status stands between "on_sale" and "purchasable" there; the order of names means nothing.
    status: product.status,
    ...downloads,
    tax_status: 'taxable',
    tax_class: product.taxClass || (show.context === 'edit' ? 'parent' : ''),
    ...stock(ledger, product),
    ...backorders(product),
    low_stock_amount: null,
    weight: product.weight,
    dimensions: product.dimensions,
    shipping_class: '',
    shipping_class_id: 0,
    image,
    gallery_image_ids: [],
    attributes: options(product),
    menu_order: 0,
    meta_data: product.meta,
    name: variationName(product),
    parent_id: product.parentId,
    ...linksTo(`${parentUrl}/variations/${product.id}`, `${parentUrl}/variations`, parentUrl),
  }
}
