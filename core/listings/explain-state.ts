import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { listingAspects, problems, proposals } from '../db/schema/index.ts'

/** Where an aspect of a listing stands between the hub and the marketplace. */
export type AspectState = {
  revision: number
  acknowledgedRevision: number
  /** Whether the marketplace has acknowledged the revision that the hub wants. */
  isInStep: boolean
  acknowledgedValue: unknown
  acknowledgedAt: Date | null
  /** Since when the wanted revision waits; null while in step. */
  dirtySince: Date | null
  /** Not sent again before then. */
  notBefore: Date | null
  attempts: number
  /** Whether the marketplace refused the present revision. */
  isRefused: boolean
}

/** Why a listing does not move. */
export type Stopped = {
  /** What is stopped, in the platform's own words where it gave some. */
  problems: Pick<
    typeof problems.$inferSelect,
    'id' | 'kind' | 'message' | 'vendorMessage' | 'field' | 'remedy' | 'since' | 'timesSeen'
  >[]
  /** What waits for a person's approval. */
  proposals: Pick<typeof proposals.$inferSelect, 'id' | 'title' | 'reason' | 'proposedAt'>[]
}

/** The state of each aspect, by listing id and aspect. */
export async function loadStates(
  db: DbOrTx,
  listingIds: readonly string[],
): Promise<Map<string, AspectState>> {
  const found = await db
    .select()
    .from(listingAspects)
    .where(inArray(listingAspects.listingId, [...listingIds]))
  return new Map(
    found.map((row) => {
      const isInStep = row.revision <= row.acknowledgedRevision
      const state: AspectState = {
        revision: row.revision,
        acknowledgedRevision: row.acknowledgedRevision,
        isInStep,
        acknowledgedValue: row.acknowledgedValue,
        acknowledgedAt: row.acknowledgedAt,
        dirtySince: isInStep ? null : row.dirtySince,
        notBefore: isInStep ? null : row.notBefore,
        attempts: row.attempts,
        isRefused: row.refusedRevision === row.revision,
      }
      return [`${row.listingId} ${row.aspect}`, state]
    }),
  )
}

/** Open problems and proposals about these listings, or about publishing their product. */
export async function loadStopped(db: DbOrTx, listingIds: readonly string[], productId: string) {
  const open = await db
    .select()
    .from(problems)
    .where(and(inArray(problems.subject, [...listingIds, productId]), isNull(problems.resolvedAt)))
    .orderBy(problems.since)
  const waiting = await db
    .select()
    .from(proposals)
    .where(
      and(
        eq(proposals.status, 'open'),
        or(inArray(proposals.key, listingIds.map(stepKey)), eq(proposals.kind, 'caps_exceeded')),
      ),
    )
  return (listingId: string, connectionId: string): Stopped => ({
    problems: open
      .filter(
        (row) =>
          row.subject === listingId || (row.subject === productId && row.connectionId === connectionId),
      )
      .map(({ id, kind, message, vendorMessage, field, remedy, since, timesSeen }) => {
        return { id, kind, message, vendorMessage, field, remedy, since, timesSeen }
      }),
    proposals: waiting
      .filter((row) =>
        row.kind === 'price_step' ? row.key === stepKey(listingId) : row.connectionId === connectionId,
      )
      .map(({ id, title, reason, proposedAt }) => ({ id, title, reason, proposedAt })),
  })
}

const stepKey = (listingId: string) => `price_step:${listingId}`
