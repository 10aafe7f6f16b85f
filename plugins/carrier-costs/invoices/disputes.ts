import { sql } from 'drizzle-orm'
import { ConflictError, InputError, NotFoundError, type PluginContext, type PluginDb } from 'entrepot/sdk'
import { type Cause, causes } from './differences.ts'
import { rows } from './rows.ts'
import { toDecimal, writeCsv } from './write-csv.ts'

export const disputeStates = ['open', 'claimed', 'credited', 'rejected', 'written_off'] as const
export type DisputeState = (typeof disputeStates)[number]

export type Dispute = {
  subject: string
  key: string
  shipmentId: string | null
  carrier: string
  reference: string
  cause: Cause
  code: string
  invoiceNumber: string
  invoiceDate: string
  amountMinor: number
  /** What the carrier gave back so far. */
  creditedMinor: number
  currency: string
  reason: string
  /** The last day to dispute it. */
  deadline: string
  /** `in_our_favour` is billed too little: nothing to dispute. */
  state: DisputeState | 'in_our_favour'
  note: string
}

export type DisputeFilter = {
  state?: string | undefined
  cause?: string | undefined
  carrier?: string | undefined
  shipmentIds?: readonly string[] | undefined
}

/** Differences, those that must be disputed soonest first. Without a state, what is billed too little is left out. */
export async function listDisputes(db: PluginDb, filter: DisputeFilter = {}): Promise<Dispute[]> {
  const { state, cause, carrier, shipmentIds } = filter
  if (state && ![...disputeStates, 'in_our_favour'].includes(state))
    throw new InputError(`"${state}" is no state: ${disputeStates.join(', ')}, in_our_favour.`, 'state')
  if (cause && !causes.some((known) => known === cause))
    throw new InputError(`"${cause}" is no cause: ${causes.join(', ')}.`, 'cause')
  const found = await rows<Dispute & { amountMinor: string; creditedMinor: string }>(
    db,
    sql`
    select subject, key, shipment_id as "shipmentId", carrier, reference, cause, code, invoice_number as "invoiceNumber",
      invoice_date::text as "invoiceDate", amount_minor as "amountMinor", credited_minor as "creditedMinor", currency, reason,
      deadline::text as deadline, state, note
    from carrier_costs_differences
    where ${state ? sql`state = ${state}` : sql`state <> 'in_our_favour'`} and ${cause ? sql`cause = ${cause}` : sql`true`}
      and ${carrier ? sql`carrier = ${carrier}` : sql`true`}
      and ${shipmentIds ? sql`shipment_id = any(${sql.param([...shipmentIds])}::text[])` : sql`true`}
    order by deadline, subject, key`,
  )
  return found.map((row) => ({
    ...row,
    amountMinor: Number(row.amountMinor),
    creditedMinor: Number(row.creditedMinor),
  }))
}

const exported = [
  'carrier',
  'invoiceNumber',
  'invoiceDate',
  'reference',
  'shipmentId',
  'cause',
  'code',
  'amount',
  'credited',
  'currency',
  'deadline',
  'state',
  'reason',
  'note',
] as const

/** The list as CSV, to send to the carrier. */
export const writeDisputes = (found: readonly Dispute[]): string =>
  writeCsv(
    found.map((one) => ({
      ...one,
      amount: toDecimal(one.amountMinor, one.currency),
      credited: toDecimal(one.creditedMinor, one.currency),
    })),
    exported,
  )

export type DisputeDecision = { subject: string; key: string; state: string; note: string; actor: string }

/** What may follow what, by hand. A credit line of a later invoice settles a dispute by itself. */
const following: Record<DisputeState, readonly DisputeState[]> = {
  open: ['claimed', 'credited', 'written_off'],
  claimed: ['open', 'credited', 'rejected', 'written_off'],
  rejected: ['claimed', 'written_off'],
  written_off: ['open'],
  credited: ['claimed'],
}

/** Records what became of a dispute. @throws NotFoundError, InputError, ConflictError */
export async function decideDispute(
  { db, clock, services }: PluginContext,
  { subject, key, state, note, actor }: DisputeDecision,
): Promise<void> {
  const next = disputeStates.find((known) => known === state)
  if (!next) throw new InputError(`"${state}" is no state: ${disputeStates.join(', ')}.`, 'state')
  const [known] = await rows<{ state: Dispute['state'] }>(
    db,
    sql`select state from carrier_costs_differences where subject = ${subject} and key = ${key}`,
  )
  if (!known) throw new NotFoundError(`There is no dispute ${key} of ${subject}.`)
  if (known.state === 'in_our_favour')
    throw new ConflictError(`${key} of ${subject} is billed too little: there is nothing to dispute.`)
  if (!following[known.state].includes(next))
    throw new ConflictError(`The dispute ${key} of ${subject} is ${known.state}: it cannot become ${next}.`)
  const changed = await rows(
    db,
    sql`
    update carrier_costs_differences set decided = ${next}, state = ${next}, note = ${note}, changed_by = ${actor},
      changed_at = ${clock.now().toISOString()}::timestamptz
    where subject = ${subject} and key = ${key} and state = ${known.state} returning key`,
  )
  if (changed.length === 0)
    throw new ConflictError(`The dispute ${key} of ${subject} was changed meanwhile. Look at it again.`)
  const entry = { actor, action: 'carrier-costs.dispute.decided', subject: `${subject} ${key}` }
  await services.audit({ ...entry, before: { state: known.state }, after: { state: next, note } })
}

const warnDays = 7

/** One problem a carrier while disputes are open whose deadline is near or over. */
export async function remindOfDeadlines({ db, clock, services }: PluginContext): Promise<void> {
  const today = clock.now().toISOString().slice(0, 10)
  const found = await rows<{ carrier: string; due: number; first: string | null }>(
    db,
    sql`
    select carrier, count(*) filter (where state = 'open' and deadline <= ${today}::date + ${warnDays}::int)::int as due,
      min(deadline) filter (where state = 'open' and deadline <= ${today}::date + ${warnDays}::int)::text as first
    from carrier_costs_differences group by carrier order by carrier`,
  )
  for (const { carrier, due, first } of found) {
    const key = `disputes:${carrier}`
    if (due === 0) await services.settleProblem(key)
    else
      await services.raiseProblem({
        key,
        message: `${due} ${due === 1 ? 'difference' : 'differences'} in the invoices of ${carrier} can be disputed only until ${first} or soon after.`,
        holdsUp: 'getting back what was billed too much',
        remedy:
          'Claim them with the carrier, or write them off: entrepot carrier-costs disputes --state open.',
      })
  }
}
