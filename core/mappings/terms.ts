import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import { type DbOrTx, query, rows, type Tx } from '../db/client.ts'
import { externalTerms } from '../db/schema/index.ts'
import { instant } from '../lib/sql.ts'
import type { RemoteTerm, TermKind } from '../sdk/model/term.ts'

/** Keeps what a page of a reading told. What orders have shown of a state stays where nothing else is told. */
export async function keepTerms(
  tx: Tx,
  connectionId: string,
  terms: readonly RemoteTerm[],
  startedAt: Date,
): Promise<void> {
  const scopeOf = (term: RemoteTerm) => (term.kind === 'attribute_value' ? (term.parentId ?? '') : '')
  const unique = new Map(terms.map((term) => [JSON.stringify([term.kind, scopeOf(term), term.id]), term]))
  const items = [...unique.values()].map((term) => ({
    kind: term.kind,
    scope: scopeOf(term),
    id: term.id,
    name: term.name,
    parent_id: term.kind === 'attribute_value' ? null : term.parentId,
    is_assignable: term.isAssignable,
    is_required: term.isRequired,
    reading: term.reading ?? null,
  }))
  const columns =
    'kind text, scope text, id text, name text, parent_id text, is_assignable boolean, is_required boolean, reading text'
  await tx.execute(sql`
    insert into external_terms (connection_id, kind, scope, id, name, parent_id, is_assignable, is_required, reading, is_listed, seen_at)
    select ${connectionId}, item.kind, item.scope, item.id, item.name, item.parent_id, item.is_assignable, item.is_required, item.reading, true, ${instant(startedAt)}
    from ${rows(items, columns)}
    on conflict (connection_id, kind, scope, id) do update set name = excluded.name, parent_id = excluded.parent_id,
      is_assignable = excluded.is_assignable, is_required = excluded.is_required, reading = coalesce(excluded.reading, external_terms.reading), is_listed = true, seen_at = excluded.seen_at`)
}

/**
 * Ends a whole reading: writes the paths, and forgets what it did not show. A kind that it told nothing of at all
 * is left alone: an empty answer is no proof that everything is gone.
 */
export async function finishTerms(tx: Tx, connectionId: string, startedAt: Date): Promise<void> {
  const told = await tx
    .selectDistinct({ kind: externalTerms.kind })
    .from(externalTerms)
    .where(and(eq(externalTerms.connectionId, connectionId), eq(externalTerms.seenAt, startedAt)))
  const kinds = told.map((row) => row.kind)
  // A value belongs to its attribute: where attributes were told, values were too.
  if (kinds.includes('attribute') && !kinds.includes('attribute_value')) kinds.push('attribute_value')
  if (kinds.length === 0) return
  await tx.delete(externalTerms).where(
    and(
      eq(externalTerms.connectionId, connectionId),
      inArray(externalTerms.kind, kinds),
      eq(externalTerms.isListed, true),
      lt(externalTerms.seenAt, startedAt),
      // A state that orders have shown stays known.
      sql`not (${externalTerms.kind} = 'order_state' and ${externalTerms.reading} is not null)`,
    ),
  )
  await tx.execute(sql`
    with recursive tree as (
      select id, ''::text as path, name, 1 as depth from external_terms
      where connection_id = ${connectionId} and kind = 'category' and parent_id is null
      union all
      select child.id, case when tree.path = '' then tree.name else tree.path || ' > ' || tree.name end, child.name, tree.depth + 1
      from external_terms child join tree on child.parent_id = tree.id
      where child.connection_id = ${connectionId} and child.kind = 'category' and tree.depth < 50
    )
    update external_terms term set path = tree.path from tree
    where term.connection_id = ${connectionId} and term.kind = 'category' and term.id = tree.id and term.path <> tree.path`)
}

export type TermRow = { id: string; name: string; path: string; isAssignable: boolean; isRequired: boolean }

/** The platform's terms of a kind, by name; `q` finds part of a name, a path or an id. One row more than `limit`. */
export const listTerms = (
  db: DbOrTx,
  connectionId: string,
  kind: TermKind,
  filter: {
    scope?: string | undefined
    q?: string | undefined
    after?: [string, string] | undefined
    limit: number
  },
): Promise<TermRow[]> =>
  query<TermRow>(
    db,
    sql`
    select id, name, path, is_assignable as "isAssignable", is_required as "isRequired" from external_terms
    where connection_id = ${connectionId} and kind = ${kind} and scope = ${filter.scope ?? ''} and is_listed
      ${filter.q === undefined ? sql`` : sql`and search like ${likeOf(filter.q)}`}
      ${filter.after === undefined ? sql`` : sql`and (name, id) > (${filter.after[0]}, ${filter.after[1]})`}
    order by name, id limit ${filter.limit + 1}`,
  )

/** A pattern that finds the text anywhere, whatever signs it has. */
export const likeOf = (text: string): string => `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
