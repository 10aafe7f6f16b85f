import { transact } from '../db/transact.ts'
import { dueKinds } from '../mappings/due.ts'
import { kindsOf, type MappingKind } from '../mappings/kinds.ts'
import { refreshWords } from '../mappings/refresh.ts'
import { finishTerms, keepTerms } from '../mappings/terms.ts'
import { ConnectorError } from '../sdk/errors.ts'
import type { Hub } from './hub.ts'
import { count, type Lane } from './lane.ts'
import { assertLease } from './leases.ts'

/** A platform that always has another page is broken. */
const mostPages = 10_000

/** Reads what the platform offers to map to, whole, and works out anew which words wait for a meaning. */
export async function pullTerms(lane: Lane): Promise<void> {
  const { hub, connection, connector } = lane
  if (connector.operations.pullTerms) await readTerms(lane)
  for (const kind of kindsOf(connector)) await refreshWords(hub.db, connection, kind, hub.clock)
}

async function readTerms(lane: Lane): Promise<void> {
  const { hub, connection, connector, lease } = lane
  const startedAt = hub.clock.now()
  let after: string | null = null
  for (let pages = 0; ; pages += 1) {
    const page = await connector.operations.pullTerms!.run(lane.client, after)
    if (page.more && (page.next === after || pages >= mostPages))
      throw new ConnectorError(
        'unexpected',
        `${connector.name} gives page after page of terms without an end.`,
      )
    await transact(hub.db, async (tx) => {
      await assertLease(tx, lease)
      await keepTerms(tx, connection.id, page.items, startedAt)
      if (!page.more) await finishTerms(tx, connection.id, startedAt)
    })
    count(lane, 'terms', page.items.length)
    if (!page.more) return
    after = page.next
  }
}

/** Works out the words of connections that have not been looked at for a while. */
export async function refreshDueWords(hub: Hub): Promise<void> {
  for (const { source, due } of await dueKinds(hub.db, hub.clock.now())) {
    const connector = hub.connectors.get(source.connector)
    if (!connector) continue
    const kinds: readonly MappingKind[] = kindsOf(connector)
    for (const kind of due) if (kinds.includes(kind)) await refreshWords(hub.db, source, kind, hub.clock)
  }
}
