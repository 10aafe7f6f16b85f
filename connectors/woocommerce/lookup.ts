import { pageSize, type WooClient } from './client.ts'
import type { WooProduct } from './schemas.ts'

const skusPerLookup = 50
/** The shop compares SKUs without regard to case and outer spaces. */
export const skuKey = (sku: string): string => sku.trim().toLowerCase()

/**
 * Products and variations by SKU, outside the trash. A SKU with a comma is asked for alone, since the list is
 * separated by commas.
 */
export async function findBySku(
  client: WooClient,
  skus: readonly string[],
): Promise<Map<string, WooProduct>> {
  const plain = skus.filter((sku) => !sku.includes(','))
  const lookups = skus.filter((sku) => sku.includes(','))
  for (let from = 0; from < plain.length; from += skusPerLookup)
    lookups.push(plain.slice(from, from + skusPerLookup).join(','))
  const found = new Map<string, WooProduct>()
  for (const sku of lookups) {
    const fields = 'id,sku,type,status,parent_id,attributes,images,meta_data'
    for (const row of await client.listProducts({
      sku,
      per_page: pageSize,
      status: 'any',
      _fields: fields,
    })) {
      const held = found.get(skuKey(row.sku))
      // A variation without its own SKU reports its parent's; the parent is the owner.
      if (!held || held.type === 'variation') found.set(skuKey(row.sku), row)
    }
  }
  return found
}
