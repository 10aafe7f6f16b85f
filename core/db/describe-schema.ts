import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from './client.ts'

type Line = { table_name: string; line: string }

/**
 * Tables, columns, constraints, indexes, triggers and functions of the hub as text, in a stable order. The
 * same on every PostgreSQL version: it says what the schema means, not how a server prints it.
 */
export async function describeSchema(db: DbOrTx): Promise<string> {
  const columns = await query<Line>(
    db,
    sql`
    select c.relname as table_name, format('  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end,
      case when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relkind = 'r' order by c.relname, a.attnum`,
  )
  const constraints = await query<Line>(
    db,
    sql`
    select c.relname as table_name, format('  constraint %s %s', con.conname, pg_get_constraintdef(con.oid)) as line
    from pg_constraint con join pg_class c on c.oid = con.conrelid join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
    where con.contype in ('p', 'u', 'f', 'c') order by c.relname, con.contype, con.conname`,
  )
  const indexes = await query<Line>(
    db,
    sql`
    select tablename as table_name, '  ' || replace(indexdef, ' ON public.', ' ON ') as line from pg_indexes i
    where schemaname = 'public' and not exists (select 1 from pg_constraint con where con.conname = i.indexname)
    order by tablename, indexname`,
  )
  const triggers = await query<Line>(
    db,
    sql`
    select c.relname as table_name, '  ' || replace(pg_get_triggerdef(t.oid), ' ON public.', ' ON ') as line
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
    where not t.tgisinternal order by c.relname, t.tgname`,
  )
  const functions = await query<{ line: string }>(
    db,
    sql`
    select format('function %s(%s) returns %s: %s', p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), regexp_replace(trim(p.prosrc), '\\s+', ' ', 'g')) as line
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace and n.nspname = 'public'
    where not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e') order by p.proname`,
  )
  const parts = Map.groupBy([...columns, ...constraints, ...indexes, ...triggers], (row) => row.table_name)
  const tables = [...parts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, lines]) => `table ${name}\n${lines.map((row) => row.line).join('\n')}\n`)
  return `-- What the migrations make; written by "npm run db:dump" and compared in the tests.\n\n${tables.join('\n')}\n${functions.map((row) => row.line).join('\n')}\n`
}
