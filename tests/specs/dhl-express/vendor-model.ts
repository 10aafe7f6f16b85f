import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getHttpOperationsFromSpec } from '@stoplight/prism-http'
import { validateInput, validateOutput } from '@stoplight/prism-http/dist/validator/index.js'
import type { Exchange } from '../../connectors/amazon/recording.ts'

/**
 * DHL's own description of MyDHL API, its list of event codes, and recorded cases. They are not part of this
 * repository: they are read from `SHARED_DIR`, or the folder `shared` beside it.
 */
const repository = fileURLToPath(new URL('../../../', import.meta.url))
const couriers = resolve(process.env.SHARED_DIR ?? resolve(repository, '../shared'), 'specs/couriers')
const folder = resolve(couriers, 'dhl-express-mydhl')
const cases = resolve(couriers, 'karrio-fixtures/mydhl')

const missing = ' (skipped: shared specs not found)'
export const hasVendorModel = existsSync(folder)
export const modelTitle = (title: string): string => (hasVendorModel ? title : title + missing)
export const hasCases = existsSync(cases)
export const casesTitle = (title: string): string => (hasCases ? title : title + missing)

type Operation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number]
export type VendorModel = Awaited<ReturnType<typeof loadModel>>

/**
 * Where the description contradicts itself or its reader, and what is done about it. Nothing else is let off.
 * - It tells `Content-Type: application/problem+json` for refusals and files their schema under application/json:
 *   refusals are judged by that schema.
 * - It says `multipleOf: 0.001`, which prism reckons in floating point, so that 1.501 kg fails: those are judged
 *   here, by the digits.
 * - Some enumerations name a value twice, which no validator takes: prism would then judge nothing at all. Each value
 *   stays once.
 * - It is silent about 401 and 429, which every operation gives: their bodies are judged by the schema of a 400.
 */
const silentStatuses = [401, 429]

/** Reads the description once: it is over a megabyte. */
export async function loadModel() {
  const operations = await getHttpOperationsFromSpec(resolve(folder, 'dpdhl-express-api-3.1.1_swagger.yaml'))
  for (const operation of operations) mend(operation, new Set())
  const find = (method: string, path: string): Operation | undefined =>
    operations.find((entry) => entry.method.toUpperCase() === method && entry.path === path)
  const paths = (method: string): string[] =>
    operations.filter((entry) => entry.method.toUpperCase() === method).map(({ path }) => path)
  return { find, paths }
}

function mend(value: unknown, seen: Set<unknown>): void {
  if (value === null || typeof value !== 'object' || seen.has(value)) return
  seen.add(value)
  const record = value as Record<string, unknown>
  if (typeof record.multipleOf === 'number') delete record.multipleOf
  if (Array.isArray(record.enum)) record.enum = [...new Set(record.enum)]
  for (const inner of Object.values(record)) mend(inner, seen)
}

/** Numbers in `value` with more than three decimals. */
export function tooFine(value: unknown, at = ''): string[] {
  if (typeof value === 'number') return /\.\d{4,}|e-/.test(String(value)) ? [`${at}: ${value}`] : []
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, inner]) => tooFine(inner, `${at}.${name}`))
}

/** What DHL's description has against the request, as sentences. */
export function requestProblems(operation: Operation, { method, url, headers, body }: Exchange): string[] {
  const query = Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((name) => {
      const values = url.searchParams.getAll(name)
      return [name, values.length === 1 ? values[0]! : values]
    }),
  )
  const element = {
    method: method.toLowerCase() as 'get',
    url: { path: url.pathname.replace('/mydhlapi', ''), query },
    headers,
    body,
  }
  const known = new Set(operation.request?.query?.map(({ name }) => name))
  const invented = Object.keys(query).filter((name) => !known.has(name))
  return [
    ...invented.map((name) => `query.${name}: is not described`),
    ...sentences(validateInput({ resource: operation, element })),
    ...tooFine(body),
  ]
}

/** What DHL's description has against the answer, as sentences. */
export function answerProblems(operation: Operation, { status, answer, answerHeaders }: Exchange): string[] {
  const statusCode = silentStatuses.includes(status) ? 400 : status
  const headers = status < 400 ? answerHeaders : { ...answerHeaders, 'content-type': 'application/json' }
  return sentences(validateOutput({ resource: operation, element: { statusCode, headers, body: answer } }))
}

type Verdict = { left?: readonly { message: string; path?: readonly unknown[] }[] }
const sentences = (verdict: unknown): string[] =>
  ((verdict as Verdict).left ?? []).map((entry) => `${entry.path?.join('.') ?? ''}: ${entry.message}`)

/** DHL's own list of the event codes of DHL Express. */
export const vendorCodes = (): { code: string; description: string }[] =>
  readFileSync(resolve(folder, 'status_1.csv'), 'latin1')
    .split(/\r?\n/)
    .map((line) => line.split(';'))
    .filter(([service]) => service === 'express')
    .map(([, code, description]) => ({ code: code!, description: description! }))

/** The recorded cases of one operation, by the name of the fixture; a carrier's answer is JSON text. */
export const recordedCases = (operation: 'rate' | 'shipment' | 'tracking'): Record<string, unknown> =>
  (
    JSON.parse(readFileSync(resolve(cases, `${operation}.json`), 'utf8')) as {
      fixtures: Record<string, unknown>
    }
  ).fixtures
