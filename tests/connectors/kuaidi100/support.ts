import {
  ConnectorError,
  type ParcelTracking,
  type RunningSandbox,
  startSandbox,
  type TrackingRef,
  type TrackingResult,
} from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import { Hono } from 'hono'
import type { Kuaidi100Client } from '../../../connectors/kuaidi100/client.ts'
import { kuaidi100 } from '../../../connectors/kuaidi100/index.ts'
import { createKuaidi100Sandbox, type Kuaidi100Sandbox } from '../../../connectors/kuaidi100/sandbox.ts'
import { manualClock } from '../../../core/lib/clock.ts'

/** One form as it went over the wire. */
export type Sent = { path: string; form: Record<string, string>; param: Record<string, unknown> }

export type Desk = {
  sandbox: RunningSandbox<Kuaidi100Sandbox>
  client: Kuaidi100Client
  clock: ReturnType<typeof manualClock>
  sent: Sent[]
}

/** A running Kuaidi100 with a client on it, and every form that was sent. `answer` speaks instead of the stand-in. */
export async function openDesk(
  options: { settings?: object; credentials?: object; answer?: object } = {},
): Promise<Desk> {
  const clock = manualClock('2026-03-02T09:00:00Z')
  const sandbox = createKuaidi100Sandbox({ clock, rateScale: Infinity })
  const sent: Sent[] = []
  const app = new Hono()
  app.all('*', async (c) => {
    const { method, url, raw, path } = c.req
    const body = await c.req.text()
    const form = Object.fromEntries(new URLSearchParams(body))
    sent.push({ path, form, param: JSON.parse(form.param!) })
    if (options.answer) return c.json(options.answer)
    return sandbox.app.fetch(new Request(url, { method, headers: raw.headers, body }), c.env)
  })
  const running = await startSandbox({ ...sandbox, app })
  const { settings, credentials } = running.connection(running.url)
  const client = createTestClient<Kuaidi100Client>(
    kuaidi100,
    {
      settings: { ...settings, ...options.settings },
      credentials: { ...credentials, ...options.credentials },
    },
    { clock },
  )
  return { sandbox: running, client, clock, sent }
}

export const ref = (trackingNumber: string, parts: Partial<TrackingRef> = {}): TrackingRef => ({
  trackingNumber,
  carrier: 'yuantong',
  recipientPostcode: null,
  recipientPhone: null,
  ...parts,
})

export const pull = (client: Kuaidi100Client, ...refs: TrackingRef[]) =>
  kuaidi100.operations.pullTracking!.run(client, refs)

/** The failure of a call, which has to fail. */
export async function failureOf(call: Promise<unknown>): Promise<ConnectorError> {
  try {
    await call
  } catch (error) {
    if (error instanceof ConnectorError) return error
    throw error
  }
  throw new Error('The call did not fail.')
}

/** What was told of a parcel; it has to be told. */
export function toldBy(result: TrackingResult | undefined): ParcelTracking {
  if (result?.ok) return result.tracking
  throw result?.error ?? new Error('There is no result.')
}
