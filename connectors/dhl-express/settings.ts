import { isCurrency } from 'entrepot/sdk'
import { z } from 'zod'

/** The published environments. @see https://developer.dhl.com/api-reference/dhl-express-mydhl-api */
const endpoints = {
  production: 'https://express.api.dhl.com/mydhlapi',
  test: 'https://express.api.dhl.com/mydhlapi/test',
} as const

export const settingsSchema = z.object({
  environment: z.enum(['production', 'test']).default('production').meta({
    title: 'Environment',
    description: 'The test environment books nothing and tracks only numbers that DHL has put there.',
  }),
  accountNumber: z.string().trim().min(1).max(12).meta({
    title: 'Account number',
    description: 'The DHL Express account that ships and pays.',
  }),
  currency: z
    .string()
    .refine(isCurrency)
    .meta({ title: 'Billing currency', description: 'ISO 4217 code in which DHL bills the account.' }),
  timeZone: z
    .string()
    .refine((zone) => isTimeZone(zone), 'is no IANA time zone')
    .default('UTC')
    .meta({
      title: 'Time zone of the warehouse',
      description: 'IANA name such as Europe/Berlin. DHL wants the day of shipping as it is there.',
    }),
  phone: z.string().trim().min(1).max(70).optional().meta({
    title: 'Phone number where a party has none',
    description: 'DHL demands one of sender and recipient.',
  }),
  printerDpi: z.enum(['200', '300']).default('300').meta({
    title: 'Resolution of the thermal printer',
    description: 'Dots per inch of ZPL labels.',
  }),
  endpoint: z.url().optional().meta({ title: 'Endpoint', description: 'Instead of DHL’s own.' }),
})
export type DhlSettings = z.infer<typeof settingsSchema>

export const credentialsSchema = z.object({
  apiKey: z.string().min(1).meta({ title: 'API key', description: 'The user name.', secret: true }),
  apiSecret: z.string().min(1).meta({ title: 'API secret', description: 'The password.', secret: true }),
})
export type DhlCredentials = z.infer<typeof credentialsSchema>

/** The base address of the API, without a slash at its end. */
export const endpointOf = (settings: DhlSettings): string =>
  (settings.endpoint ?? endpoints[settings.environment]).replace(/\/+$/, '')

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== null
  } catch {
    return false
  }
}
