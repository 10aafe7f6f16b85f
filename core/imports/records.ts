import { openCsv } from './csv.ts'
import { type Group, groupRows } from './group.ts'
import { type CatalogRecord, FieldError, type Item, type OrderRecord, type Refused } from './item.ts'
import { type JoinTable, loadJoin, missingColumns } from './join.ts'
import { compileReader } from './plan.ts'
import type { CatalogProfile, OrderProfile, Profile } from './profile.ts'
import { skipRepeats } from './snapshots.ts'
import { findFiles, type SourceFile } from './source.ts'
import { instantReader } from './time.ts'
import { compileReference, type Scope } from './value.ts'

/** The record that a profile's rows become. */
export type RecordOf<P extends Profile> = P extends CatalogProfile
  ? CatalogRecord
  : P extends OrderProfile
    ? OrderRecord
    : CatalogRecord | OrderRecord

export type ReadOptions = { onBytes?(count: number): void }

/** Files that were found and whose columns fit, ready to be read. */
export type OpenRecords<Rec> = { items: AsyncGenerator<Item<Rec>>; bytesTotal: number }

/**
 * The records of a file as its profile maps them, one by one, without a database: what a row says, or why it
 * cannot be used and where it stands. A profile with snapshots gives every snapshot, repetitions left out.
 * @param path the file, or the folder that holds the profile's files.
 * @throws InputError when files or columns are missing, or a file cannot be read from some place on.
 * @example
 * for await (const item of readRecords(await loadProfile('tmall-listings'), folder)) {
 *   if (isTaken(item)) console.log(item.line, item.record.sku, item.record.snapshot?.at)
 * }
 */
export async function* readRecords<P extends Profile>(
  profile: P,
  path: string,
  options: ReadOptions = {},
): AsyncGenerator<Item<RecordOf<P>>> {
  yield* (await openRecords(profile, path, options)).items
}

/** Like `readRecords`, with the checks on files and columns done before the first record is asked for. */
export async function openRecords<P extends Profile>(
  profile: P,
  path: string,
  options: ReadOptions = {},
): Promise<OpenRecords<RecordOf<P>>> {
  const joinNames = Object.values(profile.joins).map((spec) => spec.file)
  const files = await findFiles(path, profile.file, joinNames)
  const onBytes = options.onBytes ?? (() => {})
  const { joins, refused } = await loadJoins(profile, files.joined, onBytes)
  const { columns, rows } = await openCsv(files.main, profile, onBytes)
  const missing: string[] = []
  const { read, groupIndex } = compileReader(
    profile,
    files.main.name,
    scopeOf(profile, columns, joins, missing),
  )
  if (missing.length > 0) {
    await rows.return(undefined)
    throw missingColumns(files.main.name, missing, columns)
  }
  const groups = groupRows(rows, columns, profile.delimiter, groupIndex)
  const items = readItems(files.main, groups, read, refused, joins)
  const hasSnapshots = profile.kind === 'products' && profile.snapshots !== undefined
  return {
    items: (hasSnapshots ? skipRepeats(items) : items) as AsyncGenerator<Item<RecordOf<P>>>,
    bytesTotal: joinNames.reduce((sum, name) => sum + files.joined.get(name)!.bytes, files.main.bytes),
  }
}

function scopeOf(
  profile: Profile,
  columns: Scope['columns'],
  joins: Scope['joins'],
  missing: string[],
): Scope {
  const toInstant = instantReader(profile.timeZone, profile.dateOrder)
  return { columns, joins, decimal: profile.decimal, encoding: profile.encoding, toInstant, missing }
}

/** Reads the joined files in the order of the profile: a later one may refer to an earlier one. */
async function loadJoins(
  profile: Profile,
  files: ReadonlyMap<string, SourceFile>,
  onBytes: (count: number) => void,
) {
  const joins = new Map<string, { table: JoinTable; on: string }>()
  const refused: Refused[] = []
  for (const [name, spec] of Object.entries(profile.joins)) {
    const table = await loadJoin(files.get(spec.file)!, spec, profile, {
      momentOf: (columns, missing) => momentReader(spec.by!, scopeOf(profile, columns, joins, missing)),
      refuse: (row) => refused.push(row),
      onBytes,
    })
    joins.set(name, { table, on: spec.on })
  }
  return { joins, refused }
}

function momentReader(by: string, scope: Scope) {
  const read = compileReference(by, scope)
  return (cells: readonly string[]) => {
    const text = read(cells)
    return text === null ? null : (scope.toInstant(text)?.getTime() ?? null)
  }
}

type Record = CatalogRecord | OrderRecord

async function* readItems(
  file: SourceFile,
  groups: AsyncIterable<Group>,
  read: (group: Group) => Record,
  refused: readonly Refused[],
  joins: Scope['joins'],
): AsyncGenerator<Item<Record>> {
  yield* refused
  for await (const group of groups) yield readItem(file.name, group, read)
  yield* findOrphans(joins)
}

function readItem(file: string, group: Group, read: (group: Group) => Record): Item<Record> {
  const raw = group.rows
    .map((row) => row.raw)
    .join('')
    .replace(/^[\r\n]+|[\r\n]+$/g, '')
  if (group.fault) return { file, line: group.fault.line, column: null, reason: group.fault.reason, raw }
  const { line } = group.rows[0]!
  try {
    return { file, line, record: read(group), raw }
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    return { file, line, column: error.column, reason: error.message, raw }
  }
}

/** Kept rows of a joined file that no row of the main file asked for: told, not dropped in silence. */
function* findOrphans(joins: Scope['joins']): Generator<Refused> {
  for (const { table } of joins.values()) {
    if (!table.isOwned) continue
    for (const row of table.all()) {
      if (row.isUsed) continue
      const reason = 'no row of the main file belongs to this one'
      yield { file: table.file, line: row.line, column: table.key, reason, raw: row.cells.join(',') }
    }
  }
}
