import { tryOut } from '../db/transact.ts'
import { InputError } from '../sdk/errors.ts'
import type { Step, StreamRun } from '../work/action.ts'
import { compareFacts, type FactChange, readFacts, subjectOf } from './facts.ts'
import { type CatalogRecord, type Item, isTaken, type OrderRecord, type Taken } from './item.ts'
import type { Profile } from './profile.ts'
import { openRecords } from './records.ts'
import type { Finding } from './rejects.ts'
import { type ImportCounts, noCounts } from './report.ts'
import { openTarget, prepare } from './run.ts'
import { saveBatch } from './save-batch.ts'
import type { PreviewParameters } from './start.ts'
import { batchesOf, bookBatch, unread } from './take.ts'
import type { ImportMapping } from './wizard-profile.ts'

type Rec = CatalogRecord | OrderRecord

/** What would become of a row. */
export type PreviewRow = {
  line: number
  subject: string
  outcome: 'created' | 'changed' | 'same'
  changes: FactChange[]
}
export type PreviewReject = Pick<Finding, 'line' | 'column' | 'reason' | 'outcome'>
export type Preview = {
  counts: ImportCounts
  rows: PreviewRow[]
  rejects: PreviewReject[]
  stoppedBy: string | null
  /** How the columns were read: what is imported by it does what the preview shows. */
  mapping: ImportMapping
}

type Cursor = Omit<Preview, 'stoppedBy' | 'mapping'> & { items: number }

/** Rows and refusals that are shown; the counts are of the whole file. */
const shown = { rows: 100, rejects: 100 }

/**
 * What an import would do, found by doing it and taking every step back before anybody sees it: so that it says what the
 * import itself will do.
 */
export const openPreview =
  (stepSize: number) =>
  async (run: StreamRun): Promise<Preview> => {
    const { path, profile, mapping } = run.work.parameters as PreviewParameters
    const cursor = (run.work.cursor as Cursor | null) ?? {
      items: 0,
      counts: noCounts(),
      rows: [],
      rejects: [],
    }
    let bytesRead = 0
    const { items, bytesTotal } = await openRecords(profile, path, {
      onBytes: (count) => {
        bytesRead += count
      },
    })
    let stoppedBy: string | null = null
    try {
      for await (const batch of unread(batchesOf(prepare(profile, items), stepSize), cursor.items)) {
        const held = structuredClone(cursor)
        await run.step(async (step) => {
          Object.assign(cursor, structuredClone(held), { items: held.items + batch.length })
          await tryBatch(step, profile, batch, cursor)
          return { cursor, done: Math.min(bytesRead, bytesTotal), total: bytesTotal }
        })
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      stoppedBy = error.message
    }
    const { items: _items, ...preview } = cursor
    return { ...preview, stoppedBy, mapping }
  }

async function tryBatch(
  step: Step,
  profile: Profile,
  batch: readonly Item<Rec>[],
  cursor: Cursor,
): Promise<void> {
  const taken = batch.filter(isTaken)
  const wanted = taken.slice(0, shown.rows - cursor.rows.length)
  await tryOut(step.tx, async (tx) => {
    const save = await openTarget(tx, profile, {
      importId: step.work.id,
      actor: step.act.actor,
      clock: { now: () => step.act.now },
    })
    const before = await readFacts(tx, profile, wanted)
    const outcome = await saveBatch(tx, taken, save)
    const after = await readFacts(tx, profile, wanted)
    await bookBatch(batch, outcome, {
      counts: cursor.counts,
      rejects: {
        add: async ({ line, column, reason, outcome: what }) => {
          if (cursor.rejects.length < shown.rejects)
            cursor.rejects.push({ line, column, reason, outcome: what })
        },
      },
    })
    for (const item of wanted) cursor.rows.push(...toRow(item, before, after))
  })
}

type FactsBySubject = Awaited<ReturnType<typeof readFacts>>

/** A row as it would be taken; none where it would be refused. */
function toRow({ line, record }: Taken<Rec>, before: FactsBySubject, after: FactsBySubject): PreviewRow[] {
  const subject = subjectOf(record)
  const [was, becomes] = [before.get(subject), after.get(subject)]
  if (!becomes) return []
  const changes = compareFacts(was, becomes)
  return [{ line, subject, outcome: was ? (changes.length > 0 ? 'changed' : 'same') : 'created', changes }]
}
