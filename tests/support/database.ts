import { afterAll, beforeAll, inject } from 'vitest'
import { type Database, openDatabase } from '../../core/db/client.ts'
import { urlFor } from './global-setup.ts'

/** A database of its own for the test file, cloned from the migrated template. */
export function useDatabase(): () => Database {
  let database: Database | undefined
  let drop: () => Promise<void> = async () => {}
  beforeAll(async () => {
    const made = await cloneDatabase()
    database = made.database
    drop = made.drop
  })
  afterAll(() => drop())
  return () => {
    if (!database) throw new Error('The database is there only while tests run.')
    return database
  }
}

/** Clones the template once more, for tests that need a fresh hub each. */
export async function cloneDatabase(): Promise<{ database: Database; drop(): Promise<void> }> {
  const serverUrl = inject('databaseUrl')
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  const admin = await openDatabase(serverUrl, { poolSize: 1 })
  await admin.db.execute(`create database ${name} template template_hub`)
  const database = await openDatabase(urlFor(serverUrl, name), { poolSize: 20 })
  const drop = async () => {
    await database.close()
    await admin.db.execute(`drop database if exists ${name} with (force)`)
    await admin.close()
  }
  return { database, drop }
}
