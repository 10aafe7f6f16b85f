import { eq } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { imports } from '../db/schema/index.ts'
import { InputError } from '../sdk/errors.ts'
import type { Step, StreamRun, WorkAction } from '../work/action.ts'
import { noteUndo } from '../work/works.ts'
import { compareFacts, readFacts } from './facts.ts'
import { type CatalogRecord, isTaken, type OrderRecord, type Taken } from './item.ts'
import { openPreview } from './preview.ts'
import type { Profile } from './profile.ts'
import { openRecords } from './records.ts'
import { findingLine } from './rejects.ts'
import { openRejectsAt } from './rejects-file.ts'
import { type ImportCounts, noCounts } from './report.ts'
import { openTarget, prepare } from './run.ts'
import { type BatchOutcome, saveBatch } from './save-batch.ts'
import type { ImportParameters } from './start.ts'
import { batchesOf, bookBatch, type Saved, unread } from './take.ts'
import { undoFacts, undoneByFacts } from './undo-facts.ts'

type Rec = CatalogRecord | OrderRecord

/** Where an import goes on: so many items of the file are behind it. */
type Cursor = { items: number; counts: ImportCounts; rejectsBytes: number }

/** Records of one step: few enough that nobody waits long for a cancellation. */
const stepSize = 500

/** Imports as long work: one that writes, and one that only shows what it would write. */
export const importActions = (): ReadonlyMap<string, WorkAction> =>
  new Map<string, WorkAction>([
    ['import', { role: 'operator', stream: runImportWork, undo: undoFacts, undoStepSize: 200 }],
    ['import_preview', { role: 'operator', stream: openPreview(stepSize) }],
  ])

async function runImportWork(run: StreamRun): Promise<unknown> {
  const { importId, path, rejectsPath, profile } = run.work.parameters as ImportParameters
  const cursor: Cursor = (run.work.cursor as Cursor | null) ?? {
    items: 0,
    counts: noCounts(),
    rejectsBytes: 0,
  }
  let bytesRead = 0
  const { items, bytesTotal } = await openRecords(profile, path, {
    onBytes: (count) => {
      bytesRead += count
    },
  })
  const rejects = await openRejectsAt(rejectsPath)
  let stoppedBy: string | null = null
  try {
    for await (const batch of unread(batchesOf(prepare(profile, items), stepSize), cursor.items)) {
      const held = structuredClone(cursor)
      await run.step(async (step) => {
        Object.assign(cursor, structuredClone(held))
        const lines: string[] = []
        const outcome = await save(step, profile, importId, batch.filter(isTaken))
        await bookBatch(batch, outcome, {
          counts: cursor.counts,
          rejects: { add: async (finding) => void lines.push(findingLine(finding)) },
        })
        cursor.rejectsBytes = await rejects.write(held.rejectsBytes, lines)
        cursor.items = held.items + batch.length
        await note(step, importId, cursor, rejectsPath)
        return { cursor, done: Math.min(bytesRead, bytesTotal), total: bytesTotal }
      })
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    stoppedBy = error.message
  } finally {
    await rejects.close(cursor.rejectsBytes)
  }
  await run.step(async (step) => {
    const finished = { finishedAt: step.act.now, stoppedBy }
    await step.tx.update(imports).set(finished).where(eq(imports.id, importId))
    const after = { ...cursor.counts, ...(stoppedBy === null ? {} : { stoppedBy }) }
    await appendAudit(step.tx, step.act, { action: 'import.finished', subject: importId, after })
    return { cursor, done: bytesTotal, total: bytesTotal }
  })
  return { importId, counts: cursor.counts, stoppedBy }
}

type Outcome = BatchOutcome<Taken<Rec>, Saved>

/** Saves the records of a step; what can be taken back is noted with what it was before. */
async function save(
  step: Step,
  profile: Profile,
  importId: string,
  taken: readonly Taken<Rec>[],
): Promise<Outcome> {
  const target = await openTarget(step.tx, profile, {
    importId,
    actor: step.act.actor,
    clock: { now: () => step.act.now },
  })
  if (!undoneByFacts(profile)) return saveBatch(step.tx, taken, target)
  const before = await readFacts(step.tx, profile, taken)
  const outcome = await saveBatch(step.tx, taken, target)
  const after = await readFacts(step.tx, profile, taken)
  const changes = [...after].flatMap(([sku, facts]) =>
    compareFacts(before.get(sku), facts).map((change) => ({ subject: sku, undo: change })),
  )
  await noteUndo(step.tx, step.work.id, changes)
  return outcome
}

async function note(
  { tx }: Step,
  importId: string,
  { counts, rejectsBytes }: Cursor,
  rejectsPath: string,
): Promise<void> {
  const rejectsFile = rejectsBytes > 0 ? rejectsPath : null
  await tx.update(imports).set({ counts, rejectsFile }).where(eq(imports.id, importId))
}
