import { desc, eq, sql } from 'drizzle-orm'
import type { DbOrTx, Tx } from '../db/client.ts'
import { importMappings } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { type ImportMapping, mappingSchema } from './wizard-profile.ts'

export type SavedMapping = {
  kind: string
  mapping: ImportMapping
  revision: number
  savedBy: string
  savedAt: Date
}

/** What files with these columns were taken for before, the latest first. */
export async function readSavedMappings(db: DbOrTx, signature: string): Promise<SavedMapping[]> {
  const found = await db
    .select()
    .from(importMappings)
    .where(eq(importMappings.signature, signature))
    .orderBy(desc(importMappings.savedAt))
  return found.flatMap(({ kind, mapping, revision, savedBy, savedAt }) => {
    // One that an older version saved may not fit any more: it is as if there were none.
    const parsed = mappingSchema.safeParse(mapping)
    return parsed.success ? [{ kind, mapping: parsed.data, revision, savedBy, savedAt }] : []
  })
}

/** Remembers what the columns of such files mean, for the next one. */
export async function saveMapping(
  tx: Tx,
  signature: string,
  mapping: ImportMapping,
  act: Act,
): Promise<void> {
  const values = { mapping, savedBy: act.actor, savedAt: act.now }
  await tx
    .insert(importMappings)
    .values({ signature, kind: mapping.kind, ...values })
    .onConflictDoUpdate({
      target: [importMappings.signature, importMappings.kind],
      set: { ...values, revision: sql`${importMappings.revision} + 1` },
    })
}
