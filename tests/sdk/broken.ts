import { connectorChecks, type Subject } from 'entrepot/sdk/testing'
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
export async function expectCaught(subject: Subject, name: string, complaint: RegExp): Promise<void> {
  await expect(find(healthy, name).run()).resolves.toBeUndefined()
  await expect(find(subject, name).run()).rejects.toThrow(complaint)
}

function find(subject: Subject, name: string) {
  const found = connectorChecks(subject).filter(({ theme, guarantee }) => `${theme}: ${guarantee}` === name)
  expect(found.map(({ theme, guarantee }) => `${theme}: ${guarantee}`)).toEqual([name])
  return found[0]!
}
