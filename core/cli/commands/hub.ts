import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { serveApi } from '../../api/server.ts'
import { readReach } from '../../api/visitor.ts'
import { InputError } from '../../sdk/errors.ts'
import { firstAdminUrl, signInNotice } from '../first-admin.ts'
import { createOutput, reportError } from '../output.ts'
import { dataFolderOf, type GlobalOptions, openHub, untilStopped } from '../session.ts'

type ServeOptions = GlobalOptions & {
  port?: string
  host: string
  url?: string
  proxies?: string
  imports?: string
}

const defaultPort = '7070'

/** `entrepot start`, `api` and `worker`: the processes that stay. */
export function hubCommands(program: Command): void {
  const serve = (name: string, description: string, isWorker: boolean, hasApi: boolean) => {
    const command = program.command(name).description(description)
    if (hasApi)
      command
        .option('--port <port>', 'where the API listens', process.env.PORT ?? defaultPort)
        .option(
          '--imports <folder>',
          'whose files the API may import (ENTREPOT_IMPORTS, else imports in the data folder)',
        )
    else
      command.option('--port <port>', 'where it answers /healthz, /readyz and /metrics; nowhere unless given')
    command
      .option(
        '--hostname, --host <address>',
        'where it listens; 0.0.0.0 for every address of this machine',
        '127.0.0.1',
      )
      .option('--url <url>', 'where people reach it, such as https://hub.example (ENTREPOT_URL)')
      .option('--proxies <addresses>', 'proxies whose word on callers is believed (ENTREPOT_PROXIES)')
    command.action((_options: unknown, self: Command) => run(self.optsWithGlobals(), isWorker, hasApi))
  }
  serve('start', 'run the hub: API, schedules and workers in one process', true, true)
  serve('api', 'run the API alone; work is done by worker processes on the same PostgreSQL', false, true)
  serve('worker', 'run the workers alone; any number of them on one PostgreSQL', true, false)
}

async function run(options: ServeOptions, isWorker: boolean, hasApi: boolean): Promise<void> {
  const output = createOutput(options.json === true)
  try {
    const stopped = untilStopped()
    const hub = await openHub(options, { isWorker, mayAttach: !isWorker || !hasApi })
    const { port, host } = options
    const reach = readReach({
      publicUrl: options.url ?? process.env.ENTREPOT_URL,
      proxies: options.proxies ?? process.env.ENTREPOT_PROXIES,
    })
    // Loaded only here: every other command starts sooner without the API.
    const { createApi, createHealthApi } = await import('../../api/app.ts')
    const app = hasApi
      ? createApi(hub, { importFolder: await importFolderOf(options), reach })
      : createHealthApi(hub, { reach })
    const server = port === undefined ? null : await serveApi(app, { port: readPort(port), host, reach })
    const url = server?.url ?? null
    const firstAdmin = url && hasApi ? await firstAdminUrl(hub.db, url) : null
    output.json({ state: 'running', url, firstAdmin, data: dataFolderOf(options), isWorker })
    output.line(
      `The hub runs${url ? ` at ${url}` : ''}. Data: ${(options.databaseUrl ?? process.env.DATABASE_URL) ? 'the given PostgreSQL' : dataFolderOf(options)}. Stop it with Ctrl-C.`,
    )
    if (server) output.line(server.notice)
    if (url && hasApi) output.line(signInNotice(url, firstAdmin))
    await stopped
    output.line('Stopping: running jobs are finished first.')
    await server?.close()
    await hub.stop()
    output.json({ state: 'stopped' })
    process.exitCode = 0
  } catch (error) {
    process.exitCode = reportError(output, error)
  }
}

/** The only folder of this machine whose files the API may import. */
async function importFolderOf(options: ServeOptions): Promise<string> {
  const folder = resolve(
    options.imports ?? process.env.ENTREPOT_IMPORTS ?? join(dataFolderOf(options), 'imports'),
  )
  await mkdir(folder, { recursive: true })
  return folder
}

function readPort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InputError(`"${text}" is no port from 0 to 65535.`, 'port')
  return port
}
