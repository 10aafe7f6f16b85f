import { ConnectorError, defineCourier } from 'entrepot/sdk'
import { z } from 'zod'
import { bookShipment } from './book.ts'
import { trackingNumberOf } from './numbers.ts'
import { textsZh } from './texts-zh.ts'

const serviceSchema = z.object({
  code: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'is letters, digits, - and _ only'),
  name: z.string().min(1).max(100),
})

export const settings = z.object({
  carrierName: z.string().min(1).max(60).meta({ title: 'Name of the courier, printed on the label' }),
  numberPrefix: z
    .string()
    .regex(/^[A-Z0-9]{1,6}$/, 'is one to six capitals or digits')
    .meta({ title: 'What tracking numbers start with' }),
  services: z
    .array(serviceSchema)
    .min(1)
    .refine(
      (services) => new Set(services.map(({ code }) => code)).size === services.length,
      'has a code twice',
    )
    .meta({ title: 'Services, each with a code and a name' }),
  currency: z.string().length(3).default('EUR').meta({ title: 'Currency of the card' }),
})
export type RateCardSettings = z.output<typeof settings>

/**
 * A courier without an API: a firm around the corner, our own van, a national post without an interface. The hub
 * gives the numbers and prints the labels; what it costs stands in a rate card, which the plugin `carrier-costs`
 * prices. Nobody is called, so nothing can be lost on the way.
 */
export const rateCard = defineCourier({
  id: 'rate-card',
  name: 'Rate card',
  texts: { 'zh-CN': textsZh },
  settings,
  credentials: z.object({}),
  buckets: {},
  hosts: () => [],
  createClient: ({ settings: given }) => given,
  check: async ({ carrierName, services }) =>
    `${carrierName} needs no sign-in; it has ${services.length} ${services.length === 1 ? 'service' : 'services'}.`,
  schedule: {},
  defaults: ({ currency }) => ({ currency, locale: 'en' }),
  services: ({ services }) => services,
  labelFormats: ['pdf', 'zpl'],
  operations: {
    bookShipment: {
      async run(client, booking) {
        if (!client.services.some(({ code }) => code === booking.service))
          throw new ConnectorError('rejected', `${client.carrierName} has no service "${booking.service}".`, {
            issues: [
              {
                field: 'service',
                code: null,
                message: 'is not among the services of the connection',
                severity: 'error',
              },
            ],
          })
        return bookShipment(client, booking)
      },
      // The numbers follow from the reference: whoever books again gets the same shipment again.
      find: 'repeatable',
    },
    cancelShipment: {
      async run({ numberPrefix, carrierName }, { externalId, reference }) {
        if (externalId !== trackingNumberOf(numberPrefix, reference, 0))
          throw new ConnectorError(
            'rejected',
            `${externalId} is no shipment of ${carrierName} for ${reference}.`,
          )
        return true
      },
      find: 'repeatable',
    },
  },
})
