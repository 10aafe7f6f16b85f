import type { RemoteTerm } from 'entrepot/sdk'
import type { Hono } from 'hono'
import { carrierCodes } from './carriers.ts'
import { type Gate, refuse } from './sandbox-gate.ts'

/** A few of Amazon's product types, as searchDefinitionsProductTypes tells them. */
const productTypes = [
  { name: 'DRINKING_CUP', displayName: 'Drinking Cup' },
  { name: 'SCARF', displayName: 'Scarf' },
  { name: 'SHIRT', displayName: 'Shirt' },
  { name: 'SHOES', displayName: 'Shoes' },
  { name: 'LUGGAGE', displayName: 'Luggage' },
  { name: 'PRODUCT', displayName: 'Product' },
]

/** The Product Type Definitions API 2020-09-01, as far as it lists. */
export function serveProductTypes(app: Hono, gate: Gate, marketplaceId: string): void {
  app.get('/definitions/2020-09-01/productTypes', gate.operation('searchDefinitionsProductTypes'), (c) => {
    if (c.req.query('marketplaceIds') !== marketplaceId)
      return refuse(c, 400, 'InvalidInput', 'Invalid request parameters.')
    return c.json({
      productTypes: productTypes.map((type) => ({ ...type, marketplaceIds: [marketplaceId] })),
      productTypeVersion: 'UHqSqmb4FNUk=',
    })
  })
}

/** The same in the SDK's words, for the suite to compare. */
export const sandboxTerms = (): RemoteTerm[] => {
  const term = (kind: RemoteTerm['kind'], id: string, name: string) => ({
    kind,
    id,
    name,
    parentId: null,
    isAssignable: true,
    isRequired: false,
  })
  return [
    ...productTypes.map(({ name, displayName }) => term('category', name, displayName)),
    ...carrierCodes.map((code) => term('carrier', code, code)),
  ]
}
