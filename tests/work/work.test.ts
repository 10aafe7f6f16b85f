import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../../core/db/client.ts'
import { auditLog, workItems, works } from '../../core/db/schema/index.ts'
import { transact } from '../../core/db/transact.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { silentLog } from '../../core/lib/log.ts'
import { ConflictError, InputError } from '../../core/sdk/errors.ts'
import { oneByOne, type WorkAction } from '../../core/work/action.ts'
import { listFailures, readWork } from '../../core/work/read.ts'
import { runWork } from '../../core/work/run.ts'
import { cancelWork, createUndo, createWork } from '../../core/work/works.ts'
import { type BreakableDatabase, openBreakable } from '../support/breakable.ts'
import { useDatabase } from '../support/database.ts'
import { testAct } from '../support/hub.ts'

describe('long work', () => {
  const database = useDatabase()
  let breakable: BreakableDatabase
  let afterStep: () => Promise<void> = async () => {}
  beforeAll(async () => {
    breakable = openBreakable(database().url)
    await database().db.execute(sql`create table effects (id text not null, work text not null)`)
  })
  afterAll(() => breakable.close())

  const write: WorkAction = {
    role: 'operator',
    stepSize: 3,
    run: oneByOne(async ({ tx, work }, id: string) => {
      if (id === 'bad') throw new ConflictError('It is bad.')
      if (id === 'broken') throw new TypeError('nobody expected this')
      await tx.execute(sql`insert into effects values (${id}, ${work.id})`)
      await afterStep()
      return { id }
    }),
    undo: oneByOne(async ({ tx, work }, { subject }) => {
      await tx.execute(sql`delete from effects where id = ${subject} and work = ${work.undoes}`)
    }),
  }
  const count: WorkAction = {
    role: 'operator',
    stream: async ({ work, step }) => {
      let at = (work.cursor as number | null) ?? 0
      while (at < 4) {
        const from = at
        await step(async ({ tx }) => {
          at = from + 1
          await tx.execute(sql`insert into effects values (${String(at)}, ${work.id})`)
          return { cursor: at, done: at, total: 4 }
        })
      }
      return { counted: at }
    },
  }
  const stuck: WorkAction = {
    role: 'operator',
    stepSize: 1,
    run: async () => {
      throw new Error('a defect')
    },
  }
  const actions = new Map<string, WorkAction>([
    ['write', write],
    ['count', count],
    ['stuck', stuck],
  ])
  const run = (id: string, db = database().db, signal?: AbortSignal) =>
    runWork({ db, actions, clock: systemClock, log: silentLog, ...(signal ? { signal } : {}) }, id)
  const ask = (kind: string, ids?: string[]) =>
    transact(database().db, (tx) =>
      createWork(tx, { kind, title: kind, ...(ids ? { selection: { ids } } : {}) }, testAct('asker')),
    )
  const effects = async (workId: string) =>
    (
      await query<{ id: string }>(
        database().db,
        sql`select id from effects where work = ${workId} order by id::int`,
      )
    ).map((row) => Number(row.id))
  const numbers = (most: number) => Array.from({ length: most }, (_, n) => n + 1)

  test('is done exactly once however often its process is killed, at whatever statement', async () => {
    for (const [kind, total] of [
      ['write', 5],
      ['count', 4],
    ] as const) {
      let deaths = 0
      let isWhole = false
      for (let statement = 1; !isWhole; statement += 1) {
        const { id } = await ask(kind, kind === 'write' ? numbers(5).map(String) : undefined)
        breakable.breakAt(statement)
        await run(id, breakable.db).catch(() => {})
        isWhole = !breakable.isBroken()
        if (!isWhole) deaths += 1
        breakable.heal()
        await run(id)
        expect(await effects(id), `${kind} killed at statement ${statement}`).toEqual(numbers(total))
        expect(await readWork(database().db, id)).toMatchObject({
          state: 'done',
          done: total,
          total,
          failed: 0,
        })
      }
      expect(deaths, kind).toBeGreaterThan(20)
    }
  })

  test('is done once when two workers have it at the same time', async () => {
    const { id } = await ask('write', numbers(20).map(String))
    await Promise.all([run(id), run(id), run(id)])
    expect(await effects(id)).toEqual(numbers(20))
    const { id: stream } = await ask('count')
    await Promise.all([run(stream), run(stream)])
    await run(stream)
    expect(await effects(stream)).toEqual(numbers(4))
  })

  test('goes on past what cannot be done, and says of each why', async () => {
    const { id } = await ask('write', ['1', 'bad', '2', 'broken', '3'])
    await run(id)
    expect(await readWork(database().db, id)).toMatchObject({ state: 'done', done: 5, failed: 2 })
    expect(await effects(id)).toEqual([1, 2, 3])
    const failures = await listFailures(database().db, id, { limit: 10 })
    expect(failures.map(({ subject }) => subject)).toEqual(['bad', 'broken'])
    expect(failures[0]?.reason).toBe('It is bad.')
    // What nobody expected is told by the log, not to whoever asked.
    expect(failures[1]?.reason).not.toContain('nobody expected')
  })

  test('stops between two steps when it is cancelled, and what is done stays done', async () => {
    const { id } = await ask('write', numbers(9).map(String))
    let cancelling: Promise<unknown> = Promise.resolve()
    afterStep = async () => {
      afterStep = async () => {}
      // It waits until the step that runs is committed.
      cancelling = transact(database().db, (tx) => cancelWork(tx, id, testAct('boss')))
    }
    await run(id)
    await cancelling
    await run(id)
    const { state, cancelledBy, done } = await readWork(database().db, id)
    expect({ state, cancelledBy }).toEqual({ state: 'cancelled', cancelledBy: 'boss' })
    expect(done % 3).toBe(0)
    expect(done).toBeLessThan(9)
    expect(await effects(id)).toEqual(numbers(done))
    await expect(transact(database().db, (tx) => cancelWork(tx, id, testAct()))).rejects.toThrow(
      /cancelled already, by boss/,
    )
  })

  test('is left to the next process when this one ends', async () => {
    const { id } = await ask('write', numbers(6).map(String))
    const ending = new AbortController()
    afterStep = async () => ending.abort()
    await run(id, database().db, ending.signal)
    afterStep = async () => {}
    expect(await readWork(database().db, id)).toMatchObject({ state: 'running', done: 3 })
    await run(id)
    expect(await effects(id)).toEqual(numbers(6))
  })

  test('that fails at the same place again and again is said to have failed', async () => {
    const { id } = await ask('stuck', ['1'])
    for (let attempt = 0; attempt < 5; attempt += 1) await expect(run(id)).rejects.toThrow('a defect')
    await run(id)
    expect(await readWork(database().db, id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining(id),
    })
    const { id: unknown } = await ask('unheard of', ['1'])
    await run(unknown)
    expect(await readWork(database().db, unknown)).toMatchObject({ state: 'failed' })
  })

  test('is taken back item by item, once, and not before it is over', async () => {
    const { id } = await ask('write', ['1', 'bad', '2', '3', '4'])
    const undo = () => transact(database().db, (tx) => createUndo(tx, id, testAct('regretful')))
    await expect(undo()).rejects.toThrow(ConflictError)
    await run(id)
    const taken = await undo()
    await run(taken.id)
    expect(await effects(id)).toEqual([])
    expect(await readWork(database().db, taken.id)).toMatchObject({ state: 'done', done: 4, undoes: id })
    await expect(undo()).rejects.toThrow(/already, by regretful/)
  })

  test('of nothing, or of more than one piece of work may hold, is refused and leaves nothing', async () => {
    const before = await database().db.$count(works)
    await expect(ask('write', [])).rejects.toThrow(ConflictError)
    const tooMuch = { query: sql`select n::text as id from generate_series(1, 200001) n` }
    await expect(
      transact(database().db, (tx) =>
        createWork(tx, { kind: 'write', title: 'x', selection: tooMuch }, testAct()),
      ),
    ).rejects.toThrow(InputError)
    expect(await database().db.$count(works)).toBe(before)
  })

  test('keeps to what was chosen when it was asked for, each item once, and is written into the audit log', async () => {
    const { id } = await ask('write', ['1', '2', '2', '1'])
    const items = await database().db.select().from(workItems).where(eq(workItems.workId, id))
    expect(items.map((item) => item.subject).sort()).toEqual(['1', '2'])
    await run(id)
    const entries = await database()
      .db.select()
      .from(auditLog)
      .where(eq(auditLog.subject, id))
      .orderBy(auditLog.id)
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ['work.asked', 'asker'],
      ['work.done', 'asker'],
    ])
  })
})
