import type { RemoteTerm } from 'entrepot/sdk'
import { type Context, Hono } from 'hono'
import { shopOrigin } from './sandbox-auth.ts'
import type { Ledger } from './sandbox-ledger.ts'
import { linksTo } from './sandbox-product-json.ts'
import { slugOf } from './sandbox-shelf.ts'
import { readPaging, sendJson, sendList, WpFailure } from './sandbox-wire.ts'

/** What staff does under Products, Categories. Returns the id. */
export function addCategory(ledger: Ledger, name: string, parent: number): number {
  const id = ledger.nextId()
  ledger.terms.categories.set(id, { id, name, slug: slugOf(name), parent })
  return id
}

/** What staff does under Products, Attributes. Returns the id. */
export function addAttribute(ledger: Ledger, name: string, values: readonly string[]): number {
  const id = ledger.terms.attributes.size + 1
  const terms = values.map((value) => ({ id: ledger.nextId(), name: value, slug: slugOf(value) }))
  ledger.terms.attributes.set(id, { id, name, slug: `pa_${slugOf(name)}`, terms })
  return id
}

const stateNames: Readonly<Record<string, string>> = {
  pending: 'Pending payment',
  processing: 'Processing',
  'on-hold': 'On hold',
  completed: 'Completed',
  cancelled: 'Cancelled',
  refunded: 'Refunded',
  failed: 'Failed',
  'checkout-draft': 'Draft',
}

const states = (custom: readonly string[]) =>
  [...Object.keys(stateNames), ...custom].map((slug) => ({ slug, name: stateNames[slug] ?? slug }))

/** /products/categories, /products/attributes with their terms, /taxes/classes and /reports/orders/totals. */
export function termRoutes(ledger: Ledger, custom: readonly string[]): Hono {
  const app = new Hono()
  const { terms } = ledger
  const base = (c: Context) => `${shopOrigin(c)}/wp-json/wc/v3/products`
  const countOf = (id: number) =>
    [...ledger.products.values()].filter(({ categories }) => categories.includes(id)).length

  app.get('/products/categories', (c) => {
    const paging = readPaging(c)
    const all = [...terms.categories.values()].sort((a, b) => a.id - b.id)
    const rows = all.slice(paging.offset, paging.offset + paging.perPage).map(({ id, name, ...rest }) => ({
      id,
      name: name.replaceAll('&', '&amp;'),
      ...rest,
      description: '',
      display: 'default',
      image: null,
      menu_order: 0,
      count: countOf(id),
      ...linksTo(`${base(c)}/categories/${id}`, `${base(c)}/categories`, null),
    }))
    return sendList(c, rows, all.length, paging, false)
  })
  app.get('/products/attributes', (c) =>
    sendJson(
      c,
      [...terms.attributes.values()].map(({ id, name, slug }) => ({
        id,
        name,
        slug,
        type: 'select',
        order_by: 'menu_order',
        has_archives: false,
        ...linksTo(`${base(c)}/attributes/${id}`, `${base(c)}/attributes`, null),
      })),
      200,
    ),
  )
  app.get('/products/attributes/:id{\\d+}/terms', (c) => {
    const paging = readPaging(c)
    const attribute = terms.attributes.get(Number(c.req.param('id')))
    if (!attribute) throw new WpFailure(404, 'woocommerce_rest_taxonomy_invalid', 'Resource does not exist.')
    const at = `${base(c)}/attributes/${attribute.id}/terms`
    const rows = attribute.terms.slice(paging.offset, paging.offset + paging.perPage).map((term) => ({
      ...term,
      name: term.name.replaceAll('&', '&amp;'),
      description: '',
      menu_order: 0,
      count: 0,
      ...linksTo(`${at}/${term.id}`, at, null),
    }))
    return sendList(c, rows, attribute.terms.length, paging, false)
  })
  app.get('/taxes/classes', (c) =>
    sendJson(
      c,
      terms.taxClasses.map((row) => ({
        ...row,
        _links: { collection: [{ href: `${shopOrigin(c)}/wp-json/wc/v3/taxes/classes` }] },
      })),
      200,
    ),
  )
  app.get('/reports/orders/totals', (c) =>
    sendJson(
      c,
      states(custom).map((row) => ({
        ...row,
        total: [...ledger.orders.values()].filter(({ status }) => status === row.slug).length,
      })),
      200,
    ),
  )
  return app
}

/** The same in the SDK's words, for the suite to compare. */
export function shopTerms(ledger: Ledger, custom: readonly string[]): RemoteTerm[] {
  const { categories, attributes, taxClasses } = ledger.terms
  const term = (kind: RemoteTerm['kind'], id: string, name: string, parentId: string | null = null) => ({
    kind,
    id,
    name,
    parentId,
    isAssignable: true,
    isRequired: false,
  })
  return [
    ...[...categories.values()].map(({ id, name, parent }) =>
      term('category', String(id), name, parent === 0 ? null : String(parent)),
    ),
    ...[...attributes.values()].flatMap(({ id, name, terms }) => [
      term('attribute', `id:${id}`, name),
      ...terms.map((value) => term('attribute_value', value.name, value.name, `id:${id}`)),
    ]),
    ...taxClasses.map(({ slug, name }) => term('tax', slug, name)),
    // An unfinished cart is no order.
    ...states(custom).flatMap(({ slug, name }) =>
      slug === 'checkout-draft' ? [] : [term('order_state', slug, name)],
    ),
  ]
}
