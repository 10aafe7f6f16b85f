import { type Check, connectorChecks, type Subject } from 'entrepot/sdk/testing'
import { expect } from 'vitest'
import type { SimpleClient } from './simple-shop/client.ts'
import { simpleShop } from './simple-shop/index.ts'
import { createSimpleSandbox } from './simple-shop/sandbox.ts'

type Definition = typeof simpleShop
export const operations = simpleShop.operations as Required<Definition['operations']>
export type { SimpleClient }

/** The reference connector as it passes, to be broken in one place. */
export const healthy: Subject = {
  connector: simpleShop,
  createSandbox: createSimpleSandbox,
  readme: new URL('./simple-shop/README.md', import.meta.url),
  unknownExternalId: 'listing-999999',
}

export const broken = (patch: Partial<Definition>): Subject => ({
  ...healthy,
  connector: { ...simpleShop, ...patch },
})

export const brokenOperations = (patch: Partial<Definition['operations']>): Subject =>
  broken({ operations: { ...simpleShop.operations, ...patch } })

/** Asserts that the check of this name passes on the healthy connector, and complains of the broken one. */
export const expectCaught = (subject: Subject, name: string, complaint: RegExp): Promise<void> =>
  expectCaughtBy({ healthy: connectorChecks(healthy), broken: connectorChecks(subject) }, name, complaint)

export async function expectCaughtBy(
  checks: { healthy: readonly Check[]; broken: readonly Check[] },
  name: string,
  complaint: RegExp,
): Promise<void> {
  await expect(find(checks.healthy, name).run()).resolves.toBeUndefined()
  await expect(find(checks.broken, name).run()).rejects.toThrow(complaint)
}

function find(checks: readonly Check[], name: string): Check {
  const found = checks.filter(({ theme, guarantee }) => `${theme}: ${guarantee}` === name)
  expect(found.map(({ theme, guarantee }) => `${theme}: ${guarantee}`)).toEqual([name])
  return found[0]!
}
