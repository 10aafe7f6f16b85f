import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'

/** What may be asked for, and the address that is listened on. */
const loopback: Readonly<Record<string, string>> = {
  '127.0.0.1': '127.0.0.1',
  localhost: '127.0.0.1',
  '::1': '::1',
}

/** Whatever answers requests. */
type Servable = Pick<Parameters<typeof serve>[0], 'fetch'>

export type RunningApi = {
  url: string
  port: number
  /** Where it listens and who may call it, for the person who started it. */
  notice: string
  /** Takes no new requests and ends when those under way have their answers. */
  close(): Promise<void>
}

/** How long answers may take once the server is told to close. */
const patienceMs = 5_000

/**
 * Serves the API on this machine only: there is no login yet, so whoever reaches it may do everything.
 * `port` 0 takes a free one. @throws Error for another host, or when the port is taken.
 */
export async function serveApi(
  app: Servable,
  { port, hostname = '127.0.0.1' }: { port: number; hostname?: string },
): Promise<RunningApi> {
  const address = loopback[hostname]
  if (!address)
    throw new Error(
      `The API cannot listen on ${hostname}: it has no login yet, so it listens on this machine only. Leave the host out, or use 127.0.0.1. To reach it from elsewhere use an SSH tunnel.`,
    )
  const server = await listen(app, port, address)
  const { port: bound } = server.address() as AddressInfo
  const url = `http://${address === '::1' ? '[::1]' : address}:${bound}`
  return {
    url,
    port: bound,
    notice: `The API listens on ${url}, for this machine only, because it has no login yet. For webhooks let a tunnel pass on ${url}/webhooks/ alone.`,
    close: () => close(server),
  }
}

function listen(app: Servable, port: number, hostname: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname }, () => resolve(server)) as Server
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is taken. Stop what uses it, or choose another port.`, { cause: error })
          : error,
      ),
    )
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const force = setTimeout(() => server.closeAllConnections(), patienceMs)
    server.close((error) => {
      clearTimeout(force)
      if (error) reject(error)
      else resolve()
    })
    server.closeIdleConnections()
  })
}
