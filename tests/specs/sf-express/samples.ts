import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * SF's own sample requests, and signatures computed from its rule. They are not part of this repository: they
 * are read from `SHARED_DIR`, or the folder `shared` beside it.
 */
const repository = fileURLToPath(new URL('../../../', import.meta.url))
const folder = resolve(
  process.env.SHARED_DIR ?? resolve(repository, '../shared'),
  'specs/couriers/sf-express',
)

export const hasSamples = existsSync(folder)
export const named = (title: string): string =>
  hasSamples ? title : `${title} (skipped: shared specs not found)`

export const readSample = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(resolve(folder, name), 'utf8'))

export type Vector = {
  msgData: string
  timestamp: string
  checkword: string
  urlencoded: string
  msgDigest: string
}
export const readVectors = (): Vector[] =>
  hasSamples ? (readSample('signing-vectors.json') as { cases: Vector[] }).cases : []

/** The fields of a value with their JSON types, such as `contactInfoList[].city: string`. */
export function shapeOf(value: unknown, path = ''): Map<string, string> {
  if (Array.isArray(value)) return new Map(value.flatMap((item) => [...shapeOf(item, `${path}[]`)]))
  if (value === null || typeof value !== 'object') return new Map([[path, typeof value]])
  const entries = Object.entries(value)
  const prefix = path === '' ? '' : `${path}.`
  return new Map(entries.flatMap(([name, inner]) => [...shapeOf(inner, `${prefix}${name}`)]))
}
