import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { secretsIn } from './context.ts'
import { failureOf } from './outcome.ts'
import { probesOf } from './probes.ts'
import { inStage, type Stage } from './stage.ts'
import { type AnySubject, type Check, callsOf, isOffline } from './subject.ts'

/** That credentials and access tokens stay where they belong. */
export function secretChecks(subject: AnySubject): Check[] {
  if (isOffline(subject)) return []
  return [
    { theme: 'secrets', guarantee: 'none reaches a log', run: () => noneLogged(subject) },
    {
      theme: 'secrets',
      guarantee: 'none reaches an error, even when the platform repeats them',
      run: () => noneInErrors(subject),
    },
  ]
}

/** The forms in which a secret may show: plain, base64 (alone or joined for Basic), URL-encoded. */
function formsOfSecrets(stage: Stage): { name: string; form: string }[] {
  const values = [...secretsIn(stage.connection.credentials), ...stage.accessTokens].filter(
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

function assertNoSecret(stage: Stage, text: string, where: string): void {
  for (const { name, form } of formsOfSecrets(stage)) {
    assert(!text.includes(form), `${where} holds a secret of the connection ${name}.`)
  }
}

async function noneLogged(subject: AnySubject): Promise<void> {
  for (const probe of probesOf(subject)) {
    await inStage(subject, async (stage) => {
      const call = await probe.prepare(stage)
      await failureOf(() => call(stage.client))
      stage.sandbox.faults.add({ kind: 'status', status: 500, when: callsOf(subject) })
      await failureOf(() => call(stage.client))
      assertNoSecret(stage, stage.logged.join('\n'), `The log of ${probe.operation}`)
    })
  }
}

async function noneInErrors(subject: AnySubject): Promise<void> {
  for (const probe of probesOf(subject)) {
    for (const code of [400, 401, 500]) {
      await inStage(subject, async (stage) => {
        const call = await probe.prepare(stage)
        stage.sandbox.faults.add({
          kind: 'status',
          status: code,
          body: JSON.stringify({ code: 'refused', message: echoOf(stage) }),
          headers: { 'content-type': 'application/json' },
          when: callsOf(subject),
          times: Infinity,
        })
        const failure = await failureOf(() => call(stage.client))
        assert(failure, `${probe.operation} succeeds though the platform answers ${code}.`)
        const told = inspect(failure, { depth: 12, maxStringLength: null, maxArrayLength: null })
        assertNoSecret(
          stage,
          `${told}\n${JSON.stringify(failure)}`,
          `The error of ${probe.operation} after ${code}`,
        )
        assertNoSecret(stage, stage.logged.join('\n'), `The log of ${probe.operation} after ${code}`)
      })
    }
  }
}

/** What a careless platform writes into an error: the credentials it was shown. */
function echoOf(stage: Stage): string {
  const secrets = secretsIn(stage.connection.credentials)
  const basic = Buffer.from(secrets.join(':')).toString('base64')
  return `Refused: ${secrets.join(' ')} ${secrets.map(encodeURIComponent).join(' ')} Basic ${basic}`
}
