import { sql } from 'drizzle-orm'
import { describe, expect, inject, test } from 'vitest'
import { migrateDatabase, openDatabase, query } from '../../core/db/client.ts'
import journal from '../../core/db/migrations/meta/_journal.json' with { type: 'json' }
import { urlFor } from '../support/global-setup.ts'

describe('migrations', () => {
  test('run by five hubs at once, and again, happen once', async () => {
    const server = inject('databaseUrl')
    const admin = await openDatabase(server, { poolSize: 1 })
    const name = `migrated_${process.pid}`
    await admin.db.execute(sql.raw(`create database ${name}`))
    const hubs = await Promise.all(
      Array.from({ length: 5 }, () => openDatabase(urlFor(server, name), { poolSize: 1 })),
    )
    await Promise.all(hubs.map((hub) => migrateDatabase(hub)))
    await migrateDatabase(hubs[0]!)
    const [row] = await query<{ done: number; tables: number }>(
      hubs[0]!.db,
      sql`
      select (select count(*)::int from drizzle.__drizzle_migrations) as done,
        (select count(*)::int from information_schema.tables where table_schema = 'public') as tables`,
    )
    expect(row?.done).toBe(journal.entries.length)
    expect(row?.tables).toBeGreaterThan(30)
    for (const hub of hubs) await hub.close()
    await admin.db.execute(sql.raw(`drop database ${name} with (force)`))
    await admin.close()
  })

  test('never start on a server that cannot be reached, and name it without its password', async () => {
    const opening = openDatabase('postgres://hub:geheim@127.0.0.1:1/shop')
    await expect(opening).rejects.toThrow(/127.0.0.1:1\/shop/)
    await expect(opening).rejects.not.toThrow(/geheim/)
  })
})
