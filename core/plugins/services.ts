import { appendAudit } from '../audit/audit.ts'
import { listConnections } from '../connections/connections.ts'
import { canCoupon } from '../coupons/check.ts'
import type { Db } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import type { Connector } from '../sdk/connector.ts'
import type { HubServices } from '../sdk/hub-services.ts'
import type { PluginDefinition } from '../sdk/plugin.ts'

/** What plugins need of the hub. */
export type PluginHost = {
  db: Db
  clock: Clock
  log: Log
  connectors: ReadonlyMap<string, Connector>
  plugins: readonly PluginDefinition[]
}

/** What the engine brings, because it asks couriers, plans pushes or applies changes. */
export type EngineServices = Omit<HubServices, 'listConnections' | 'raiseProblem' | 'settleProblem' | 'audit'>

/** What one plugin may read and do beside its own tables. */
export function createServices(host: PluginHost, pluginId: string, engine: EngineServices): HubServices {
  const { db, clock, connectors } = host
  const act = (): Act => ({ actor: `plugin:${pluginId}`, now: clock.now() })
  const keyOf = (key: string) => `plugin:${pluginId}:${key}`
  return {
    ...engine,
    listConnections: async () =>
      (await listConnections(db)).map(({ id, name, connector, currency, locale }) => ({
        id,
        name,
        connector,
        kind: connectors.get(connector)?.kind ?? 'unknown',
        currency,
        locale,
        canCoupon: canCoupon(connectors.get(connector)),
      })),
    raiseProblem: ({ key, message, subject, connectionId, remedy, holdsUp }) =>
      raiseProblems(
        db,
        [
          {
            kind: 'plugin',
            key: keyOf(key),
            message,
            subject: subject ?? null,
            connectionId: connectionId ?? null,
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
