import { inspect } from 'node:util'
import { Hono } from 'hono'
import { type Clock, manualClock, systemClock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { TokenCache } from '../connector.ts'
import type { CourierSandbox } from '../courier-sandbox.ts'
import { createFaultBox, type MarketplaceSandbox, type RunningSandbox, startSandbox } from '../sandbox.ts'
import { createTestClient, memoryTokens, type TestClientOptions } from './context.ts'
import type { AnyConnector, AnySubject, CourierSubject, Subject } from './subject.ts'

type SandboxOf<Sub extends AnySubject> = Sub extends Subject ? MarketplaceSandbox : CourierSandbox

/** A running stand-in with a client on it, and what was seen of the client. */
export type Stage<Sub extends AnySubject = AnySubject> = {
  subject: Sub
  sandbox: RunningSandbox<SandboxOf<Sub>>
  clock: ReturnType<typeof manualClock>
  connection: { settings: Record<string, unknown>; credentials: Record<string, unknown> }
  operations: Sub['connector']['operations']
  client: unknown
  currency: string
  /** All that was logged, as text. */
  logged: string[]
  /** Names of the buckets that calls took from, one entry a call. */
  tokensTaken: string[]
  /** Values that went through the token cache. */
  accessTokens: Set<string>
  /** Another client of the same connection, with the same tokens; `url` says where it believes the platform. */
  connect(options?: TestClientOptions & { url?: string }, connector?: AnyConnector): unknown
}

/** Long enough for anything the platform does by itself (indexing, reading its own writes). */
const settleMs = 10 * 60_000

/** Opens a fresh stand-in, visits it, and closes it whatever happened. */
export async function inStage<Sub extends AnySubject, T>(
  subject: Sub,
  visit: (stage: Stage<Sub>) => Promise<T>,
): Promise<T> {
  const clock = manualClock('2026-03-02T09:00:00.000Z')
  // Only `slow` faults sleep in a sandbox; they have to take real time for a client to lose patience.
  const sandboxClock: Clock = { now: clock.now, sleep: systemClock.sleep }
  const standIn = subject.createSandbox?.({ clock: sandboxClock }) ?? nobody(subject as CourierSubject)
  const sandbox = (await startSandbox(standIn)) as unknown as Stage<Sub>['sandbox']
  try {
    return await visit(openStage(subject, sandbox, clock))
  } finally {
    await sandbox.close()
  }
}

/** Lets the platform's own time pass. */
export async function settled(stage: Pick<Stage, 'clock'>): Promise<void> {
  stage.clock.advance(settleMs)
}

function openStage<Sub extends AnySubject>(
  subject: Sub,
  sandbox: Stage<Sub>['sandbox'],
  clock: Stage['clock'],
): Stage<Sub> {
  const connector: AnyConnector = subject.connector
  const connection = sandbox.connection(sandbox.url)
  const logged: string[] = []
  const tokensTaken: string[] = []
  const accessTokens = new Set<string>()
  const write = (fields: object, message: string) => {
    logged.push(`${message} ${inspect(fields, { depth: 10, maxStringLength: null, maxArrayLength: null })}`)
  }
  const log: Log = { debug: write, info: write, warn: write, error: write }
  const tokens = watched(memoryTokens(clock), accessTokens)
  const connect: Stage['connect'] = (options = {}, as = connector) =>
    createTestClient(as, options.url ? sandbox.connection(options.url) : connection, {
      clock,
      log,
      isPaced: true,
      tokens,
      onToken: (bucket) => tokensTaken.push(bucket),
      ...options,
    })
  return {
    subject,
    sandbox,
    clock,
    connection,
    operations: connector.operations,
    client: connect(),
    currency: connector.defaults(connector.settings.parse(connection.settings)).currency,
    logged,
    tokensTaken,
    accessTokens,
    connect,
  }
}

function watched(tokens: TokenCache, seen: Set<string>): TokenCache {
  return {
    async get(name, refresh) {
      const value = await tokens.get(name, refresh)
      seen.add(value)
      return value
    },
    drop: tokens.drop,
  }
}

/** What stands in for a courier that nobody calls. */
function nobody({ connection = { settings: {}, credentials: {} } }: CourierSubject): CourierSandbox {
  return {
    app: new Hono(),
    calls: [],
    faults: createFaultBox(),
    connection: () => connection,
    shipments: () => [],
    announce: () => {},
    scan: () => {},
    expireTokens: () => {},
    takeWebhooks: () => [],
  }
}
