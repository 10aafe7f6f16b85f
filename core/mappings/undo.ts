import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { mappingBatches, mappingChanges } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { ConflictError, NotFoundError } from '../sdk/errors.ts'
import type { MappingKind } from './kinds.ts'
import { type Saved, saveMappings } from './save.ts'

type Source = { id: string; name: string }

/**
 * Takes a batch back, or some changes of it: each word means again what it meant before. That is a batch of its
 * own, which can be undone too. @throws NotFoundError, ConflictError when a word was changed since.
 */
export async function undoMappings(
  tx: Tx,
  source: Source,
  batchId: string,
  changeIds: readonly number[] | undefined,
  act: Act,
): Promise<Saved & { kind: MappingKind }> {
  const [batch] = await tx
    .select()
    .from(mappingBatches)
    .where(and(eq(mappingBatches.id, batchId), eq(mappingBatches.connectionId, source.id)))
    .for('update')
  if (!batch) throw new NotFoundError(`${source.name} has no batch of mappings ${batchId}.`)
  const changes = await tx
    .select()
    .from(mappingChanges)
    .where(
      and(
        eq(mappingChanges.batchId, batchId),
        isNull(mappingChanges.undoneAt),
        changeIds === undefined ? undefined : inArray(mappingChanges.id, [...changeIds]),
      ),
    )
    .orderBy(asc(mappingChanges.id))
  if (changes.length === 0)
    throw new ConflictError('These changes of mappings were taken back already: there is nothing to undo.')
  const entries = changes.map(({ scope, word, before, revision }) => ({
    scope,
    word,
    target: before,
    revision,
  }))
  const saved = await saveMappings(tx, source, batch.kind, entries, act, { how: 'undo', undoes: batchId })
  await tx
    .update(mappingChanges)
    .set({ undoneAt: act.now, undoneBy: act.actor })
    .where(
      and(
        eq(mappingChanges.batchId, batchId),
        isNull(mappingChanges.undoneAt),
        changeIds === undefined ? undefined : inArray(mappingChanges.id, [...changeIds]),
      ),
    )
  return { ...saved, kind: batch.kind }
}
