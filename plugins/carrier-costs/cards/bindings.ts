import { sql } from 'drizzle-orm'
import { ConflictError, type HubServices, InputError, NotFoundError, type PluginDb } from 'entrepot/sdk'
import { query } from '../part.ts'
import { openVersion, readCards } from './in-force.ts'

/** A card's service and the courier connection that books it, by that courier's own code. */
export type Binding = { cardId: string; service: string; connectionId: string; remoteService: string }

export const readBindings = (db: Pick<PluginDb, 'execute'>): Promise<Binding[]> =>
  query(
    db,
    sql`select card_id as "cardId", service, connection_id as "connectionId", remote_service as "remoteService"
    from carrier_costs_bindings order by card_id, service`,
  )

/**
 * Lets a card's service be booked by a connection, which goes by its name or id.
 * @throws NotFoundError, InputError where the connection is no courier's, ConflictError where two services would
 * be one at the courier
 */
export async function bindService(
  { db, services }: { db: PluginDb; services: Pick<HubServices, 'listConnections'> },
  wanted: { card: string; service: string; connection: string; remoteService: string },
  act: { actor: string; now: Date },
): Promise<Binding> {
  const codes = await readServiceCodes(db, wanted.card)
  if (!codes.has(wanted.service))
    throw new NotFoundError(
      `The rate card "${wanted.card}" has no service "${wanted.service}". It has ${[...codes].join(', ')}.`,
    )
  const connections = await services.listConnections()
  const connection = connections.find(
    ({ id, name }) => id === wanted.connection || name === wanted.connection,
  )
  if (!connection) throw new NotFoundError(`There is no connection "${wanted.connection}".`)
  if (connection.kind !== 'courier')
    throw new InputError(`"${connection.name}" is no courier's connection: it books nothing.`, 'connection')
  const { card: cardId, service, remoteService } = wanted
  const bindings = await readBindings(db)
  const others = bindings.filter((one) => one.cardId === cardId && one.service !== service)
  const isTaken = others.some((one) => one.remoteService === remoteService)
  // An unbound service is offered under its own code.
  const isOwn =
    remoteService !== service &&
    codes.has(remoteService) &&
    !others.some((one) => one.service === remoteService)
  if (isTaken || isOwn)
    throw new ConflictError(
      `Another service of the rate card "${cardId}" is offered as "${remoteService}" already. Bind that one to something else first.`,
    )
  await db.execute(sql`
    insert into carrier_costs_bindings (card_id, service, connection_id, remote_service, bound_at, bound_by)
    values (${cardId}, ${service}, ${connection.id}, ${remoteService}, ${act.now.toISOString()}::timestamptz, ${act.actor})
    on conflict (card_id, service) do update set connection_id = excluded.connection_id,
      remote_service = excluded.remote_service, bound_at = excluded.bound_at, bound_by = excluded.bound_by`)
  return { cardId, service, connectionId: connection.id, remoteService }
}

/** Leaves a card's service for comparison only. @throws NotFoundError */
export async function unbindService(db: PluginDb, cardId: string, service: string): Promise<void> {
  const gone = await query(
    db,
    sql`delete from carrier_costs_bindings where card_id = ${cardId} and service = ${service} returning 1`,
  )
  if (gone.length === 0)
    throw new NotFoundError(`The service "${service}" of the rate card "${cardId}" is not bound.`)
}

/** Codes of all versions that price. */
async function readServiceCodes(db: PluginDb, cardId: string): Promise<Set<string>> {
  const card = (await readCards(db)).find(({ id }) => id === cardId)
  if (!card) throw new NotFoundError(`There is no rate card "${cardId}".`)
  const versions = await Promise.all(card.versions.map((head) => openVersion(db, head)))
  return new Set(versions.flatMap(({ services }) => services.map(({ definition }) => definition.code)))
}
