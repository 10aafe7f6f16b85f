import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterAll } from 'vitest'
import { isRefused, isTaken } from '../../core/imports/item.ts'
import type { Profile } from '../../core/imports/profile.ts'
import { parseProfile } from '../../core/imports/profiles.ts'
import { type RecordOf, readRecords } from '../../core/imports/records.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const shared = process.env.SHARED_DIR ?? resolve(repository, '../shared')

/** A folder of the shared data, and the note for a test title when it is not there. */
export function sharedData(name: string): { folder: string; isMissing: boolean; note: string } {
  const folder = join(shared, 'data', name)
  const isMissing = !existsSync(folder)
  return { folder, isMissing, note: isMissing ? ' (skipped: shared data not found)' : '' }
}

/** The rows of a gzipped CSV file, read apart from the code under test. */
export async function readOracle(folder: string, name: string): Promise<Record<string, string>[]> {
  const text = gunzipSync(await readFile(join(folder, name))).toString('utf8')
  return parse(text, { columns: true })
}

/** A decimal in hundredths, as an integer. */
export function cents(text: string): number {
  const [whole = '0', fraction = ''] = text.split('.')
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
}

const folders: string[] = []

/** A folder of its own with these files, gone after the test file. */
export async function makeFolder(files: Readonly<Record<string, string | Buffer>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'entrepot-imports-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

/** The path of a file of its own with this content. */
export async function makeFile(content: string | Buffer, name = 'goods.csv'): Promise<string> {
  return join(await makeFolder({ [name]: content }), name)
}

export const removeFolders = () =>
  afterAll(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
  })

/** A small product profile, with what a test wants different. */
export function productProfile(
  changes: Record<string, unknown> = {},
): Extract<Profile, { kind: 'products' }> {
  const base = {
    id: 'test-goods',
    kind: 'products',
    name: 'Test goods',
    description: 'For tests.',
    currency: 'EUR',
    fields: {
      sku: 'sku',
      title: 'title',
      description: { optional: 'description' },
      price: { optional: 'price' },
      currency: { optional: 'currency' },
      quantity: { optional: 'stock' },
    },
  }
  const profile = parseProfile(JSON.stringify({ ...base, ...changes }), 'test-goods.json')
  if (profile.kind !== 'products') throw new Error('The test profile is of products.')
  return profile
}

/** Everything a file gives, sorted into records, refusals and skips. */
export async function readAll<P extends Profile>(profile: P, path: string) {
  const records: { file: string; line: number; record: RecordOf<P>; raw: string }[] = []
  const refusals: { file: string; line: number; column: string | null; reason: string; raw: string }[] = []
  let skipped = 0
  for await (const item of readRecords(profile, path)) {
    if (isTaken(item)) records.push(item)
    else if (isRefused(item)) refusals.push(item)
    else skipped += 1
  }
  return { records, refusals, skipped }
}
