import assert from 'node:assert/strict'
import type { FailureKind } from '../errors.ts'
import type { Fault } from '../sandbox.ts'
import { assertFailsAs, failureOf } from './outcome.ts'
import type { Probe } from './probe.ts'
import { probesOf } from './probes.ts'
import { inStage, type Stage } from './stage.ts'
import { type AnySubject, type Check, callsOf, isOffline, writesOf } from './subject.ts'

/** Where nothing listens. */
const deadUrl = 'http://127.0.0.1:9'

type Word = FailureKind | null
/** A way the platform fails, and the words that each nature of operation may use for it; none: not asked. */
type Failing = { what: string; fault: Fault } & Partial<Record<Probe['nature'], readonly Word[]>>

const status = (code: number, words: readonly Word[], headers = {}): Failing => ({
  what: headers && 'retry-after' in headers ? `${code} with Retry-After` : String(code),
  fault: { kind: 'status', status: code, headers, times: Infinity },
  read: words,
  repeatable: words,
  once: words,
})

/** A write that stays unanswered may be called unavailable only where sending it again is harmless. */
const unanswered = {
  read: ['unavailable'],
  repeatable: ['unavailable'],
  once: ['uncertain', 'unavailable'],
} as const

/** A write whose answer cannot be read may have happened. What a push says of it does not matter: it is repeated. */
const unreadable = { read: ['unexpected'], once: ['uncertain', null] } as const

const failings: readonly Failing[] = [
  status(401, ['auth']),
  status(403, ['auth']),
  status(404, ['not_found', 'rejected']),
  status(409, ['rejected']),
  status(429, ['rate_limited'], { 'retry-after': '7' }),
  ...[500, 502, 503].map((code) => ({
    ...status(code, ['unavailable']),
    once: ['unavailable', 'uncertain'] as const,
  })),
  {
    what: 'garbage',
    fault: { kind: 'garbage', times: Infinity },
    ...unreadable,
  },
  {
    what: 'half an answer',
    fault: { kind: 'half_answer', times: Infinity },
    ...unreadable,
  },
  { what: 'a slow answer', fault: { kind: 'slow', delayMs: 1500, times: Infinity }, ...unanswered },
  { what: 'a lost answer', fault: { kind: 'lost_answer', times: Infinity }, ...unanswered },
  { what: 'a lost request', fault: { kind: 'lost_request', times: Infinity }, ...unanswered },
]

const stateSetters = ['acknowledgeOrder', 'confirmShipment', 'cancelOrder', 'cancelShipment', 'endCoupon']

const absenceIsFine = ['readOrders', 'endListing', 'endCoupon']

/** What an operation may say of a failure where it differs from its nature's rule. */
function wordsFor(probe: Probe, failing: Failing): readonly Word[] | undefined {
  const words = failing[probe.nature]
  // Setting an order's state again changes nothing, so its answer may be unexpected as a read's is.
  const isState = failing.read === unreadable.read && stateSetters.includes(probe.operation)
  if (isState && words) return [...words, 'unexpected']
  // An order that is not there is left out, and a listing or coupon that is not there is ended: no failure.
  const isNothing = failing.fault.status === 404 && absenceIsFine.includes(probe.operation)
  // A courier asked service by service may answer with a reason for each.
  const isNotOffered = [404, 409].includes(failing.fault.status ?? 0) && probe.operation === 'quote'
  return (isNothing || isNotOffered) && words ? [...words, null] : words
}

/** That every way a platform fails gets the one right word, for each operation. */
export function failureChecks(subject: AnySubject): Check[] {
  if (isOffline(subject)) return []
  return probesOf(subject).flatMap((probe) => [
    ...failings.flatMap((failing) => {
      const words = wordsFor(probe, failing)
      return words ? [failingCheck(subject, probe, failing, words)] : []
    }),
    {
      theme: 'failures',
      guarantee: `${probe.operation}: a refused connection is unavailable`,
      run: () =>
        inStage(subject, async (stage) => {
          const call = await probe.prepare(stage)
          await stage.subject.connector.check(stage.client)
          const client = stage.connect({ url: deadUrl })
          await assertFailsAs(() => call(client), ['unavailable'], 'A refused connection')
        }),
    },
    {
      theme: 'failures',
      guarantee: `${probe.operation}: a token that expires in mid-run heals, or is auth`,
      run: () => inStage(subject, (stage) => expired(stage, probe)),
    },
  ])
}

function failingCheck(subject: AnySubject, probe: Probe, failing: Failing, words: readonly Word[]): Check {
  const spoken = words.map((word) => word ?? 'a success').join(' or ')
  const isSlow = failing.fault.kind === 'slow'
  return {
    theme: 'failures',
    guarantee: `${probe.operation}: ${failing.what} is ${spoken}`,
    run: () =>
      inStage(subject, async (stage) => {
        const call = await probe.prepare(stage)
        const client = isSlow ? await impatientClient(stage) : stage.client
        const isHit = probe.nature === 'read' ? callsOf(subject) : writesOf(subject)
        let hits = 0
        const when = (request: { method: string; path: string }) => isHit(request) && ++hits > 0
        stage.sandbox.faults.add({ ...failing.fault, when })
        const failure = await assertFailsAs(() => call(client), words, failing.what)
        assert(
          hits > 0,
          `${probe.operation} made no call that the fault could hit; see isApiPath and isWriteCall.`,
        )
        if (failing.fault.headers?.['retry-after']) {
          assert.equal(failure?.retryAfterMs, 7000, 'retryAfterMs has to be what Retry-After says.')
        }
      }),
  }
}

/** A client that gives up soon, already signed in. */
async function impatientClient(stage: Stage): Promise<unknown> {
  const client = stage.connect({ timeoutMs: 600 })
  await stage.subject.connector.check(client)
  return client
}

async function expired(stage: Stage, probe: Probe): Promise<void> {
  const call = await probe.prepare(stage)
  await stage.subject.connector.check(stage.client)
  stage.sandbox.expireTokens()
  const failure = await failureOf(() => call(stage.client))
  if (failure)
    assert.equal(failure.kind, 'auth', `An expired token is not ${failure.kind}: ${failure.message}`)
}
