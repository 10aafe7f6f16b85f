import { z } from 'zod'

/** Where each region is called. @see https://developer-docs.amazon.com/sp-api/docs/sp-api-endpoints */
const regionEndpoints = {
  na: 'https://sellingpartnerapi-na.amazon.com',
  eu: 'https://sellingpartnerapi-eu.amazon.com',
  fe: 'https://sellingpartnerapi-fe.amazon.com',
} as const

/** Login with Amazon. @see https://developer-docs.amazon.com/sp-api/docs/connect-to-the-selling-partner-api */
const loginWithAmazon = 'https://api.amazon.com/auth/o2/token'

export const settingsSchema = z.object({
  region: z.enum(['na', 'eu', 'fe']).meta({
    title: 'Region',
    description: 'na: the Americas; eu: Europe, Middle East, Africa and India; fe: Far East and Australia.',
  }),
  marketplaceId: z.string().min(1).meta({
    title: 'Marketplace ID',
    description: 'Such as A1PA6795UKMFR9 for amazon.de. One connection serves one marketplace.',
  }),
  sellerId: z.string().min(1).meta({ title: 'Seller ID', description: 'The merchant token.' }),
  currency: z
    .string()
    .length(3)
    .meta({ title: 'Currency', description: 'ISO 4217 code of the marketplace.' }),
  locale: z.string().min(2).meta({ title: 'Locale of the texts we send', description: 'Such as de.' }),
  languageTag: z.string().min(2).meta({
    title: "Amazon's language tag",
    description: 'Such as de_DE; it labels the texts and picks the language of complaints.',
  }),
  productType: z.string().min(1).default('PRODUCT').meta({
    title: 'Default product type',
    description: 'For products whose category is not mapped to an Amazon product type.',
  }),
  orderDays: z.int().min(1).max(730).default(14).meta({
    title: 'Days of orders to read at first',
    description: 'How far back the first pull looks; later pulls go on from there.',
  }),
  hasPersonalData: z.boolean().default(true).meta({
    title: 'Read buyer and address',
    description: 'Switch off when the application has no role for personal data.',
  }),
  endpoint: z.url().optional().meta({ title: 'Endpoint', description: 'Instead of the region’s own.' }),
  tokenEndpoint: z.url().optional().meta({
    title: 'Token endpoint',
    description: 'Instead of Login with Amazon.',
  }),
})
export type AmazonSettings = z.infer<typeof settingsSchema>

export const credentialsSchema = z.object({
  clientId: z.string().min(1).meta({ title: 'LWA client ID', secret: true }),
  clientSecret: z.string().min(1).meta({ title: 'LWA client secret', secret: true }),
  refreshToken: z.string().min(1).meta({ title: 'Refresh token', secret: true }),
})
export type AmazonCredentials = z.infer<typeof credentialsSchema>

/** The base address of the Selling Partner API, without a slash at its end. */
export const endpointOf = (settings: AmazonSettings): string =>
  (settings.endpoint ?? regionEndpoints[settings.region]).replace(/\/+$/, '')

/** Where access tokens are bought. */
export const tokenEndpointOf = (settings: AmazonSettings): string => settings.tokenEndpoint ?? loginWithAmazon

/**
 * Every host this connector calls. Feed documents go to presigned addresses in buckets of Amazon S3, such as
 * tortuga-prod-na.s3-external-1.amazonaws.com; Amazon publishes no list of them.
 */
export const hostsOf = (settings: AmazonSettings): string[] => [
  new URL(endpointOf(settings)).host,
  new URL(tokenEndpointOf(settings)).host,
  '*.amazonaws.com',
]
