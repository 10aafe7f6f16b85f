import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Act } from '../lib/act.ts'
import { createLog } from '../lib/log.ts'
import type { HubConfig } from '../sync/hub.ts'
import { type RunningHub, startHub } from '../sync/start.ts'
import { createOutput, type Output, reportError } from './output.ts'

/** The options that every command takes. */
export type GlobalOptions = {
  json?: boolean
  dataFolder?: string
  databaseUrl?: string
  config?: string
  logLevel?: string
}

/** What is installed, from hub.config.ts beside the project's package.json or where --config says. */
export async function loadConfig(options: GlobalOptions): Promise<HubConfig> {
  const path = resolve(
    options.config ?? process.env.ENTREPOT_CONFIG ?? new URL('../../hub.config.ts', import.meta.url).pathname,
  )
  const loaded = (await import(pathToFileURL(path).href)) as { default?: HubConfig }
  if (!loaded.default) throw new Error(`${path} has no default export: it must export what is installed.`)
  return loaded.default
}

export const dataFolderOf = (options: GlobalOptions): string =>
  resolve(options.dataFolder ?? process.env.ENTREPOT_DATA ?? 'data')

/** Opens the hub as a process that stays (`start`, `api`, `worker`) or as a tool beside one. */
export async function openHub(
  options: GlobalOptions,
  mode: { isWorker: boolean; mayAttach: boolean },
): Promise<RunningHub> {
  return startHub({
    config: await loadConfig(options),
    log: createLog(options.logLevel ?? process.env.ENTREPOT_LOG ?? (mode.mayAttach ? 'warn' : 'info')),
    dataFolder: dataFolderOf(options),
    databaseUrl: options.databaseUrl ?? process.env.DATABASE_URL,
    ...mode,
  })
}

/** Who uses the command line, for the audit log. */
export const cliAct = (): Act => ({ actor: `cli:${userInfo().username}`, now: new Date() })

/** Runs a command that needs the hub for a moment; closes it whatever happens and sets the exit code. */
export async function withHub(
  options: GlobalOptions,
  work: (hub: RunningHub, output: Output) => Promise<number>,
): Promise<void> {
  const output = createOutput(options.json === true)
  let hub: RunningHub | undefined
  try {
    hub = await openHub(options, { isWorker: false, mayAttach: true })
    process.exitCode = await work(hub, output)
  } catch (error) {
    process.exitCode = reportError(output, error)
  } finally {
    await hub?.stop()
  }
}

/** Resolves when the process is asked to end. A second signal ends it at once. */
export function untilStopped(): Promise<void> {
  return new Promise((done) => {
    let asked = 0
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        asked += 1
        if (asked > 1) process.exit(130)
        done()
      })
    }
  })
}
