import { and, eq, inArray } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { Tx } from '../db/client.ts'
import { connections, onceCalls, orderCharges, orderLines, orders } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { formatMoney } from '../lib/money.ts'
import { noteRefunded } from '../orders/refunded.ts'
import { settleProblems } from '../problems/problems.ts'
import { type Applier, propose } from '../proposals/proposals.ts'
import {
  attachRefund,
  findRefund,
  type RefundState,
  settleRefund,
  sumRefunds,
  writeRefund,
} from '../returns/refunds.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import type { RefundRequest } from '../sdk/model/order.ts'
import { emitEvents } from './events.ts'
import type { Hub } from './hub.ts'
import { onceProblemKey } from './once-request.ts'
import { lockOrder, type Order, request } from './order-requests.ts'

type Ports = Pick<Hub, 'connectors' | 'plugins' | 'queue'>

export type RefundWish = {
  /** What tells this refund from another of the same order: the number of a return or a case. */
  reference: string
  amountMinor: number
  reason: string
  isRestocked: boolean
  lines: readonly { lineId: string; quantity: number; amountMinor: number }[]
  returnId?: string | undefined
  /** Whether a person gave the money back on the platform already: it is written down, and nothing is sent. */
  isMadeElsewhere?: boolean | undefined
}

export type RequestedRefund = {
  refundId: string
  state: RefundState
  callId: string | null
  proposalId: string | null
}

/**
 * Gives money of an order back, once per reference: asks the platform, or asks a person first where more is given back
 * than the connection allows without one. @throws NotFoundError, ConflictError when more would be given back than was
 * paid, InputError naming the line
 */
export async function requestRefund(
  tx: Tx,
  hub: Ports,
  orderId: string,
  wish: RefundWish,
  act: Act,
): Promise<RequestedRefund> {
  const order = wish.isMadeElsewhere
    ? await lockAnyOrder(tx, orderId)
    : await lockOrder(tx, hub.connectors, orderId, 'refund')
  const { reference, amountMinor, reason, isRestocked, returnId = null } = wish
  const lines = [...wish.lines]
  await assertRefundable(tx, order, wish)
  const { refund, isNew, formerCallId } = await writeRefund(
    tx,
    { orderId, returnId, reference, amountMinor, currency: order.currency, reason, lines, isRestocked },
    act,
  )
  const { id: refundId, callId, proposalId, state } = refund
  if (!isNew) return { refundId, callId, proposalId, state }
  if (wish.isMadeElsewhere) {
    await settleRefund(tx, { refundId }, act)
    if (formerCallId) await settleProblems(tx, [onceProblemKey(formerCallId)], act)
    await noteRefunded(tx, orderId, amountMinor, `given back on the platform, says ${act.actor}`, act)
    await appendAudit(tx, act, { action: 'order.refund_recorded', subject: orderId, after: wish })
    return { refundId, callId: null, proposalId: null, state: 'done' }
  }
  const cap = await capExceeded(tx, order, wish)
  if (cap === null) return { refundId, proposalId: null, ...(await send(tx, order, refundId, wish, act)) }
  const opened = await proposeRefund(tx, order, refundId, wish, cap, act)
  return { refundId, callId: null, proposalId: opened, state: 'proposed' }
}

async function lockAnyOrder(tx: Tx, orderId: string): Promise<Order> {
  const [order] = await tx.select().from(orders).where(eq(orders.id, orderId)).for('update')
  if (!order) throw new NotFoundError(`There is no order ${orderId}.`)
  return order
}

