import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const repoRoot = fileURLToPath(new URL('../../../', import.meta.url))
const sharedDir = process.env.SHARED_DIR ?? path.resolve(repoRoot, '../shared')
const specDir = path.join(sharedDir, 'specs/marketplaces/woocommerce')
const recordedDir = path.join(specDir, 'recorded')

/** Whether the vendor's description and the recorded answers of a real shop are on this machine. */
export const hasSpecs = existsSync(recordedDir)
/** The name of a suite that needs them. */
export const specName = (name: string): string =>
  hasSpecs ? name : `${name} (skipped: shared specs not found)`

export type Recording = {
  name: string
  method: string
  /** Path and query below /wp-json/wc/v3. */
  target: string
  headers: Record<string, string>
  body: unknown
  status: number
  answerHeaders: Record<string, string>
  /** The shop's clock when it answered. */
  at: Date
  answer: unknown
}

type MetaFile = {
  request: { method: string; url: string; headers: Record<string, string>; body: unknown }
  response: { status: number; headers: Record<string, string> }
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(path.join(recordedDir, file), 'utf8'))

/** Every recorded call, in the order in which the shop saw them. */
export function readRecordings(): Recording[] {
  if (!hasSpecs) return []
  const names = readdirSync(recordedDir)
    .filter((file) => file.endsWith('.meta.json'))
    .map((file) => file.replace('.meta.json', ''))
  return names
    .map((name) => {
      const { request, response } = readJson(`${name}.meta.json`) as MetaFile
      return {
        name,
        method: request.method,
        target: request.url.replace(/^.*\/wp-json\/wc\/v3/, ''),
        headers: request.headers,
        body: request.body,
        status: response.status,
        answerHeaders: Object.fromEntries(
          Object.entries(response.headers).map(([header, value]) => [header.toLowerCase(), value]),
        ),
        at: new Date(response.headers.Date ?? 0),
        answer: readJson(`${name}.json`),
      }
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime() || (a.name < b.name ? -1 : 1))
}

/** A recording that is no call, or the only file of its kind. */
export const readRecorded = (name: string): unknown => readJson(`${name}.json`)

export type PropertyTable = readonly { name: string; type: string }[]
/** The property tables of the vendor's documentation, by resource and heading. */
export function readPropertyTables(): Record<string, Record<string, PropertyTable>> {
  const { resources } = JSON.parse(readFileSync(path.join(specDir, 'wc-v3-derived.json'), 'utf8')) as {
    resources: Record<string, { tables: Record<string, PropertyTable> }>
  }
  return Object.fromEntries(Object.entries(resources).map(([name, { tables }]) => [name, tables]))
}
