import { type CourierSubject, courierChecks } from 'entrepot/sdk/testing'
import { expectCaughtBy } from './broken.ts'
import { simpleCourier } from './simple-courier/index.ts'
import { createSimpleCourierSandbox } from './simple-courier/sandbox.ts'

type Definition = typeof simpleCourier
export const courierOperations = simpleCourier.operations as Required<Definition['operations']>

/** The reference courier as it passes, to be broken in one place. */
export const healthyCourier: CourierSubject = {
  connector: simpleCourier,
  createSandbox: createSimpleCourierSandbox,
  readme: new URL('./simple-courier/README.md', import.meta.url),
  liveSettings: [{}],
}

export const brokenCourier = (patch: Partial<Definition>): CourierSubject => ({
  ...healthyCourier,
  connector: { ...simpleCourier, ...patch },
})

export const brokenActs = (patch: Partial<Definition['operations']>): CourierSubject =>
  brokenCourier({ operations: { ...simpleCourier.operations, ...patch } })

/** Asserts that the check of this name passes on the healthy courier, and complains of the broken one. */
export const expectCourierCaught = (
  subject: CourierSubject,
  name: string,
  complaint: RegExp,
  healthy: CourierSubject = healthyCourier,
): Promise<void> =>
  expectCaughtBy({ healthy: courierChecks(healthy), broken: courierChecks(subject) }, name, complaint)
