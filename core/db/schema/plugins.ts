import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
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
