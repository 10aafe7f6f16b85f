import { and, desc, eq, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { Tx } from '../db/client.ts'
import { auditLog, connections } from '../db/schema/index.ts'
import { postgresCode } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import type { Connector } from '../sdk/connector.ts'
import { ConflictError, InputError } from '../sdk/errors.ts'
import type { Connection } from './connections.ts'
import { visibleSettings } from './read.ts'

/** What may be changed of a connection. Settings that are not named stay; null takes one away. */
export type ConnectionChange = {
  /** The revision that was read by whoever makes the change; without it the present one is meant. */
  revision?: number | undefined
  name?: string | undefined
  settings?: Record<string, unknown> | undefined
  maxEndedBasisPoints?: number | undefined
  maxZeroedBasisPoints?: number | undefined
  maxRepricedBasisPoints?: number | undefined
  maxPriceStepBasisPoints?: number | undefined
  /** Refunds of one order above this need approval; null: none does. */
  maxRefundMinor?: number | null | undefined
  /** When this marketplace is told of a shipment. */
  confirmAt?: 'booking' | 'hand_over' | undefined
}

/** Changes a connection. Clients made from its old settings are made anew. @throws InputError, ConflictError */
export async function changeConnection(
  tx: Tx,
  connector: Connector,
  before: Connection,
  { revision, ...change }: ConnectionChange,
  act: Act,
): Promise<Connection> {
  if (revision !== undefined && revision !== before.revision) throw await changedMeanwhile(tx, before)
  const settings = change.settings && mergeSettings(connector, before.settings, change.settings)
  const values = Object.fromEntries(
    Object.entries({ ...change, settings }).filter(([, value]) => value !== undefined),
  )
  if (Object.keys(values).length === 0) return before
  const [after] = await tx
    .update(connections)
    .set({ ...values, revision: sql`${connections.revision} + 1` })
    .where(and(eq(connections.id, before.id), eq(connections.revision, before.revision)))
    .returning()
    .catch((error: unknown) => {
      if (postgresCode(error) === '23505')
        throw new ConflictError(`There is a connection named "${change.name}" already.`)
      throw error
    })
  if (!after) throw await changedMeanwhile(tx, before)
  const shown = ({ name, settings: all, ...rest }: Connection) => ({
    name,
    settings: visibleSettings(connector, all).settings,
    maxEndedBasisPoints: rest.maxEndedBasisPoints,
    maxZeroedBasisPoints: rest.maxZeroedBasisPoints,
    maxRepricedBasisPoints: rest.maxRepricedBasisPoints,
    maxPriceStepBasisPoints: rest.maxPriceStepBasisPoints,
    maxRefundMinor: rest.maxRefundMinor,
    confirmAt: rest.confirmAt,
  })
  await appendAudit(tx, act, {
    action: 'connection.changed',
    subject: before.id,
    before: shown(before),
    after: shown(after),
  })
  return after
}

/** Says who changed it, as far as the audit log tells. */
async function changedMeanwhile(tx: Tx, { id, name }: Connection): Promise<ConflictError> {
  const [last] = await tx
    .select({ actor: auditLog.actor, at: auditLog.at })
    .from(auditLog)
    .where(eq(auditLog.subject, id))
    .orderBy(desc(auditLog.id))
    .limit(1)
  const who = last ? `by ${last.actor} at ${last.at.toISOString()}` : 'by somebody else'
  return new ConflictError(
    `${name} was changed ${who} since you read it. Read it again, then make your change.`,
  )
}

function mergeSettings(
  connector: Connector,
  stored: Record<string, unknown>,
  change: Record<string, unknown>,
): Record<string, unknown> {
  const merged = Object.fromEntries(
    Object.entries({ ...stored, ...change }).filter(([, value]) => value !== null),
  )
  const parsed = connector.settings.safeParse(merged)
  if (parsed.success) return parsed.data as Record<string, unknown>
  const issue = parsed.error.issues[0]!
  const field = ['settings', ...issue.path].join('.')
  throw new InputError(`${field}: ${issue.message}`, field)
}
