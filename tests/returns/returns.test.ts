import { eq, sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { query } from '../../core/db/client.ts'
import { connections, stockMovements } from '../../core/db/schema/index.ts'
import { transact } from '../../core/db/transact.ts'
import { approveProposal, rejectProposal } from '../../core/proposals/proposals.ts'
import { approveReturn, closeReturn } from '../../core/returns/enter.ts'
import { readReturn } from '../../core/returns/read.ts'
import type { Receipt } from '../../core/returns/receive.ts'
import { ConnectorError } from '../../core/sdk/errors.ts'
import type { RefundRequest, RemoteReturn } from '../../core/sdk/model/order.ts'
import { findLedgerGaps } from '../../core/stock/levels.ts'
import { decisionsOf } from '../../core/sync/appliers.ts'
import { decideOnce } from '../../core/sync/decide.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { type RefundWish, requestRefund } from '../../core/sync/refunds.ts'
import { refundReturn, takeGoods, takeReturn } from '../../core/sync/returns.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connectFake, fakeShop } from '../support/fake-shop.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'
import { importNow, openProblems, remoteOrder, stockOf } from '../support/orders.ts'

type Sold = { id: string; lines: Record<string, string> }

describe('returns and refunds', () => {
  const database = useDatabase()
  /** What the shop was told to give back, and how it answers next. */
  const given: RefundRequest[] = []
  let answer: 'done' | 'lost' | 'refused' = 'done'
  let told: RemoteReturn[] = []
  let hub: Hub
  let connectionId: string
  let serial = 0

  beforeAll(async () => {
    const shop = fakeShop({
      refund: {
        run: async (_client, request) => {
          if (answer === 'refused') throw new ConnectorError('rejected', 'The payment is too old.')
          given.push(request)
          if (answer === 'lost') throw new ConnectorError('uncertain', 'No answer came.')
          return { externalId: `r-${given.length}` }
        },
        find: 'unsupported',
      },
      pullReturns: {
        run: async (_client, after) => ({
          items: told,
          next: String(Number(after ?? 0) + told.length),
          more: false,
        }),
      },
    })
    hub = createTestHub(database(), [shop])
    connectionId = (await connectFake(hub)).id
    await seed(hub, [
      { sku: 'CUP', stock: 100 },
      { sku: 'MUG', stock: 100 },
    ])
  })

  /** An order that was paid for and has left. */
  async function sell(lines: Record<string, number>): Promise<Sold> {
    serial += 1
    const number = `R-${serial}`
    const source = { id: connectionId, name: 'fake', ordersFrom: new Date(0) }
    const order = remoteOrder(
      number,
      Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity })),
      { paidAt: new Date('2026-03-01T10:00:00Z'), status: 'shipped' },
    )
    await importNow(hub.db, source, [order])
    const found = await query<{ order_id: string; id: string; sku: string }>(
      hub.db,
      sql`select line.order_id, line.id, line.sku from order_lines line join orders o on o.id = line.order_id where o.number = ${number}`,
    )
    return { id: found[0]!.order_id, lines: Object.fromEntries(found.map((row) => [row.sku, row.id])) }
  }
  const enter = (order: Sold, sku: string, quantity: number) =>
    transact(hub.db, (tx) =>
      takeReturn(
        tx,
        hub,
        { orderId: order.id, lines: [{ lineId: order.lines[sku]!, quantity, reason: 'Too small' }] },
        testAct('ann'),
      ),
    )
  const look = (id: string) => readReturn(hub.db, id)
  const receive = async (id: string, receipts: Receipt[], revision?: number) => {
    const at = revision ?? (await look(id)).revision
    return transact(hub.db, (tx) => takeGoods(tx, hub, id, at, receipts, testAct('bob')))
  }
  const refund = async (id: string, sku: string, order: Sold, amountMinor: number, more = {}) => {
    const { revision } = await look(id)
    const wish = {
      lines: [{ lineId: order.lines[sku]!, quantity: 1, amountMinor }],
      shippingMinor: 0,
      reason: 'Came back',
      ...more,
    }
    return transact(hub.db, (tx) => refundReturn(tx, hub, id, revision, wish, testAct('bob')))
  }
  const orderOf = async ({ id }: Sold) =>
    (
      await query<{ status: string; refunded: number }>(
        hub.db,
        sql`select status, refunded_minor::int as refunded from orders where id = ${id}`,
      )
    )[0]!
  const give = (order: Sold, wish: Partial<RefundWish>) =>
    transact(hub.db, (tx) =>
      requestRefund(
        tx,
        hub,
        order.id,
        { reference: 'case', amountMinor: 100, reason: 'Scratched', isRestocked: false, lines: [], ...wish },
        testAct('bob'),
      ),
    )
  const callPlatform = async () => {
    const outcome = await runTask(hub, 'once', connectionId)
    if (outcome.state === 'failed' && outcome.error.kind !== 'uncertain') throw outcome.error
  }

  beforeEach(callPlatform)

  test('goods come back to the shelf once: the ledger tells of it, and the same receipt again is a conflict', async () => {
    const order = await sell({ CUP: 3 })
    const before = await stockOf(hub.db, 'CUP')
    const id = await enter(order, 'CUP', 3)
    const receipts: Receipt[] = [
      { lineId: order.lines.CUP!, quantity: 2, disposition: 'restock', condition: 'new' },
    ]
    const { revision } = await look(id)
    const outcomes = await Promise.allSettled([1, 2].map(() => receive(id, receipts, revision)))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find((one) => one.status === 'rejected')).toMatchObject({
      reason: { message: expect.stringContaining('changed meanwhile, by bob') },
    })
    expect((await stockOf(hub.db, 'CUP')).onHand).toBe(before.onHand + 2)
    expect(await look(id)).toMatchObject({ status: 'requested', accountedUnits: 2 })
    await receive(id, [
      { lineId: order.lines.CUP!, quantity: 1, disposition: 'write_off', condition: 'broken' },
    ])
    expect((await stockOf(hub.db, 'CUP')).onHand).toBe(before.onHand + 2)
    const entries = await hub.db
      .select()
      .from(stockMovements)
      .where(eq(stockMovements.kind, 'return'))
      .orderBy(stockMovements.id)
    expect(entries.map(({ onHand }) => onHand)).toEqual([2, 1, -1])
    expect(entries.at(-1)?.reason).toContain('broken')
    expect(await look(id)).toMatchObject({ status: 'received', accountedUnits: 3 })
    expect(await findLedgerGaps(hub.db)).toEqual([])
  })

  test('no more units come back than left, over all returns of an order', async () => {
    const order = await sell({ CUP: 2 })
    await enter(order, 'CUP', 1)
    await expect(enter(order, 'CUP', 2)).rejects.toThrow('1 units can come back, not 2')
    const id = await enter(order, 'CUP', 1)
    await expect(
      receive(id, [{ lineId: order.lines.CUP!, quantity: 2, disposition: 'restock' }]),
    ).rejects.toThrow('1 units are still expected')
    const { revision } = await look(id)
    await transact(hub.db, (tx) => closeReturn(tx, id, revision, 'Changed their mind', testAct()))
    await enter(order, 'CUP', 1)
  })

  test('a bundle comes back as its components', async () => {
    const made = await seed(hub, [{ sku: 'PAIR', stock: 0 }])
    await hub.db.execute(
      sql`insert into bundle_components (bundle_id, component_id, quantity) select ${made.get('PAIR')!}, id, 2 from variants where sku = 'MUG'`,
    )
    const before = await stockOf(hub.db, 'MUG')
    const order = await sell({ PAIR: 1 })
    expect((await stockOf(hub.db, 'MUG')).onHand).toBe(before.onHand - 2)
    const id = await enter(order, 'PAIR', 1)
    await receive(id, [{ lineId: order.lines.PAIR!, quantity: 1, disposition: 'restock' }])
    expect((await stockOf(hub.db, 'MUG')).onHand).toBe(before.onHand)
  })

  test('a refund is asked for once, moves the return and the order on, and counts at once', async () => {
    const order = await sell({ CUP: 2 })
    const id = await enter(order, 'CUP', 1)
    const asked = await refund(id, 'CUP', order, 1000)
    expect(asked).toMatchObject({ state: 'waiting', proposalId: null })
    const before = given.length
    await callPlatform()
    await callPlatform()
    expect(given.slice(before)).toMatchObject([{ amountMinor: 1000, lines: [{ quantity: 1 }] }])
    expect(await look(id)).toMatchObject({
      status: 'refunded',
      refundedMinor: 1000,
      refunds: [{ state: 'done' }],
    })
    expect(await orderOf(order)).toEqual({ status: 'shipped', refunded: 1000 })
    await expect(give(order, { amountMinor: 1001 })).rejects.toThrow('10.00 EUR can still be given back')
    await give(order, { amountMinor: 1000 })
    await callPlatform()
    expect(await orderOf(order)).toEqual({ status: 'refunded', refunded: 2000 })
  })

  test('no line gives back more than it cost, however many refunds name it', async () => {
    const order = await sell({ CUP: 1, MUG: 1 })
    const ofCup = (amountMinor: number, reference: string) =>
      give(order, { reference, amountMinor, lines: [{ lineId: order.lines.CUP!, quantity: 1, amountMinor }] })
    await ofCup(700, 'a')
    await expect(ofCup(400, 'b')).rejects.toMatchObject({ field: 'lines.0.amountMinor' })
    await expect(
      give(order, {
        reference: 'c',
        amountMinor: 100,
        lines: [{ lineId: order.lines.MUG!, quantity: 1, amountMinor: 200 }],
      }),
    ).rejects.toMatchObject({ field: 'amountMinor' })
  })

  test('above the cap a person approves first, and parts make no way around it', async () => {
    await hub.db.update(connections).set({ maxRefundMinor: 1500 }).where(eq(connections.id, connectionId))
    const order = await sell({ CUP: 3 })
    expect(await give(order, { reference: 'a', amountMinor: 1500 })).toMatchObject({ state: 'waiting' })
    const above = await give(order, { reference: 'b', amountMinor: 100 })
    expect(above).toMatchObject({ state: 'proposed', callId: null, proposalId: expect.any(String) })
    const before = given.length
    await callPlatform()
    expect(given.length).toBe(before + 1)
    await approveProposal(hub.db, decisionsOf(hub).apply, above.proposalId!, testAct('boss'))
    await callPlatform()
    expect(given.at(-1)).toMatchObject({ amountMinor: 100 })
    expect((await orderOf(order)).refunded).toBe(1600)
    const turned = await give(order, { reference: 'c', amountMinor: 200 })
    await transact(hub.db, (tx) => rejectProposal(tx, turned.proposalId!, testAct('boss')))
    await callPlatform()
    expect((await orderOf(order)).refunded).toBe(1600)
    await hub.db.update(connections).set({ maxRefundMinor: null }).where(eq(connections.id, connectionId))
    expect(await give(order, { reference: 'c', amountMinor: 200 })).toMatchObject({ state: 'waiting' })
  })

  test('what is approved too late gives nothing back that is not there any more', async () => {
    await hub.db.update(connections).set({ maxRefundMinor: 100 }).where(eq(connections.id, connectionId))
    const order = await sell({ CUP: 1 })
    const first = await give(order, { reference: 'a', amountMinor: 800 })
    const second = await give(order, { reference: 'b', amountMinor: 800 })
    const apply = decisionsOf(hub).apply
    await approveProposal(hub.db, apply, first.proposalId!, testAct('boss'))
    await expect(approveProposal(hub.db, apply, second.proposalId!, testAct('boss'))).rejects.toThrow(
      '2.00 EUR can still be given back',
    )
    await hub.db.update(connections).set({ maxRefundMinor: null }).where(eq(connections.id, connectionId))
  })

  test('an unclear refund asks a person, counts as given until then, and is settled by the answer', async () => {
    const order = await sell({ CUP: 1 })
    const id = await enter(order, 'CUP', 1)
    answer = 'lost'
    const asked = await refund(id, 'CUP', order, 1000)
    const before = given.length
    await callPlatform()
    answer = 'done'
    await hub.db.execute(sql`update once_calls set not_before = null`)
    await callPlatform()
    expect(given.length).toBe(before + 1)
    expect(await look(id)).toMatchObject({ refunds: [{ state: 'needs_decision' }] })
    await expect(give(order, { amountMinor: 1 })).rejects.toThrow('0.00 EUR can still be given back')
    await transact(hub.db, (tx) => decideOnce(tx, hub, asked.callId!, { happened: true }, testAct('boss')))
    expect(await look(id)).toMatchObject({ status: 'refunded', refunds: [{ state: 'done' }] })
    expect(await orderOf(order)).toEqual({ status: 'refunded', refunded: 1000 })
    expect(given.length).toBe(before + 1)
  })

  test('a refused refund is a problem in the platform’s words, and may be written down as made there', async () => {
    const order = await sell({ CUP: 1 })
    const id = await enter(order, 'CUP', 1)
    answer = 'refused'
    const { callId } = await refund(id, 'CUP', order, 1000)
    await callPlatform()
    answer = 'done'
    expect(await openProblems(hub.db, 'refund_refused')).toEqual([`once:${callId}`])
    expect((await orderOf(order)).refunded).toBe(0)
    const made = await refund(id, 'CUP', order, 1000, { isMadeElsewhere: true })
    expect(made).toMatchObject({ state: 'done', callId: null })
    expect(await look(id)).toMatchObject({ status: 'refunded', refundedMinor: 1000 })
    expect((await orderOf(order)).refunded).toBe(1000)
    expect(await openProblems(hub.db, 'refund_refused')).toEqual([])
  })

  test('pulled returns are taken once, never move back, and one that fits no order is kept as a problem', async () => {
    const order = await sell({ CUP: 2 })
    const [row] = await query<{ external_id: string }>(
      hub.db,
      sql`select external_id from orders where id = ${order.id}`,
    )
    const one: RemoteReturn = {
      externalId: 'ret-1',
      externalOrderId: row!.external_id,
      status: 'received',
      updatedAt: new Date('2026-03-05T10:00:00Z'),
      lines: [{ externalLineId: `${row!.external_id}-1`, quantity: 1, reason: 'Broken' }],
    }
    const before = await stockOf(hub.db, 'CUP')
    told = [one, { ...one, externalId: 'ret-2', externalOrderId: 'nobody' }]
    expect(await runTask(hub, 'returns', connectionId)).toMatchObject({
      state: 'done',
      counts: { returns: 1, unreadable: 1 },
    })
    expect(await openProblems(hub.db, 'unreadable')).toHaveLength(1)
    const [held] = await query<{ id: string }>(
      hub.db,
      sql`select id from returns where external_id = 'ret-1'`,
    )
    expect(await look(held!.id)).toMatchObject({ status: 'received', accountedUnits: 0 })
    expect((await stockOf(hub.db, 'CUP')).onHand).toBe(before.onHand)
    told = [
      { ...one, status: 'requested', updatedAt: new Date('2026-03-06T10:00:00Z') },
      { ...one, status: 'closed', updatedAt: new Date('2026-03-04T10:00:00Z') },
    ]
    expect(await runTask(hub, 'returns', connectionId)).toMatchObject({ counts: { changed: 1 } })
    expect(await look(held!.id)).toMatchObject({ status: 'received' })
    const [cursor] = await query<{ cursor: string }>(
      hub.db,
      sql`select cursor from cursors where stream = 'returns'`,
    )
    expect(cursor!.cursor).toBe('4')
  })

  test('approving asks for the revision that was seen', async () => {
    const order = await sell({ CUP: 1 })
    const id = await enter(order, 'CUP', 1)
    await transact(hub.db, (tx) => approveReturn(tx, id, 1, testAct('ann')))
    await expect(transact(hub.db, (tx) => approveReturn(tx, id, 1, testAct('bob')))).rejects.toThrow('by ann')
    expect(await look(id)).toMatchObject({ status: 'approved', revision: 2 })
  })
})
