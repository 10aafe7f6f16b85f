import { asc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { appendAudit } from '../audit/audit.ts'
import type { Db, DbOrTx, Tx } from '../db/client.ts'
import { connections, schedules } from '../db/schema/index.ts'
import { brokenConstraint, postgresCode } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { isCurrency } from '../lib/money.ts'
import { wake } from '../listings/dirty.ts'
import { settleProblems } from '../problems/problems.ts'
import { type Connector, type ScheduledTask, scheduledTasks } from '../sdk/connector.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import { aspects } from '../sdk/model/listing.ts'
import type { MasterKey } from './keys.ts'
import { visibleSettings } from './read.ts'
import { storeCredentials } from './vault.ts'

export type Connection = typeof connections.$inferSelect

export type NewConnection = {
  name: string
  settings: unknown
  credentials: unknown
  isLocal?: boolean
  rateScale?: number
  currency?: string
  locale?: string
  /** Reads, but sends nothing until it is resumed. */
  isObserving?: boolean
  /** Orders placed before this take nothing from stock; the present instant unless given. */
  ordersFrom?: Date
}

/** Adds a connection with its credentials and default schedule. @throws InputError naming the field that is wrong. */
export async function addConnection(
  tx: Tx,
  master: MasterKey,
  connector: Connector,
  input: NewConnection,
  act: Act,
): Promise<Connection> {
  if (input.name.trim() === '') throw new InputError('A connection needs a name.', 'name')
  const settings = parseInput(connector.settings, input.settings, 'settings')
  const credentials = parseInput(connector.credentials, input.credentials, 'credentials')
  const defaults = connector.defaults(settings)
  const values = {
    id: newId('con', act.now.getTime()),
    connector: connector.id,
    name: input.name.trim(),
    settings: settings as Record<string, unknown>,
    currency: input.currency ?? defaults.currency,
    locale: input.locale ?? defaults.locale,
    status: input.isObserving ? ('observing' as const) : ('active' as const),
    isLocal: input.isLocal ?? false,
    rateScale: input.rateScale ?? 1,
    ordersFrom: input.ordersFrom ?? act.now,
    createdAt: act.now,
  }
  if (!isCurrency(values.currency))
    throw new InputError(`"${values.currency}" is not an ISO 4217 currency code.`, 'currency')
  if (values.rateScale !== 1 && !values.isLocal)
    throw new InputError('Only a local connection may scale the published rates.', 'rateScale')
  const [row] = await tx.insert(connections).values(values).returning().catch(refuseDouble(values.name))
  await storeCredentials(tx, master, values.id, credentials, act)
  for (const task of scheduledTasks) {
    const cron = connector.schedule[task]
    if (cron) await tx.insert(schedules).values({ connectionId: values.id, task, cron })
  }
  await appendAudit(tx, act, {
    action: 'connection.added',
    subject: values.id,
    after: {
      connector: connector.id,
      name: values.name,
      settings: visibleSettings(connector, values.settings).settings,
    },
  })
  return row!
}

const refuseDouble = (name: string) => (error: unknown) => {
  if (postgresCode(error) === '23505' && brokenConstraint(error)?.includes('name'))
    throw new ConflictError(`There is a connection named "${name}" already.`)
  throw error
}

function parseInput<Value>(schema: z.ZodType<Value>, value: unknown, what: string): Value {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const field = [what, ...issue.path].join('.')
  throw new InputError(`${field}: ${issue.message}`, field)
}

/** All connections, or those of one status, by name. */
export async function listConnections(db: DbOrTx): Promise<Connection[]> {
  return db.select().from(connections).orderBy(asc(connections.name))
}

/** A connection by id or name. @throws NotFoundError naming those there are. */
export async function findConnection(db: DbOrTx, idOrName: string): Promise<Connection> {
  const all = await listConnections(db)
  const found = all.find((connection) => connection.id === idOrName || connection.name === idOrName)
  if (found) return found
  const names = all.map((connection) => connection.name).join(', ') || 'none yet'
  throw new NotFoundError(`There is no connection "${idOrName}". There are: ${names}.`)
}

/** Stops every lane of a connection; what changes meanwhile stays dirty. */
export async function pauseConnection(tx: DbOrTx, id: string, reason: string, act: Act): Promise<void> {
  await tx.update(connections).set({ status: 'paused', pausedReason: reason }).where(eq(connections.id, id))
  await appendAudit(tx as Tx, act, { action: 'connection.paused', subject: id, after: { reason } })
}

/** Lets the lanes of a connection go on, and wakes them. */
export async function resumeConnection(tx: Tx, id: string, act: Act): Promise<void> {
  await tx.update(connections).set({ status: 'active', pausedReason: null }).where(eq(connections.id, id))
  await settleProblems(tx, [`auth:${id}`, `unavailable:${id}`], act)
  await appendAudit(tx, act, { action: 'connection.resumed', subject: id })
  await wake(
    tx,
    ['orders', ...aspects].map((task) => ({ task, connectionId: id })),
  )
}

/** Replaces the credentials of a connection. @throws InputError */
export async function replaceCredentials(
  tx: Tx,
  master: MasterKey,
  connector: Connector,
  id: string,
  value: unknown,
  act: Act,
): Promise<void> {
  await storeCredentials(tx, master, id, parseInput(connector.credentials, value, 'credentials'), act)
  await tx
    .update(connections)
    .set({ revision: sql`${connections.revision} + 1` })
    .where(eq(connections.id, id))
  await appendAudit(tx, act, { action: 'connection.credentials_replaced', subject: id })
}

export type Schedule = typeof schedules.$inferSelect

export async function listSchedules(db: Db, connectionId?: string): Promise<Schedule[]> {
  const all = db.select().from(schedules)
  return connectionId ? all.where(eq(schedules.connectionId, connectionId)) : all
}

/** Sets when a task runs; the cron line has been checked by the caller. */
export async function setSchedule(
  tx: Tx,
  connectionId: string,
  task: ScheduledTask,
  change: { cron?: string; timeZone?: string; isEnabled?: boolean },
  act: Act,
): Promise<void> {
  const [before] = (await tx.select().from(schedules).where(eq(schedules.connectionId, connectionId))).filter(
    (row) => row.task === task,
  )
  if (!before && !change.cron)
    throw new NotFoundError(`The connection has no schedule for "${task}"; give a cron line to add one.`)
  await tx
    .insert(schedules)
    .values({
      connectionId,
      task,
      cron: change.cron ?? before!.cron,
      timeZone: change.timeZone ?? 'UTC',
      isEnabled: change.isEnabled ?? true,
    })
    .onConflictDoUpdate({ target: [schedules.connectionId, schedules.task], set: change })
  await appendAudit(tx, act, {
    action: 'schedule.set',
    subject: connectionId,
    before: before ?? null,
    after: { task, ...change },
  })
}
