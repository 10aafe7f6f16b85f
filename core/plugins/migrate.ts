import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import type { Database, Db, DbOrTx } from '../db/client.ts'
import * as schema from '../db/schema/index.ts'
import { postgresWords } from '../db/transact.ts'
import type { Clock } from '../lib/clock.ts'
import { fingerprint } from '../lib/crypto.ts'
import { ConflictError, InputError } from '../sdk/errors.ts'
import type { PluginDefinition, PluginMigration } from '../sdk/plugin.ts'
import { countWrites, findTrespass, ownNames, readCatalogue } from './catalogue.ts'
import { prefixOf } from './check.ts'

/** Held while plugins' tables change, so that hubs that start together do it one after the other. */
const pluginMigrationLock = 7_203_003

type Ran = typeof schema.pluginMigrations.$inferSelect

/**
 * Brings the plugins' tables up to date; several hubs may call it at once. Each migration runs once, in a
 * transaction of its own, which is undone when it touches what is not the plugin's.
 * @throws InputError when a plugin is refused; ConflictError when a migration that has run was changed.
 */
export async function migratePlugins(
  database: Database,
  plugins: readonly PluginDefinition[],
  clock: Clock,
): Promise<void> {
  if (!hasPending(plugins, await readRan(database.db))) return
  const client = postgres(database.url, { max: 1, onnotice: () => {} })
  try {
    await client`select pg_advisory_lock(${pluginMigrationLock})`
    const db = drizzle(client, { schema })
    const ran = await readRan(db)
    for (const plugin of plugins) {
      for (const [index, migration] of pendingOf(plugin, ran).entries()) {
        const isFirst = index === 0 && !ran.some(({ pluginId }) => pluginId === plugin.id)
        await runMigration(db, plugin.id, migration, { isFirst, isOwn: ownership(plugin.id, plugins), clock })
      }
    }
  } finally {
    await client.end()
  }
}

const readRan = (db: DbOrTx): Promise<Ran[]> => db.select().from(schema.pluginMigrations)

const hasPending = (plugins: readonly PluginDefinition[], ran: readonly Ran[]): boolean =>
  plugins.map((plugin) => pendingOf(plugin, ran).length).some((count) => count > 0)

/** What has not run yet, in order. @throws ConflictError when what has run does not fit what is declared. */
function pendingOf(plugin: PluginDefinition, ran: readonly Ran[]): PluginMigration[] {
  const done = new Map(
    ran.filter((row) => row.pluginId === plugin.id).map((row) => [row.id, row.fingerprint]),
  )
  const pending: PluginMigration[] = []
  for (const migration of plugin.tables ?? []) {
    const known = done.get(migration.id)
    if (known === undefined) pending.push(migration)
    else if (known !== fingerprint(migration.statements))
      throw new ConflictError(
        `Migration "${migration.id}" of plugin "${plugin.id}" has run and was changed since. Restore it, and put the change into a new one.`,
      )
    else if (pending.length > 0)
      throw new ConflictError(
        `Migration "${pending[0]!.id}" of plugin "${plugin.id}" stands before "${migration.id}", which has run. Put it last.`,
      )
  }
  return pending
}

/** Whether a name is the plugin's: it has its prefix, and not the longer one of another plugin. */
function ownership(pluginId: string, plugins: readonly PluginDefinition[]): (name: string) => boolean {
  const prefix = prefixOf(pluginId)
  const longer = plugins
    .map(({ id }) => prefixOf(id))
    .filter((other) => other !== prefix && other.startsWith(prefix))
  return (name) => name.startsWith(prefix) && !longer.some((other) => name.startsWith(other))
}

type Rules = { isFirst: boolean; isOwn(name: string): boolean; clock: Clock }

async function runMigration(
  db: Db,
  pluginId: string,
  { id, statements }: PluginMigration,
  { isFirst, isOwn, clock }: Rules,
): Promise<void> {
  const refuse = (what: string): never => {
    throw new InputError(
      `Plugin "${pluginId}" is refused: its migration "${id}" ${what}. A plugin may touch only what starts with "${prefixOf(pluginId)}".`,
    )
  }
  await db.transaction(
    async (tx) => {
      const before = await readCatalogue(tx)
      const writesBefore = await countWrites(tx)
      const [taken] = isFirst ? ownNames(before, isOwn) : []
      if (taken)
        throw new InputError(
          `Plugin "${pluginId}" is refused: "${taken}" is there already and starts with "${prefixOf(pluginId)}". Give the plugin another id.`,
        )
      await tx.execute(sql`select set_config('entrepot.plugin_statements', ${statements}, true)`)
      // Run from within a block, statements can neither commit nor roll back the transaction that judges them.
      await tx
        .execute(sql`do $run$ begin execute current_setting('entrepot.plugin_statements'); end $run$`)
        .catch((error: unknown) => {
          throw new InputError(
            `Plugin "${pluginId}" is refused: its migration "${id}" failed: ${postgresWords(error)}.`,
          )
        })
      for (const [name, writes] of await countWrites(tx))
        if (!isOwn(name) && writes > (writesBefore.get(name) ?? 0))
          refuse(`writes rows of the table "${name}"`)
      const trespass = findTrespass(before, await readCatalogue(tx), isOwn)
      if (trespass) refuse(trespass)
      await tx
        .insert(schema.pluginMigrations)
        .values({ pluginId, id, fingerprint: fingerprint(statements), ranAt: clock.now() })
    },
    { isolationLevel: 'repeatable read' },
  )
}
