import { isCurrency } from 'entrepot/sdk'
import { z } from 'zod'

/** Where UPS is called. @see https://developer.ups.com/api/reference/oauth/client-credentials */
const environments = {
  production: 'https://onlinetools.ups.com',
  test: 'https://wwwcie.ups.com',
} as const

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

export const settingsSchema = z.object({
  environment: z.enum(['production', 'test']).default('production').meta({
    title: 'Environment',
    description: "test is UPS's Customer Integration Environment: its labels are samples and cost nothing.",
  }),
  accountNumber: z
    .string()
    .regex(/^[0-9A-Z]{6}$/, 'A UPS account number has six letters or digits.')
    .meta({ title: 'Account number', description: 'The shipper number that is billed, such as 1A2B3C.' }),
  originCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, 'A country is two capital letters, such as DE.')
    .meta({
      title: 'Country of dispatch',
      description: 'It decides which services UPS sells, and their names.',
    }),
  currency: z
    .string()
    .refine(isCurrency, 'A currency is an ISO 4217 code, such as EUR.')
    .meta({ title: 'Currency', description: 'ISO 4217 code in which UPS bills the account.' }),
  locale: z.string().min(2).default('en').meta({ title: 'Locale', description: 'Such as en.' }),
  timeZone: z
    .string()
    .refine(isTimeZone, 'A time zone is an IANA name, such as Europe/Berlin.')
    .default('UTC')
    .meta({
      title: 'Time zone of dispatch',
      description: 'UPS takes the day of dispatch as a local date. An IANA name, such as Europe/Berlin.',
    }),
  endpoint: z.url().optional().meta({ title: 'Endpoint', description: "Instead of the environment's own." }),
})
export type UpsSettings = z.infer<typeof settingsSchema>

export const credentialsSchema = z.object({
  clientId: z.string().min(1).meta({ title: 'Client ID', secret: true }),
  clientSecret: z.string().min(1).meta({ title: 'Client secret', secret: true }),
  webhookCredential: z.string().min(16).optional().meta({
    title: 'Track Alert credential',
    description: 'What UPS shows with each webhook, as it was set on its page of webhook credentials.',
    secret: true,
  }),
})
export type UpsCredentials = z.infer<typeof credentialsSchema>

/** The base address without a slash at its end. */
export const endpointOf = ({ endpoint, environment }: UpsSettings): string =>
  (endpoint ?? environments[environment]).replace(/\/$/, '')

export const hostsOf = (settings: UpsSettings): readonly string[] => [new URL(endpointOf(settings)).host]
