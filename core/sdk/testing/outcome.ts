import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { ConnectorError, type FailureKind } from '../errors.ts'

type Verdict = { ok: boolean; error?: Error }

function verdictsIn(value: unknown): Verdict[] {
  if (Array.isArray(value)) return value.flatMap(verdictsIn)
  if (value === null || typeof value !== 'object') return []
  if ('ok' in value && typeof value.ok === 'boolean') return [value as Verdict]
  return 'variants' in value ? verdictsIn(value.variants) : []
}

/** How a call failed, whether it threw or said so of an item; null when it did not. */
export async function failureOf(call: () => Promise<unknown>): Promise<ConnectorError | null> {
  try {
    const failed = verdictsIn(await call()).find((verdict) => !verdict.ok)
    return failed ? asConnectorError(failed.error) : null
  } catch (error) {
    return asConnectorError(error)
  }
}

function asConnectorError(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error
  if (error instanceof assert.AssertionError) throw error
  return assert.fail(`A failure has to be a ConnectorError, but it is ${inspect(error, { depth: 1 })}.`)
}

/** Asserts that the call fails with one of these words. `null` allows success. */
export async function assertFailsAs(
  call: () => Promise<unknown>,
  kinds: readonly (FailureKind | null)[],
  about: string,
): Promise<ConnectorError | null> {
  const failure = await failureOf(call)
  const got = failure?.kind ?? null
  assert(
    kinds.includes(got),
    `${about} has to be ${kinds.map((kind) => kind ?? 'a success').join(' or ')}, but is ${
      failure ? `${got}: ${failure.message}` : 'a success'
    }.`,
  )
  return failure
}
