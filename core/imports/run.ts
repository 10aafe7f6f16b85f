import { resolve } from 'node:path'
import { eq } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { Db, DbOrTx } from '../db/client.ts'
import { imports } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import { newId } from '../lib/id.ts'
import { InputError } from '../sdk/errors.ts'
import { ensureFileConnection } from './file-connection.ts'
import type { CatalogRecord, Item, OrderRecord, Taken } from './item.ts'
import type { Profile } from './profile.ts'
import { loadProfile } from './profiles.ts'
import { openRecords } from './records.ts'
import { openRejects } from './rejects.ts'
import { type ImportCounts, type ImportProgress, type ImportReport, noCounts } from './report.ts'
import { type CatalogTarget, readWarehouses, saveCatalog } from './save-catalog.ts'
import { saveOrders } from './save-orders.ts'
import { keepLatest } from './snapshots.ts'
import { batchesOf, type Save, takeBatches } from './take.ts'
import { refuseRepeats } from './unique.ts'

export type ImportOptions = {
  db: Db
  /** A profile, the id of a shipped one, or the path of one's JSON file. */
  profile: Profile | string
  /** The file, or the folder that holds the profile's files. */
  path: string
  actor: string
  clock?: Clock
  /** Where refused rows are written; a file named after the import in the working folder unless given. */
  rejectsPath?: string
  onProgress?(progress: ImportProgress): void
  /** Records of one transaction. */
  batchSize?: number
}

/**
 * Imports a file. Each batch is a transaction of its own; a row that cannot be imported is written to the
 * rejects file and holds up nothing; importing the same file again changes nothing. When the file cannot be
 * read to its end, the report says in `stoppedBy` from where on.
 * @throws InputError before anything is written, when files, columns or the profile do not fit.
 */
export async function runImport(options: ImportOptions): Promise<ImportReport> {
  const { db, path, actor, clock = systemClock, batchSize = 1000 } = options
  const profile = typeof options.profile === 'string' ? await loadProfile(options.profile) : options.profile
  const startedAt = clock.now()
  const id = newId('imp', startedAt.getTime())
  const progress = watchProgress(clock, options.onProgress)
  const { items, bytesTotal } = await openRecords(profile, path, { onBytes: progress.addBytes })
  const source = resolve(path)
  const { kind } = profile
  await db.insert(imports).values({ id, profile: profile.id, kind, source, startedAt, actor })
  const save = await openTarget(db, profile, { importId: id, actor, clock })
  const counts = noCounts()
  const rejects = openRejects(resolve(options.rejectsPath ?? `${id}-rejects.csv`))
  let stoppedBy: string | null = null
  let rejectsFile: string | null = null
  try {
    const batches = batchesOf(prepare(profile, items), batchSize)
    await takeBatches(db, batches, save, { counts, rejects }, () => progress.tell(counts.rows, bytesTotal))
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    stoppedBy = error.message
  } finally {
    rejectsFile = await rejects.close()
  }
  const finishedAt = clock.now()
  await finish(db, { id, actor, finishedAt, counts, rejectsFile, stoppedBy })
  const elapsedMs = finishedAt.getTime() - startedAt.getTime()
  return { id, profile: profile.id, source, counts, rejectsFile, stoppedBy, elapsedMs }
}

/** The stages between reading and saving: of snapshots the latest, of anything one row. */
export function prepare(profile: Profile, items: AsyncIterable<Item<CatalogRecord | OrderRecord>>) {
  const hasSnapshots = profile.kind === 'products' && profile.snapshots !== undefined
  return refuseRepeats(hasSnapshots ? keepLatest(items as AsyncIterable<Item<CatalogRecord>>) : items)
}

/** How the records of this profile are saved. */
export async function openTarget(
  db: DbOrTx,
  profile: Profile,
  run: { importId: string; actor: string; clock: Pick<Clock, 'now'> },
): Promise<Save> {
  const act = () => ({ actor: run.actor, now: run.clock.now() })
  if (profile.kind === 'orders') {
    const { connection: name, locale, currency = 'EUR' } = profile
    const connection = await ensureFileConnection(db, { name, currency, locale })
    return (tx, items) => saveOrders(tx, items as Taken<OrderRecord>[], connection, act())
  }
  const target: CatalogTarget = {
    importId: run.importId,
    source: `import ${profile.id}`,
    stock: profile.kind === 'products' ? profile.stock : 'count',
    warehouses: await readWarehouses(db),
  }
  return (tx, items) => saveCatalog(tx, items as Taken<CatalogRecord>[], target, act())
}

function watchProgress(clock: Clock, onProgress: ImportOptions['onProgress']) {
  const startedMs = clock.now().getTime()
  let bytesRead = 0
  return {
    addBytes: (count: number) => {
      bytesRead += count
    },
    tell: (rows: number, bytesTotal: number) => {
      const seconds = Math.max(0.001, (clock.now().getTime() - startedMs) / 1000)
      onProgress?.({ bytesRead, bytesTotal, rows, rowsPerSecond: Math.round(rows / seconds) })
    },
  }
}

type Outcome = Pick<ImportReport, 'id' | 'rejectsFile' | 'stoppedBy'> & {
  actor: string
  finishedAt: Date
  counts: ImportCounts
}

async function finish(
  db: Db,
  { id, actor, finishedAt, counts, rejectsFile, stoppedBy }: Outcome,
): Promise<void> {
  await transact(db, async (tx) => {
    await tx.update(imports).set({ finishedAt, counts, rejectsFile, stoppedBy }).where(eq(imports.id, id))
    const after = { ...counts, ...(stoppedBy === null ? {} : { stoppedBy }) }
    await appendAudit(tx, { actor, now: finishedAt }, { action: 'import.finished', subject: id, after })
  })
}
