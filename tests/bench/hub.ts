import { amazon } from '../../connectors/amazon/index.ts'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { addConnection, type Connection } from '../../core/connections/connections.ts'
import type { Database } from '../../core/db/client.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { createLog } from '../../core/lib/log.ts'
import type { Connector } from '../../core/sdk/connector.ts'
import type { PluginDefinition } from '../../core/sdk/plugin.ts'
import { engineServices } from '../../core/sync/engine-services.ts'
import { createHub, type Hub } from '../../core/sync/hub.ts'
import { createMetrics } from '../../core/sync/metrics.ts'
import type { Queue } from '../../core/sync/queue.ts'
import { type Child, startChild } from './child.ts'
import type { SandboxProcessOptions, control as sandboxControl } from './sandbox-process.ts'
import type { control as workerControl } from './worker-process.ts'

/** `single`: Amazon keeps to one call an item, however long the queue. */
export type HubKind = 'whole' | 'single'

/** Sandboxes need no secret key, but every process of a figure needs the same one. */
const key = Buffer.alloc(32, 7)

const { bulk: _bulk, ...singleStock } = amazon.operations.pushStock!
const amazonSingly: Connector = { ...amazon, operations: { ...amazon.operations, pushStock: singleStock } }

/** A hub on a database; the caller decides whether a worker runs on it. */
export function createBenchHub<Q extends Queue | undefined>(
  database: Database,
  options: { holder?: string; kind?: HubKind; queue?: Q; plugins?: readonly PluginDefinition[] } = {},
): Hub & { queue: Q } {
  const hub = createHub({
    database,
    clock: systemClock,
    log: createLog('error'),
    key,
    config: {
      connectors: [woocommerce, options.kind === 'single' ? amazonSingly : amazon],
      plugins: options.plugins ?? [],
    },
    metrics: createMetrics(),
    holder: options.holder ?? 'bench',
    services: engineServices,
  })
  return Object.assign(hub, { queue: options.queue as Q })
}

export type SandboxChild = Child<typeof sandboxControl>

/** Stand-ins whose code is loaded and that have nothing to do. They end with this process. */
const idleSandboxes: SandboxChild[] = []

/** Starts a stand-in in its own process; `kill` closes it and keeps the process for the next. */
export async function startSandboxChild(options: SandboxProcessOptions): Promise<SandboxChild> {
  const child = idleSandboxes.pop() ?? (await startChild<typeof sandboxControl>('./sandbox-process.ts', {}))
  await child.call('open', options)
  const kill = async () => {
    await child.call('close')
    idleSandboxes.push(child)
  }
  return { ...child, kill }
}

type WorkerChild = Child<typeof workerControl>

/** Processes whose code is loaded and that have nothing to do: loading it takes seconds. They end with this one. */
const idle: WorkerChild[] = []

/** Starts workers in processes of their own; returns how to end them. */
export async function startWorkers(
  database: Database,
  count: number,
  kind: HubKind = 'whole',
): Promise<() => Promise<void>> {
  const children = await Promise.all(
    Array.from(
      { length: count },
      () => idle.pop() ?? startChild<typeof workerControl>('./worker-process.ts', {}),
    ),
  )
  await Promise.all(
    children.map((child, index) =>
      child.call('open', { url: database.url, holder: `worker-${index}`, kind }),
    ),
  )
  return async () => {
    await Promise.all(children.map((child) => child.call('close')))
    idle.push(...children)
  }
}

/** Connects a hub with a stand-in. */
export async function connect(
  hub: Hub,
  platform: SandboxProcessOptions['platform'],
  sandbox: SandboxChild,
  rateScale: number,
  name: string = platform,
): Promise<Connection> {
  const { settings, credentials } = await sandbox.call('connection')
  const connector = hub.connectors.get(platform)!
  const input = { name, settings, credentials, isLocal: true, rateScale, ordersFrom: new Date(0) }
  return hub.db.transaction((tx) => addConnection(tx, hub.key, connector, input, benchAct()))
}

export const benchAct = () => ({ actor: 'bench', now: new Date() })
