import { eq } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { parcels } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { type NewProblem, type ProblemKind, raiseProblems, settleProblems } from '../problems/problems.ts'
import { isFinalState } from '../sdk/model/tracking.ts'
import type { Shipment } from './book.ts'
import { forgottenAfterDays } from './next-ask.ts'
import type { Follow, Parcel } from './tracking.ts'

const dayMs = 86_400_000
/** A parcel is late once its promise is this old: scans come hours after the fact. */
const graceMs = dayMs

const kinds = [
  'parcel_lost',
  'parcel_damaged',
  'parcel_returned',
  'parcel_delayed',
  'parcel_unexpected',
] as const
type IncidentKind = Extract<ProblemKind, (typeof kinds)[number]>

const keyOf = (kind: IncidentKind, parcelId: string) => `${kind}:${parcelId}`

/** Opens the problems that a parcel is in, each with the last day of a claim, and closes those that are over. */
export async function reviewParcel(
  tx: Tx,
  shipment: Shipment,
  parcel: Parcel,
  follow: Pick<Follow, 'claimDays'>,
  act: Act,
): Promise<void> {
  const found = findTrouble(shipment, parcel, act.now)
  const over = kinds.filter((kind) => !found.has(kind) && isOver(kind, parcel))
  await settleProblems(
    tx,
    over.map((kind) => keyOf(kind, parcel.id)),
    act,
  )
  if (found.size === 0) return
  const from = shipment.handedOverAt ?? shipment.bookedAt ?? act.now
  const claimBy = parcel.claimBy ?? new Date(from.getTime() + follow.claimDays * dayMs)
  await tx.update(parcels).set({ claimBy }).where(eq(parcels.id, parcel.id))
  await raiseProblems(
    tx,
    [...found].map(([kind, words]) => toProblem(kind, words, shipment, parcel, claimBy)),
    act,
  )
}

function toProblem(
  kind: IncidentKind,
  words: string,
  shipment: Shipment,
  parcel: Parcel,
  claimBy: Date,
): NewProblem {
  return {
    kind,
    key: keyOf(kind, parcel.id),
    connectionId: shipment.connectionId,
    subject: shipment.id,
    message: `Parcel ${parcel.trackingNumber} (${shipment.carrier}) ${words}. A claim can be made until ${claimBy.toISOString().slice(0, 10)}.`,
    detail: { parcelId: parcel.id, orderId: shipment.orderId, claimBy: claimBy.toISOString() },
  }
}

function findTrouble(shipment: Shipment, parcel: Parcel, now: Date): Map<IncidentKind, string> {
  const found = new Map<IncidentKind, string>()
  if (parcel.state === 'lost' || (parcel.incident === 'lost' && !isFinalState(parcel.state)))
    found.set('parcel_lost', 'is lost, says the courier')
  if (parcel.incident === 'damaged') found.set('parcel_damaged', 'is damaged, says the courier')
  if (parcel.state === 'returning' || parcel.state === 'returned')
    found.set('parcel_returned', parcel.state === 'returned' ? 'came back' : 'is on its way back')
  if (shipment.state === 'cancelled' && parcel.collectedAt !== null)
    found.set('parcel_unexpected', 'travels although its shipment was cancelled')
  if (isFinalState(parcel.state)) return found
  const due = shipment.promisedAt ?? parcel.estimatedAt
  if (due && now.getTime() > due.getTime() + graceMs)
    found.set('parcel_delayed', `was promised for ${due.toISOString().slice(0, 10)} and is not delivered`)
  else if (parcel.askAt === null && shipment.state === 'booked')
    found.set(
      'parcel_delayed',
      `was not delivered within ${forgottenAfterDays} days and is not asked about any more`,
    )
  return found
}

/** Damage and returns stay until a person has dealt with them. */
const isOver = (kind: IncidentKind, parcel: Parcel): boolean =>
  (kind === 'parcel_lost' || kind === 'parcel_delayed') && isFinalState(parcel.state)
