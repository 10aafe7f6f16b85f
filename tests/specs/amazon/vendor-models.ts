import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getHttpOperationsFromSpec } from '@stoplight/prism-http'
import { validateInput, validateOutput } from '@stoplight/prism-http/dist/validator/index.js'
import type { Exchange } from '../../connectors/amazon/recording.ts'

/**
 * Amazon's own descriptions of its API. They are not part of this repository: they are read from
 * `SHARED_DIR`, or the folder `shared` beside it.
 * @see https://github.com/amzn/selling-partner-api-models
 */
const repository = fileURLToPath(new URL('../../../', import.meta.url))
const folder = resolve(
  process.env.SHARED_DIR ?? resolve(repository, '../shared'),
  'specs/marketplaces/amazon',
)

export const hasVendorModels = existsSync(folder)
export const modelsTitle = (title: string): string =>
  hasVendorModels ? title : `${title} (skipped: shared specs not found)`

const files = [
  'listingsItems_2021-08-01',
  'feeds_2021-06-30',
  'orders_2026-01-01',
  'ordersV0',
  'sellers',
  'definitionsProductTypes_2020-09-01',
] as const
export type ModelName = (typeof files)[number]

export type StaticCase = {
  request: { parameters: Record<string, { value?: unknown }> }
  response: unknown
}
type Schema = { [key: string]: unknown }
type Operation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number]
type VendorOperation = {
  id: string
  model: ModelName
  method: string
  path: string
  pattern: RegExp
  description: string
  operation: Operation
  /** Raw parameters, for their names and places. */
  parameters: { name: string; in: string; required?: boolean }[]
  cases: { status: number; cases: StaticCase[] }[]
}
type RawOperation = {
  operationId: string
  description: string
  parameters: VendorOperation['parameters']
  responses: Record<string, { 'x-amzn-api-sandbox'?: { static?: StaticCase[] } }>
}
type Document = {
  paths: Record<string, Record<string, RawOperation>>
  definitions: Record<string, Schema>
}

/** Reads the models that the connector uses. */
export async function loadModels() {
  const documents = new Map<ModelName, Document>()
  const operations: VendorOperation[] = []
  for (const model of files) {
    const path = resolve(folder, `${model}.json`)
    const document = JSON.parse(readFileSync(path, 'utf8')) as Document
    documents.set(model, document)
    for (const operation of await getHttpOperationsFromSpec(path)) {
      const raw = document.paths[operation.path]![operation.method]!
      operations.push({
        id: raw.operationId,
        model,
        method: operation.method.toUpperCase(),
        path: operation.path,
        pattern: new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
        description: raw.description,
        operation,
        parameters: raw.parameters ?? [],
        cases: Object.entries(raw.responses).flatMap(([status, response]) => {
          const cases = response['x-amzn-api-sandbox']?.static
          return cases ? [{ status: Number(status), cases }] : []
        }),
      })
    }
  }
  return {
    operations,
    /** The operation by its id. Orders v0 repeats ids of 2026-01-01; it is asked for by its model. */
    byId: (id: string, model?: ModelName): VendorOperation => {
      const found = operations.find((entry) => entry.id === id && (!model || entry.model === model))
      if (!found) throw new Error(`The models have no operation ${id}.`)
      return found
    },
    find: (method: string, path: string): VendorOperation | undefined =>
      operations.find((entry) => entry.method === method && entry.pattern.test(path)),
    definition: (model: ModelName, name: string): Schema => {
      const found = documents.get(model)?.definitions[name]
      if (!found) throw new Error(`${model} defines no ${name}.`)
      return found
    },
    resolveSchema: (model: ModelName, schema: Schema): Schema => resolveSchema(documents.get(model)!, schema),
  }
}
export type Models = Awaited<ReturnType<typeof loadModels>>

/** What Amazon's description has against the request, as sentences. */
export function requestProblems(
  { operation }: VendorOperation,
  exchange: Pick<Exchange, 'method' | 'url' | 'headers' | 'body'>,
) {
  const { method, url, headers, body } = exchange
  return sentences(
    validateInput({
      resource: operation,
      element: {
        method: method.toLowerCase() as 'get',
        url: { path: url.pathname, query: Object.fromEntries(url.searchParams) },
        headers,
        body,
      },
    }),
  )
}

/** What Amazon's description has against the answer, as sentences. */
export function answerProblems(
  { operation }: VendorOperation,
  answer: { status: number; body: unknown; headers: Record<string, string> },
) {
  const { status, body, headers } = answer
  return sentences(validateOutput({ resource: operation, element: { statusCode: status, headers, body } }))
}

type Verdict = { _tag: string; left?: readonly { message: string; path?: readonly unknown[] }[] }
const sentences = (verdict: unknown): string[] =>
  ((verdict as Verdict).left ?? []).map((entry) => `${entry.path?.join('.') ?? ''}: ${entry.message}`)

function resolveSchema(document: Document, schema: Schema): Schema {
  const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1)! : null
  return name ? resolveSchema(document, document.definitions[name]!) : schema
}

/** Names of properties in `value` that the schema does not know, such as a misspelt one. */
export function strangeProperties(
  models: Models,
  model: ModelName,
  raw: Schema,
  value: unknown,
  at = '',
): string[] {
  const schema = models.resolveSchema(model, raw)
  if (Array.isArray(value))
    return value.flatMap((entry) =>
      schema.items ? strangeProperties(models, model, schema.items as Schema, entry, `${at}[]`) : [],
    )
  if (value === null || typeof value !== 'object' || schema.additionalProperties) return []
  const known = (schema.properties ?? {}) as Record<string, Schema>
  return Object.entries(value).flatMap(([name, inner]) =>
    known[name] ? strangeProperties(models, model, known[name], inner, `${at}.${name}`) : [`${at}.${name}`],
  )
}

type JsonSchema = { properties?: Record<string, JsonSchema>; items?: JsonSchema }

/** Fields that a schema of ours reads and Amazon's does not define: they would be undefined for ever. */
export function inventedFields(
  models: Models,
  model: ModelName,
  raw: Schema,
  ours: JsonSchema,
  at = '',
): string[] {
  const theirs = models.resolveSchema(model, raw)
  const inItems =
    ours.items && theirs.items
      ? inventedFields(models, model, theirs.items as Schema, ours.items, `${at}[]`)
      : []
  const known = (theirs.properties ?? {}) as Record<string, Schema>
  const inProperties = Object.entries(ours.properties ?? {}).flatMap(([name, inner]) =>
    known[name] ? inventedFields(models, model, known[name], inner, `${at}.${name}`) : [`${at}.${name}`],
  )
  return [...inItems, ...inProperties]
}
