import { ConnectorError, type Page, type RemoteTerm } from 'entrepot/sdk'
import { z } from 'zod'
import { pageSize, type WooClient } from './client.ts'
import { attributeTerm } from './mapping-content.ts'
import { isDraftOrder, statusMeaning } from './mapping-orders.ts'

/** Rows read twice from page to page, so that a category deleted meanwhile shifts no other out of sight. */
const offsetOverlap = 10

/** Categories come first, then attributes, then the values of one attribute after another, then the rest. */
const cursorSchema = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('categories'), offset: z.int().min(0) }),
  z.object({ phase: z.literal('attributes') }),
  z.object({
    phase: z.literal('values'),
    attributes: z.array(z.int()).min(1),
    offset: z.int().min(0),
  }),
  z.object({ phase: z.literal('rest') }),
])
type TermCursor = z.infer<typeof cursorSchema>

const byId = (offset: number) => ({ orderby: 'id', order: 'asc', per_page: pageSize, offset })
const term = (kind: RemoteTerm['kind'], id: string, name: string, parentId: string | null): RemoteTerm => ({
  kind,
  id,
  name: plainText(name),
  parentId,
  isAssignable: true,
  isRequired: false,
})

/** Names come as HTML. */
const plainText = (text: string): string =>
  text.replaceAll('&amp;', '&').replaceAll('&gt;', '>').replaceAll('&lt;', '<')

/**
 * What the shop offers: categories, shared attributes with their values, tax classes, order states. It has no list
 * of carriers or places. A value goes by its name, because that is what a product is given.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-product-categories
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-product-attributes
 */
export async function pullTerms(client: WooClient, after: string | null): Promise<Page<RemoteTerm>> {
  const cursor: TermCursor =
    after === null ? { phase: 'categories', offset: 0 } : cursorSchema.parse(JSON.parse(after))
  if (cursor.phase === 'categories') return categoryPage(client, cursor)
  if (cursor.phase === 'attributes') return attributePage(client)
  if (cursor.phase === 'values') return valuePage(client, cursor)
  return { items: [...(await taxClasses(client)), ...(await orderStates(client))], next: null, more: false }
}

const goOn = (cursor: TermCursor) => ({ next: JSON.stringify(cursor), more: true })

async function categoryPage(
  client: WooClient,
  cursor: TermCursor & { phase: 'categories' },
): Promise<Page<RemoteTerm>> {
  const rows = await client.listCategories(byId(cursor.offset))
  const items = rows.map((row) =>
    term('category', String(row.id), row.name, row.parent === 0 ? null : String(row.parent)),
  )
  const isLast = rows.length < pageSize
  const offset = cursor.offset + pageSize - offsetOverlap
  return { items, ...goOn(isLast ? { phase: 'attributes' } : { phase: 'categories', offset }) }
}

async function attributePage(client: WooClient): Promise<Page<RemoteTerm>> {
  const rows = await client.listAttributes()
  const items = rows.map((row) => term('attribute', attributeTerm(row.id), row.name, null))
  return { items, ...goOn(valuesOf(rows.map((row) => row.id))) }
}

const valuesOf = (attributes: number[]): TermCursor =>
  attributes.length === 0 ? { phase: 'rest' } : { phase: 'values', attributes, offset: 0 }

async function valuePage(
  client: WooClient,
  cursor: TermCursor & { phase: 'values' },
): Promise<Page<RemoteTerm>> {
  const [attribute, ...others] = cursor.attributes
  const rows = await client.listAttributeTerms(attribute!, byId(cursor.offset))
  const parent = attributeTerm(attribute!)
  const items = rows.map((row) => term('attribute_value', plainText(row.name), row.name, parent))
  if (rows.length < pageSize) return { items, ...goOn(valuesOf(others)) }
  return { items, ...goOn({ ...cursor, offset: cursor.offset + pageSize - offsetOverlap }) }
}

const taxClasses = async (client: WooClient): Promise<RemoteTerm[]> =>
  (await client.listTaxClasses()).map((row) => term('tax', row.slug, row.name, null))

/** A key without the right to see reports still maps: states are learnt from orders as well. */
async function orderStates(client: WooClient): Promise<RemoteTerm[]> {
  try {
    const states = await client.listOrderTotals()
    return states
      .filter(({ slug }) => !isDraftOrder(slug))
      .map(({ slug, name }) => {
        const reading = statusMeaning(slug, client.settings)
        return { ...term('order_state', slug, name, null), ...(reading ? { reading } : {}) }
      })
  } catch (error) {
    if (error instanceof ConnectorError && [401, 403, 404].includes(error.status ?? 0)) return []
    throw error
  }
}
