import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getHttpOperationsFromSpec } from '@stoplight/prism-http'
import { validateInput, validateOutput } from '@stoplight/prism-http/dist/validator/index.js'
import type { Exchange } from '../../connectors/usps/recording.ts'

/**
 * USPS's own descriptions of its APIs, and recorded answers of it. They are not part of this repository: they are
 * read from `SHARED_DIR`, or the folder `shared` beside it.
 * @see https://developers.usps.com/apis
 */
const repository = fileURLToPath(new URL('../../../', import.meta.url))
const couriers = resolve(process.env.SHARED_DIR ?? resolve(repository, '../shared'), 'specs/couriers')
const specFolder = resolve(couriers, 'usps')
const fixtureFolder = resolve(couriers, 'karrio-fixtures/usps')

export const hasVendorSpec = existsSync(specFolder)
export const hasFixtures = existsSync(fixtureFolder)
export const sharedTitle = (title: string, isThere: boolean): string =>
  isThere ? title : `${title} (skipped: shared specs not found)`

export const readFixtures = (name: string): Record<string, unknown> =>
  (
    JSON.parse(readFileSync(resolve(fixtureFolder, `${name}.json`), 'utf8')) as {
      fixtures: Record<string, unknown>
    }
  ).fixtures

/** The descriptions, by the path that their server stands under. */
const documents = {
  '/payments/v3': 'payments',
  '/shipments/v3': 'shipping-options',
  '/labels/v3': 'domestic-labels',
  '/international-labels/v3': 'international-labels',
  '/tracking/v3': 'tracking',
  '/pickup/v3': 'carrier-pickup',
} as const

type Operation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number]
export type VendorOperation = {
  id: string
  root: string
  pattern: RegExp
  method: string
  operation: Operation
}

/** Every operation of the descriptions that the connector uses. */
export async function loadSpec(): Promise<VendorOperation[]> {
  const operations: VendorOperation[] = []
  for (const [root, file] of Object.entries(documents)) {
    for (const operation of await getHttpOperationsFromSpec(resolve(specFolder, `${file}.yaml`))) {
      operations.push({
        id: `${operation.method.toUpperCase()} ${root}${operation.path}`,
        root,
        method: operation.method.toUpperCase(),
        pattern: new RegExp(`^${root}${operation.path.replaceAll(/\{[\w-]+\}/g, '[^/]+')}$`),
        operation,
      })
    }
  }
  return operations
}

/** What USPS's description has against the request, as sentences. */
export function requestProblems(
  { operation, root }: VendorOperation,
  { method, url, headers, body }: Pick<Exchange, 'method' | 'url' | 'headers' | 'body'>,
): string[] {
  return sentences(
    validateInput({
      resource: operation,
      element: {
        method: method.toLowerCase() as 'get',
        url: { path: url.pathname.slice(root.length), query: Object.fromEntries(url.searchParams) },
        headers,
        body,
      },
    }),
  )
}

/** What USPS's description has against the answer, as sentences. */
export function answerProblems(
  { operation }: VendorOperation,
  { status, answer, answerHeaders }: Pick<Exchange, 'status' | 'answer' | 'answerHeaders'>,
): string[] {
  const [mediaType = ''] = (answerHeaders['content-type'] ?? '').split(';')
  // The parts of a multipart answer are parsed already; the description has them as one object under JSON too.
  const described = mediaType === 'multipart/form-data' ? 'application/json' : mediaType
  return sentences(
    validateOutput({
      resource: onlyMediaType(operation, described),
      element: {
        statusCode: status,
        headers: { ...answerHeaders, 'content-type': described },
        body: answer,
      },
    }),
  )
}

/** Left alone, prism takes `application/vnd.usps.labels+json` for JSON and validates by the wrong schema. */
const onlyMediaType = (operation: Operation, mediaType: string): Operation => ({
  ...operation,
  responses: operation.responses.map((response) => ({
    ...response,
    contents: (response.contents ?? []).filter((content) => content.mediaType === mediaType),
  })) as Operation['responses'],
})

type Verdict = { _tag: string; left?: readonly { message: string; path?: readonly unknown[] }[] }
const sentences = (verdict: unknown): string[] =>
  ((verdict as Verdict).left ?? []).map((entry) => `${entry.path?.join('.') ?? ''}: ${entry.message}`)
