import { and, eq, inArray } from 'drizzle-orm'
import { mappings } from '../db/schema/index.ts'
import type { ShipmentConfirmation } from '../sdk/model/order.ts'
import type { Lane } from './lane.ts'
import type { OnceCall } from './once-request.ts'

/** What is kept of a confirmation until it is told: carrier and warehouse in our words. */
export type AskedConfirmation = Omit<ShipmentConfirmation, 'externalLocationId'> & { warehouse?: string }

/** Confirmations as they are told, by call: carrier and place in the platform's words of now, where they are mapped. */
export async function loadConfirmations(
  lane: Pick<Lane, 'hub' | 'connection'>,
  calls: readonly OnceCall[],
): Promise<Map<string, ShipmentConfirmation>> {
  const asked = calls.map((call) => ({ call, input: call.input as AskedConfirmation }))
  const words = asked.flatMap(({ input }) => [input.carrier, input.warehouse ?? []].flat())
  const found = await lane.hub.db
    .select({ kind: mappings.kind, word: mappings.word, theirs: mappings.theirs })
    .from(mappings)
    .where(
      and(
        eq(mappings.connectionId, lane.connection.id),
        inArray(mappings.kind, ['carrier', 'location']),
        inArray(mappings.word, words),
      ),
    )
  const theirs = new Map(found.map((row) => [`${row.kind} ${row.word}`, row.theirs]))
  return new Map(
    asked.map(({ call, input: { warehouse, ...input } }) => {
      const place = warehouse === undefined ? undefined : theirs.get(`location ${warehouse}`)
      return [
        call.id,
        {
          ...input,
          carrier: theirs.get(`carrier ${input.carrier}`) ?? input.carrier,
          shippedAt: new Date(input.shippedAt),
          ...(place === undefined ? {} : { externalLocationId: place }),
        },
      ]
    }),
  )
}
