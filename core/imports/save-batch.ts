import type { DbOrTx, Tx } from '../db/client.ts'
import { postgresCode, transact } from '../db/transact.ts'
import { InputError } from '../sdk/errors.ts'

/** An item that the database did not take, and why. */
export type Poison<Item> = { item: Item; reason: string }
export type BatchOutcome<Item, Result> = { results: Result[]; poison: Poison<Item>[] }

/**
 * Saves items in one transaction. When the data of one of them cannot be stored, the batch is halved until
 * that one stands alone: it is given back with the reason, and all others are saved.
 * @throws what is nobody's data: a lost connection, a missing table.
 */
export async function saveBatch<Item, Result>(
  db: DbOrTx,
  items: readonly Item[],
  save: (tx: Tx, items: readonly Item[]) => Promise<Result>,
): Promise<BatchOutcome<Item, Result>> {
  if (items.length === 0) return { results: [], poison: [] }
  try {
    return { results: [await transact(db, (tx) => save(tx, items))], poison: [] }
  } catch (error) {
    if (!isAboutData(error)) throw error
    if (items.length === 1) return { results: [], poison: [{ item: items[0]!, reason: rootMessage(error) }] }
    const middle = items.length >> 1
    const first = await saveBatch(db, items.slice(0, middle), save)
    const second = await saveBatch(db, items.slice(middle), save)
    return {
      results: [...first.results, ...second.results],
      poison: [...first.poison, ...second.poison],
    }
  }
}

/** PostgreSQL's classes for bad data (22), broken constraints (23) and exceeded limits (54); our own refusals. */
const dataClasses = ['22', '23', '54']
const isAboutData = (error: unknown): boolean =>
  error instanceof InputError ||
  error instanceof RangeError ||
  dataClasses.includes(postgresCode(error)?.slice(0, 2) ?? '')

/** The innermost message: drizzle wraps the database's words in the whole statement. */
function rootMessage(error: unknown): string {
  let at = error
  while (at instanceof Error && at.cause instanceof Error) at = at.cause
  return at instanceof Error ? at.message : String(at)
}
