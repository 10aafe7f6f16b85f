import { boolean, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/** Which changes of a plugin's tables have run. */
export const pluginMigrations = pgTable(
  'plugin_migrations',
  {
    pluginId: text('plugin_id').notNull(),
    id: text('id').notNull(),
    /** Fingerprint of its statements: one that has run must not change afterwards. */
    fingerprint: text('fingerprint').notNull(),
    ranAt: instant('ran_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.pluginId, t.id] })],
)

/** When a job of a plugin last started. */
export const pluginJobs = pgTable(
  'plugin_jobs',
  {
    pluginId: text('plugin_id').notNull(),
    jobId: text('job_id').notNull(),
    lastTickAt: instant('last_tick_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.pluginId, t.jobId] })],
)

/** What operators set for a plugin. One without a row is enabled and has its defaults. */
export const pluginSettings = pgTable('plugin_settings', {
  pluginId: text('plugin_id').primaryKey(),
  isEnabled: boolean('is_enabled').notNull().default(true),
  settings: jsonb('settings').$type<Record<string, unknown>>().notNull().default({}),
  /** Raised by each change: who edits an older one is told. */
  revision: integer('revision').notNull().default(1),
  updatedAt: instant('updated_at').notNull(),
  updatedBy: text('updated_by').notNull(),
})
