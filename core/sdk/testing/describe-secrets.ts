import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { secretsIn } from './context.ts'
import { failureOf } from './outcome.ts'
import { probesOf } from './probes.ts'
import { inShop, type Shop } from './shop.ts'
import { type Check, callsOf, type Subject } from './subject.ts'

/** That credentials and access tokens stay where they belong. */
export function secretChecks(subject: Subject): Check[] {
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