/** @throws ConflictError, InputError when it is more than was paid, of the order or of a line of it */
async function assertRefundable(tx: Tx, order: Order, wish: RefundWish): Promise<void> {
  const money = (minor: number) => formatMoney({ minor, currency: order.currency })
  if (order.paidAt === null)
    throw new ConflictError(`Order ${order.number} is not paid: there is nothing to give back.`)
  const { doneMinor, byLine } = await sumRefunds(tx, order.id, wish.reference)
  const underWay = await sumUnderWay(tx, order, keyOf(order, wish.reference))
  const left = order.totalMinor - Math.max(order.refundedMinor, doneMinor) - underWay
  if (wish.amountMinor > left && !(await isAskedFor(tx, order, wish.reference)))
    throw new ConflictError(
      `Of order ${order.number} ${money(left)} can still be given back, not ${money(wish.amountMinor)}.`,
    )
  const found = await tx.select().from(orderLines).where(eq(orderLines.orderId, order.id))
  for (const [index, { lineId, quantity, amountMinor }] of wish.lines.entries()) {
    const at = `lines.${index}`
    const line = found.find((candidate) => candidate.id === lineId)
    if (!line) throw new InputError(`Order ${order.number} has no line ${lineId}.`, `${at}.lineId`)
    if (quantity > line.quantity)
      throw new InputError(`Line ${lineId} has ${line.quantity} units, not ${quantity}.`, `${at}.quantity`)
    const { minor = 0 } = byLine.get(lineId) ?? {}
    if (amountMinor > line.totalMinor - minor)
      throw new InputError(
        `Of line ${lineId} ${money(line.totalMinor - minor)} can still be given back, not ${money(amountMinor)}.`,
        `${at}.amountMinor`,
      )
  }
  const ofLines = wish.lines.reduce((sum, line) => sum + line.amountMinor, 0)
  if (ofLines > wish.amountMinor)
    throw new InputError(
      `The lines make ${money(ofLines)}, more than the ${money(wish.amountMinor)} in all.`,
      'amountMinor',
    )
}

const keyOf = (order: Pick<Order, 'externalId'>, reference: string) => `${order.externalId}:${reference}`

/** Whether this refund is one that is asked for or made already: then it is no further money. */
async function isAskedFor(tx: Tx, order: Order, reference: string): Promise<boolean> {
  const [call] = await tx
    .select({ id: onceCalls.id })
    .from(onceCalls)
    .where(
      and(
        eq(onceCalls.connectionId, order.connectionId),
        eq(onceCalls.operation, 'refund'),
        eq(onceCalls.key, keyOf(order, reference)),
        inArray(onceCalls.state, [...underWay, 'done']),
      ),
    )
  return call !== undefined
}

const underWay = ['waiting', 'running', 'uncertain', 'needs_decision'] as const

/** What refunds that the platform may not have told of yet give back, this one left out. */
async function sumUnderWay(tx: Tx, order: Order, key: string): Promise<number> {
  const calls = await tx
    .select({ input: onceCalls.input, key: onceCalls.key })
    .from(onceCalls)
    .where(
      and(
        eq(onceCalls.subject, order.id),
        eq(onceCalls.operation, 'refund'),
        inArray(onceCalls.state, [...underWay]),
      ),
    )
  return calls
    .filter((call) => call.key !== key)
    .reduce((sum, call) => sum + (call.input as RefundRequest).amountMinor, 0)
}

/** Why a person has to approve, or null. What was given back of the order before counts: parts make no way around. */
async function capExceeded(tx: Tx, order: Order, wish: RefundWish): Promise<string | null> {
  const [connection] = await tx.select().from(connections).where(eq(connections.id, order.connectionId))
  const { maxRefundMinor, currency } = connection!
  if (maxRefundMinor === null) return null
  if (currency !== order.currency)
    return `The order is in ${order.currency}, and nothing compares that with the ${formatMoney({ minor: maxRefundMinor, currency })} that go without approval.`
  const { doneMinor } = await sumRefunds(tx, order.id, wish.reference)
  const open = await sumUnderWay(tx, order, keyOf(order, wish.reference))
  const all = wish.amountMinor + doneMinor + open
  if (all <= maxRefundMinor) return null
  return `${formatMoney({ minor: all, currency })} of the order would be given back, more than the ${formatMoney({ minor: maxRefundMinor, currency })} that go without approval.`
}

