import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { appendAudit, findBrokenAudit } from '../../core/audit/audit.ts'
import { query } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import { useDatabase } from '../support/database.ts'
import { testAct } from '../support/hub.ts'

describe('the audit log', () => {
  const database = useDatabase()
  const append = (subject: string, after: unknown = { n: 1 }) =>
    transact(database().db, (tx) =>
      appendAudit(tx, testAct('ada'), { action: 'test.done', subject, before: null, after }),
    )
  /** Changes what the database itself refuses to change. */
  const tamper = async (statement: ReturnType<typeof sql>) => {
    const { db } = database()
    await db.execute(sql`alter table audit_log disable trigger audit_log_append_only`)
    await db.execute(statement)
    await db.execute(sql`alter table audit_log enable trigger audit_log_append_only`)
  }

  test('is one whole chain although many write at the same time', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        append(`s${n}`, { n, words: 'ä "quoted" \\ 1e21', at: new Date(n) }),
      ),
    )
    expect(await findBrokenAudit(database().db)).toBeNull()
    const [row] = await query<{ rows: number; heads: number }>(
      database().db,
      sql`select count(*)::int as rows, count(distinct previous_hash)::int as heads from audit_log`,
    )
    expect(row).toEqual({ rows: 40, heads: 40 })
  })

  test.each([
    ['update', sql`update audit_log set actor = 'eve'`],
    ['delete', sql`delete from audit_log where id = 1`],
    ['truncate', sql`truncate audit_log`],
    ['an update of the stock ledger', sql`update stock_movements set on_hand = 1`],
    ['a delete from the stock ledger', sql`delete from stock_movements`],
  ])('refuses %s', async (_word, statement) => {
    await expect(database().db.execute(statement)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('append-only') },
    })
  })

  test.each([
    ['who', sql`update audit_log set actor = 'eve' where id = 7`, 7],
    ['what', sql`update audit_log set after = '{"n": 999}' where id = 9`, 9],
    ['when', sql`update audit_log set at = at + interval '1 second' where id = 11`, 11],
    ['the hash itself', sql`update audit_log set hash = repeat('a', 64) where id = 13`, 13],
  ])('shows from where on it was tampered with: %s', async (_word, statement, first) => {
    await database().db.execute(sql`create table audit_copy as select * from audit_log`)
    await tamper(statement)
    expect(await findBrokenAudit(database().db)).toBe(first)
    await tamper(sql`
      update audit_log set (at, actor, after, hash) = (select at, actor, after, hash from audit_copy c where c.id = audit_log.id)`)
    await database().db.execute(sql`drop table audit_copy`)
    expect(await findBrokenAudit(database().db)).toBeNull()
  })

  test('shows where a row was taken out', async () => {
    await tamper(sql`delete from audit_log where id = 20`)
    expect(await findBrokenAudit(database().db)).toBe(21)
  })

  test('is written with its change or not at all', async () => {
    const before = await query(database().db, sql`select 1 from audit_log`)
    const failing = transact(database().db, async (tx) => {
      await appendAudit(tx, testAct(), { action: 'test.failed', subject: 'x' })
      throw new Error('The change failed.')
    })
    await expect(failing).rejects.toThrow(/change failed/)
    expect(await query(database().db, sql`select 1 from audit_log`)).toHaveLength(before.length)
  })
})
