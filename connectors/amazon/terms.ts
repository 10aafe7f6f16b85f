import type { Page, RemoteTerm } from 'entrepot/sdk'
import { carrierCodes } from './carriers.ts'
import type { AmazonClient } from './client.ts'

const term = (kind: RemoteTerm['kind'], id: string, name: string): RemoteTerm => ({
  kind,
  id,
  name,
  parentId: null,
  isAssignable: true,
  isRequired: false,
})

/**
 * Amazon's product types, which stand for categories, and the carriers it knows by a code. Both come at once.
 * @see https://developer-docs.amazon.com/sp-api/reference/searchdefinitionsproducttypes
 */
export async function pullTerms(client: AmazonClient): Promise<Page<RemoteTerm>> {
  const { productTypes } = await client.searchProductTypes()
  const items = [
    ...productTypes.map(({ name, displayName }) => term('category', name, displayName)),
    ...carrierCodes.map((code) => term('carrier', code, code)),
  ]
  return { items, next: null, more: false }
}
