import { noteWebhook } from '../calls/write.ts'
import { type Connection, findConnection } from '../connections/connections.ts'
import { openVault } from '../connections/vault.ts'
import { NotFoundError } from '../sdk/errors.ts'
import { enqueueTask } from './enqueue.ts'
import { connectorOf, type Hub } from './hub.ts'
import type { Queue } from './queue.ts'
import { takeTold } from './track.ts'

export type WebhookOutcome = 'accepted' | 'ignored' | 'forged' | 'unknown'

/**
 * Takes a webhook: verified on its raw body before anything is parsed, then understood only as "pull now". One
 * that comes twice, late or out of order does no harm, because what is read is the platform's present state.
 */
export async function receiveWebhook(
  hub: Hub & { queue: Queue },
  connectionId: string,
  headers: Headers,
  rawBody: Buffer,
): Promise<WebhookOutcome> {
  const outcome = await takeWebhook(hub, connectionId, headers, rawBody)
  if (outcome !== 'unknown') await noteWebhook(hub.database.forgetful, connectionId, outcome, hub.clock.now())
  return outcome
}

async function takeWebhook(
  hub: Hub & { queue: Queue },
  connectionId: string,
  headers: Headers,
  rawBody: Buffer,
): Promise<WebhookOutcome> {
  let connection: Connection
  try {
    connection = await findConnection(hub.db, connectionId)
  } catch (error) {
    if (error instanceof NotFoundError) return 'unknown'
    throw error
  }
  const connector = connectorOf(hub.connectors, connection)
  if (!connector.webhook || connection.id !== connectionId) return 'unknown'
  const vault = await openVault(hub.db, hub.key, connection.id)
  const request = { headers, rawBody }
  if (
    !connector.webhook.verify(
      request,
      connector.credentials.parse(vault.credentials),
      connector.settings.parse(connection.settings),
    )
  ) {
    hub.log.warn({ connectionId }, 'A webhook with a wrong signature was refused')
    return 'forged'
  }
  const action = connector.webhook.interpret(request)
  if ('ignore' in action) return 'ignored'
  if ('told' in action) {
    if (connector.kind !== 'courier') return 'ignored'
    await takeTold(hub, connectionId, connector, action.told)
    return 'accepted'
  }
  if (action.pull === 'tracking') {
    await enqueueTask(hub.queue, { task: 'tracking', connectionId, externalIds: [...action.externalIds] })
    return 'accepted'
  }
  const task = action.pull === 'listings' ? 'reconcile' : action.pull
  await enqueueTask(hub.queue, { task, connectionId })
  if (task === 'orders' && action.externalIds?.length)
    await enqueueTask(hub.queue, { task, connectionId, externalIds: [...action.externalIds] })
  return 'accepted'
}

/** What the platform of a connection wants to read once its message was taken; null where any answer will do. */
export async function webhookReply(
  hub: Hub,
  connectionId: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  const connector = connectorOf(hub.connectors, await findConnection(hub.db, connectionId))
  return connector.webhook?.reply ?? null
}
