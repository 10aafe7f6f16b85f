import { z } from 'zod'

/** A field that a form may leave empty. */
const optional = (schema: z.ZodString) =>
  z
    .union([schema, z.literal('')])
    .optional()
    .transform((value) => value || undefined)

/** Fourteen characters: customer, procedure, participation. Digits 11 and 12 say for which product it is. */
const billing = (procedure: string) => optional(z.string().regex(new RegExp(`^\\w{10}${procedure}\\w{2}$`)))

export const settingsSchema = z.object({
  url: z
    .url({ protocol: /^https?$/ })
    .default('https://api-eu.dhl.com')
    .transform((url) => url.replace(/\/+$/, ''))
    .meta({ title: 'API address', description: 'https://api-sandbox.dhl.com is the test system of DHL.' }),
  profile: z.string().min(1).max(35).default('STANDARD_GRUPPENPROFIL').meta({ title: 'User group profile' }),
  billingPaket: billing('01').meta({ title: 'Billing number for DHL Paket' }),
  billingKleinpaket: billing('62').meta({ title: 'Billing number for DHL Kleinpaket' }),
  billingInternational: billing('53').meta({ title: 'Billing number for DHL Paket International' }),
  billingEuropaket: billing('54').meta({ title: 'Billing number for DHL Europaket' }),
  billingWarenpost: billing('66').meta({ title: 'Billing number for Warenpost International' }),
  billingPickup: billing('08').meta({ title: 'Billing number for pickups' }),
  printFormat: z
    .enum(['A4', '910-300-600', '910-300-610', '910-300-700', '910-300-300', '910-300-400', '100x70mm'])
    .optional()
    .meta({ title: 'Label paper', description: 'Left empty: as set in the business customer portal.' }),
  isRoutableRequired: z.boolean().default(true).meta({
    title: 'Refuse German addresses that DHL cannot route',
    description: 'Otherwise DHL prints the label with a warning, and may charge for sorting by hand.',
  }),
  isContactShared: z.boolean().default(false).meta({
    title: 'Give DHL e-mail and phone of recipients',
    description: 'Only with their consent (GDPR). Phone numbers within Germany are never sent.',
  }),
  isInsured: z.boolean().default(false).meta({
    title: 'Insure parcels for the declared value',
    description: 'An additional service that DHL charges for.',
  }),
  undeliverable: z.enum(['RETURN', 'ABANDON']).default('RETURN').meta({
    title: 'What becomes of an undeliverable parcel abroad',
  }),
  postalCharges: optional(z.string().regex(/^\d+(\.\d{1,2})?$/)).meta({
    title: 'Shipping charge on customs papers',
    description:
      'What recipients paid for shipping, as on the invoice, in the currency of the goods. Customs want it with every parcel.',
  }),
})
export type DhlSettings = z.infer<typeof settingsSchema>

export const credentialsSchema = z.object({
  apiKey: z.string().min(1).meta({ title: 'API key of the app', secret: true }),
  apiSecret: z.string().min(1).meta({ title: 'API secret of the app', secret: true }),
  user: z.string().min(1).meta({ title: 'User of the business customer portal', secret: true }),
  password: z.string().min(1).meta({ title: 'Password of that user', secret: true }),
  trackingUser: optional(z.string()).meta({
    title: 'User for tracking',
    description: 'Only if another user than the above may track.',
    secret: true,
  }),
  trackingPassword: optional(z.string()).meta({ title: 'Password for tracking', secret: true }),
})
export type DhlCredentials = z.infer<typeof credentialsSchema>
