import {
  type Clock,
  type CourierSandbox,
  createFaultBox,
  createLimiter,
  misbehaving,
  type SandboxCall,
} from 'entrepot/sdk'
import { type Context, Hono } from 'hono'
import { phoneCompanies } from './codes.ts'
import { createLedger } from './sandbox-ledger.ts'
import { signQuery } from './signature.ts'

export type Kuaidi100SandboxOptions = {
  clock: Clock
  random?: () => number
  /** Of no use here: Kuaidi100 tells no prices. */
  currency?: string
  /** Calls allowed, as a multiple of what the connector keeps to; Infinity for no limit. */
  rateScale?: number
}

export type Kuaidi100Sandbox = CourierSandbox & {
  /** Waybills that were asked about again before half an hour was over. */
  hurried(): readonly string[]
}

const credentials = {
  customer: 'SANDBOXCUSTOMER0123456789ABCDEF',
  key: 'sandboxKey4711',
  salt: 'sandbox-salt-0815',
}

const refuse = (c: Context, returnCode: string, message: string) =>
  c.json({ result: false, returnCode, message })

/** A stand-in for Kuaidi100: questions, subscriptions and pushes about parcels that others carry. */
export function createKuaidi100Sandbox(options: Kuaidi100SandboxOptions): Kuaidi100Sandbox {
  const { clock, random = Math.random, rateScale = 1 } = options
  const ledger = createLedger(clock)
  const calls: SandboxCall[] = []
  const faults = createFaultBox(random)
  const limiter =
    rateScale === Infinity ? null : createLimiter(10 * rateScale, 10 * Math.max(rateScale, 1), clock)
  let isExpired = false

  const app = new Hono()
  app.use(misbehaving(calls, faults, clock))
  app.use(async (c, next) => {
    if (limiter && !limiter.take().ok) return refuse(c, '502', '服务器繁忙')
    return next()
  })

  app.post('/poll/query.do', async (c) => {
    const form = await c.req.parseBody()
    const param = String(form.param ?? '')
    const isOurs = form.customer === credentials.customer
    if (!isOurs || form.sign !== signQuery(param, credentials.key, credentials.customer))
      return refuse(c, '503', '验证签名失败')
    if (isExpired) return refuse(c, '601', 'POLL:KEY已过期')
    const { com = '', num = '', phone = '' } = JSON.parse(param) as Record<string, string>
    if (com === '' || num.length < 6 || num.length > 32) return refuse(c, '400', '提交的数据不完整')
    if (phoneCompanies.includes(com) && phone === '') return refuse(c, '408', '快递公司参数异常：验证码错误')
    const told = ledger.ask(num, com)
    return told ? c.json(told) : refuse(c, '500', '查询无结果，请隔段时间再查')
  })

  app.post('/poll', async (c) => {
    const form = await c.req.parseBody()
    const param = JSON.parse(String(form.param ?? '{}')) as {
      company?: string
      number?: string
      key?: string
      parameters?: { callbackurl?: string; salt?: string }
    }
    if (param.key !== credentials.key) return refuse(c, '600', '您不是合法的订阅者')
    if (isExpired) return refuse(c, '601', 'POLL:KEY已过期')
    const { company = '', number = '', parameters = {} } = param
    if (form.schema !== 'json' || !company || number.length < 6 || !parameters.callbackurl)
      return refuse(c, '700', '订阅方的订阅数据存在错误')
    if (!ledger.subscribe(number, company, parameters.salt ?? '')) return refuse(c, '501', '重复订阅')
    return c.json({ result: true, returnCode: '200', message: '提交成功' })
  })

  return {
    app,
    calls,
    faults,
    connection: (url) => ({
      settings: { apiUrl: url, callbackUrl: 'https://hub.example/webhooks/con_sandbox' },
      credentials: { ...credentials },
    }),
    shipments: () => [],
    announce: ledger.announce,
    scan: ledger.scan,
    expireTokens: () => {
      isExpired = true
    },
    takeWebhooks: ledger.takeWebhooks,
    hurried: () => [...ledger.hurried],
  }
}
