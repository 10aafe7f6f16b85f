import { createHash } from 'node:crypto'
import { type CatalogRecord, type Item, isTaken, type OrderRecord, type Taken } from './item.ts'

const keyOf = (record: CatalogRecord): string | null =>
  record.snapshot && `${record.snapshot.at.getTime()} ${record.snapshot.key}`

/**
 * Marks rows that repeat a snapshot word for word as duplicates, and refuses those that contradict it: one
 * thing has one state at one time.
 */
export async function* skipRepeats(
  items: AsyncIterable<Item<CatalogRecord | OrderRecord>>,
): AsyncGenerator<Item<CatalogRecord | OrderRecord>> {
  const seen = new Map<string, { line: number; digest: string }>()
  for await (const item of items) {
    const key = isTaken(item) && 'snapshot' in item.record ? keyOf(item.record) : null
    if (!isTaken(item) || key === null) {
      yield item
      continue
    }
    const { file, line, raw } = item
    const digest = createHash('sha1').update(raw).digest('base64')
    const first = seen.get(key)
    if (!first) {
      seen.set(key, { line, digest })
      yield item
    } else if (first.digest === digest) yield { file, line, skipped: 'duplicate' }
    else {
      const reason = `line ${first.line} says something else of the same thing at the same time`
      yield { file, line, column: null, reason, raw }
    }
  }
}

/** Holds one snapshot of each thing, the latest, and gives them at the end; the others are superseded. */
export async function* keepLatest(
  items: AsyncIterable<Item<CatalogRecord>>,
): AsyncGenerator<Item<CatalogRecord>> {
  const latest = new Map<string, Taken<CatalogRecord>>()
  for await (const item of items) {
    const snapshot = isTaken(item) ? item.record.snapshot : null
    if (!isTaken(item) || snapshot === null) {
      yield item
      continue
    }
    const held = latest.get(snapshot.key)
    const isLater = !held || snapshot.at > held.record.snapshot!.at
    if (isLater) latest.set(snapshot.key, item)
    const older = isLater ? held : item
    if (older) yield { file: older.file, line: older.line, skipped: 'superseded' }
  }
  yield* latest.values()
}
