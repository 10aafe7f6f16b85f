import { and, desc, eq, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { proposals } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { fingerprint } from '../lib/crypto.ts'
import { newId } from '../lib/id.ts'
import { ConflictError, ForbiddenError, NotFoundError } from '../sdk/errors.ts'
import { saveLines } from './lines.ts'
import { assertSecondPerson } from './second-person.ts'

export type Proposal = typeof proposals.$inferSelect
export type DiffLine = { subject: string; field: string; from: unknown; to: unknown }

export type NewProposal = {
  kind: string
  key: string
  connectionId?: string | null
  title: string
  reason: string
  diff: DiffLine[]
  payload: unknown
  costCalls?: number
}

/**
 * What a kind of proposal does when it is approved: inside the approving transaction, exactly once. What it returns
 * is kept for the one that takes it back; nothing means that it cannot be taken back.
 */
export type Applier = (tx: Tx, proposal: Proposal, act: Act) => Promise<unknown>
/** Takes back what an applier did, with what that one returned. */
export type Undoer = (tx: Tx, proposal: Proposal, act: Act) => Promise<void>

/** How many diff lines stand on a proposal itself; all of them are in its lines. */
const diffShown = 500

/**
 * Opens a proposal. The open one with the same key stays if it asks for the same, and is superseded if not.
 * Returns its id.
 */
export async function propose(tx: DbOrTx, proposal: NewProposal, act: Act): Promise<string> {
  return transact(tx, (inner) => proposeIn(inner, proposal, act))
}

async function proposeIn(tx: Tx, proposal: NewProposal, act: Act): Promise<string> {
  const values = {
    kind: proposal.kind,
    key: proposal.key,
    connectionId: proposal.connectionId ?? null,
    title: proposal.title,
    reason: proposal.reason,
    diff: proposal.diff.slice(0, diffShown),
    lineCount: proposal.diff.length,
    diffPrint: fingerprint(proposal.diff),
    payload: proposal.payload ?? {},
    costCalls: proposal.costCalls ?? 0,
    proposedBy: act.actor,
    proposedAt: act.now,
  }
  // What a person is reading must not change under the same id: other content is another proposal.
  await tx
    .update(proposals)
    .set({ status: 'superseded', decidedAt: act.now })
    .where(
      and(
        eq(proposals.key, proposal.key),
        eq(proposals.status, 'open'),
        sql`${proposals.payload} <> ${JSON.stringify(values.payload)}::text::jsonb`,
      ),
    )
  const [open] = await tx
    .select({ diffPrint: proposals.diffPrint })
    .from(proposals)
    .where(and(eq(proposals.key, proposal.key), eq(proposals.status, 'open')))
  const [row] = await tx
    .insert(proposals)
    .values({ id: newId('prp', act.now.getTime()), ...values })
    .onConflictDoUpdate({ target: proposals.key, targetWhere: sql`status = 'open'`, set: values })
    .returning({ id: proposals.id })
  // A run proposes the same again and again: its lines are written once.
  if (open?.diffPrint !== values.diffPrint) await saveLines(tx, row!.id, proposal.diff)
  return row!.id
}

async function lockOpen(tx: Tx, id: string): Promise<Proposal> {
  const [found] = await tx.select().from(proposals).where(eq(proposals.id, id)).for('update')
  if (!found) throw new NotFoundError(`There is no proposal ${id}.`)
  if (found.status !== 'open') {
    throw new ConflictError(
      `Proposal ${id} was ${found.status} already${found.decidedBy ? `, by ${found.decidedBy}` : ''}.`,
    )
  }
  return found
}

/**
 * Approves and applies a proposal, once: a second approval is a conflict. What a person proposed takes another person,
 * unless the hub's settings say otherwise. When applying fails nothing of it
 * stays, and the proposal is marked failed with the reason.
 */
export async function approveProposal(
  db: DbOrTx,
  appliers: ReadonlyMap<string, Applier>,
  id: string,
  act: Act,
): Promise<Proposal> {
  try {
    return await transact(db, async (tx) => {
      const found = await lockOpen(tx, id)
      await assertSecondPerson(tx, found.proposedBy, act.actor)
      const apply = appliers.get(found.kind)
      if (!apply) throw new ConflictError(`Nothing installed can apply a proposal of kind "${found.kind}".`)
      const undo = (await apply(tx, found, act)) ?? null
      await appendAudit(tx, act, {
        action: 'proposal.applied',
        subject: id,
        before: found.diff,
        after: { title: found.title, reason: found.reason, payload: found.payload, canUndo: undo !== null },
      })
      const [row] = await tx
        .update(proposals)
        .set({ status: 'applied', decidedBy: act.actor, decidedAt: act.now, appliedAt: act.now, undo })
        .where(eq(proposals.id, id))
        .returning()
      return row!
    })
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof ConflictError) throw error
    if (error instanceof ForbiddenError) throw error
    const message = error instanceof Error ? error.message : String(error)
    await db
      .update(proposals)
      .set({ status: 'failed', decidedBy: act.actor, decidedAt: act.now, error: message })
      .where(and(eq(proposals.id, id), eq(proposals.status, 'open')))
    throw error
  }
}

