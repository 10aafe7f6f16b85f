import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { silentLog } from '../../lib/log.ts'
import type { Marketplace } from '../connector.ts'
import { scheduledTasks } from '../connector.ts'
import { createHttp } from '../http.ts'
import { secretsIn } from './context.ts'
import { failureOf } from './outcome.ts'
import { knownOperations, probesOf } from './probes.ts'
import { inShop, type Shop } from './shop.ts'
import { type Check, callsOf, type Subject } from './subject.ts'

/** How a connector behaves towards the hub: it leaks nothing, calls only what it declares, keeps its limits. */
export function mannersChecks(subject: Subject): Check[] {
  const check = (theme: string, guarantee: string, run: () => Promise<void>): Check => ({
    theme,
    guarantee,
    run,
  })
  return [
    check('operations', 'are all known to this suite', async () => operationsKnown(subject.connector)),
    check('operations', 'each works on a platform that behaves, within the declared buckets', () =>
      allWork(subject),
    ),
    check('operations', 'check says whom it reached', () =>
      inShop(subject, async (shop) => {
        const sentence = await subject.connector.check(shop.client)
        assert(sentence.trim().length > 0, 'check has to resolve to a sentence.')
      }),
    ),
    check('secrets', 'none reaches a log', () => noneLogged(subject)),
    check('secrets', 'none reaches an error, even when the platform repeats them', () =>
      noneInErrors(subject),
    ),
    check('hosts', 'the host that settings name is declared', () => inShop(subject, hostDeclared)),
    check('hosts', 'a host that is not declared is never called', () => nothingElseCalled(subject)),
    check('buckets', 'have positive rates and the page that says so', async () =>
      bucketsWellFormed(subject.connector),
    ),
    check('schedule', 'names tasks that exist, with cron lines', async () =>
      scheduleWellFormed(subject.connector),
    ),
  ]
}

function operationsKnown(connector: Marketplace): void {
  const strange = Object.keys(connector.operations).filter((name) => !(name in knownOperations))
  assert.deepEqual(strange, [], 'The suite does not know these operations.')
  assert(Object.keys(connector.operations).length > 0, 'A connector needs operations.')
}

async function allWork(subject: Subject): Promise<void> {
  for (const probe of probesOf(subject)) {
    await inShop(subject, async (shop) => {
      const call = await probe.prepare(shop)
      const failure = await failureOf(() => call(shop.client))
      const undeclared = shop.tokensTaken.filter((name) => !(name in subject.connector.buckets))
      assert.deepEqual(undeclared, [], `${probe.operation} uses a bucket that is not declared.`)
      assert.equal(failure, null, `${probe.operation} fails: ${failure?.message}`)
      assert.equal(
        shop.tokensTaken.length,
        shop.sandbox.calls.length,
        `${probe.operation} made a call that took no token.`,
      )
    })
  }
}

/** The forms in which a secret may show: plain, base64 (alone or joined for Basic), URL-encoded. */
function formsOfSecrets(shop: Shop): { name: string; form: string }[] {
  const values = [...secretsIn(shop.connection.credentials), ...shop.accessTokens].filter(
    (value) => value.length >= 4,
  )
  const joined = values.flatMap((a) => values.map((b) => `${a}:${b}`))
  const encoded = [...values, ...joined].map((value) => Buffer.from(value).toString('base64'))
  return [
    ...values.map((form) => ({ name: 'in plain', form })),
    ...values.map((value) => ({ name: 'URL-encoded', form: encodeURIComponent(value) })),
    ...encoded.map((form) => ({ name: 'in base64', form: form.replace(/=+$/, '') })),
  ]
}

function assertNoSecret(shop: Shop, text: string, where: string): void {
  for (const { name, form } of formsOfSecrets(shop)) {
    assert(!text.includes(form), `${where} holds a secret of the connection ${name}.`)
  }
}

