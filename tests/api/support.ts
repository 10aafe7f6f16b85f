import { afterAll, beforeAll } from 'vitest'
import { rateCard } from '../../connectors/rate-card/index.ts'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { type Api, createApi } from '../../core/api/app.ts'
import type { ApiHub, ApiOptions } from '../../core/api/context.ts'
import type { Database } from '../../core/db/client.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { migratePlugins } from '../../core/plugins/migrate.ts'
import { startQueue } from '../../core/sync/queue.ts'
import { shopNotes } from '../plugins/shop-notes/index.ts'
import { withKey } from '../support/callers.ts'
import { createTestHub, useSandbox } from '../support/hub.ts'

export type TestApi = {
  hub: ApiHub
  api: Api
  /** Calls the API as `key:tests`, an admin's program, or with a browser's cookie; `json` becomes the body. */
  call(method: string, path: string, json?: unknown, cookie?: string): Promise<Answer>
}
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
export type Answer = { status: number; text: string; json: any; headers: Headers }

/** A shop to connect to. */
export const useShop = () =>
  useSandbox(() => createWooCommerceSandbox({ clock: systemClock, currency: 'EUR', rateScale: 1000 }))

/** The API of a hub with WooCommerce installed, on the test file's own database. */
export function useApi(database: () => Database, options: ApiOptions = {}): () => TestApi {
  let made: TestApi | undefined
  let stop: () => Promise<void> = async () => {}
  beforeAll(async () => {
    const queue = await startQueue(database(), { isWorker: false })
    stop = () => queue.stop()
    await migratePlugins(database(), [shopNotes], systemClock)
    const hub = Object.assign(createTestHub(database(), [woocommerce, rateCard], { plugins: [shopNotes] }), {
      queue,
    })
    const api = withKey(createApi(hub, options), hub.db)
    made = { hub, api, call: (method, path, json, cookie) => call(api, method, path, json, cookie) }
  })
  afterAll(() => stop())
  return () => made!
}

async function call(
  api: Api,
  method: string,
  path: string,
  json?: unknown,
  cookie?: string,
): Promise<Answer> {
  const headers = cookie === undefined ? {} : { cookie }
  const response = await api.request(
    path,
    json === undefined
      ? { method, headers }
      : { method, body: JSON.stringify(json), headers: { ...headers, 'content-type': 'application/json' } },
  )
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, text, json: isJson ? JSON.parse(text) : null, headers: response.headers }
}
