import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getHttpOperationsFromSpec } from '@stoplight/prism-http'
import { validateInput, validateOutput } from '@stoplight/prism-http/dist/validator/index.js'
import type { Exchange } from '../../connectors/ups/recording.ts'
import { amendments } from './spec-defects.ts'

/**
 * UPS's own descriptions of its APIs, and what a rival's tests hold of UPS's answers. They are not part of this
 * repository: they are read from `SHARED_DIR`, or the folder `shared` beside it.
 * @see https://github.com/UPS-API/api-documentation
 */
const repository = fileURLToPath(new URL('../../../', import.meta.url))
const shared = resolve(process.env.SHARED_DIR ?? resolve(repository, '../shared'), 'specs/couriers')
const folder = resolve(shared, 'ups')
export const fixturesFolder = resolve(shared, 'karrio-fixtures/ups')

export const hasVendorModels = existsSync(folder)
export const hasFixtures = existsSync(fixturesFolder)
export const titleOf = (title: string, isThere: boolean): string =>
  isThere ? title : `${title} (skipped: shared specs not found)`

/** The descriptions, and the address below which each stands. */
const bases = {
  OAuthClientCredentials: '',
  Rating: '/api',
  Shipping: '/api',
  Tracking: '/api',
  Pickup: '/api',
  UPSTrackAlert: '/api/track/v2',
} as const
export type ModelName = keyof typeof bases

export type Schema = {
  properties?: Record<string, Schema>
  items?: Schema
  allOf?: Schema[]
  required?: string[]
  [key: string]: unknown
}
type Operation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number]
export type VendorOperation = {
  model: ModelName
  method: string
  base: string
  path: string
  pattern: RegExp
  operation: Operation
}

/** The body's schema of a request, or of the answer with this status. */
export function bodySchema({ operation }: VendorOperation, status?: number): Schema | undefined {
  const response = operation.responses.find(({ code }) => code === String(status))
  const contents = status === undefined ? operation.request?.body?.contents : response?.contents
  return contents?.[0]?.schema as Schema | undefined
}

/** Reads the descriptions that the connector uses, less the defects that `spec-defects.ts` names. */
export async function loadModels(): Promise<VendorOperation[]> {
  const operations: VendorOperation[] = []
  for (const [model, base] of Object.entries(bases) as [ModelName, string][]) {
    for (const operation of await getHttpOperationsFromSpec(resolve(folder, `${model}.yaml`))) {
      if (operation.path.includes('{deprecatedVersion}')) continue
      const pattern = operation.path.replaceAll(/\{\w+\}/g, '[^/]+')
      operations.push({
        model,
        method: operation.method.toUpperCase(),
        base,
        path: operation.path,
        pattern: new RegExp(`^${base}${pattern}$`),
        operation,
      })
    }
  }
  for (const amendment of amendments) amendment.apply(operations)
  return operations
}

export const findOperation = (
  operations: readonly VendorOperation[],
  { method, url }: Pick<Exchange, 'method' | 'url'>,
): VendorOperation | undefined =>
  operations.find((entry) => entry.method === method && entry.pattern.test(url.pathname))

/** What UPS's description has against the request, as sentences. */
export function requestProblems(vendor: VendorOperation, exchange: Exchange): string[] {
  const { method, url, headers, body } = exchange
  return sentences(
    validateInput({
      resource: vendor.operation,
      element: {
        method: method.toLowerCase() as 'get',
        url: { path: url.pathname.slice(vendor.base.length), query: Object.fromEntries(url.searchParams) },
        headers,
        body,
      },
    }),
  )
}

/** What UPS's description has against the answer, as sentences. */
export const answerProblems = (vendor: VendorOperation, exchange: Exchange): string[] =>
  sentences(
    validateOutput({
      resource: vendor.operation,
      element: { statusCode: exchange.status, headers: exchange.answerHeaders, body: exchange.answer },
    }),
  )

type Verdict = { left?: readonly { message: string; path?: readonly unknown[] }[] }
const sentences = (verdict: unknown): string[] =>
  ((verdict as Verdict).left ?? []).map((entry) => `${entry.path?.join('.') ?? ''}: ${entry.message}`)

const propertiesOf = (schema: Schema): Record<string, Schema> =>
  Object.assign({}, schema.properties, ...(schema.allOf ?? []).map(propertiesOf))

/** Names of properties in `value` that the schema does not know, such as a misspelt one. */
export function strangeProperties(schema: Schema | undefined, value: unknown, at = ''): string[] {
  if (!schema) return []
  if (Array.isArray(value)) return value.flatMap((entry) => strangeProperties(schema.items, entry, `${at}[]`))
  if (value === null || typeof value !== 'object') return []
  const known = propertiesOf(schema)
  return Object.entries(value).flatMap(([name, inner]) =>
    known[name] ? strangeProperties(known[name], inner, `${at}.${name}`) : [`${at}.${name}`],
  )
}

/** Fields that a schema of ours reads and UPS's does not define: they would be undefined for ever. */
export function inventedFields(theirs: Schema | undefined, ours: Schema, at = ''): string[] {
  if (!theirs) return [at]
  const branches = (ours.anyOf as Schema[] | undefined) ?? []
  // A list of ours takes a single object too: what it reads stands in the first branch.
  if (branches.length > 0) return inventedFields(theirs, branches[0]!, at)
  if (ours.items) return inventedFields(theirs.items ?? theirs, ours.items, `${at}[]`)
  const known = propertiesOf(theirs.items && !theirs.properties ? theirs.items : theirs)
  return Object.entries(ours.properties ?? {}).flatMap(([name, inner]) =>
    known[name] ? inventedFields(known[name], inner, `${at}.${name}`) : [`${at}.${name}`],
  )
}