async function noneLogged(subject: Subject): Promise<void> {
  for (const probe of probesOf(subject)) {
    await inShop(subject, async (shop) => {
      const call = await probe.prepare(shop)
      await failureOf(() => call(shop.client))
      shop.sandbox.faults.add({ kind: 'status', status: 500, when: callsOf(subject) })
      await failureOf(() => call(shop.client))
      assertNoSecret(shop, shop.logged.join('\n'), `The log of ${probe.operation}`)
    })
  }
}

async function noneInErrors(subject: Subject): Promise<void> {
  for (const probe of probesOf(subject)) {
    for (const code of [400, 401, 500]) {
      await inShop(subject, async (shop) => {
        const call = await probe.prepare(shop)
        shop.sandbox.faults.add({
          kind: 'status',
          status: code,
          body: JSON.stringify({ code: 'refused', message: echoOf(shop) }),
          headers: { 'content-type': 'application/json' },
          when: callsOf(subject),
          times: Infinity,
        })
        const failure = await failureOf(() => call(shop.client))
        assert(failure, `${probe.operation} succeeds though the platform answers ${code}.`)
        const told = inspect(failure, { depth: 12, maxStringLength: null, maxArrayLength: null })
        assertNoSecret(
          shop,
          `${told}\n${JSON.stringify(failure)}`,
          `The error of ${probe.operation} after ${code}`,
        )
        assertNoSecret(shop, shop.logged.join('\n'), `The log of ${probe.operation} after ${code}`)
      })
    }
  }
}

/** What a careless platform writes into an error: the credentials it was shown. */
function echoOf(shop: Shop): string {
  const secrets = secretsIn(shop.connection.credentials)
  const basic = Buffer.from(secrets.join(':')).toString('base64')
  return `Refused: ${secrets.join(' ')} ${secrets.map(encodeURIComponent).join(' ')} Basic ${basic}`
}

async function hostDeclared(shop: Shop): Promise<void> {
  const { connector } = shop.subject
  const hosts = connector.hosts(connector.settings.parse(shop.connection.settings))
  const { host, hostname } = new URL(shop.sandbox.url)
  assert(hosts.includes(host) || hosts.includes(hostname), `hosts() does not name ${host}.`)
  const http = createHttp({
    name: connector.name,
    hosts,
    isLocal: true,
    secrets: [],
    log: silentLog,
    takeToken: async () => ({ settle: async () => {} }),
  })
  const failure = await failureOf(() => http('https://elsewhere.example/', { context: { bucket: 'any' } }))
  assert.equal(failure?.kind, 'unexpected', 'hosts() allows any host.')
}

/** Takes away every declared host: a call that still arrives went round the hub's HTTP layer. */
async function nothingElseCalled(subject: Subject): Promise<void> {
  const elsewhere = { ...subject.connector, hosts: () => ['elsewhere.example'] }
  for (const probe of probesOf(subject)) {
    await inShop(subject, async (shop) => {
      const call = await probe.prepare(shop)
      const client = shop.connect({}, elsewhere)
      const before = shop.sandbox.calls.length
      await failureOf(() => call(client))
      assert.equal(
        shop.sandbox.calls.length,
        before,
        `${probe.operation} calls a host that the connector does not declare.`,
      )
    })
  }
}

function bucketsWellFormed(connector: Marketplace): void {
  const buckets = Object.entries(connector.buckets)
  assert(buckets.length > 0, 'A connector has to declare at least one bucket.')
  for (const [name, { perSecond, burst, source }] of buckets) {
    assert(perSecond > 0 && Number.isFinite(perSecond), `${name}: perSecond has to be positive.`)
    assert(burst >= 1 && Number.isFinite(burst), `${name}: burst has to be at least 1.`)
    assert.match(source, /^https:\/\//, `${name}: source has to be the link of the page that says so.`)
  }
}

function scheduleWellFormed(connector: Marketplace): void {
  for (const [task, line] of Object.entries(connector.schedule)) {
    assert((scheduledTasks as readonly string[]).includes(task), `schedule names no task "${task}".`)
    assert.match(line.trim(), /^(\S+\s+){4,5}\S+$/, `${task}: "${line}" is no cron line.`)
  }
}
