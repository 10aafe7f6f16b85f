import { sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { rows, type Tx } from '../db/client.ts'
import { mappingBatches } from '../db/schema/index.ts'
import type { MappingKind } from '../db/schema/mappings.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { instant } from '../lib/sql.ts'
import { ConflictError } from '../sdk/errors.ts'
import { assertMeaningful } from './check.ts'
import { markUses } from './follow.ts'
import { kinds } from './kinds.ts'
import { type Meaning, readMeanings, refKey, type WordRef } from './meanings.ts'

type Source = { id: string; name: string }

/**
 * What a word shall mean; null: nothing. `revision` is the one that was edited (0: none); left out, whatever is
 * there is replaced.
 */
export type MappingEntry = WordRef & { target: string | null; revision?: number | undefined }

export type Saved = {
  /** Null when nothing changed. */
  batchId: string | null
  changed: readonly WordRef[]
  /** Listings whose content is pushed anew. */
  dirtyListings: number
}

/** Held while mappings of a kind change on a connection, so that a revision is compared with what it will replace. */
const saveLock = 7_203_010

/**
 * Sets mappings of a kind; those not named stay. Together they are one batch, which can be undone.
 * @throws InputError naming the entry, ConflictError when one was changed since; nothing is changed then.
 */
export async function saveMappings(
  tx: Tx,
  source: Source,
  kind: MappingKind,
  entries: readonly MappingEntry[],
  act: Act,
  batch: { how: 'edit' | 'accept' | 'import' | 'undo'; undoes?: string } = { how: 'edit' },
): Promise<Saved> {
  await tx.execute(sql`select pg_advisory_xact_lock(${saveLock}, hashtext(${`${source.id}:${kind}`}))`)
  const unique = [...new Map(entries.map((entry) => [refKey(entry), entry])).values()]
  const before = await readMeanings(tx, source.id, kind, unique)
  assertFresh(source, unique, before)
  const changed = unique.filter((entry) => before.get(refKey(entry))!.target !== entry.target)
  if (changed.length === 0) return { batchId: null, changed: [], dirtyListings: 0 }
  await assertMeaningful(
    tx,
    source,
    kind,
    changed.flatMap(({ scope, word, target }) => (target === null ? [] : [{ scope, word, target }])),
  )
  const batchId = newId('mpb', act.now.getTime())
  await write(tx, source.id, kind, changed, before, { batchId, ...batch }, act)
  await appendAudit(tx, act, {
    action: `mappings.${batch.how}`,
    subject: source.id,
    before: { kind, entries: changed.slice(0, auditedEntries).map((entry) => meaningIn(before, entry)) },
    after: {
      kind,
      batchId,
      changes: changed.length,
      entries: changed.slice(0, auditedEntries).map(({ scope, word, target }) => ({ scope, word, target })),
    },
  })
  return { batchId, changed, dirtyListings: await markUses(tx, source.id, kind, changed, act) }
}

/** The batch has all of them; the audit log names the first. */
const auditedEntries = 100

const meaningIn = (before: ReadonlyMap<string, Meaning>, entry: WordRef) => {
  const { scope, word, target } = before.get(refKey(entry))!
  return { scope, word, target }
}

function assertFresh(
  source: Source,
  entries: readonly MappingEntry[],
  before: ReadonlyMap<string, Meaning>,
): void {
  for (const entry of entries) {
    const held = before.get(refKey(entry))!
    if (entry.revision === undefined || entry.revision === held.revision) continue
    throw new ConflictError(
      `"${entry.word}" on ${source.name} was ${held.target === null ? 'unmapped' : `mapped to "${held.target}"`} by ${held.changedBy ?? 'somebody'}${held.changedAt ? ` at ${held.changedAt.toISOString()}` : ''}. Look again before you change it.`,
    )
  }
}

async function write(
  tx: Tx,
  connectionId: string,
  kind: MappingKind,
  changed: readonly MappingEntry[],
  before: ReadonlyMap<string, Meaning>,
  batch: { batchId: string; how: 'edit' | 'accept' | 'import' | 'undo'; undoes?: string },
  act: Act,
): Promise<void> {
  const isOurs = kinds[kind].word === 'ours'
  const items = changed.map((entry) => {
    const held = before.get(refKey(entry))!
    return {
      scope: entry.scope,
      word: entry.word,
      ours: isOurs ? entry.word : entry.target,
      theirs: isOurs ? entry.target : entry.word,
      before: held.target,
      after: entry.target,
      revision: held.revision + 1,
    }
  })
  const columns = 'scope text, word text, ours text, theirs text, before text, after text, revision int'
  await tx.execute(sql`
    delete from mappings using ${rows(items, columns)}
    where mappings.connection_id = ${connectionId} and mappings.kind = ${kind} and mappings.scope = item.scope and mappings.word = item.word`)
  await tx.execute(sql`
    insert into mappings (connection_id, kind, scope, ours, theirs, revision, updated_at, updated_by)
    select ${connectionId}, ${kind}, item.scope, item.ours, item.theirs, item.revision, ${instant(act.now)}, ${act.actor}
    from ${rows(items, columns)} where item.after is not null`)
  await tx.insert(mappingBatches).values({
    id: batch.batchId,
    connectionId,
    kind,
    how: batch.how,
    changes: items.length,
    actor: act.actor,
    at: act.now,
    undoes: batch.undoes ?? null,
  })
  await tx.execute(sql`
    insert into mapping_changes (batch_id, connection_id, kind, scope, word, before, after, revision, actor, at)
    select ${batch.batchId}, ${connectionId}, ${kind}, item.scope, item.word, item.before, item.after, item.revision, ${act.actor}, ${instant(act.now)}
    from ${rows(items, columns)}`)
  await tx.execute(sql`
    insert into mapping_words (connection_id, kind, scope, word, name, state, seen_at)
    select ${connectionId}, ${kind}, item.scope, item.word, item.word, case when item.after is null then 'unmapped' else 'mapped' end, ${instant(act.now)}
    from ${rows(items, columns)}
    on conflict (connection_id, kind, scope, word) do update set state = case
      when excluded.state = 'mapped' then 'mapped' when mapping_words.confidence >= ${suggestedFrom}::real then 'suggested' else 'unmapped' end`)
}

/** From this confidence on a suggestion is offered as one. */
export const suggestedFrom = 0.5
