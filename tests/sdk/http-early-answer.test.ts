import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { requestJson } from 'entrepot/sdk'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { silentLog } from '../../core/lib/log.ts'
import { createHttp } from '../../core/sdk/http.ts'
import { context } from './http-server.ts'

const words = 'word '.repeat(400_000)
let server: Server | undefined

afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())))

/** A platform that answers at length before the request has come to its end. */
async function connect() {
  const requests: { headers: IncomingHttpHeaders; body: string }[] = []
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () =>
      requests.push({ headers: request.headers, body: Buffer.concat(chunks).toString() }),
    )
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ words }))
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const http = createHttp({
    name: 'Hasty Shop',
    hosts: [`127.0.0.1:${port}`],
    isLocal: true,
    secrets: [],
    log: silentLog,
    takeToken: async () => ({ settle: async () => {} }),
  })
  return { http, url: `http://127.0.0.1:${port}/`, requests }
}

describe('an answer that comes before the request is sent', () => {
  test('is read to its end, and the connection lives on', async () => {
    const { http, url, requests } = await connect()
    const json = { items: 'é'.repeat(1_000_000) }
    for (let call = 1; call <= 20; call += 1) {
      const answer = await requestJson(http, z.object({ words: z.string() }), url, {
        method: 'POST',
        json,
        context,
      })
      expect(answer.data.words).toBe(words)
    }
    expect(requests).toHaveLength(20)
    for (const { headers, body } of requests) {
      expect(JSON.parse(body)).toEqual(json)
      expect(headers['content-length']).toBe(String(Buffer.byteLength(body)))
      expect(headers).not.toHaveProperty('transfer-encoding')
    }
  })
})
