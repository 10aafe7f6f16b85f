import { createHmac, timingSafeEqual } from 'node:crypto'
import { defineCourier } from 'entrepot/sdk'
import { z } from 'zod'
import { createSimpleParcelClient } from './client.ts'
import {
  fromBooking,
  fromRequest,
  services,
  toAnswer,
  toBooked,
  toTracking,
  unknownParcel,
} from './mapping.ts'

const settings = z.object({
  apiUrl: z.url().default('https://api.simple-parcel.example').meta({ title: 'API address' }),
})
const credentials = z.object({
  apiKey: z.string().min(1).meta({ title: 'API key', secret: true }),
  webhookSecret: z.string().min(1).meta({ title: 'Webhook secret', secret: true }),
})
export type Settings = z.infer<typeof settings>
export type Credentials = z.infer<typeof credentials>

const limits = 'https://simple-parcel.example/api/limits'
const message = z.object({ number: z.string().min(1) })

/** The message's fields, or null where it is none of the courier's. */
function readMessage(rawBody: Buffer): z.infer<typeof message> | null {
  try {
    return message.safeParse(JSON.parse(rawBody.toString())).data ?? null
  } catch {
    return null
  }
}

/** The reference courier: a made-up carrier that prices, books, cancels and tracks. */
export const simpleCourier = defineCourier({
  id: 'simple-courier',
  name: 'Simple Parcel',
  settings,
  credentials,
  buckets: {
    shipping: { perSecond: 5, burst: 10, source: limits },
    tracking: { perSecond: 10, burst: 20, source: limits },
  },
  hosts: ({ apiUrl }) => [new URL(apiUrl).host],
  createClient: createSimpleParcelClient,
  check: async (client) => {
    await client.findShipments('none')
    return 'Reached Simple Parcel; the key is accepted.'
  },
  schedule: { tracking: '*/30 * * * *' },
  defaults: () => ({ currency: 'USD', locale: 'en-US' }),
  services: () => services,
  labelFormats: ['zpl'],
  webhook: {
    verify({ headers, rawBody }, { webhookSecret }) {
      const expected = createHmac('sha256', webhookSecret).update(rawBody).digest()
      const given = Buffer.from(headers.get('x-parcel-signature') ?? '', 'base64')
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
    interpret({ rawBody }) {
      const scanned = readMessage(rawBody)
      return scanned
        ? { pull: 'tracking', externalIds: [scanned.number] }
        : { ignore: 'The message names no parcel.' }
    },
  },
  operations: {
    quote: async (client, request) => toAnswer(await client.priceParcels(fromRequest(request)), request),
    bookShipment: {
      run: async (client, booking) => toBooked(await client.bookShipment(fromBooking(booking))),
      async find(client, { reference }) {
        const { shipments } = await client.findShipments(reference)
        const live = shipments.find(({ state }) => state === 'booked')
        return live ? toBooked(live) : null
      },
    },
    cancelShipment: {
      async run(client, { externalId }) {
        await client.cancelShipment(externalId)
        return true
      },
      find: async (client, { externalId }) =>
        (await client.readShipment(externalId)).state === 'cancelled' || null,
    },
    pullTracking: {
      bucket: 'tracking',
      maxBatch: 20,
      minIntervalMs: 15 * 60_000,
      async run(client, refs) {
        const { parcels } = await client.trackParcels(refs.map(({ trackingNumber }) => trackingNumber))
        const byNumber = new Map(parcels.map((parcel) => [parcel.number, parcel]))
        return refs.map(({ trackingNumber }) => {
          const parcel = byNumber.get(trackingNumber)
          return parcel
            ? { ok: true, tracking: toTracking(parcel) }
            : { ok: false, error: unknownParcel(trackingNumber) }
        })
      },
    },
  },
})
