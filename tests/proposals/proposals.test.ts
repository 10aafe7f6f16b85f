import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { query } from '../../core/db/client.ts'
import { hubState, proposals } from '../../core/db/schema/index.ts'
import { transact } from '../../core/db/transact.ts'
import {
  type Applier,
  approveProposal,
  listProposals,
  propose,
  rejectProposal,
} from '../../core/proposals/proposals.ts'
import { ConflictError, NotFoundError } from '../../core/sdk/errors.ts'
import { useDatabase } from '../support/database.ts'
import { testAct } from '../support/hub.ts'

describe('a proposal', () => {
  const database = useDatabase()
  let applied = 0
  const apply: Applier = async (tx, proposal) => {
    applied += 1
    await tx.insert(hubState).values({ key: proposal.id, value: 'applied' })
  }
  const appliers = new Map<string, Applier>([
    ['good', apply],
    [
      'bad',
      async (tx, proposal, act) => {
        await apply(tx, proposal, act)
        throw new Error('It cannot be done.')
      },
    ],
  ])
  const open = (key: string, kind = 'good', to = 1) =>
    propose(
      database().db,
      {
        kind,
        key,
        title: 'A change',
        reason: 'Because.',
        diff: [{ subject: 's', field: 'f', from: 0, to }],
        payload: { to },
      },
      testAct(),
    )
  const approve = (id: string) => approveProposal(database().db, appliers, id, testAct('boss'))
  const effects = (id: string) => query(database().db, sql`select 1 from hub_state where key = ${id}`)
  const stateOf = async (id: string) =>
    (await database().db.select().from(proposals)).find((row) => row.id === id)

  test('that ten people approve at the same moment is applied once', async () => {
    const id = await open('race')
    applied = 0
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => approve(id)))
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    for (const one of all) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(ConflictError)
    expect(applied).toBe(1)
    expect(await effects(id)).toHaveLength(1)
    expect(await stateOf(id)).toMatchObject({ status: 'applied', decidedBy: 'boss' })
  })

  test('approved and rejected at the same moment is one of the two', async () => {
    const id = await open('both')
    const [yes, no] = await Promise.allSettled([
      approve(id),
      transact(database().db, (tx) => rejectProposal(tx, id, testAct('other'))),
    ])
    expect([yes.status, no.status].sort()).toEqual(['fulfilled', 'rejected'])
    expect(await effects(id)).toHaveLength(yes.status === 'fulfilled' ? 1 : 0)
  })

  test('that asks for the same again stays one', async () => {
    const first = await open('renewed', 'good', 1)
    expect(await open('renewed', 'good', 1)).toBe(first)
  })

  test('never changes under the person who reads it: other content is another proposal', async () => {
    const first = await open('moving', 'good', 1)
    const second = await open('moving', 'good', 2)
    expect(second).not.toBe(first)
    await expect(approve(first)).rejects.toThrow(/superseded/)
    const [row] = (await listProposals(database().db)).filter((found) => found.key === 'moving')
    expect(row).toMatchObject({ id: second, payload: { to: 2 }, diff: [{ to: 2 }] })
  })

  test('that cannot be applied leaves nothing behind and says why', async () => {
    const id = await open('failing', 'bad')
    await expect(approve(id)).rejects.toThrow(/cannot be done/)
    expect(await effects(id)).toEqual([])
    expect(await stateOf(id)).toMatchObject({ status: 'failed', error: 'It cannot be done.' })
    await expect(approve(id)).rejects.toThrow(ConflictError)
  })

  test('of a kind that nothing installed can apply stays open', async () => {
    const id = await open('strange', 'unheard of')
    await expect(approve(id)).rejects.toThrow(/unheard of/)
    expect(await stateOf(id)).toMatchObject({ status: 'open' })
    await expect(approve('prp_none')).rejects.toThrow(NotFoundError)
  })
})