async function proposeRefund(
  tx: Tx,
  order: Order,
  refundId: string,
  wish: RefundWish,
  reason: string,
  act: Act,
): Promise<string> {
  const { amountMinor } = wish
  const amount = formatMoney({ minor: amountMinor, currency: order.currency })
  const proposalId = await propose(
    tx,
    {
      kind: 'refund',
      key: `refund:${order.id}:${wish.reference}`,
      connectionId: order.connectionId,
      title: `Give ${amount} of order ${order.number} back`,
      reason: `${wish.reason}. ${reason}`,
      diff: [
        {
          subject: order.number,
          field: 'refunded',
          from: { minor: order.refundedMinor, currency: order.currency },
          to: { minor: order.refundedMinor + amountMinor, currency: order.currency },
        },
      ],
      payload: { refundId },
      costCalls: 1,
    },
    act,
  )
  await attachRefund(tx, refundId, { proposalId })
  await appendAudit(tx, act, { action: 'order.refund_proposed', subject: order.id, after: wish })
  return proposalId
}

/** Asks the platform. The refund is found again by its call. */
async function send(
  tx: Tx,
  order: Order,
  refundId: string,
  wish: Pick<RefundWish, 'reference' | 'amountMinor' | 'reason' | 'isRestocked' | 'lines'>,
  act: Act,
): Promise<{ callId: string; state: RefundState }> {
  const { amountMinor, reason, isRestocked } = wish
  const found = await tx.select().from(orderLines).where(eq(orderLines.orderId, order.id))
  const input: RefundRequest = {
    externalOrderId: order.externalId,
    amountMinor,
    currency: order.currency,
    reason,
    lines: wish.lines.map(({ lineId, ...line }) => ({
      externalLineId: found.find((candidate) => candidate.id === lineId)!.externalId,
      ...line,
    })),
    isRestocked,
  }
  const call = await request(tx, order, 'refund', keyOf(order, wish.reference), input, act)
  await attachRefund(tx, refundId, { callId: call.callId })
  return { callId: call.callId, state: call.state as RefundState }
}

/** Approved: the platform is asked, if it still may give that much back. */
export const applyRefund =
  (hub: Ports): Applier =>
  async (tx, proposal, act) => {
    const { refundId } = proposal.payload as { refundId: string }
    const refund = await findRefund(tx, refundId)
    if (!refund) throw new ConflictError(`The refund ${refundId} is not here any more.`)
    const order = await lockOrder(tx, hub.connectors, refund.orderId, 'refund')
    await assertRefundable(tx, order, refund as RefundWish & typeof refund)
    await send(tx, order, refund.id, refund, act)
  }

/** What follows here when the platform has given money back, or a person saw that it did. */
export async function takeRefund(
  tx: Tx,
  hub: Ports,
  call: { id: string; subject: string; connectionId: string; input: unknown },
  detail: string,
  act: Act,
): Promise<void> {
  const { amountMinor } = call.input as RefundRequest
  const refund = await settleRefund(tx, { callId: call.id }, act)
  await noteRefunded(tx, call.subject, amountMinor, detail, act)
  const orderId = call.subject
  await emitEvents(tx, hub, [
    {
      event: 'order.refunded',
      data: { orderId, connectionId: call.connectionId, returnId: refund?.returnId ?? null, amountMinor },
    },
  ])
}

/** The amount of a return's refund: its lines, and what of the shipping goes with them. @throws InputError */
export async function shippingLeft(tx: Tx, orderId: string): Promise<number> {
  const charges = await tx
    .select({ amountMinor: orderCharges.amountMinor })
    .from(orderCharges)
    .where(and(eq(orderCharges.orderId, orderId), eq(orderCharges.kind, 'shipping')))
  return charges.reduce((sum, charge) => sum + charge.amountMinor, 0)
}
