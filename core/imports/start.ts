import { sql } from 'drizzle-orm'
import { query, type Tx } from '../db/client.ts'
import { imports } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { ConflictError } from '../sdk/errors.ts'
import type { Work } from '../work/action.ts'
import { createWork } from '../work/works.ts'
import type { Profile } from './profile.ts'
import { openRecords } from './records.ts'
import { readColumns } from './sample.ts'
import { findFiles } from './source.ts'
import type { ImportMapping } from './wizard-profile.ts'

/** What an import needs to be done by any process: the profile whole, and where the file is. */
export type ImportParameters = { importId: string; path: string; rejectsPath: string; profile: Profile }
/** What a preview needs beside: the mapping it shows, which is the one to import by. */
export type PreviewParameters = Pick<ImportParameters, 'path' | 'profile'> & { mapping: ImportMapping }

export type WantedImport = {
  profile: Profile
  path: string
  /** The folder that the rejects are written to. */
  rejectsFolder: string
  fileName: string
}

/** @throws InputError when files or columns do not fit the profile. */
export async function assertReadable(profile: Profile, path: string): Promise<{ columns: string[] }> {
  const { items } = await openRecords(profile, path)
  await items.return(undefined)
  const joined = Object.values(profile.joins).map((spec) => spec.file)
  const { main } = await findFiles(path, profile.file, joined)
  return { columns: await readColumns(main, profile) }
}

/**
 * Writes down an import as long work; the caller has checked that the file can be read.
 * @throws ConflictError when the file is being imported already.
 */
export async function createImport(
  tx: Tx,
  { profile, path, rejectsFolder, fileName }: WantedImport,
  columns: readonly string[],
  act: Act,
): Promise<{ importId: string; work: Work }> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`import ${path}`}, 0))`)
  const [open] = await query(
    tx,
    sql`
    select 1 from works where state in ('waiting', 'running') and kind = 'import' and parameters ->> 'path' = ${path} limit 1`,
  )
  if (open) throw new ConflictError(`${fileName} is being imported already.`)
  const importId = newId('imp', act.now.getTime())
  const rejectsPath = `${rejectsFolder}/rejects-${importId}.csv`
  const parameters: ImportParameters = { importId, path, rejectsPath, profile }
  const work = await createWork(
    tx,
    { kind: 'import', title: `Import ${profile.kind} from ${fileName}`, parameters },
    act,
  )
  await tx.insert(imports).values({
    id: importId,
    profile: profile.id,
    kind: profile.kind,
    source: path,
    fileName,
    workId: work.id,
    columns: [...columns],
    delimiter: profile.delimiter,
    startedAt: act.now,
    actor: act.actor,
  })
  return { importId, work }
}

/** Writes down, as long work, that somebody wants to see what an import would do. */
export const createPreview = (
  tx: Tx,
  { profile, path, mapping }: PreviewParameters,
  fileName: string,
  act: Act,
): Promise<Work> =>
  createWork(
    tx,
    {
      kind: 'import_preview',
      title: `Look through ${fileName}`,
      parameters: { path, profile, mapping } satisfies PreviewParameters,
    },
    act,
  )
