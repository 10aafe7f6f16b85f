import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { errorSchema } from '../../core/api/errors.ts'
import { leastRoles } from '../../core/api/roles.ts'
import { redactText } from '../../core/lib/log.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { makeAccess } from './access-world.ts'
import { goodRequests, type Scene } from './examples.ts'
import { makeInsight } from './insight-world.ts'
import { makeShipping } from './shipping-world.ts'
import { type Answer, useApi, useShop } from './support.ts'
import { makeUnclearCall, makeWorld } from './world.ts'

type Schema = { $ref?: string } & Record<string, unknown>
type Operation = {
  id: string
  method: string
  path: string
  summary?: string
  tags?: string[]
  parameters: { name: string; in: string; required?: boolean }[]
  body: { required?: boolean; content: Record<string, { schema: Schema }> } | undefined
  responses: Record<string, { description?: string; content?: Record<string, { schema: Schema }> }>
}
type Document = {
  openapi: string
  info: { title: string; version: string }
  components: { schemas: Record<string, Schema> }
  paths: Record<string, Record<string, Record<string, unknown>>>
}

const folder = await mkdtemp(join(tmpdir(), 'entrepot-api-'))
await writeFile(join(folder, 'stock.csv'), 'sku,quantity\nCUP,8\n')
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the contract of every route', () => {
  const database = useDatabase()
  const shop = useShop()
  const api = useApi(database, { importFolder: folder })
  let document: Document
  let operations: Operation[]
  let scene: Scene
  let secrets: string[]

  beforeAll(async () => {
    document = (await api().call('GET', '/openapi.json')).json
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...(operation as unknown as Operation),
        id: String(operation.operationId),
        method: method.toUpperCase(),
        path,
        parameters: (operation.parameters ?? []) as Operation['parameters'],
        body: operation.requestBody as Operation['body'],
      })),
    )
    const world = await makeWorld(api(), shop())
    const { settings, credentials } = shop().connection(shop().url)
    secrets = Object.values(credentials).map(String)
    const { connection, orderId } = world
    const shipping = await makeShipping(api(), world, shop())
    const { problemId } = await makeUnclearCall(api(), {
      connectionId: connection.id,
      operation: 'refund',
      subject: orderId,
      key: 'refund-1',
      input: { amountMinor: 100 },
    })
    await runTask(api().hub, 'terms', connection.id)
    const mapped = await api().call('PUT', `/api/connections/${connection.id}/mappings/carrier`, {
      entries: [{ word: 'UPS', target: 'ups' }],
    })
    const sent = await api().api.request('/api/import-uploads?name=prices.csv', {
      method: 'POST',
      body: 'Item;Price\nCUP;19.90\n',
    })
    const { id: uploadId } = (await sent.json()) as { id: string }
    const asked = await api().call('POST', '/api/bulk/publish-products', { connectionId: connection.id })
    scene = {
      ...world,
      uploadId,
      workId: asked.json.id,
      shipping,
      access: await makeAccess(api()),
      insight: await makeInsight(api(), world),
      problemId,
      mappingBatchId: mapped.json.batchId,
      settings,
      credentials,
      webhook: { path: `/webhooks/${connection.id}` },
    }
  })

  const requestOf = (operation: Operation) => goodRequests(scene)[operation.id]!
  const bodyOf = (operation: Operation) => operation.body?.content['application/json']

  function expectRefusal(answer: Answer, status: number, about: string) {
    expect(answer.status, `${about}: ${answer.text.slice(0, 300)}`).toBe(status)
    expect(errorSchema.safeParse(answer.json).success, `${about}: ${answer.text.slice(0, 300)}`).toBe(true)
  }

  /** The answer is what the document says it is, to the last field. */
  function expectConformity(operation: Operation, answer: Answer) {
    const schema = operation.responses[String(answer.status)]?.content?.['application/json']?.schema
    if (!schema) return
    const whole = { ...inlined(schema), $schema: 'https://json-schema.org/draft/2020-12/schema' }
    const outcome = z.fromJSONSchema(whole as Parameters<typeof z.fromJSONSchema>[0]).safeParse(answer.json)
    expect(outcome.error?.issues ?? [], operation.id).toEqual([])
  }

  /** A schema with what it refers to put in its place. */
  function inlined<Part>(part: Part): Part {
    if (Array.isArray(part)) return part.map(inlined) as Part
    if (part === null || typeof part !== 'object') return part
    const { $ref } = part as Schema
    if ($ref) return inlined(document.components.schemas[$ref.split('/').at(-1)!]) as Part
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, inlined(inner)])) as Part
  }

  test('the document describes each operation: an id of its own, a summary, a tag, parameters, an answer', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({
      title: 'Entrepot',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    })
    expect(operations.length).toBeGreaterThan(55)
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
    for (const operation of operations) {
      const about = `${operation.method} ${operation.path}`
      expect(operation.id, about).toMatch(/^[a-z][A-Za-z]+$/)
      expect(operation.summary?.length, about).toBeGreaterThan(8)
      expect(operation.tags, about).toHaveLength(1)
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        about,
      ).toBe(true)
      for (const response of Object.values(operation.responses))
        expect(response.description, about).toBeTruthy()
      const named = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path')
      expect(declared.map((parameter) => parameter.name).sort(), about).toEqual(named.sort())
      expect(
        declared.every((parameter) => parameter.required),
        about,
      ).toBe(true)
      if (operation.body) expect(operation.body.required, about).toBe(true)
    }
  })

  test('every reference in the document leads to a schema', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!)
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)
    expect([...new Set(references)].filter((reference) => !known.includes(reference))).toEqual([])
    expect(document.components.schemas.Error).toBeDefined()
  })

  test('every operation has a good request here and a role that it takes, and none is missing from the document', () => {
    const ids = operations.map(({ id }) => id).sort()
    expect(Object.keys(goodRequests(scene)).sort()).toEqual(ids)
    expect(Object.keys(leastRoles).sort()).toEqual(ids)
  })

  test('an id that nobody has is 404, and said to be so in the document', async () => {
    const parameterised = operations.filter(({ path }) => path.includes('{'))
    expect(parameterised.length).toBeGreaterThan(25)
    for (const operation of parameterised) {
      const about = `${operation.method} ${operation.path}`
      const path = operation.path
        .replace(/\{(id|sku|connectionId)\}/, 'nobody%2Fhas%20this')
        .replace('{task}', 'stock')
        .replace('{kind}', 'sku')
      const { json, cookie } = requestOf(operation)
      const answer = await api().call(operation.method, path, json, cookie)
      expectRefusal(answer, 404, about)
      expect(answer.json.error.code, about).toBe('not_found')
      expect(operation.responses['404'], about).toBeDefined()
    }
  })

  test('a body that is no JSON, of another type, or with unknown fields is 400 and changes nothing', async () => {
    const withBody = operations.filter((operation) => bodyOf(operation))
    expect(withBody.length).toBeGreaterThan(15)
    for (const operation of withBody) {
      const about = `${operation.method} ${operation.path}`
      const { path, json } = requestOf(operation)
      const send = async (body: string, type: string): Promise<Answer> => {
        const headers = { 'content-type': type }
        const response = await api().api.request(path, { method: operation.method, body, headers })
        const text = await response.text()
        return { status: response.status, text, json: JSON.parse(text), headers: response.headers }
      }
      expectRefusal(await send('{"half":', 'application/json'), 400, about)
      expectRefusal(await send('[]', 'application/json'), 400, about)
      expectRefusal(await send('null', 'application/json'), 400, about)
      if (operation.id === 'replaceCredentials') continue
      expectRefusal(await send(JSON.stringify(json), 'text/plain'), 400, `${about} as text/plain`)
      const unknown = await send(
        JSON.stringify({ ...(json as object), 'no such field': 1 }),
        'application/json',
      )
      expectRefusal(unknown, 400, `${about} with an unknown field`)
      expect(unknown.json.error.message, about).toContain('no such field')
    }
  })

  test('every operation that shows words of plugins or connectors can be asked for a language', () => {
    const spoken = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'language'))
    expect(spoken.map(({ id }) => id).sort()).toEqual([
      'listConnectors',
      'listPlugins',
      'readPanel',
      'readPlugin',
    ])
  })

  test('what a query must be is checked, and the field named', async () => {
    for (const operation of operations.filter((one) => one.parameters.some(({ name }) => name === 'limit'))) {
      const about = `${operation.method} ${operation.path}`
      const [path] = requestOf(operation).path.split('?')
      for (const limit of ['0', '501', 'many', '1.5']) {
        const answer = await api().call('GET', `${path}?limit=${limit}`)
        expectRefusal(answer, 400, `${about} limit ${limit}`)
        expect(answer.json.error.field, about).toBe('limit')
      }
    }
  })

  test('every operation takes its good request and answers as documented, without a secret', async () => {
    const shown = new Map<string, string>()
    const byId = new Map(operations.map((operation) => [operation.id, operation]))
    for (const [id, example] of Object.entries(goodRequests(scene))) {
      const operation = byId.get(id)!
      const path = example.path.replace('{latest}', latestImport(shown))
      if (id === 'receiveWebhook') {
        const form = { 'content-type': 'application/x-www-form-urlencoded' }
        const ping = await api().api.request(path, { method: 'POST', body: 'webhook_id=1', headers: form })
        expect(ping.status).toBe(200)
        continue
      }
      const answer = await api().call(operation.method, path, example.json, example.cookie)
      expect(answer.status, `${id}: ${answer.text.slice(0, 500)}`).toBe(example.status)
      expect(operation.responses[String(answer.status)], `${id} answers ${answer.status}`).toBeDefined()
      if (path.startsWith('/api/')) expect(answer.headers.get('cache-control')).toBe('no-store')
      expectConformity(operation, answer)
      shown.set(id, answer.text)
    }
    for (const [id, text] of shown) expect(redactText(text, secrets), id).toBe(text)
    expect(shown.get('listConnectors')).toContain('"secret":true')
  })

  test('no secret comes out of any list or detail, nor of a refusal that was about one', async () => {
    const names = Object.keys(scene.credentials as object)
    const at = `/api/connections/${scene.connection.id}`
    const refused = await api().call('PUT', `${at}/credentials`, {
      ...(scene.credentials as object),
      [names[0]!]: ['not', 'a', 'text'],
    })
    expectRefusal(refused, 400, 'credentials')
    expect(refused.json.error.field).toBe(`credentials.${names[0]}`)
    expect(redactText(refused.text, secrets)).toBe(refused.text)
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      const { path } = requestOf(operation)
      if (path.includes('{latest}')) continue
      const { text } = await api().call('GET', path)
      expect(redactText(text, secrets), operation.id).toBe(text)
    }
  })

  test('a route that is not there is 404 in the same shape', async () => {
    expectRefusal(await api().call('GET', '/api/nothing'), 404, 'unknown route')
    expectRefusal(await api().call('DELETE', '/api/products'), 404, 'unknown method')
  })
})

function latestImport(shown: ReadonlyMap<string, string>): string {
  const started = shown.get('startImport')
  return started ? (JSON.parse(started) as { id: string }).id : ''
}
