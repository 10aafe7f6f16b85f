import type { Bucket, ConnectorContext } from 'entrepot/sdk'
import { z } from 'zod'

const isTimeZone = (name: string) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== ''
  } catch {
    return false
  }
}

export const settings = z.object({
  endpoint: z
    .url()
    .default('https://apis.usps.com')
    .meta({ title: 'Address of the API', description: 'https://apis-tem.usps.com for testing' }),
  crid: z
    .string()
    .regex(/^\d{2,18}$/)
    .meta({ title: 'Customer registration ID (CRID)' }),
  mid: z
    .string()
    .regex(/^(\d{6}|\d{9})$/)
    .meta({ title: 'Mailer ID (MID)' }),
  manifestMid: z
    .string()
    .regex(/^(\d{6}|\d{9})$/)
    .meta({ title: 'Manifest mailer ID', description: 'From USPS Ship; often not the mailer ID' }),
  accountType: z.enum(['EPS', 'PERMIT']).default('EPS').meta({ title: 'Kind of payment account' }),
  permitZip: z
    .string()
    .regex(/^\d{5}$/)
    .optional()
    .meta({ title: 'ZIP code of the permit', description: 'For a permit only' }),
  priceType: z.enum(['COMMERCIAL', 'RETAIL', 'CONTRACT']).default('COMMERCIAL').meta({ title: 'Price list' }),
  timeZone: z
    .string()
    .refine(isTimeZone)
    .default('America/New_York')
    .meta({ title: 'Time zone of the sender', description: 'Mailing dates are local dates' }),
  exportExemption: z
    .string()
    .max(35)
    .default('NO EEI 30.37(a)')
    .meta({ title: 'AES exemption or ITN', description: 'NO EEI 30.37(a) covers items up to 2,500 USD' }),
})
export type Settings = z.infer<typeof settings>

export const credentials = z.object({
  clientId: z.string().min(1).meta({ title: 'Consumer key', secret: true }),
  clientSecret: z.string().min(1).meta({ title: 'Consumer secret', secret: true }),
  accountNumber: z.string().min(1).meta({
    title: 'Payment account',
    description: 'Number of the enterprise payment account or of the permit',
    secret: true,
  }),
})
export type Credentials = z.infer<typeof credentials>

export type Context = ConnectorContext<Settings, Credentials>

/** Each API has a quota of its own of 60 calls an hour; more is granted on request. */
const quota: Bucket = {
  perSecond: 60 / 3600,
  burst: 60,
  source:
    'https://github.com/USPS/api-examples/issues/30 (USPS: "each with a quota of 60 calls per hour"); more on request at https://emailus.usps.com/s/usps-APIs',
}

export const buckets = {
  oauth: quota,
  payments: quota,
  prices: quota,
  labels: quota,
  internationalLabels: quota,
  tracking: quota,
  pickup: quota,
} satisfies Record<string, Bucket>
export type UspsBucket = keyof typeof buckets
