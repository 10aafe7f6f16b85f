import { type Clock, systemClock } from '../../lib/clock.ts'
import { type Log, silentLog } from '../../lib/log.ts'
import type { Bucket, Connector, ConnectorContext, TokenCache } from '../connector.ts'
import { ConnectorError } from '../errors.ts'
import { createHttp } from '../http.ts'
import { createLimiter } from '../sandbox.ts'

/** A token cache in memory, with the same single flight as the hub's. */
export function memoryTokens(clock: Clock): TokenCache {
  const held = new Map<string, { value: string; expiresAt: Date }>()
  const flights = new Map<string, Promise<{ value: string; expiresAt: Date }>>()
  const fetchToken = async (name: string, refresh: Parameters<TokenCache['get']>[1]) => {
    try {
      const token = await refresh()
      held.set(name, token)
      return token
    } finally {
      flights.delete(name)
    }
  }
  return {
    async get(name, refresh) {
      const cached = held.get(name)
      if (cached && cached.expiresAt > clock.now()) return cached.value
      const flight = flights.get(name) ?? fetchToken(name, refresh)
      flights.set(name, flight)
      return (await flight).value
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

/** Waits on `clock` until the named bucket has the tokens, as the hub does. */
function pacer(buckets: Readonly<Record<string, Bucket>>, clock: Clock) {
  const limiters = new Map<string, ReturnType<typeof createLimiter>>()
  return async (name: string, cost: number) => {
    const { perSecond, burst } = buckets[name]!
    const limiter = limiters.get(name) ?? createLimiter(perSecond, burst, clock)
    limiters.set(name, limiter)
    for (let left = cost; left > 0; left--) {
      for (let turn = limiter.take(); !turn.ok; turn = limiter.take()) await clock.sleep(turn.waitMs)
    }
  }
}

export type TestClientOptions = {
  clock?: Clock
  log?: Log
  timeoutMs?: number
  /** Told of each token taken, before the bucket is looked up. */
  onToken?: (bucket: string) => void
  /** Keeps to the declared buckets by sleeping on `clock`. Give a manual clock with it. */
  isPaced?: boolean
  tokens?: TokenCache
}

/** A client of the connector outside the hub: tokens in memory, no rate limit unless paced. For a connector's own tests. */
export function createTestClient<Client>(
  connector: Connector,
  connection: { settings: unknown; credentials: unknown },
  options: TestClientOptions = {},
): Client {
  const clock = options.clock ?? systemClock
  const settings = connector.settings.parse(connection.settings)
  const credentials = connector.credentials.parse(connection.credentials)
  const log = options.log ?? silentLog
  const pace = pacer(connector.buckets, clock)
  const http = createHttp({
    name: connector.name,
    hosts: connector.hosts(settings),
    isLocal: true,
    secrets: secretsIn(credentials),
    log,
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    takeToken: async (bucket, cost) => {
      options.onToken?.(bucket)
      if (!(bucket in connector.buckets)) {
        throw new ConnectorError('unexpected', `${connector.id} declares no bucket "${bucket}".`)
      }
      if (options.isPaced) await pace(bucket, cost)
      return { settle: async () => {} }
    },
  })
  const context: ConnectorContext<unknown, unknown> = {
    settings,
    credentials,
    http,
    tokens: options.tokens ?? memoryTokens(clock),
    clock,
    log,
  }
  return connector.createClient(context) as Client
}
