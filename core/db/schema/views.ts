import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { createdAt, id, instant } from './columns.ts'

/** How somebody looks at a list: what is filtered, sorted and shown, under a name. */
export const savedViews = pgTable(
  'saved_views',
  {
    id: id(),
    /** The list it is of, such as "listings". */
    list: text('list').notNull(),
    name: text('name').notNull(),
    /** The list's own query parameters. */
    filters: jsonb('filters').$type<Record<string, string>>().notNull().default({}),
    sort: text('sort'),
    /** The columns in their order; null: as the list shows them by itself. */
    columns: jsonb('columns').$type<string[]>(),
    owner: text('owner').notNull(),
    /** Everybody sees it; only its owner changes it. */
    isShared: boolean('is_shared').notNull().default(false),
    revision: integer('revision').notNull().default(1),
    createdAt: createdAt(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    unique('saved_views_name').on(t.owner, t.list, t.name),
    index('saved_views_shared').on(t.list).where(sql`is_shared`),
  ],
)
