import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import {
  ConflictError,
  InputError,
  isCurrency,
  NotFoundError,
  type PluginContext,
  type PluginDb,
} from 'entrepot/sdk'
import { z } from 'zod'
import { parseInput, rows } from '../invoices/rows.ts'

export const claimTable = `
  create table carrier_costs_claims (
    id text primary key,
    shipment_id text not null,
    -- Null where it is the whole shipment.
    tracking_number text,
    carrier text not null,
    reason text not null,
    amount_minor bigint not null check (amount_minor > 0),
    paid_minor bigint not null default 0,
    currency text not null,
    state text not null default 'made',
    note text not null default '',
    made_at timestamptz not null,
    changed_by text not null,
    changed_at timestamptz not null,
    unique nulls not distinct (shipment_id, tracking_number, reason)
  )`

export const claimReasons = ['lost', 'damaged', 'delayed', 'other'] as const
export const claimStates = ['made', 'accepted', 'paid', 'rejected', 'withdrawn'] as const
export type ClaimState = (typeof claimStates)[number]

export type Claim = {
  id: string
  shipmentId: string
  trackingNumber: string | null
  carrier: string
  reason: (typeof claimReasons)[number]
  amountMinor: number
  paidMinor: number
  currency: string
  state: ClaimState
  note: string
}

const newClaim = z.strictObject({
  /** Our id, the courier's id, or a tracking number; a tracking number claims its parcel only. */
  shipment: z.string().trim().min(1).max(200),
  reason: z.enum(claimReasons),
  amountMinor: z.int().min(1).max(1e12),
  currency: z.string().refine(isCurrency, 'is no ISO 4217 currency code'),
  note: z.string().max(500).default(''),
})

/** Records a claim that was made with a carrier. @throws InputError, NotFoundError, ConflictError for a second one */
export async function makeClaim(context: PluginContext, value: unknown, actor: string): Promise<Claim> {
  const { db, services } = context
  const { shipment: name, reason, amountMinor, currency, note } = parseInput(newClaim, value, 'The claim')
  const found = (await services.findShipments([name])).at(-1)
  if (!found) throw new NotFoundError(`There is no shipment ${name}.`)
  if (!found.carrier) throw new ConflictError(`The shipment ${found.id} has no carrier to claim from.`)
  const trackingNumber = found.parcels.some((parcel) => parcel.trackingNumber === name) ? name : null
  const now = context.clock.now().toISOString()
  const id = `clm_${randomUUID()}`
  const made = await rows(
    db,
    sql`
    insert into carrier_costs_claims (id, shipment_id, tracking_number, carrier, reason, amount_minor, currency, note, made_at, changed_by, changed_at)
    values (${id}, ${found.id}, ${trackingNumber}, ${found.carrier}, ${reason}, ${amountMinor}, ${currency}, ${note}, ${now}::timestamptz, ${actor}, ${now}::timestamptz)
    on conflict do nothing returning id`,
  )
  if (made.length === 0)
    throw new ConflictError(`${name} was claimed as ${reason} already. Change that claim instead.`)
  const [claim] = await listClaims(db, { id })
  await services.audit({ actor, action: 'carrier-costs.claim.made', subject: id, after: claim })
  return claim!
}

export type ClaimFilter = { id?: string; state?: string | undefined; shipmentIds?: readonly string[] }

/** Claims, the newest first. */
export async function listClaims(
  db: PluginDb,
  { id, state, shipmentIds }: ClaimFilter = {},
): Promise<Claim[]> {
  if (state !== undefined) readState(state)
  const found = await rows<Claim & { amountMinor: string; paidMinor: string }>(
    db,
    sql`
    select id, shipment_id as "shipmentId", tracking_number as "trackingNumber", carrier, reason, amount_minor as "amountMinor",
      paid_minor as "paidMinor", currency, state, note
    from carrier_costs_claims
    where ${id ? sql`id = ${id}` : sql`true`} and ${state ? sql`state = ${state}` : sql`true`}
      and ${shipmentIds ? sql`shipment_id = any(${sql.param([...shipmentIds])}::text[])` : sql`true`}
    order by made_at desc, id`,
  )
  return found.map((row) => ({
    ...row,
    amountMinor: Number(row.amountMinor),
    paidMinor: Number(row.paidMinor),
  }))
}

const following: Record<ClaimState, readonly ClaimState[]> = {
  made: ['accepted', 'paid', 'rejected', 'withdrawn'],
  accepted: ['paid', 'rejected'],
  rejected: ['made', 'accepted', 'paid'],
  paid: [],
  withdrawn: ['made'],
}

export type ClaimChange = { id: string; state: string; paidMinor: number | null; note: string; actor: string }

/** Records what became of a claim; `paid` says how much. @throws NotFoundError, InputError, ConflictError */
export async function changeClaim(
  { db, clock, services }: PluginContext,
  { id, state, paidMinor, note, actor }: ClaimChange,
): Promise<void> {
  const next = readState(state)
  const [before] = await listClaims(db, { id })
  if (!before) throw new NotFoundError(`There is no claim ${id}.`)
  const isPaid = next === 'paid'
  if (isPaid !== (paidMinor !== null))
    throw new InputError(
      isPaid ? 'Say how much was paid.' : `A claim that is ${next} has no payment.`,
      'paidMinor',
    )
  if (
    paidMinor !== null &&
    (!Number.isSafeInteger(paidMinor) || paidMinor <= 0 || paidMinor > before.amountMinor)
  )
    throw new InputError(
      `Paid is from 1 to the ${before.amountMinor} that were claimed, in minor units.`,
      'paidMinor',
    )
  const changed = following[before.state].includes(next)
    ? await rows(
        db,
        sql`
        update carrier_costs_claims set state = ${next}, paid_minor = ${paidMinor ?? 0}, note = ${note}, changed_by = ${actor},
          changed_at = ${clock.now().toISOString()}::timestamptz
        where id = ${id} and state = ${before.state} returning id`,
      )
    : []
  if (changed.length === 0)
    throw new ConflictError(`The claim ${id} is ${before.state}: it cannot become ${next}.`)
  const after = { ...before, state: next, paidMinor: paidMinor ?? 0, note }
  await services.audit({ actor, action: 'carrier-costs.claim.changed', subject: id, before, after })
}

function readState(text: string): ClaimState {
  const state = claimStates.find((known) => known === text)
  if (!state) throw new InputError(`"${text}" is no state: ${claimStates.join(', ')}.`, 'state')
  return state
}
