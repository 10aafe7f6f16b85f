import { type AnyColumn, and, desc, eq, lt, sql } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { mappingBatches, mappingChanges } from '../db/schema/index.ts'
import { NotFoundError } from '../sdk/errors.ts'
import type { MappingKind } from './kinds.ts'

/** Batches of a connection, the newest first. One row more than `limit`. */
export const listBatches = (
  db: DbOrTx,
  connectionId: string,
  { kind, after, limit }: { kind?: MappingKind | undefined; after?: string | undefined; limit: number },
) =>
  db
    .select({
      id: mappingBatches.id,
      kind: mappingBatches.kind,
      how: mappingBatches.how,
      changes: mappingBatches.changes,
      actor: mappingBatches.actor,
      at: mappingBatches.at,
      undoes: mappingBatches.undoes,
      undone: sql<number>`(select count(*)::int from mapping_changes change where change.batch_id = mapping_batches.id and change.undone_at is not null)`,
    })
    .from(mappingBatches)
    .where(
      and(
        eq(mappingBatches.connectionId, connectionId),
        kind === undefined ? undefined : eq(mappingBatches.kind, kind),
        after === undefined ? undefined : lt(mappingBatches.id, after),
      ),
    )
    .orderBy(sql`${mappingBatches.id} desc nulls last`)
    .limit(limit + 1)

export type ChangeFilter = {
  batchId?: string | undefined
  kind?: MappingKind | undefined
  scope?: string | undefined
  word?: string | undefined
  after?: number | undefined
  limit: number
}

/** Changes of a batch, of a word or of all, the newest first. One row more than `limit`. @throws NotFoundError */
export async function listChanges(
  db: DbOrTx,
  connectionId: string,
  { batchId, kind, scope, word, after, limit }: ChangeFilter,
) {
  if (batchId !== undefined) {
    const [batch] = await db
      .select({ id: mappingBatches.id })
      .from(mappingBatches)
      .where(and(eq(mappingBatches.id, batchId), eq(mappingBatches.connectionId, connectionId)))
    if (!batch) throw new NotFoundError(`There is no batch of mappings ${batchId}.`)
  }
  return db
    .select({
      id: mappingChanges.id,
      batchId: mappingChanges.batchId,
      kind: mappingChanges.kind,
      scope: mappingChanges.scope,
      word: mappingChanges.word,
      before: mappingChanges.before,
      after: mappingChanges.after,
      beforeName: nameOf(mappingChanges.before),
      afterName: nameOf(mappingChanges.after),
      revision: mappingChanges.revision,
      actor: mappingChanges.actor,
      at: mappingChanges.at,
      undoneAt: mappingChanges.undoneAt,
      undoneBy: mappingChanges.undoneBy,
    })
    .from(mappingChanges)
    .where(
      and(
        eq(mappingChanges.connectionId, connectionId),
        batchId === undefined ? undefined : eq(mappingChanges.batchId, batchId),
        kind === undefined ? undefined : eq(mappingChanges.kind, kind),
        scope === undefined ? undefined : eq(mappingChanges.scope, scope),
        word === undefined ? undefined : eq(mappingChanges.word, word),
        after === undefined ? undefined : lt(mappingChanges.id, after),
      ),
    )
    .orderBy(desc(mappingChanges.id))
    .limit(limit + 1)
}

/** What people on the platform call what a word meant; null where it tells no such term. */
const nameOf = (meaning: AnyColumn) => sql<string | null>`(
  select case when term.path = '' then term.name else term.path || ' > ' || term.name end from external_terms term
  where term.connection_id = mapping_changes.connection_id and term.kind = mapping_changes.kind and term.kind <> 'order_state'
    and term.id = ${meaning} limit 1)`