/**
 * Takes back what a proposal did, once: things are then as they should be without it.
 * @throws NotFoundError, ConflictError when it is not applied or cannot be taken back; nothing is changed then
 */
export async function undoProposal(
  db: DbOrTx,
  undoers: ReadonlyMap<string, Undoer>,
  id: string,
  act: Act,
): Promise<Proposal> {
  return transact(db, async (tx) => {
    const [found] = await tx.select().from(proposals).where(eq(proposals.id, id)).for('update')
    if (!found) throw new NotFoundError(`There is no proposal ${id}.`)
    if (found.status !== 'applied')
      throw new ConflictError(`Proposal ${id} is ${found.status}: only what was applied can be taken back.`)
    const undo = undoers.get(found.kind)
    if (!undo || found.undo === null)
      throw new ConflictError(`What proposal ${id} did ("${found.title}") cannot be taken back by the hub.`)
    await undo(tx, found, act)
    await appendAudit(tx, act, {
      action: 'proposal.undone',
      subject: id,
      before: found.payload,
      after: found.undo,
    })
    const [row] = await tx
      .update(proposals)
      .set({ status: 'undone', undoneBy: act.actor, undoneAt: act.now })
      .where(eq(proposals.id, id))
      .returning()
    return row!
  })
}

/** Closes an open proposal that has become pointless, by its key. */
export async function withdrawProposal(tx: DbOrTx, key: string, act: Act): Promise<void> {
  await tx
    .update(proposals)
    .set({ status: 'superseded', decidedBy: act.actor, decidedAt: act.now })
    .where(and(eq(proposals.key, key), eq(proposals.status, 'open')))
}

/** Turns a proposal down: nothing happens, and it is remembered who said so. */
export async function rejectProposal(tx: Tx, id: string, act: Act): Promise<void> {
  const found = await lockOpen(tx, id)
  await tx
    .update(proposals)
    .set({ status: 'rejected', decidedBy: act.actor, decidedAt: act.now })
    .where(eq(proposals.id, id))
  await appendAudit(tx, act, { action: 'proposal.rejected', subject: id, before: { title: found.title } })
}

/**
 * Asks again for what was turned down. Returns whether it is open again: what was proposed anew meanwhile stays.
 */
export async function reopenProposal(tx: Tx, id: string, act: Act): Promise<boolean> {
  const [found] = await tx.select().from(proposals).where(eq(proposals.id, id)).for('update')
  if (found?.status !== 'rejected') return false
  const [open] = await tx
    .select({ id: proposals.id })
    .from(proposals)
    .where(and(eq(proposals.key, found.key), eq(proposals.status, 'open')))
  if (open) return false
  await tx
    .update(proposals)
    .set({ status: 'open', decidedBy: null, decidedAt: null })
    .where(eq(proposals.id, id))
  await appendAudit(tx, act, { action: 'proposal.reopened', subject: id, before: { title: found.title } })
  return true
}

/** Proposals with a status, newest first. */
export async function listProposals(
  db: DbOrTx,
  filter: { status?: Proposal['status']; limit?: number; offset?: number } = {},
) {
  return db
    .select()
    .from(proposals)
    .where(eq(proposals.status, filter.status ?? 'open'))
    .orderBy(desc(proposals.proposedAt), proposals.id)
    .limit(filter.limit ?? 100)
    .offset(filter.offset ?? 0)
}
