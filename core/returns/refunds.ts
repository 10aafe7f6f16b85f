import { and, eq, sql } from 'drizzle-orm'
import { type DbOrTx, query, type Tx } from '../db/client.ts'
import { refunds } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { fingerprint } from '../lib/crypto.ts'
import { newId } from '../lib/id.ts'
import { formatMoney } from '../lib/money.ts'
import { ConflictError } from '../sdk/errors.ts'
import { markRefunded } from './enter.ts'

export type Refund = typeof refunds.$inferSelect
export type RefundInput = Pick<
  Refund,
  'orderId' | 'returnId' | 'reference' | 'amountMinor' | 'currency' | 'reason' | 'lines' | 'isRestocked'
>

/** How far a refund is: with its proposal, with its call, or done. */
export const refundStates = [
  'proposed',
  'rejected',
  'waiting',
  'running',
  'uncertain',
  'needs_decision',
  'refused',
  'abandoned',
  'done',
] as const
export type RefundState = (typeof refundStates)[number]

/** A refund "refund" as its state is told by its proposal "proposal" and its call "call". */
const stateOf = sql`case
  when refund.done_at is not null then 'done'
  when call.state is not null then call.state
  when proposal.status = 'open' then 'proposed' else 'rejected' end`

export type RefundRow = {
  id: string
  orderId: string
  returnId: string | null
  reference: string
  amountMinor: number
  currency: string
  reason: string
  lines: { lineId: string; quantity: number; amountMinor: number }[]
  isRestocked: boolean
  state: RefundState
  error: string | null
  proposalId: string | null
  callId: string | null
  createdBy: string
  createdAt: Date
  doneAt: Date | null
}

/** The refunds of an order, or of a return, oldest first. */
export async function listRefunds(
  db: DbOrTx,
  of: { orderId: string } | { returnId: string },
): Promise<RefundRow[]> {
  const found = await query<
    Omit<RefundRow, 'amountMinor' | 'createdAt' | 'doneAt'> & {
      amountMinor: string
      createdAt: string
      doneAt: string | null
    }
  >(
    db,
    sql`
    select refund.id, refund.order_id as "orderId", refund.return_id as "returnId", refund.reference, refund.amount_minor::text as "amountMinor", refund.currency,
      refund.reason, refund.lines, refund.is_restocked as "isRestocked", ${stateOf} as state, call.error, refund.proposal_id as "proposalId", refund.call_id as "callId",
      refund.created_by as "createdBy", refund.created_at as "createdAt", refund.done_at as "doneAt"
    from refunds refund left join once_calls call on call.id = refund.call_id left join proposals proposal on proposal.id = refund.proposal_id
    where ${'orderId' in of ? sql`refund.order_id = ${of.orderId}` : sql`refund.return_id = ${of.returnId}`}
    order by refund.created_at, refund.id`,
  )
  return found.map((row) => ({
    ...row,
    amountMinor: Number(row.amountMinor),
    createdAt: new Date(row.createdAt),
    doneAt: row.doneAt === null ? null : new Date(row.doneAt),
  }))
}

/** What is done of an order's refunds in all, and done or under way by line; one of them is left out. */
export async function sumRefunds(
  tx: Tx,
  orderId: string,
  exceptReference: string,
): Promise<{ doneMinor: number; byLine: Map<string, { minor: number; units: number }> }> {
  const held = (await listRefunds(tx, { orderId })).filter(
    ({ reference, state }) =>
      reference !== exceptReference && !['proposed', 'rejected', 'refused', 'abandoned'].includes(state),
  )
  const byLine = new Map<string, { minor: number; units: number }>()
  for (const { lineId, quantity, amountMinor } of held.flatMap((refund) => refund.lines)) {
    const before = byLine.get(lineId) ?? { minor: 0, units: 0 }
    byLine.set(lineId, { minor: before.minor + amountMinor, units: before.units + quantity })
  }
  const doneMinor = held
    .filter(({ state }) => state === 'done')
    .reduce((total, { amountMinor }) => total + amountMinor, 0)
  return { doneMinor, byLine }
}

/** Refunds that may be asked for anew under their reference: nothing came of them. */
const isDead = (state: RefundState): boolean => ['rejected', 'refused', 'abandoned'].includes(state)

/**
 * Writes a refund down before anything is asked. The same one again is the one there is.
 * @throws ConflictError when the reference stands for another refund
 */
export async function writeRefund(
  tx: Tx,
  input: RefundInput,
  act: Act,
): Promise<{
  refund: RefundRow
  isNew: boolean /** The call of which nothing came. */
  formerCallId: string | null
}> {
  const held = (await listRefunds(tx, { orderId: input.orderId })).find(
    ({ reference }) => reference === input.reference,
  )
  const content = ({ amountMinor, reason, lines, isRestocked, currency }: RefundInput | RefundRow) =>
    fingerprint({ amountMinor, reason, lines, isRestocked, currency })
  if (held && !isDead(held.state)) {
    if (content(held) !== content(input))
      throw new ConflictError(
        `A refund was asked for already under ${input.reference}, with other content. Nothing was sent.`,
      )
    return { refund: held, isNew: false, formerCallId: null }
  }
  const values = { ...input, createdBy: act.actor, createdAt: act.now, proposalId: null, callId: null }
  await tx
    .insert(refunds)
    .values({ id: newId('rfd', act.now.getTime()), ...values })
    .onConflictDoUpdate({ target: [refunds.orderId, refunds.reference], set: values })
  const [made] = (await listRefunds(tx, { orderId: input.orderId })).filter(
    ({ reference }) => reference === input.reference,
  )
  return { refund: made!, isNew: true, formerCallId: held?.callId ?? null }
}

/** Says what a refund waits for. */
export async function attachRefund(
  tx: Tx,
  id: string,
  to: { callId?: string; proposalId?: string },
): Promise<void> {
  await tx.update(refunds).set(to).where(eq(refunds.id, id))
}

/** @throws never: null when it is not here */
export async function findRefund(tx: Tx, id: string): Promise<Refund | null> {
  const [found] = await tx.select().from(refunds).where(eq(refunds.id, id)).for('update')
  return found ?? null
}

/** The money of a refund was given back: told once, whoever tells it. Returns whether it was new. */
export async function settleRefund(
  tx: Tx,
  of: { callId: string } | { refundId: string },
  act: Act,
): Promise<Refund | null> {
  const [done] = await tx
    .update(refunds)
    .set({ doneAt: act.now })
    .where(
      and('callId' in of ? eq(refunds.callId, of.callId) : eq(refunds.id, of.refundId), sql`done_at is null`),
    )
    .returning()
  if (!done) return null
  if (done.returnId !== null)
    await markRefunded(
      tx,
      [done.returnId],
      formatMoney({ minor: done.amountMinor, currency: done.currency }),
      act,
    )
  return done
}
