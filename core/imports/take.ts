import type { Db, Tx } from '../db/client.ts'
import { type CatalogRecord, type Item, isRefused, isTaken, type OrderRecord, type Taken } from './item.ts'
import type { Finding } from './rejects.ts'
import type { ImportCounts } from './report.ts'
import { type BatchOutcome, saveBatch } from './save-batch.ts'
import type { CatalogSaved } from './save-catalog.ts'

type Rec = CatalogRecord | OrderRecord
export type Saved = { created: number; changed: number; same: number } & Partial<
  Pick<CatalogSaved, 'pricesSet' | 'stockSet' | 'unknown'>
>
export type Save = (tx: Tx, items: readonly Taken<Rec>[]) => Promise<Saved>

/** Where an import writes down what becomes of each row. */
export type Book = { counts: ImportCounts; rejects: { add(finding: Finding): Promise<void> } }

/** A batch also ends at this many characters, so that long texts do not pile up in memory. */
const maxBatchCharacters = 4_000_000

/** Items in portions of at most `size`. */
export async function* batchesOf(items: AsyncIterable<Item<Rec>>, size: number): AsyncGenerator<Item<Rec>[]> {
  let batch: Item<Rec>[] = []
  let characters = 0
  try {
    for await (const item of items) {
      batch.push(item)
      characters += 'raw' in item ? item.raw.length : 0
      if (batch.length >= size || characters >= maxBatchCharacters) {
        yield batch
        batch = []
        characters = 0
      }
    }
  } catch (error) {
    // What was read before the file broke off is good.
    if (batch.length > 0) yield batch
    throw error
  }
  if (batch.length > 0) yield batch
}

/** Batches without the items that are behind us. */
export async function* unread(
  batches: AsyncIterable<Item<Rec>[]>,
  behind: number,
): AsyncGenerator<Item<Rec>[]> {
  let seen = 0
  for await (const batch of batches) {
    const fresh = batch.slice(Math.max(0, behind - seen))
    seen += batch.length
    if (fresh.length > 0) yield fresh
  }
}

/** Batches saved at once: PostgreSQL works on one while the next is read and sent. */
const savedAtOnce = 2

/**
 * Saves batches, two at a time, and books every row of them in the order of the file.
 * @throws what saving failed with, or else reading; what was read before the file broke off is saved and booked.
 */
export async function takeBatches(
  db: Db,
  batches: AsyncIterable<readonly Item<Rec>[]>,
  save: Save,
  book: Book,
  onTaken: () => void,
): Promise<void> {
  const underWay: { batch: readonly Item<Rec>[]; saving: Promise<Outcome> }[] = []
  const takeFirst = async () => {
    const { batch, saving } = underWay.shift()!
    await bookBatch(batch, await saving, book)
    onTaken()
  }
  const takeRest = async () => {
    while (underWay.length > 0) await takeFirst()
  }
  try {
    for await (const batch of batches) {
      const saving = saveBatch(db, batch.filter(isTaken), save)
      // Its failure is told when it is its turn.
      saving.catch(() => {})
      underWay.push({ batch, saving })
      if (underWay.length >= savedAtOnce) await takeFirst()
    }
  } catch (error) {
    await Promise.allSettled(underWay.map(({ saving }) => saving))
    await takeRest()
    throw error
  }
  await takeRest()
}

type Outcome = BatchOutcome<Taken<Rec>, Saved>

/** Counts a batch that was saved, and writes down every row of it that was refused or is odd. */
export async function bookBatch(batch: readonly Item<Rec>[], outcome: Outcome, book: Book): Promise<void> {
  const { counts, rejects } = book
  counts.rows += batch.length
  for (const item of batch) {
    if (isRefused(item)) await refuse(book, item, item.column, item.reason)
    else if (!isTaken(item)) counts[item.skipped === 'duplicate' ? 'duplicates' : 'superseded'] += 1
  }
  for (const { created, changed, same, pricesSet = 0, stockSet = 0, unknown = [] } of outcome.results) {
    counts.created += created
    counts.changed += changed
    counts.same += same
    counts.pricesSet += pricesSet
    counts.stockSet += stockSet
    for (const { item, column, reason } of unknown) await refuse(book, item, column, reason)
  }
  for (const { item, reason } of outcome.poison)
    await refuse(book, item, null, `the database refused it: ${reason}`)
  const poisoned = new Set(outcome.poison.map(({ item }) => item))
  for (const item of batch.filter(isTaken)) {
    if (!('notes' in item.record) || poisoned.has(item)) continue
    for (const note of item.record.notes) {
      counts[note.kind] += 1
      const { file, line, raw } = item
      await rejects.add({ outcome: 'noted', file, line, column: note.column, reason: note.text, raw })
    }
  }
}

async function refuse(
  { counts, rejects }: Book,
  item: { file: string; line: number; raw: string },
  column: string | null,
  reason: string,
): Promise<void> {
  counts.rejected += 1
  const { file, line, raw } = item
  await rejects.add({ outcome: 'rejected', file, line, column, reason, raw })
}
