import { appendAudit } from '../audit/audit.ts'
import { listConnections } from '../connections/connections.ts'
import type { Db } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import type { Connector } from '../sdk/connector.ts'
import type { HubServices, PluginDefinition } from '../sdk/plugin.ts'

/** What plugins need of the hub. */
export type PluginHost = {
  db: Db
  clock: Clock
  log: Log
  connectors: ReadonlyMap<string, Connector>
  plugins: readonly PluginDefinition[]
}

/** What plugins may ask about shipping; the engine brings it, because prices are asked of couriers. */
export type ShippingServices = Pick<
  HubServices,
  'streamShipments' | 'findShipments' | 'readTransit' | 'readShippingRequest' | 'readShippingFacts' | 'quote'
>

/** What one plugin may read and do beside its own tables. */
export function createServices(host: PluginHost, pluginId: string, shipping: ShippingServices): HubServices {
  const { db, clock, connectors } = host
  const act = (): Act => ({ actor: `plugin:${pluginId}`, now: clock.now() })
  const keyOf = (key: string) => `plugin:${pluginId}:${key}`
  return {
    ...shipping,
    listConnections: async () =>
      (await listConnections(db)).map(({ id, name, connector, currency }) => ({
        id,
        name,
        connector,
        kind: connectors.get(connector)?.kind ?? 'unknown',
        currency,
      })),
    raiseProblem: ({ key, message, subject, remedy, holdsUp }) =>
      raiseProblems(
        db,
        [
          {
            kind: 'plugin',
            key: keyOf(key),
            message,
            subject: subject ?? null,
            remedy,
            holdsUp,
            detail: { plugin: pluginId },
          },
        ],
        act(),
      ),
    settleProblem: (key) => settleProblems(db, [keyOf(key)], act()),
    audit: ({ actor, ...entry }) =>
      db.transaction((tx) => appendAudit(tx, { actor, now: clock.now() }, entry)),
  }
}
