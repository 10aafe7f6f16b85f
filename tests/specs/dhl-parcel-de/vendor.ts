import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getHttpOperationsFromSpec } from '@stoplight/prism-http'
import { validateInput, validateOutput } from '@stoplight/prism-http/dist/validator/index.js'
import type { Exchange } from '../../connectors/amazon/recording.ts'

/**
 * DHL's own descriptions and karrio's recorded cases. They are not part of this repository: they are read from
 * `SHARED_DIR`, or the folder `shared` beside it.
 */
const repository = fileURLToPath(new URL('../../../', import.meta.url))
const shared = resolve(process.env.SHARED_DIR ?? resolve(repository, '../shared'), 'specs/couriers')
const folder = resolve(shared, 'dhl-parcel-de')

export const hasVendorFiles = existsSync(folder)
export const vendorTitle = (title: string): string =>
  hasVendorFiles ? title : `${title} (skipped: shared specs not found)`

export const vendorText = (name: string, encoding: BufferEncoding = 'utf8'): string =>
  readFileSync(resolve(folder, name), encoding)
export const karrioFile = (operation: string): unknown =>
  JSON.parse(readFileSync(resolve(shared, 'karrio-fixtures/dhl_parcel_de', `${operation}.json`), 'utf8'))

type Operation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number]
type Schema = {
  properties?: Record<string, Schema>
  anyOf?: unknown
  oneOf?: unknown
  discriminator?: unknown
  [key: string]: unknown
}

/** What is wrong with DHL's descriptions, and the least that puts it right. Nothing else is changed. */
const defects: { key: string; why: string; mend(operation: Operation): void }[] = [
  {
    key: 'DELETE /parcel/de/shipping/v2/orders',
    why: '`shipment` may be given many times, it says, and types it as one string.',
    mend: ({ request }) => {
      const shipment = request!.query!.find(({ name }) => name === 'shipment')!
      shipment.schema = { type: 'array', items: { type: 'string' } }
      Object.assign(shipment, { explode: true })
    },
  },
  {
    key: 'POST /parcel/de/transportation/pickup/v3/orders',
    why: 'A fixed pickup date also fits the schema of ASAP, so that it fits not exactly one.',
    mend: ({ request }) =>
      toAnyOf(schemaOf(request!.body!.contents!).properties!.pickupDetails!.properties!.pickupDate!),
  },
  {
    key: 'POST /parcel/de/transportation/pickup/v3/orders',
    why: 'A confirmed order also fits the schema of a confirmed validation.',
    mend: ({ responses }) =>
      toAnyOf(schemaOf(responses.find(({ code }) => code === '200')!.contents!).properties!.confirmation!),
  },
  {
    key: 'GET /parcel/de/transportation/pickup/v3/orders',
    why: 'The same of the pickup date in what is read back.',
    mend: ({ responses }) => {
      const list = schemaOf(responses.find(({ code }) => code === '200')!.contents!)
      toAnyOf((list.items as Schema).properties!.pickupDetails!.properties!.pickupDate!)
    },
  },
]

const schemaOf = (contents: readonly { schema?: unknown }[]): Schema => contents[0]!.schema as Schema

/** Any of the schemas will do, as long as one does. */
function toAnyOf(schema: Schema): void {
  schema.anyOf = schema.oneOf
  delete schema.oneOf
  delete schema.discriminator
}

const files = [
  { file: 'parcel-de-shipping-v2_2.yaml', base: '/parcel/de/shipping/v2' },
  { file: 'parcel-de-pickup-v3.yaml', base: '/parcel/de/transportation/pickup/v3' },
] as const

/** DHL's descriptions of shipping and pickup, mended where they contradict themselves. */
export async function loadVendorModels() {
  const operations = new Map<string, Operation>()
  for (const { file, base } of files)
    for (const operation of await getHttpOperationsFromSpec(resolve(folder, file)))
      operations.set(`${operation.method.toUpperCase()} ${base}${operation.path}`, operation)
  for (const { key, mend } of defects) mend(operations.get(key)!)
  return {
    find: ({ method, url }: Pick<Exchange, 'method' | 'url'>): Operation | undefined =>
      operations.get(`${method} ${url.pathname}`),
  }
}
export type VendorModels = Awaited<ReturnType<typeof loadVendorModels>>

/** The query as prism takes it: what was given more than once is a list. */
function queryOf(url: URL): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((name) => {
      const values = url.searchParams.getAll(name)
      return [name, values.length > 1 ? values : values[0]!]
    }),
  )
}

/** What DHL's description has against the request, as sentences. */
export const requestProblems = (resource: Operation, { method, url, headers, body }: Exchange): string[] =>
  sentences(
    validateInput({
      resource,
      element: {
        method: method.toLowerCase() as 'get',
        url: { path: url.pathname, query: queryOf(url) },
        headers,
        body,
      },
    }),
  )

/** What DHL's description has against the answer, as sentences. */
export const answerProblems = (resource: Operation, { status, answer, answerHeaders }: Exchange): string[] =>
  sentences(
    validateOutput({ resource, element: { statusCode: status, headers: answerHeaders, body: answer } }),
  )

type Verdict = { left?: readonly { message: string; path?: readonly unknown[] }[] }
const sentences = (verdict: unknown): string[] =>
  ((verdict as Verdict).left ?? []).map((entry) => `${entry.path?.join('.') ?? ''}: ${entry.message}`)
