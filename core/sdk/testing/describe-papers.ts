import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Marketplace } from '../connector.ts'
import { knownOperations } from './probes.ts'
import { inShop } from './shop.ts'
import type { Check, Subject } from './subject.ts'

/** What people read: the README and the form that is drawn from the schemas. */
export function papersChecks(subject: Subject): Check[] {
  const { connector } = subject
  return [
    {
      theme: 'README',
      guarantee: 'its capability table equals the operations',
      run: async () => tableMatches(connector, await readFile(subject.readme, 'utf8')),
    },
    {
      theme: 'README',
      guarantee: 'names the hosts that are called',
      run: async () => hostsNamed(subject, await readFile(subject.readme, 'utf8')),
    },
    {
      theme: 'form',
      guarantee: 'each setting and credential has a title, and secrets are marked',
      run: async () => fieldsDescribed(connector),
    },
    {
      theme: 'form',
      guarantee: "the sandbox's own connection is accepted, and an empty one is not",
      run: () =>
        inShop(subject, async ({ connection }) => {
          connector.settings.parse(connection.settings)
          connector.credentials.parse(connection.credentials)
          assert(!connector.credentials.safeParse({}).success, 'Empty credentials are accepted.')
        }),
    },
    {
      theme: 'form',
      guarantee: 'the id is lower-case kebab',
      run: async () => assert.match(connector.id, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/),
    },
  ]
}

function tableMatches(connector: Marketplace, readme: string): void {
  const named = capabilitiesIn(readme)
  const operations = Object.keys(connector.operations)
  const missing = operations.filter((name) => !named.includes(name))
  const invented = named.filter((name) => !operations.includes(name))
  assert.deepEqual(missing, [], "README's capability table leaves out operations.")
  assert.deepEqual(invented, [], "README's capability table names operations that do not exist.")
  assert.equal(new Set(named).size, named.length, "README's capability table names an operation twice.")
}

/** The first column of the table that names operations. Other tables of a README may have code in theirs too. */
function capabilitiesIn(readme: string): string[] {
  const tables = [...readme.matchAll(/(?:^[ \t]*\|.*(?:\n|$))+/gm)].map(([table]) =>
    [...table.matchAll(/^\s*\|\s*`(\w+)`\s*\|/gm)].map((row) => row[1]!),
  )
  return tables.filter((names) => names.some((name) => name in knownOperations)).flat()
}

async function hostsNamed(subject: Subject, readme: string): Promise<void> {
  const { connector } = subject
  assert.match(readme, /\bhosts?\b/i, 'README has to say which hosts are called.')
  const fromSandbox = await inShop(subject, async (shop) => {
    const { hostname } = new URL(shop.sandbox.url)
    const hosts = connector.hosts(connector.settings.parse(shop.connection.settings))
    return hosts.filter((host) => !host.startsWith(hostname))
  })
  const live = (subject.liveSettings ?? []).flatMap((settings) => [
    ...connector.hosts(connector.settings.parse(settings)),
  ])
  const unnamed = [...fromSandbox, ...live].filter((host) => !readme.includes(host))
  assert.deepEqual(unnamed, [], 'README does not name all hosts that are called.')
}

type Field = { title?: string; secret?: boolean }
type JsonSchema = {
  properties?: Record<string, Field>
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
}

const fieldsOf = (schema: JsonSchema): [string, Field][] => [
  ...Object.entries(schema.properties ?? {}),
  ...[schema.anyOf, schema.oneOf, schema.allOf].flatMap((inner) => (inner ?? []).flatMap(fieldsOf)),
]

const fieldsIn = (schema: Marketplace['settings']) =>
  fieldsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema)

function fieldsDescribed(connector: Marketplace): void {
  const settings = fieldsIn(connector.settings)
  const credentials = fieldsIn(connector.credentials)
  for (const [name, field] of [...settings, ...credentials]) {
    assert(field.title, `The field ${name} needs a title in its .meta().`)
  }
  for (const [name, field] of settings) {
    assert(!field.secret, `${name} is secret: it belongs to the credentials.`)
  }
  assert(credentials.length > 0, 'The credentials have no fields.')
  for (const [name, field] of credentials) {
    if (/secret|password|token|key/i.test(name) && !/id$/i.test(name)) {
      assert.equal(field.secret, true, `${name} sounds secret: mark it with secret: true in its .meta().`)
    }
  }
  assert(
    credentials.some(([, field]) => field.secret === true),
    'No credential is marked secret: true.',
  )
}
