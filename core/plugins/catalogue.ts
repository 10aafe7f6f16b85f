import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'

/** A thing in PostgreSQL's own catalogue; `shape` changes with whatever its owner would notice. */
type Entry = { kind: string; space: string; name: string; shape: string; refersTo: string[] }
/** Everything in the database but the server's own. */
export type Catalogue = ReadonlyMap<string, Entry>

/** Reads what there is, tables before their indexes. Two readings in one repeatable-read transaction differ by that transaction alone. */
export async function readCatalogue(db: DbOrTx): Promise<Catalogue> {
  const found = await query<Entry>(
    db,
    sql`
    with space as (
      select oid, nspname as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
    )
    select 'schema' as kind, name as space, name, '' as shape, '{}'::text[] as "refersTo" from space
    union all
    select case class.relkind when 'r' then 'table' when 'p' then 'table' when 'f' then 'table'
        when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'view' when 'c' then 'type' else 'index' end,
      space.name, class.relname,
      md5(concat_ws('|', class.relfilenode, class.relpersistence, class.relrowsecurity, class.reloptions::text,
        (select string_agg(concat_ws(' ', attribute.attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
            pg_get_expr(adbin, adrelid)), ',' order by attnum)
          from pg_attribute attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
          where attrelid = class.oid and attnum > 0 and not attisdropped),
        (select string_agg(conname || pg_get_constraintdef(oid), ',' order by conname) from pg_constraint where conrelid = class.oid),
        (select string_agg(pg_get_triggerdef(oid) || tgenabled::text, ',' order by tgname) from pg_trigger where tgrelid = class.oid and not tgisinternal),
        (select string_agg(pg_get_ruledef(oid), ',' order by rulename) from pg_rewrite where ev_class = class.oid),
        case when class.relkind in ('i', 'I') then pg_get_indexdef(class.oid) end)),
      coalesce((select array_agg(target.relname::text) from pg_constraint
        join pg_class target on target.oid = confrelid where conrelid = class.oid and contype = 'f'), '{}')
    from pg_class class join space on space.oid = class.relnamespace
    union all
    select 'function', space.name, proname || '(' || pg_get_function_identity_arguments(pg_proc.oid) || ')',
      md5(concat_ws('|', prosrc, format_type(prorettype, null), provolatile, prosecdef, proconfig::text)), '{}'
    from pg_proc join space on space.oid = pronamespace
    union all
    select 'type', space.name, typname, '', '{}'
    from pg_type join space on space.oid = typnamespace where typtype in ('e', 'd')
    order by 1 desc, 2, 3`,
  )
  return new Map(found.map((entry) => [`${entry.kind} ${entry.space}.${entry.name}`, entry]))
}

/** What a change did to what is not its own, in words after "it"; null when it kept to its own. */
export function findTrespass(
  before: Catalogue,
  after: Catalogue,
  isOwn: (name: string) => boolean,
): string | null {
  const owns = ({ kind, space, name }: Entry) => kind !== 'schema' && space === 'public' && isOwn(name)
  for (const [key, entry] of after) {
    const { kind, name } = entry
    if (owns(entry)) {
      const foreign = entry.refersTo.find((target) => !isOwn(target))
      if (foreign) return `lets the table "${name}" refer to "${foreign}", which is not the plugin's`
    } else if (!before.has(key)) return `makes the ${kind} "${name}"`
    else if (before.get(key)?.shape !== entry.shape) return `changes the ${kind} "${name}"`
  }
  for (const [key, entry] of before)
    if (!after.has(key) && !owns(entry)) return `drops the ${entry.kind} "${entry.name}"`
  return null
}

/** Rows written by table. The server counts from an earlier transaction on: only the difference of two readings tells. */
export async function countWrites(db: DbOrTx): Promise<ReadonlyMap<string, number>> {
  const found = await query<{ name: string; writes: number }>(
    db,
    sql`
    select relname as name, (n_tup_ins + n_tup_upd + n_tup_del)::int as writes
    from pg_stat_xact_user_tables where n_tup_ins + n_tup_upd + n_tup_del > 0 order by 1`,
  )
  return new Map(found.map(({ name, writes }) => [name, writes]))
}

/** The names in the hub's schema that a plugin would take for its own. */
export const ownNames = (catalogue: Catalogue, isOwn: (name: string) => boolean): string[] =>
  [...catalogue.values()]
    .filter(({ space, name }) => space === 'public' && isOwn(name))
    .map(({ name }) => name)
