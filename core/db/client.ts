import { fileURLToPath } from 'node:url'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { guardTransactions } from './guard.ts'
import * as schema from './schema/index.ts'

export { query, rows, texts } from '../lib/sql.ts'

/** The database, or a transaction on it: services take either, so that callers decide what is one unit. */
export type Db = PostgresJsDatabase<typeof schema>
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]
export type DbOrTx = Db | Tx

export type Database = {
  db: Db
  /** For what a crash may forget, such as taken rate tokens: commits without waiting for the disk. */
  forgetful: Db
  url: string
  /**
   * A LISTEN on its own connection; the handler is called for each NOTIFY. `onListening` is called whenever
   * listening begins, after a lost connection too: what was told meanwhile was missed.
   */
  listen(channel: string, onPayload: (payload: string) => void, onListening?: () => void): Promise<void>
  close(): Promise<void>
}

/** The oldest PostgreSQL that the hub runs on. */
const oldestVersion = 150000
/** Held by whoever migrates, so that two starting hubs do it one after the other. */
const migrationLock = 7_203_001

/** Connects. @throws Error naming host and database when it cannot, or when the server is too old. */
export async function openDatabase(url: string, options: { poolSize?: number } = {}): Promise<Database> {
  const client = postgres(url, {
    max: options.poolSize ?? 10,
    onnotice: () => {},
    connection: { application_name: 'entrepot', TimeZone: 'UTC' },
    types: {},
  })
  try {
    const [row] = await client`select current_setting('server_version_num')::int as version`
    if (row?.version < oldestVersion) {
      throw new Error(`PostgreSQL ${row?.version} is too old: the hub needs version 15 or later.`)
    }
  } catch (error) {
    await client.end({ timeout: 1 })
    throw new Error(
      `The database at ${describeUrl(url)} cannot be used: ${(error as Error).message || String(error)}`,
      {
        cause: error,
      },
    )
  }
  const forgetful = postgres(url, {
    max: 4,
    onnotice: () => {},
    connection: { application_name: 'entrepot-buckets', TimeZone: 'UTC', synchronous_commit: false },
  })
  return {
    db: drizzle(guardTransactions(client), { schema }),
    forgetful: drizzle(guardTransactions(forgetful), { schema }),
    url,
    listen: async (channel, onPayload, onListening) => {
      await client.listen(channel, onPayload, onListening)
    },
    close: async () => {
      await forgetful.end({ timeout: 5 })
      await client.end({ timeout: 5 })
    },
  }
}

/** Host, port and database, without user and password. */
export function describeUrl(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

/** Brings the schema up to date; several hubs may call it at once. */
export async function migrateDatabase(database: Database): Promise<void> {
  const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url))
  const client = postgres(database.url, { max: 1, onnotice: () => {} })
  try {
    await client`select pg_advisory_lock(${migrationLock})`
    await migrate(drizzle(client), { migrationsFolder })
  } finally {
    await client.end()
  }
}
