import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { addConnection, replaceCredentials } from '../../core/connections/connections.ts'
import { loadMasterKey } from '../../core/connections/keys.ts'
import { openVault, rotateMasterKey } from '../../core/connections/vault.ts'
import { query } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import { useDatabase } from '../support/database.ts'
import { fakeShop } from '../support/fake-shop.ts'
import { testAct } from '../support/hub.ts'

const shop = fakeShop({})
const secret = 'sk_live_93f1c0de'

describe('credentials', () => {
  const database = useDatabase()
  const master = randomBytes(32)
  const add = (name: string, key = secret) =>
    transact(database().db, (tx) =>
      addConnection(tx, master, shop, { name, settings: {}, credentials: { key } }, testAct()),
    )

  test('are nowhere in the database in clear', async () => {
    const { id } = await add('sealed')
    const tables = await query<{ name: string }>(
      database().db,
      sql`select table_name as name from information_schema.tables where table_schema = 'public'`,
    )
    for (const { name } of tables) {
      const rows = await query<{ row: string }>(
        database().db,
        sql`select encode(t::text::bytea, 'escape') as row from ${sql.identifier(name)} t`,
      )
      expect(rows.map((found) => found.row).join()).not.toContain(secret)
    }
    expect((await openVault(database().db, master, id)).credentials).toEqual({ key: secret })
  })

  test('copied to the row of another connection do not open there', async () => {
    const [from, to] = [await add('from', 'theirs'), await add('to', 'ours')]
    await database().db.execute(sql`
      update credentials set sealed = source.sealed, sealed_key = source.sealed_key
      from credentials source where source.connection_id = ${from.id} and credentials.connection_id = ${to.id}`)
    await expect(openVault(database().db, master, to.id)).rejects.toThrow(/cannot be opened/)
  })

  test('do not open with another key, and say which key is needed', async () => {
    const { id } = await add('other key')
    await expect(openVault(database().db, randomBytes(32), id)).rejects.toThrow(/ENTREPOT_KEY/)
  })

  test('open with the new key after a rotation and no longer with the old one', async () => {
    const fresh = await databaseOf()
    const next = randomBytes(32)
    expect(await transact(database().db, (tx) => rotateMasterKey(tx, master, next))).toBeGreaterThan(0)
    expect((await openVault(database().db, next, fresh)).credentials).toEqual({ key: secret })
    await expect(openVault(database().db, master, fresh)).rejects.toThrow()
    await transact(database().db, (tx) => rotateMasterKey(tx, next, master))
  })
  const databaseOf = async (): Promise<string> => {
    await database().db.execute(sql`delete from credentials`)
    return (await add('rotated')).id
  }

  test('that a connector does not understand are refused, naming the field and not the value', async () => {
    const { id } = await add('replaced')
    const wrong = transact(database().db, (tx) =>
      replaceCredentials(tx, master, shop, id, { key: 42, other: secret }, testAct()),
    )
    await expect(wrong).rejects.toMatchObject({ field: 'credentials.key' })
    await expect(wrong).rejects.not.toMatchObject({ message: expect.stringContaining(secret) })
  })

  test('belong to one name: a second connection with it is refused', async () => {
    await add('twice')
    await expect(add('twice')).rejects.toThrow(/"twice" already/)
  })
})

describe('the master key', () => {
  test('is made once, for its owner only, and read again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'entrepot-key-'))
    const file = join(folder, 'deep', 'master-key')
    const made = await loadMasterKey(file, {})
    expect(made).toHaveLength(32)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await loadMasterKey(file, {})).toEqual(made)
    expect((await readFile(file, 'utf8')).trim()).toBe(made.toString('base64'))
    await rm(folder, { recursive: true })
  })

  test('of the wrong length is refused, saying where it came from', async () => {
    await expect(loadMasterKey('/nowhere', { ENTREPOT_KEY: 'c2hvcnQ=' })).rejects.toThrow(
      /ENTREPOT_KEY has 5 bytes/,
    )
  })
})
