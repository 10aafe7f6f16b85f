import { type Clock, systemClock } from '../../lib/clock.ts'
import { type Log, silentLog } from '../../lib/log.ts'
import type { ConnectorContext, Marketplace, TokenCache } from '../connector.ts'
import { createHttp } from '../http.ts'

/** A token cache in memory, with the same single flight as the hub's. */
export function memoryTokens(clock: Clock): TokenCache {
  const held = new Map<string, { value: string; expiresAt: Date }>()
  const flights = new Map<string, Promise<{ value: string; expiresAt: Date }>>()
  return {
    async get(name, refresh) {
      const cached = held.get(name)
      if (cached && cached.expiresAt > clock.now()) return cached.value
      const flight = flights.get(name) ?? refresh().finally(() => flights.delete(name))
      flights.set(name, flight)
      const token = await flight
      held.set(name, token)
      return token.value
    },
    async drop(name, value) {
      if (held.get(name)?.value === value) held.delete(name)
    },
  }
}

/** Every text value in the credentials: what must appear in no log. */
export const secretsIn = (credentials: unknown): string[] =>
  credentials !== null && typeof credentials === 'object'
    ? Object.values(credentials).filter((value): value is string => typeof value === 'string')
    : []

/** A client of the connector outside the hub: no rate limit, tokens in memory. For a connector's own tests. */
export function createTestClient<Client>(
  connector: Marketplace,
  connection: { settings: unknown; credentials: unknown },
  options: { clock?: Clock; log?: Log; timeoutMs?: number; onToken?: (bucket: string) => void } = {},
): Client {
  const clock = options.clock ?? systemClock
  const settings = connector.settings.parse(connection.settings)
  const credentials = connector.credentials.parse(connection.credentials)
  const log = options.log ?? silentLog
  const http = createHttp({
    name: connector.name,
    hosts: connector.hosts(settings),
    isLocal: true,
    secrets: secretsIn(credentials),
    log,
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    takeToken: async (bucket) => {
      if (!(bucket in connector.buckets)) throw new Error(`${connector.id} declares no bucket "${bucket}".`)
      options.onToken?.(bucket)
      return { settle: async () => {} }
    },
  })
  const context: ConnectorContext<unknown, unknown> = {
    settings,
    credentials,
    http,
    tokens: memoryTokens(clock),
    clock,
    log,
  }
  return connector.createClient(context) as Client
}
