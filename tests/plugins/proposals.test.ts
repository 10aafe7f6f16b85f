import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { listAudit } from '../../core/audit/read.ts'
import { products } from '../../core/db/schema/index.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { migratePlugins } from '../../core/plugins/migrate.ts'
import { approveProposal, undoProposal } from '../../core/proposals/proposals.ts'
import { readProposal } from '../../core/proposals/read.ts'
import { decisionsOf } from '../../core/sync/appliers.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'
import { shopNotes } from './shop-notes/index.ts'

describe('proposals of plugins', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-01T10:00:00Z')
  const open = () => createTestHub(database(), [], { clock, plugins: [shopNotes] })
  let productId: string
  beforeAll(async () => {
    await migratePlugins(database(), [shopNotes], clock)
    await seed(open(), [{ sku: 'CUP', title: 'Old' }])
    const [row] = await database().db.select().from(products)
    productId = row!.id
  })
  const titleOf = async () => {
    const [row] = await database().db.select().from(products).where(eq(products.id, productId))
    return row!.title.en
  }
  const draft = (title: string, more: object = {}) => ({
    kind: 'rename',
    key: 'cup',
    title: `Rename to ${title}`,
    reason: 'Shorter',
    diff: [{ subject: 'CUP', field: 'title', from: 'Old', to: title }],
    payload: { productId, title },
    ...more,
  })

  test('wait for a person, are applied once, and undo brings back what should be', async () => {
    const hub = open()
    const { services } = hub.pluginContext('shop-notes')
    const id = await services.propose(draft('New'))
    expect(await titleOf()).toBe('Old')
    expect(await readProposal(hub.db, id)).toMatchObject({
      kind: 'plugin:shop-notes:rename',
      proposedBy: 'plugin:shop-notes',
      status: 'open',
    })
    const { apply, undo } = decisionsOf(hub)
    await approveProposal(hub.db, apply, id, testAct('boss'))
    expect(await titleOf()).toBe('New')
    expect(await services.readProposals([id])).toMatchObject([{ status: 'applied', decidedBy: 'boss' }])
    await expect(approveProposal(hub.db, apply, id, testAct('boss'))).rejects.toThrow('applied already')
    await undoProposal(hub.db, undo, id, testAct('boss'))
    expect(await titleOf()).toBe('Old')
    await expect(undoProposal(hub.db, undo, id, testAct('boss'))).rejects.toThrow('is undone')
    const said = await listAudit(hub.db, { subject: id, limit: 10 })
    expect(said.map(({ action, actor }) => [action, actor])).toEqual(
      expect.arrayContaining([
        ['proposal.applied', 'boss'],
        ['proposal.undone', 'boss'],
      ]),
    )
  })

  test('that may apply by themselves do so in the name of the plugin, and can be taken back like any other', async () => {
    const hub = open()
    const { services } = hub.pluginContext('shop-notes')
    const id = await services.propose(draft('Automatic', { isAutomatic: true }))
    expect(await titleOf()).toBe('Automatic')
    expect(await services.readProposals([id])).toMatchObject([
      { status: 'applied', decidedBy: 'plugin:shop-notes' },
    ])
    const said = await listAudit(hub.db, { subject: id, limit: 10 })
    expect(said.find(({ action }) => action === 'proposal.applied')).toMatchObject({
      actor: 'plugin:shop-notes',
      before: [{ field: 'title', from: 'Old', to: 'Automatic' }],
      after: { reason: 'Shorter', canUndo: true },
    })
    await services.undoProposal(id, 'boss')
    expect(await titleOf()).toBe('Old')
  })

  test('that may apply by themselves but conflict with what is there wait for a person, where the plugin says so', async () => {
    const { services } = open().pluginContext('shop-notes')
    const conflicting = draft('Taken', { kind: 'conflict', payload: {} })
    await expect(services.propose({ ...conflicting, isAutomatic: true })).rejects.toThrow(
      'Somebody was first',
    )
    const id = await services.propose({ ...conflicting, isAutomatic: true, asksOnConflict: true })
    expect(await services.readProposals([id])).toMatchObject([{ status: 'open' }])
    await services.withdrawProposal('cup')
  })

  test('change nothing at all when applying fails, and say why', async () => {
    const hub = open()
    const { services } = hub.pluginContext('shop-notes')
    const bad = draft('Lost', { payload: { productId: 'prd_none', title: 'Lost' } })
    const notes = async () => (await database().db.execute('select * from shop_notes_notes')).length
    const before = await notes()
    await expect(services.propose({ ...bad, isAutomatic: true })).rejects.toThrow(
      'There is no product prd_none',
    )
    expect(await notes()).toBe(before)
  })

  test('of a payload or kind that the plugin does not declare are refused', async () => {
    const { services } = open().pluginContext('shop-notes')
    await expect(services.propose(draft('x', { payload: { productId } }))).rejects.toThrow('does not fit')
    await expect(services.propose(draft('x', { kind: 'erase' }))).rejects.toThrow('no proposal of the kind')
  })

  test('of other content take the place of the open one, and a pointless one is withdrawn', async () => {
    const { services } = open().pluginContext('shop-notes')
    const first = await services.propose(draft('First'))
    const second = await services.propose(draft('Second'))
    expect(await services.readProposals([first])).toMatchObject([{ status: 'superseded' }])
    await services.withdrawProposal('cup')
    expect(await services.readProposals([second])).toMatchObject([{ status: 'superseded' }])
  })
})
