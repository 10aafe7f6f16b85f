import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { InputError, type PluginContext } from 'entrepot/sdk'
import { importHongkongPost, readHongkongPost } from '../import/hongkong-post.ts'
import { importCsvFolder, importTables, importXlsx } from '../import/layout.ts'
import { describeFault, type ImportFault, type ImportResult } from '../import/report.ts'
import { readCsvFiles } from '../import/table.ts'
import { importUspsNotice, readUspsNotice } from '../import/usps-notice.ts'
import { readZoneChart } from '../import/zone-chart.ts'
import type { ZoneRule } from '../rate-card.ts'
import { type SavedVersion, saveCard } from './save-card.ts'

type File = { name: string; bytes: Uint8Array }

/** How a source is read: from a file or folder, or from files in memory. `zoneRules` where it has no zone chart. */
type Profile = {
  fromPath(path: string, zoneRules: readonly ZoneRule[]): Promise<ImportResult>
  fromFiles(files: readonly File[], zoneRules: readonly ZoneRule[]): ImportResult | Promise<ImportResult>
}

const textOf = (file: File) => ({ name: file.name, text: new TextDecoder().decode(file.bytes) })

/** Our word for a source, and how it is read. */
const profiles: Readonly<Record<string, Profile>> = {
  table: {
    fromPath: async (path) =>
      (await stat(path)).isDirectory()
        ? importCsvFolder(path)
        : importXlsx(basename(path), await readFile(path)),
    fromFiles: (files) => {
      const [first] = files
      return files.length === 1 && first && !first.name.toLowerCase().endsWith('.csv')
        ? importXlsx(first.name, first.bytes)
        : importTables(readCsvFiles(files.map(textOf)))
    },
  },
  'hongkong-post': {
    fromPath: (path) => importHongkongPost(path),
    fromFiles: (files) => readHongkongPost(files.map(textOf)),
  },
  'usps-notice': {
    fromPath: (path, zoneRules) => importUspsNotice(path, { zoneRules }),
    fromFiles: (files, zoneRules) => readUspsNotice(files.map(textOf), { zoneRules }),
  },
}
export const profileNames = Object.keys(profiles)

function profileOf(name: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (profile) return profile
  throw new InputError(`There is no profile "${name}". Use ${profileNames.join(', ')}.`, 'profile')
}

export type ImportReport = { versions: SavedVersion[]; notes: readonly string[] }

/** Imports a card from a file or folder. @throws InputError with every fault by file, row and column */
export async function importCard(
  context: PluginContext,
  { profile, path, zones }: { profile: string; path: string; zones?: string | undefined },
  actor: string,
): Promise<ImportReport> {
  const { fromPath } = profileOf(profile)
  const read = async () => {
    const chart =
      zones === undefined ? [] : zoneRulesOf({ name: basename(zones), bytes: await readFile(zones) })
    return fromPath(path, chart)
  }
  const result = await read().catch((error: NodeJS.ErrnoException) => {
    if (!['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR'].includes(error.code ?? '')) throw error
    throw new InputError(`"${error.path ?? path}" cannot be read (${error.code}).`, 'path')
  })
  return keepImport(context, result, actor)
}

/** Imports a card from files in memory. @throws InputError with every fault by file, row and column */
export async function importUpload(
  context: PluginContext,
  { profile, files, zones }: { profile: string; files: readonly File[]; zones: File | null },
  actor: string,
): Promise<ImportReport> {
  const result = await profileOf(profile).fromFiles(files, zones ? zoneRulesOf(zones) : [])
  return keepImport(context, result, actor)
}

function zoneRulesOf(file: File): readonly ZoneRule[] {
  const chart = readZoneChart(file.name, textOf(file).text)
  if (chart.ok) return chart.rules
  throw refusalOf(chart.faults)
}

/** So many faults stand in one message; more are counted. */
const shownFaults = 50

function refusalOf(faults: readonly ImportFault[]): InputError {
  const shown = faults.slice(0, shownFaults).map(describeFault)
  const more = faults.length - shown.length
  return new InputError(
    `Nothing was imported. ${shown.join('\n')}${more > 0 ? `\nand ${more} more faults.` : ''}`,
  )
}

async function keepImport(
  { db, clock, services }: PluginContext,
  result: ImportResult,
  actor: string,
): Promise<ImportReport> {
  if (!result.ok) throw refusalOf(result.faults)
  const versions = await saveCard(db, result.card, { actor, now: clock.now() })
  const changed = versions.filter(({ outcome }) => outcome !== 'unchanged')
  if (changed.length > 0)
    await services.audit({
      actor,
      action: 'carrier-costs.card-imported',
      subject: result.card.id,
      after: changed,
    })
  return { versions, notes: result.notes }
}
