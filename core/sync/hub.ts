import { type CallLog, createCallLog } from '../calls/log.ts'
import type { Connection } from '../connections/connections.ts'
import type { MasterKey } from '../connections/keys.ts'
import { createTokenCache } from '../connections/tokens.ts'
import { openVault } from '../connections/vault.ts'
import type { Database, Db } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { createPluginContexts } from '../plugins/context.ts'
import type { EngineServices } from '../plugins/services.ts'
import type { Connector, TokenCache } from '../sdk/connector.ts'
import { NotFoundError } from '../sdk/errors.ts'
import { createHttp, type HttpCall } from '../sdk/http.ts'
import type { PluginContext, PluginDefinition } from '../sdk/plugin.ts'
import type { MarketplaceSandbox } from '../sdk/sandbox.ts'
import { takeToken } from './buckets.ts'
import type { HubMetrics } from './metrics.ts'
import { observeConnector } from './observe.ts'
import type { Queue } from './queue.ts'
import { currentScope } from './scope.ts'

/** What is installed: the content of hub.config.ts. */
export type HubConfig = {
  connectors: readonly Connector[]
  plugins: readonly PluginDefinition[]
  /** Stand-ins by connector id, loaded when the demo plays. */
  sandboxes?: Readonly<Record<string, (options: SandboxOptions) => Promise<MarketplaceSandbox>>>
}

/** What every stand-in takes. */
export type SandboxOptions = { clock: Clock; currency: string; rateScale: number; random?: () => number }

/** Everything that sync works with. The clock, the log and what is installed enter here and nowhere else. */
export type Hub = {
  database: Database
  db: Db
  clock: Clock
  log: Log
  key: MasterKey
  connectors: ReadonlyMap<string, Connector>
  plugins: readonly PluginDefinition[]
  /** What a plugin's handlers work with. @throws NotFoundError when it is not installed. */
  pluginContext(pluginId: string): PluginContext
  metrics: HubMetrics
  /** What connectors called, and how it went. */
  calls: CallLog
  /** A client for a connection. Urgent callers go before others where a bucket is shared. */
  openClient(connection: Connection, isUrgent: boolean): Promise<unknown>
  /** The worker's name in leases. */
  holder: string
  /** The job queues; absent in a tool that starts no jobs. */
  queue?: Queue | undefined
}

export type HubPorts = {
  database: Database
  clock: Clock
  log: Log
  key: MasterKey
  config: HubConfig
  metrics: HubMetrics
  holder: string
  queue?: Queue | undefined
  /** What plugins may ask of the engine. */
  services: (hub: Hub, plugin: PluginDefinition) => EngineServices
  /** How long a call may take. */
  timeoutMs?: number
}

/** Who the hub is in its own records, now. */
export const systemAct = (hub: Pick<Hub, 'clock'>, actor = 'hub'): Act => ({ actor, now: hub.clock.now() })

/** Puts a hub together from its ports; starts nothing. */
export function createHub(ports: HubPorts): Hub {
  const { database, clock, log, key, metrics, holder } = ports
  const calls = createCallLog({ db: database.forgetful, clock, log })
  const owners = new WeakMap<object, string>()
  const noteOutcome = (client: unknown, operation: string, error: unknown) => {
    const connectionId = owners.get(client as object)
    if (connectionId) calls.noteOutcome(connectionId, operation, error)
  }
  const connectors = new Map(
    ports.config.connectors.map((connector) => [connector.id, observeConnector(connector, noteOutcome)]),
  )
  const clients = new Map<string, { revision: number; client: unknown }>()
  const tokens = new Map<string, TokenCache>()

  async function openClient(connection: Connection, isUrgent: boolean): Promise<unknown> {
    const cacheKey = `${connection.id} ${isUrgent}`
    const cached = clients.get(cacheKey)
    if (cached?.revision === connection.revision) return cached.client
    if (cached) forgetClients(connection.id, cached.revision)
    const connector = connectorOf(connectors, connection)
    const vault = await openVault(database.db, key, connection.id)
    const settings = connector.settings.parse(connection.settings)
    const credentials = connector.credentials.parse(vault.credentials)
    const owner = { connectionId: connection.id, rateScale: connection.rateScale, buckets: connector.buckets }
    const tokensKey = `${connection.id} ${connection.revision}`
    const cache = tokens.get(tokensKey) ?? createTokenCache(database.db, connection.id, vault.dataKey, clock)
    tokens.set(tokensKey, cache)
    const secrets = Object.values(credentials as Record<string, unknown>).filter(
      (value) => typeof value === 'string',
    )
    const http = createHttp({
      name: connection.name,
      hosts: connector.hosts(settings),
      isLocal: connection.isLocal,
      secrets,
      log,
      noteCall: () => beginCall(connection.id, secrets),
      ...(ports.timeoutMs === undefined ? {} : { timeoutMs: ports.timeoutMs }),
      takeToken: (bucket, cost) => takeToken(database.forgetful, clock, owner, bucket, cost, isUrgent),
    })
    const client = connector.createClient({ settings, credentials, http, tokens: cache, clock, log })
    clients.set(cacheKey, { revision: connection.revision, client })
    if (client !== null && typeof client === 'object') owners.set(client, connection.id)
    return client
  }

  /** What a call belongs to is known when it begins: its answer may come in anybody's turn. */
  function beginCall(connectionId: string, secrets: readonly string[]): (call: HttpCall) => void {
    const { run, operation } = currentScope()
    return (call) => {
      if (run) run.calls += 1
      if (run && call.failure !== null) run.failedCalls += 1
      calls.noteCall({ connectionId, runId: run?.runId ?? null, operation, secrets }, call)
    }
  }

  function forgetClients(connectionId: string, revision: number): void {
    clients.delete(`${connectionId} true`)
    clients.delete(`${connectionId} false`)
    tokens.delete(`${connectionId} ${revision}`)
  }

  const hub: Hub = {
    database,
    db: database.db,
    clock,
    log,
    key,
    connectors,
    plugins: ports.config.plugins,
    pluginContext: (pluginId) => contexts(pluginId),
    metrics,
    calls,
    holder,
    queue: ports.queue,
    openClient,
  }
  const contexts = createPluginContexts(hub, (plugin) => ports.services(hub, plugin))
  return hub
}

/** The code behind a connection. @throws NotFoundError when it is not installed. */
export function connectorOf(
  connectors: ReadonlyMap<string, Connector>,
  connection: Pick<Connection, 'connector' | 'name'>,
): Connector {
  const found = connectors.get(connection.connector)
  if (!found)
    throw new NotFoundError(
      `Connection "${connection.name}" needs the connector "${connection.connector}", which hub.config.ts does not install.`,
    )
  return found
}
