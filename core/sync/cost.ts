import { inArray } from 'drizzle-orm'
import { connections } from '../db/schema/index.ts'
import type { Hub } from './hub.ts'

/**
 * How long calls to a connection take at the limits that its platform publishes, in seconds: at the fastest of those
 * that no read takes from, so at least that long. Null where no connection or no limit is known.
 */
export async function secondsOfCalls(
  hub: Pick<Hub, 'db' | 'connectors'>,
  connectionIds: readonly (string | null)[],
): Promise<(cost: { connectionId: string | null; costCalls: number }) => number | null> {
  const ids = [...new Set(connectionIds.filter((id) => id !== null))]
  const found =
    ids.length === 0
      ? []
      : await hub.db
          .select({ id: connections.id, connector: connections.connector, rateScale: connections.rateScale })
          .from(connections)
          .where(inArray(connections.id, ids))
  const perSecond = new Map(
    found.flatMap(({ id, connector, rateScale }) => {
      const known = hub.connectors.get(connector)
      const rates = Object.entries(known?.buckets ?? {}).flatMap(([name, bucket]) =>
        isRead(known!.operations, name) ? [] : [bucket.perSecond * rateScale],
      )
      return rates.length === 0 ? [] : [[id, Math.max(...rates)] as const]
    }),
  )
  return ({ connectionId, costCalls }) => {
    const rate = perSecond.get(connectionId ?? '')
    return rate === undefined ? null : Math.ceil(costCalls / rate)
  }
}

/** Whether a bucket is that of a pull: writes do not take from it. */
const isRead = (operations: Readonly<Record<string, unknown>>, bucket: string): boolean =>
  Object.values(operations).some(
    (operation) => (operation as { bucket?: string } | undefined)?.bucket === bucket,
  )
