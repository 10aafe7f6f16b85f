import { courierProbes } from './courier-probes.ts'
import type { Probe } from './probe.ts'
import { shopProbes } from './shop-probes.ts'
import type { AnySubject } from './subject.ts'

/** One probe for each operation that the connector has. */
export function probesOf({ connector }: AnySubject): Probe[] {
  const all = connector.kind === 'courier' ? courierProbes : shopProbes
  return all.filter(
    ({ operation }) => (connector.operations as Record<string, unknown>)[operation] !== undefined,
  )
}
