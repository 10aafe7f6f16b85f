import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { findVariants } from '../catalog/catalog.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { listings, mappings } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { InputError } from '../sdk/errors.ts'
import { markDirty } from './dirty.ts'

export const mappingKinds = ['category', 'attribute', 'carrier', 'location', 'tax', 'sku'] as const
export type MappingKind = (typeof mappingKinds)[number]
/** `theirs` null takes the mapping away. */
export type MappingEntry = { ours: string; theirs: string | null }

/** The mappings of a kind, by our word. One row more than `limit`. */
export async function listMappings(
  db: DbOrTx,
  connectionId: string,
  kind: MappingKind,
  { after, limit }: { after?: string | undefined; limit: number },
) {
  return db
    .select({ ours: mappings.ours, theirs: mappings.theirs, updatedAt: mappings.updatedAt })
    .from(mappings)
    .where(
      and(
        eq(mappings.connectionId, connectionId),
        eq(mappings.kind, kind),
        after === undefined ? undefined : gt(mappings.ours, after),
      ),
    )
    .orderBy(asc(mappings.ours))
    .limit(limit + 1)
}

/**
 * Sets mappings of a kind; those not named stay. What listings say follows from categories and attributes, so
 * their content becomes dirty then. @throws InputError naming the entry; nothing is changed then.
 */
export async function saveMappings(
  tx: Tx,
  connectionId: string,
  kind: MappingKind,
  entries: readonly MappingEntry[],
  act: Act,
): Promise<void> {
  const unique = new Map(entries.map((entry) => [entry.ours, entry.theirs]))
  const ours = [...unique.keys()]
  const before = await tx
    .select({ ours: mappings.ours, theirs: mappings.theirs })
    .from(mappings)
    .where(
      and(eq(mappings.connectionId, connectionId), eq(mappings.kind, kind), inArray(mappings.ours, ours)),
    )
  await tx
    .delete(mappings)
    .where(
      and(eq(mappings.connectionId, connectionId), eq(mappings.kind, kind), inArray(mappings.ours, ours)),
    )
  const values = [...unique].flatMap(([our, theirs]) =>
    theirs === null ? [] : [{ connectionId, kind, ours: our, theirs, updatedAt: act.now }],
  )
  if (kind === 'sku') await assertSkus(tx, connectionId, values)
  if (values.length > 0) await tx.insert(mappings).values(values)
  await appendAudit(tx, act, {
    action: 'mappings.set',
    subject: connectionId,
    before: { kind, entries: before },
    after: { kind, entries },
  })
  if (kind !== 'category' && kind !== 'attribute') return
  const touched = await tx
    .select({ variantId: listings.variantId })
    .from(listings)
    .where(eq(listings.connectionId, connectionId))
  await markDirty(tx, 'content', touched, act, { connectionId })
}

/** A SKU mapping names a SKU of ours, and no SKU of theirs means two of ours. */
async function assertSkus(
  tx: Tx,
  connectionId: string,
  values: readonly { ours: string; theirs: string }[],
): Promise<void> {
  const known = await findVariants(
    tx,
    values.map((value) => value.ours),
  )
  const unknown = values.find((value) => !known.has(value.ours))
  if (unknown) throw new InputError(`There is no SKU "${unknown.ours}" in the catalogue.`, 'ours')
  const taken = await tx
    .select({ ours: mappings.ours, theirs: mappings.theirs })
    .from(mappings)
    .where(
      and(
        eq(mappings.connectionId, connectionId),
        eq(mappings.kind, 'sku'),
        inArray(
          mappings.theirs,
          values.map((value) => value.theirs),
        ),
      ),
    )
  const holders = new Map(taken.map((row) => [row.theirs, row.ours]))
  for (const { ours, theirs } of values) {
    const holder = holders.get(theirs)
    if (holder !== undefined)
      throw new InputError(
        `Their SKU "${theirs}" means ${holder} already; it cannot mean ${ours} too.`,
        'theirs',
      )
    holders.set(theirs, ours)
  }
}
