import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { query, type Tx } from '../../core/db/client.ts'
import { useDatabase } from '../support/database.ts'

/** A process that writes to a connection that is gone dies of it, unless something stands before. */
describe('a transaction whose connection is lost', () => {
  const database = useDatabase()
  const pidOf = async (tx: Tx): Promise<number> =>
    (await query<{ pid: number }>(tx, sql`select pg_backend_pid() as pid`))[0]!.pid
  const terminate = async (pid: number): Promise<void> => {
    await database().db.execute(sql`select pg_terminate_backend(${pid}, 5000)`)
    // Until the news has arrived here too.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }
  const expectAlive = async () => {
    const ask = () => query<{ n: number }>(database().db, sql`select 1 as n`)
    // The first that reuses the place may still hear of the loss.
    await Promise.allSettled(Array.from({ length: 30 }, ask))
    expect((await Promise.all(Array.from({ length: 30 }, ask))).flat()).toHaveLength(30)
  }

  test('while a statement runs fails, and the next ones go on', async () => {
    const lost = database().db.transaction(async (tx) => {
      const pid = await pidOf(tx)
      await Promise.all([tx.execute(sql`select pg_sleep(30)`), terminate(pid)])
    })
    await expect(lost).rejects.toThrow()
    await expectAlive()
  })

  test('between two statements fails, and the next ones go on', async () => {
    const lost = database().db.transaction(async (tx) => {
      await terminate(await pidOf(tx))
      await tx.execute(sql`select 1`)
    })
    await expect(lost).rejects.toThrow()
    await expectAlive()
  })

  test('between the last statement and the commit fails, and the next ones go on', async () => {
    const lost = database().db.transaction(async (tx) => terminate(await pidOf(tx)))
    await expect(lost).rejects.toThrow()
    await expectAlive()
  })

  test('inside of a nested one fails, and the next ones go on', async () => {
    const lost = database().db.transaction(async (tx) => {
      const pid = await pidOf(tx)
      await tx
        .transaction(async (inner) => {
          await Promise.all([inner.execute(sql`select pg_sleep(30)`), terminate(pid)])
        })
        .catch(() => tx.execute(sql`select 1`))
    })
    await expect(lost).rejects.toThrow()
    await expectAlive()
  })

  test('is told from one that fails by itself: that one is rolled back and its error kept', async () => {
    const failing = database().db.transaction(async (tx) => {
      await tx.execute(sql`create table never_there (n int)`)
      await tx.transaction(async (inner) => {
        await inner.execute(sql`insert into never_there values (1)`)
        throw new Error('By itself.')
      })
    })
    await expect(failing).rejects.toThrow('By itself.')
    await expect(database().db.execute(sql`select 1 from never_there`)).rejects.toThrow()
  })
})
