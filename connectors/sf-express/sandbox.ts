import {
  type Clock,
  type CourierSandbox,
  createFaultBox,
  createLimiter,
  misbehaving,
  type SandboxCall,
} from 'entrepot/sdk'
import { type Context, Hono } from 'hono'
import { createLedger } from './sandbox-ledger.ts'
import { Refusal, services } from './sandbox-services.ts'
import { settings as settingsSchema } from './schemas.ts'
import { digest } from './signature.ts'

export type SfExpressSandboxOptions = {
  clock: Clock
  random?: () => number
  currency?: string
  /** Calls allowed, as a multiple of SF's 30 a second for each interface; Infinity for no limit. */
  rateScale?: number
}

const partnerId = 'SANDBOX01'
const checkword = 'sandbox-checkword-0123456789abcdef'

type Said = { apiResultCode: string; apiErrorMsg: string; apiResultData?: string }
const said = (apiResultCode: string, apiErrorMsg = ''): Said => ({ apiResultCode, apiErrorMsg })

/** A stand-in for SF Express's open platform: one signed address, its own ledger, labels to fetch. */
export function createSfExpressSandbox(options: SfExpressSandboxOptions): CourierSandbox {
  const { clock, random = Math.random, currency = 'CNY', rateScale = 1 } = options
  const settings = settingsSchema.parse({ partnerId, monthlyCard: '7551234567', currency })
  const ledger = createLedger({ clock, random })
  const calls: SandboxCall[] = []
  const faults = createFaultBox(random)
  const limiters = new Map<string, ReturnType<typeof createLimiter>>()

  const isTooOften = (service: string): boolean => {
    if (rateScale === Infinity) return false
    const limiter = limiters.get(service) ?? createLimiter(30 * rateScale, 30 * Math.max(rateScale, 1), clock)
    limiters.set(service, limiter)
    return !limiter.take().ok
  }

  async function answer(c: Context): Promise<Said> {
    const form = await c.req.parseBody()
    const field = (name: string) => String(form[name] ?? '')
    const [service, timestamp, msgData] = [field('serviceCode'), field('timestamp'), field('msgData')]
    for (const name of ['partnerID', 'requestID', 'serviceCode', 'timestamp', 'msgDigest', 'msgData'])
      if (field(name) === '') return said('A1001', `必传参数不可为空: ${name}`)
    if (field('partnerID') !== partnerId || !(service in services)) return said('A1004', '无对应服务权限')
    if (field('msgDigest') !== digest(msgData, timestamp, checkword)) return said('A1006', '数字签名无效')
    if (isTooOften(service)) return said('A1005', '流量管控')
    const books = { ledger, settings, clock }
    const isPrint = service === 'COM_RECE_CLOUD_PRINT_WAYBILLS'
    try {
      const data = await services[service]!(JSON.parse(msgData), books, new URL(c.req.url).origin)
      const result = isPrint
        ? { obj: data, requestId: field('requestID'), success: true }
        : { success: true, errorCode: 'S0000', errorMsg: null, msgData: data }
      return { ...said('A1000'), apiResultData: JSON.stringify(result) }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { code, message } = error
      const result = isPrint
        ? { success: false, errorCode: code, errorMessage: message }
        : { success: false, errorCode: code, errorMsg: message, msgData: null }
      return { ...said('A1000'), apiResultData: JSON.stringify(result) }
    }
  }

  const app = new Hono()
  app.use(misbehaving(calls, faults, clock))
  app.post('/std/service', async (c) => {
    const apiResponseID = String(calls.length).padStart(32, '0')
    return c.json({ ...(await answer(c)), apiResponseID })
  })
  app.get('/print-file/:name', (c) => {
    const label = ledger.labels.get(c.req.param('name').replace(/\.pdf$/, ''))
    if (!label) return c.text('no such file', 404)
    if (c.req.header('x-auth-token') !== label.token) return c.text('wrong token', 401)
    return c.body(new Uint8Array(label.pdf), 200, { 'content-type': 'application/pdf' })
  })

  return {
    app,
    calls,
    faults,
    connection: (url) => ({
      settings: { ...settings, apiUrl: `${url}/std/service` },
      credentials: { checkword },
    }),
    shipments: () =>
      [...ledger.orders.values()]
        .filter(({ isForeign }) => !isForeign)
        .map((order) => ({
          externalId: order.waybills[0]!,
          reference: order.orderId,
          service: order.product,
          trackingNumbers: order.waybills,
          weightsGrams: order.weightsGrams,
          isCancelled: order.isCancelled,
          price: null,
        })),
    announce: ledger.announce,
    scan: ledger.scan,
    // A checkword has no term: nothing that it bought can expire.
    expireTokens: () => undefined,
    takeWebhooks: () => [],
  }
}
