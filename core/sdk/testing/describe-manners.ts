import assert from 'node:assert/strict'
import { silentLog } from '../../lib/log.ts'
import { scheduledTasks } from '../connector.ts'
import { createHttp } from '../http.ts'
import { failureOf } from './outcome.ts'
import { knownOperations } from './probe.ts'
import { probesOf } from './probes.ts'
import { inStage, type Stage } from './stage.ts'
import { type AnyConnector, type AnySubject, type Check, isOffline } from './subject.ts'

/** How a connector behaves towards the hub: it does what it says, calls only what it declares, keeps its limits. */
export function mannersChecks(subject: AnySubject): Check[] {
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
      inStage(subject, async (stage) => {
        const sentence = await subject.connector.check(stage.client)
        assert(sentence.trim().length > 0, 'check has to resolve to a sentence.')
      }),
    ),
    ...(isOffline(subject)
      ? [check('hosts', 'a courier that calls nobody declares none', () => inStage(subject, nobodyDeclared))]
      : [
          check('hosts', 'the host that settings name is declared', () => inStage(subject, hostDeclared)),
          check('hosts', 'a host that is not declared is never called', () => nothingElseCalled(subject)),
          check('buckets', 'have positive rates and the page that says so', async () =>
            bucketsWellFormed(subject.connector),
          ),
          check('buckets', 'calls within the declared rates are never refused for their number', () =>
            neverTooMany(subject),
          ),
        ]),
    check('schedule', 'names tasks that exist, with cron lines', async () =>
      scheduleWellFormed(subject.connector),
    ),
  ]
}

function operationsKnown(connector: AnyConnector): void {
  const known = knownOperations[connector.kind]
  const strange = Object.keys(connector.operations).filter((name) => !(name in known))
  assert.deepEqual(strange, [], 'The suite does not know these operations.')
  assert(Object.keys(connector.operations).length > 0, 'A connector needs operations.')
}

async function allWork(subject: AnySubject): Promise<void> {
  for (const probe of probesOf(subject)) {
    await inStage(subject, async (stage) => {
      const failure = await failureOf(async () => (await probe.prepare(stage))(stage.client))
      const undeclared = stage.tokensTaken.filter((name) => !(name in subject.connector.buckets))
      assert.deepEqual(undeclared, [], `${probe.operation} uses a bucket that is not declared.`)
      assert.equal(failure, null, `${probe.operation} fails: ${failure?.message}`)
      assert.equal(
        stage.tokensTaken.length,
        stage.sandbox.calls.length,
        `${probe.operation} made a call that took no token.`,
      )
    })
  }
}

async function nobodyDeclared({ subject: { connector }, connection }: Stage): Promise<void> {
  const hosts = connector.hosts(connector.settings.parse(connection.settings))
  assert.deepEqual([...hosts], [], 'A courier that declares hosts needs `createSandbox` in describeCourier.')
  assert.deepEqual(Object.keys(connector.buckets), [], 'Buckets are for calls, and there are none.')
}

async function hostDeclared(stage: Stage): Promise<void> {
  const { connector } = stage.subject
  const hosts = connector.hosts(connector.settings.parse(stage.connection.settings))
  const { host, hostname } = new URL(stage.sandbox.url)
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
async function nothingElseCalled(subject: AnySubject): Promise<void> {
  const elsewhere = { ...subject.connector, hosts: () => ['elsewhere.example'] }
  for (const probe of probesOf(subject)) {
    await inStage(subject, async (stage) => {
      const call = await probe.prepare(stage)
      const client = stage.connect({}, elsewhere)
      const before = stage.sandbox.calls.length
      await failureOf(() => call(client))
      assert.equal(
        stage.sandbox.calls.length,
        before,
        `${probe.operation} calls a host that the connector does not declare.`,
      )
    })
  }
}

function bucketsWellFormed(connector: AnyConnector): void {
  const buckets = Object.entries(connector.buckets)
  assert(buckets.length > 0, 'A connector has to declare at least one bucket.')
  for (const [name, { perSecond, burst, source }] of buckets) {
    assert(perSecond > 0 && Number.isFinite(perSecond), `${name}: perSecond has to be positive.`)
    assert(burst >= 1 && Number.isFinite(burst), `${name}: burst has to be at least 1.`)
    assert.match(source, /https:\/\/\S+/, `${name}: source has to link the page that says so.`)
  }
}

/** Calls each operation that may be repeated more often than any burst allows, as fast as the buckets let it. */
async function neverTooMany(subject: AnySubject): Promise<void> {
  const bursts = Object.values(subject.connector.buckets).map((bucket) => bucket.burst)
  const times = Math.min(100, Math.max(...bursts) + 10)
  for (const probe of probesOf(subject).filter(({ nature }) => nature !== 'once')) {
    await inStage(subject, async (stage) => {
      const call = await probe.prepare(stage)
      for (let n = 0; n < times; n++) {
        const failure = await failureOf(() => call(stage.client))
        assert(failure?.kind !== 'rate_limited', `${probe.operation} is refused after ${n} calls in a row.`)
      }
    })
  }
}

function scheduleWellFormed(connector: AnyConnector): void {
  for (const [task, line] of Object.entries(connector.schedule)) {
    assert((scheduledTasks as readonly string[]).includes(task), `schedule names no task "${task}".`)
    assert.match(line.trim(), /^(\S+\s+){4,5}\S+$/, `${task}: "${line}" is no cron line.`)
  }
}
