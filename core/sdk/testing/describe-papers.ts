import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { knownOperations } from './probe.ts'
import { inStage } from './stage.ts'
import { type AnyConnector, type AnySubject, type Check, isOffline } from './subject.ts'

/** What people read: the README and the form that is drawn from the schemas. */
export function papersChecks(subject: AnySubject): Check[] {
  const { connector } = subject
  return [
    {
      theme: 'README',
      guarantee: 'its capability table equals the operations',
      run: async () => tableMatches(connector, await readFile(subject.readme, 'utf8')),
    },
    ...(isOffline(subject)
      ? []
      : [
          {
            theme: 'README',
            guarantee: 'names the hosts that are called',
            run: async () => hostsNamed(subject, await readFile(subject.readme, 'utf8')),
          },
        ]),
    {
      theme: 'form',
      guarantee: 'each setting and credential has a title, and secrets are marked',
      run: async () => fieldsDescribed(connector, isOffline(subject)),
    },
    {
      theme: 'form',
      guarantee: isOffline(subject)
        ? 'the connection is accepted'
        : "the sandbox's own connection is accepted, and an empty one is not",
      run: () =>
        inStage(subject, async ({ connection }) => {
          connector.settings.parse(connection.settings)
          connector.credentials.parse(connection.credentials)
          if (isOffline(subject)) return
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

function tableMatches(connector: AnyConnector, readme: string): void {
  const named = capabilitiesIn(readme, knownOperations[connector.kind])
  const operations = Object.keys(connector.operations)
  const missing = operations.filter((name) => !named.includes(name))
  const invented = named.filter((name) => !operations.includes(name))
  assert.deepEqual(missing, [], "README's capability table leaves out operations.")
  assert.deepEqual(invented, [], "README's capability table names operations that do not exist.")
  assert.equal(new Set(named).size, named.length, "README's capability table names an operation twice.")
}

/** The first column of the table that names operations. Other tables of a README may have code in theirs too. */
function capabilitiesIn(readme: string, known: object): string[] {
  const tables = [...readme.matchAll(/(?:^[ \t]*\|.*(?:\n|$))+/gm)].map(([table]) =>
    [...table.matchAll(/^\s*\|\s*`(\w+)`\s*\|/gm)].map((row) => row[1]!),
  )
  return tables.filter((names) => names.some((name) => name in known)).flat()
}

async function hostsNamed(subject: AnySubject, readme: string): Promise<void> {
  const { connector } = subject
  assert.match(readme, /\bhosts?\b/i, 'README has to say which hosts are called.')
  const fromSandbox = await inStage(subject, async (stage) => {
    const { hostname } = new URL(stage.sandbox.url)
    const hosts = connector.hosts(connector.settings.parse(stage.connection.settings))
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

const fieldsIn = (schema: AnyConnector['settings']) =>
  fieldsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema)

function fieldsDescribed(connector: AnyConnector, isWithoutSecrets: boolean): void {
  const settings = fieldsIn(connector.settings)
  const credentials = fieldsIn(connector.credentials)
  for (const [name, field] of [...settings, ...credentials]) {
    assert(field.title, `The field ${name} needs a title in its .meta().`)
  }
  for (const [name, field] of settings) {
    assert(!field.secret, `${name} is secret: it belongs to the credentials.`)
  }
  for (const [name, field] of credentials) {
    if (/secret|password|token|key/i.test(name) && !/id$/i.test(name)) {
      assert.equal(field.secret, true, `${name} sounds secret: mark it with secret: true in its .meta().`)
    }
  }
  if (isWithoutSecrets) return
  assert(
    credentials.some(([, field]) => field.secret === true),
    'No credential is marked secret: true.',
  )
}
