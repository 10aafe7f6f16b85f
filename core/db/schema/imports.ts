import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { id, instant, whole } from './columns.ts'

/** A file that somebody sent from a browser, until it is imported or forgotten. */
export const importUploads = pgTable('import_uploads', {
  id: id(),
  /** What its sender calls it; never a path. */
  fileName: text('file_name').notNull(),
  path: text('path').notNull(),
  bytes: whole('bytes').notNull(),
  format: text('format').$type<'csv' | 'xlsx'>().notNull(),
  encoding: text('encoding').notNull(),
  delimiter: text('delimiter').notNull(),
  columns: jsonb('columns').$type<string[]>().notNull(),
  /** The same for files with the same columns, whatever their order. */
  signature: text('signature').notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull(),
})

/** What the columns of files with one signature mean, as somebody said the last time. */
export const importMappings = pgTable(
  'import_mappings',
  {
    signature: text('signature').notNull(),
    kind: text('kind').notNull(),
    mapping: jsonb('mapping').notNull(),
    revision: integer('revision').notNull().default(1),
    savedBy: text('saved_by').notNull(),
    savedAt: instant('saved_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.signature, t.kind] })],
)
