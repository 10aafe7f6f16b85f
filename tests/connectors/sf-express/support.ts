import {
  type Address,
  type Booking,
  ConnectorError,
  type CourierSandbox,
  type ParcelTracking,
  type RunningSandbox,
  startSandbox,
  type TrackingResult,
} from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import { Hono } from 'hono'
import type { SfClient } from '../../../connectors/sf-express/client.ts'
import { sfExpress } from '../../../connectors/sf-express/index.ts'
import {
  createSfExpressSandbox,
  type SfExpressSandboxOptions,
} from '../../../connectors/sf-express/sandbox.ts'
import { manualClock } from '../../../core/lib/clock.ts'

/** One signed form as it went over the wire. */
export type Sent = { service: string; form: Record<string, string>; message: Record<string, unknown> }

/** What SF answers instead of the stand-in; undefined lets the stand-in answer. */
export type Instead = (sent: Sent) => object | undefined

export type Desk = {
  sandbox: RunningSandbox<CourierSandbox>
  client: SfClient
  clock: ReturnType<typeof manualClock>
  sent: Sent[]
}

/** A running SF with a client on it, and every form that was sent. */
export async function openDesk(
  options: Partial<SfExpressSandboxOptions> & { settings?: object; instead?: Instead } = {},
): Promise<Desk> {
  const clock = manualClock('2026-03-02T09:00:00Z')
  const sandbox = createSfExpressSandbox({ rateScale: Infinity, ...options, clock })
  const sent: Sent[] = []
  const app = new Hono()
  app.all('*', async (c) => {
    const body = await c.req.text()
    const form = Object.fromEntries(new URLSearchParams(body))
    if (c.req.method === 'POST') {
      const entry = { service: form.serviceCode!, form, message: JSON.parse(form.msgData!) }
      sent.push(entry)
      const answer = options.instead?.(entry)
      if (answer) return c.json(answer)
    }
    const init = c.req.method === 'GET' ? {} : { body }
    const { method, url, raw } = c.req
    return sandbox.app.fetch(new Request(url, { method, headers: raw.headers, ...init }), c.env)
  })
  const running = await startSandbox({ ...sandbox, app })
  const { settings, credentials } = running.connection(running.url)
  const client = createTestClient<SfClient>(
    sfExpress,
    { settings: { ...settings, ...options.settings }, credentials },
    { clock },
  )
  return { sandbox: running, client, clock, sent }
}

/** An answer of the gateway with the service's result inside. */
export const gateway = (apiResultData: unknown, apiResultCode = 'A1000') => ({
  apiErrorMsg: apiResultCode === 'A1000' ? '' : 'refused',
  apiResponseID: '00016B0D59BA503FDF3C3333355F863F',
  apiResultCode,
  apiResultData: typeof apiResultData === 'string' ? apiResultData : JSON.stringify(apiResultData),
})
export const refusal = (errorCode: string, errorMsg = '拒绝') =>
  gateway({ success: false, errorCode, errorMsg, msgData: null })

const address = (parts: Partial<Address>): Address => ({
  name: '王发',
  company: null,
  email: null,
  phone: '+86 755 5550 1320',
  addressLines: ['南山区科技园路1号'],
  city: '深圳市',
  region: '广东省',
  postcode: '518057',
  country: 'CN',
  isResidential: false,
  ...parts,
})

const parcel = {
  weightGrams: 1001,
  lengthMm: 301,
  widthMm: 205,
  heightMm: 152,
  items: [
    {
      sku: 'MUG-1',
      title: '搪瓷杯',
      quantity: 2,
      unitValue: { minor: 1990, currency: 'CNY' },
      weightGrams: 350,
      hsCode: null,
      originCountry: 'CN',
    },
  ],
}

export const booking = (count = 1, parts: Partial<Booking> = {}): Booking => ({
  reference: 'shp_01kjpq5m9te3vbqa8wz4hn0001',
  orderNumber: 'SO-1001',
  service: '2',
  from: address({ company: '北风杯业有限公司' }),
  to: address({
    name: '李收',
    phone: '138 0013 8000',
    city: '北京市',
    region: '北京市',
    addressLines: ['海淀区中关村大街27号'],
    postcode: '100080',
  }),
  parcels: Array.from({ length: count }, () => parcel),
  shipAt: new Date('2026-03-03T04:00:00Z'),
  labelFormat: 'pdf',
  declaredValue: { minor: 3980, currency: 'CNY' },
  isSignatureRequired: false,
  customs: null,
  ...parts,
})

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
