import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { rows } from '../db/client.ts'
import { tickets } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import type { ItemResult } from '../sdk/connector.ts'
import { ConnectorError, toConnectorError } from '../sdk/errors.ts'
import { failurePolicy } from '../sdk/failure-policy.ts'
import type { Aspect } from '../sdk/model/listing.ts'
import {
  type AnyPush,
  type AspectValue,
  type Change,
  type FieldDiff,
  pushOf,
  reviveValue,
} from './aspects.ts'
import { systemAct } from './hub.ts'
import { count, type Lane } from './lane.ts'
import type { Planned } from './plan.ts'
import { recordResults, ticketPatienceMs } from './push-results.ts'

/** How soon an open ticket is asked about again. */
export const ticketPollMs = 15_000

type Ticket = typeof tickets.$inferSelect
type Sent = { change: Change; value: AspectValue; fingerprint: string; attempts: number; diff: FieldDiff[] }

/** Asks about the open tickets of an aspect and records what became of their items. */
export async function settleTickets(lane: Lane, aspect: Aspect): Promise<void> {
  const push = pushOf(lane.connector.operations, aspect)
  const form = push?.bulk?.settle ? push.bulk : push
  if (!form?.settle) return
  const open = await lane.hub.db
    .select()
    .from(tickets)
    .where(
      and(
        eq(tickets.connectionId, lane.connection.id),
        eq(tickets.aspect, aspect),
        isNull(tickets.settledAt),
      ),
    )
    .orderBy(asc(tickets.submittedAt))
  for (const ticket of open) await settleTicket(lane, aspect, form, ticket)
}

/** What was sent under a ticket, as it was before it went through the database. */
const sentOf = (aspect: Aspect, { changes }: Ticket): Sent[] =>
  (changes as Sent[]).map((entry) => ({
    ...entry,
    change: reviveValue(aspect, entry.change) as unknown as Change,
    value: reviveValue(aspect, entry.value)!,
  }))

async function settleTicket(lane: Lane, aspect: Aspect, form: AnyPush, ticket: Ticket): Promise<void> {
  const sent = sentOf(aspect, ticket)
  const answer = await ask(lane, form, ticket, sent)
  if (answer === 'gone') return giveUp(lane, aspect, ticket, 'no longer knows')
  if (answer === 'pending') {
    const now = lane.hub.clock.now()
    await lane.hub.db.update(tickets).set({ checkedAt: now }).where(eq(tickets.id, ticket.id))
    if (now.getTime() - ticket.submittedAt.getTime() > ticketPatienceMs)
      await giveUp(lane, aspect, ticket, 'has not said within a day')
    return
  }
  const batch: Planned[] = ticket.items.map((item, index) => toPlanned(item, sent[index]!))
  const results =
    answer.length === batch.length
      ? answer
      : batch.map(() => ({
          ok: false as const,
          error: new ConnectorError(
            'unexpected',
            `The report of ticket ${ticket.ticket} does not fit what was sent.`,
          ),
        }))
  await recordResults(lane, aspect, batch, results)
  await release(lane, aspect, ticket)
  await settleProblems(lane.hub.db, [problemKey(ticket)], systemAct(lane.hub))
  count(lane, 'settled', batch.length)
}

/** What became of a ticket. An answer about this ticket alone, however bad, must not hold up everything else. */
async function ask(
  lane: Lane,
  form: AnyPush,
  ticket: Ticket,
  sent: readonly Sent[],
): Promise<ItemResult[] | 'pending' | 'gone'> {
  try {
    return await form.settle!(
      lane.client,
      ticket.ticket,
      sent.map((entry) => entry.change),
    )
  } catch (error) {
    const failure = toConnectorError(error)
    if (failurePolicy[failure.kind].stops !== 'item') throw failure
    if (failure.kind === 'not_found' || failure.kind === 'rejected') return 'gone'
    await tell(
      lane,
      ticket,
      `${lane.connection.name} gives no readable answer about ticket ${ticket.ticket}: ${failure.message}`,
    )
    return 'pending'
  }
}

const problemKey = (ticket: Ticket): string => `ticket:${ticket.id}`

async function tell(lane: Lane, ticket: Ticket, message: string): Promise<void> {
  const about = { key: problemKey(ticket), connectionId: lane.connection.id, subject: ticket.id }
  await raiseProblems(lane.hub.db, [{ kind: 'unexpected', ...about, message }], systemAct(lane.hub))
}

const toPlanned = (item: Ticket['items'][number], sent: Sent): Planned => ({
  ...item,
  ...sent,
  wasRefused: true,
  acknowledgedValue: null,
  acknowledgedFingerprint: null,
  ref: sent.change.ref,
  terms: [],
})

/** Items that a refusal did not put aside may be sent again. */
async function release(lane: Lane, aspect: Aspect, ticket: Ticket): Promise<void> {
  const { db, clock } = lane.hub
  await transact(db, async (tx) => {
    await tx.update(tickets).set({ settledAt: clock.now() }).where(eq(tickets.id, ticket.id))
    await tx.execute(sql`
      update listing_aspects state set not_before = null from ${rows(
        ticket.items.map((item) => ({ id: item.listingId, revision: item.revision })),
        'id text, revision bigint',
      )}
      where state.listing_id = item.id and state.aspect = ${aspect} and (state.revision > item.revision or state.attempts = 0)`)
  })
}

async function giveUp(lane: Lane, aspect: Aspect, ticket: Ticket, why: string): Promise<void> {
  await release(lane, aspect, ticket)
  await tell(
    lane,
    ticket,
    `${lane.connection.name} ${why} what became of ${ticket.items.length} ${aspect} values (ticket ${ticket.ticket}). They are sent again.`,
  )
}
