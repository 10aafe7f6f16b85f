import { findVariants } from '../catalog/catalog.ts'
import type { DbOrTx } from '../db/client.ts'
import { InputError } from '../sdk/errors.ts'

/** The variants of the SKUs that a body names. @throws InputError naming the entry whose SKU is unknown. */
export async function resolveSkus(
  db: DbOrTx,
  entries: readonly { sku: string }[],
  field: string,
): Promise<Map<string, string>> {
  const known = await findVariants(
    db,
    entries.map((entry) => entry.sku),
  )
  const index = entries.findIndex((entry) => !known.has(entry.sku))
  if (index >= 0)
    throw new InputError(
      `There is no SKU "${entries[index]!.sku}" in the catalogue.`,
      `${field}.${index}.sku`,
    )
  return known
}
