import { describe, expect, test } from 'vitest'
import { transact } from '../../core/db/transact.ts'
import {
  listProblems,
  type NewProblem,
  raiseProblems,
  resolveProblem,
  settleProblems,
} from '../../core/problems/problems.ts'
import { ConflictError, NotFoundError } from '../../core/sdk/errors.ts'
import { useDatabase } from '../support/database.ts'

const at = (minute: number) => ({ actor: 'test', now: new Date(Date.UTC(2026, 2, 1, 12, minute)) })
const problem = (key: string, message = 'It broke.'): NewProblem => ({
  kind: 'unexpected',
  key,
  message,
  connectionId: 'con_1',
})

describe('a problem', () => {
  const database = useDatabase()
  const open = (key: string) =>
    listProblems(database().db).then((all) => all.filter((row) => row.key === key))

  test('that is seen again is counted, with its latest words and its first time', async () => {
    const { db } = database()
    await raiseProblems(db, [problem('again', 'First words.'), problem('again', 'Same page.')], at(1))
    await raiseProblems(db, [problem('again', 'Last words.')], at(5))
    const [row, ...more] = await open('again')
    expect(more).toEqual([])
    expect(row).toMatchObject({
      timesSeen: 2,
      message: 'Last words.',
      since: at(1).now,
      lastSeenAt: at(5).now,
    })
    expect(row?.remedy).not.toBe('')
  })

  test('that is seen by 20 workers at once is one', async () => {
    const { db } = database()
    await Promise.all(
      Array.from({ length: 20 }, () =>
        transact(db, (tx) => raiseProblems(tx, [problem('b'), problem('a')], at(1))),
      ),
    )
    expect(await open('a')).toMatchObject([{ timesSeen: 20 }])
    expect(await open('b')).toMatchObject([{ timesSeen: 20 }])
  })

  test('that was resolved opens anew when it is seen again, and the old one stays in the history', async () => {
    const { db } = database()
    await raiseProblems(db, [problem('reopened')], at(1))
    const [first] = await open('reopened')
    await transact(db, (tx) => resolveProblem(tx, first!.id, at(2)))
    expect(await open('reopened')).toEqual([])
    await raiseProblems(db, [problem('reopened')], at(3))
    const [second] = await open('reopened')
    expect(second?.id).not.toBe(first?.id)
    expect(second).toMatchObject({ timesSeen: 1, since: at(3).now })
  })

  test('is resolved by one person, once', async () => {
    const { db } = database()
    await raiseProblems(db, [problem('once')], at(1))
    const [row] = await open('once')
    const all = await Promise.allSettled(
      Array.from({ length: 5 }, () => transact(db, (tx) => resolveProblem(tx, row!.id, at(2)))),
    )
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    for (const one of all) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(ConflictError)
    await expect(transact(db, (tx) => resolveProblem(tx, 'prb_none', at(2)))).rejects.toThrow(NotFoundError)
  })

  test('closes by itself when its cause is gone, and only it', async () => {
    const { db } = database()
    await raiseProblems(db, [problem('x:1'), problem('x:10')], at(1))
    await settleProblems(db, ['x:1', 'x:none'], at(2))
    expect(await open('x:1')).toEqual([])
    expect(await open('x:10')).toHaveLength(1)
  })

  test('keeps what fits of words without an end', async () => {
    await raiseProblems(database().db, [problem('long', 'x'.repeat(50_000))], at(1))
    expect((await open('long'))[0]?.message).toHaveLength(4000)
  })
})
