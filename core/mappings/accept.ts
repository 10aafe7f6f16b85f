import { and, eq, inArray } from 'drizzle-orm'
import type { DbOrTx, Tx } from '../db/client.ts'
import { mappings } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { kinds, type MappingKind } from './kinds.ts'
import { countWords, listWords, type WordRow } from './list.ts'
import { type Saved, saveMappings } from './save.ts'

type Source = { id: string; name: string }
export type AcceptFilter = { minConfidence: number; scope?: string | undefined; q?: string | undefined }

/** As many are accepted at once; what is left is accepted by asking again. */
const mostAtOnce = 10_000
const samples = 20

/** What accepting the first suggestion of these words would do. */
export async function previewAcceptance(
  db: DbOrTx,
  source: Source,
  kind: MappingKind,
  filter: AcceptFilter,
): Promise<{ words: number; listings: number; orders: number; samples: WordRow[] }> {
  const wanted = { ...filter, state: 'suggested' } as const
  const counts = await countWords(db, source.id, kind, wanted)
  const shown = await listWords(db, source.id, kind, { ...wanted, sort: '-confidence', limit: samples })
  return { ...counts, samples: shown.slice(0, samples) }
}

/**
 * Maps each of these words to its first suggestion, in one transaction and as one batch. Of several words that would
 * mean one thing where only one may, the surest gets it and the others stay. Returns how many stay.
 */
export async function acceptSuggestions(
  tx: Tx,
  source: Source,
  kind: MappingKind,
  filter: AcceptFilter,
  act: Act,
): Promise<Saved & { left: number }> {
  const found = await listWords(tx, source.id, kind, {
    ...filter,
    state: 'suggested',
    sort: '-confidence',
    limit: mostAtOnce,
  })
  const wanted = found.flatMap(({ suggestions }) => suggestions[0]?.target ?? [])
  const taken = kinds[kind].mayShare ? new Set<string>() : await readTargets(tx, source.id, kind, wanted)
  const entries = found.slice(0, mostAtOnce).flatMap(({ scope, word, suggestions, revision }) => {
    const target = suggestions[0]!.target
    // Two listings of one SKU are a conflict, so a guess never binds a second one.
    if ((kind === 'sku' || !kinds[kind].mayShare) && taken.has(target)) return []
    taken.add(target)
    return [{ scope, word, target, revision }]
  })
  const saved = await saveMappings(tx, source, kind, entries, act, { how: 'accept' })
  const rest = await countWords(tx, source.id, kind, { ...filter, state: 'suggested' })
  return { ...saved, left: rest.words }
}

/** Those of these targets that a word means already. */
async function readTargets(
  tx: Tx,
  connectionId: string,
  kind: MappingKind,
  targets: readonly string[],
): Promise<Set<string>> {
  const found = await tx
    .select({ target: mappings.theirs })
    .from(mappings)
    .where(
      and(
        eq(mappings.connectionId, connectionId),
        eq(mappings.kind, kind),
        inArray(mappings.theirs, [...targets]),
      ),
    )
  return new Set(found.map((row) => row.target))
}
