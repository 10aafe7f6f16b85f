import type { Tx } from '../db/client.ts'
import { postgresCode, postgresWords } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import type { RemoteOrder, Unreadable } from '../sdk/model/order.ts'
import { type ImportCounts, importOrders } from './import.ts'
import type { OrderSource } from './source.ts'

/**
 * Takes a page of orders in. One that the database refuses (an amount beyond every limit, a character that is
 * none) is put aside and takes no other with it.
 */
export async function importPage(
  tx: Tx,
  source: OrderSource,
  told: readonly RemoteOrder[],
  act: Act,
): Promise<ImportCounts & { refused: Unreadable[] }> {
  try {
    return { ...(await tx.transaction((inner) => importOrders(inner, source, told, act))), refused: [] }
  } catch (error) {
    if (!isOfData(error)) throw error
    if (told.length === 1) return { ...nothing, refused: [putAside(told[0]!, error)] }
  }
  const middle = Math.ceil(told.length / 2)
  const first = await importPage(tx, source, told.slice(0, middle), act)
  const second = await importPage(tx, source, told.slice(middle), act)
  return {
    imported: first.imported + second.imported,
    changed: first.changed + second.changed,
    same: first.same + second.same,
    events: [...first.events, ...second.events],
    refused: [...first.refused, ...second.refused],
  }
}

const nothing: ImportCounts = { imported: 0, changed: 0, same: 0, events: [] }

/** Data exceptions and broken constraints: the same order would be refused again. */
const isOfData = (error: unknown): boolean => /^2[23]/.test(postgresCode(error) ?? '')

const putAside = (order: RemoteOrder, error: unknown): Unreadable => ({
  externalId: order.externalId,
  raw: order,
  reason: `the hub's database refuses it: ${postgresWords(error)}`,
})
