import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { isLoopbackHost } from './guard.ts'
import type { Reach } from './visitor.ts'

/** Whatever answers requests. */
type Servable = Pick<Parameters<typeof serve>[0], 'fetch'> & {
  /** Ends the answers that go on for as long as they are listened to. */
  endStreams?(): void
}

export type RunningApi = {
  /** Where people find it. */
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
 * Serves the API; on this machine only unless another host is named. `port` 0 takes a free one.
 * @throws Error when the host is not an address of this machine or the port is taken
 */
export async function serveApi(
  app: Servable,
  { port, host = '127.0.0.1', reach }: { port: number; host?: string | undefined; reach?: Reach | undefined },
): Promise<RunningApi> {
  const server = await listen(app, port, host)
  const { port: bound, address } = server.address() as AddressInfo
  const isLocal = isLoopbackHost(address.includes(':') ? `[${address}]` : address)
  const url = `http://${isLocal ? address.replace('::1', '[::1]') : '127.0.0.1'}:${bound}`
  const publicUrl = reach?.publicUrls[0]
  return {
    url: publicUrl?.origin ?? url,
    port: bound,
    notice: isLocal ? localNotice(url) : openNotice(address, bound, publicUrl),
    close: () => {
      app.endStreams?.()
      return close(server)
    },
  }
}

const localNotice = (url: string) =>
  `It listens on ${url}, for this machine only. For people elsewhere put an HTTPS proxy in front and set ENTREPOT_URL and ENTREPOT_PROXIES. For webhooks let a tunnel pass on ${url}/webhooks/ alone.`

function openNotice(address: string, port: number, publicUrl: URL | undefined): string {
  const where = `It listens on ${address} port ${port}, for everybody who reaches this machine`
  if (!publicUrl)
    return `${where}, but answers to loopback names only: set ENTREPOT_URL to the address that people use, such as https://hub.example.`
  if (publicUrl.protocol === 'https:')
    return `${where}. What speaks plain HTTP to it is not encrypted: let only the HTTPS proxy reach this port.`
  return `${where}. WARNING: over plain HTTP passwords and sessions can be read on the way. Put an HTTPS proxy in front and set ENTREPOT_URL to its https:// address.`
}

function listen(app: Servable, port: number, hostname: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname }, () => resolve(server)) as Server
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is taken. Stop what uses it, or choose another port.`, { cause: error })
          : error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
            ? new Error(`${hostname} is no address of this machine. 0.0.0.0 listens on all it has.`, {
                cause: error,
              })
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
