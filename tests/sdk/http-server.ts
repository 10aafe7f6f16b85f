import { type CallContext, ConnectorError, startSandbox } from 'entrepot/sdk'
import { type Context, Hono } from 'hono'
import { afterEach } from 'vitest'
import { silentLog } from '../../core/lib/log.ts'
import { createHttp, type HttpPorts, type LimitNews } from '../../core/sdk/http.ts'

export const secret = 'k3y/with+odd&signs=='
export const context: CallContext = { bucket: 'any' }
const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

/** A server that answers as told, the way out to it, and what was seen of both. */
export async function connect(
  answer: (c: Context) => Response | Promise<Response>,
  ports: Partial<HttpPorts> = {},
) {
  const arrived: string[] = []
  const settled: LimitNews[] = []
  const logged: string[] = []
  const app = new Hono().all('*', (c) => {
    arrived.push(`${c.req.method} ${c.req.path}`)
    return answer(c)
  })
  const { url, close } = await startSandbox({ app })
  closers.push(close)
  const write = (fields: object, message: string) => logged.push(JSON.stringify(fields) + message)
  const http = createHttp({
    name: 'Test Shop',
    hosts: [new URL(url).host],
    isLocal: true,
    secrets: [secret],
    log: { ...silentLog, debug: write },
    takeToken: async () => ({
      settle: async (news) => {
        settled.push(news)
      },
    }),
    ...ports,
  })
  return { http, url, arrived, settled, logged }
}

export async function failure(call: () => Promise<unknown>): Promise<ConnectorError> {
  try {
    await call()
  } catch (error) {
    if (error instanceof ConnectorError) return error
    throw new Error('What was thrown is no ConnectorError.', { cause: error })
  }
  throw new Error('The call succeeded.')
}
