import { defineCourier, type PickupRequest, type TrackingRef } from 'entrepot/sdk'
import { toBerlin } from './berlin-time.ts'
import { bookShipment, cancelShipment, findCancellation } from './booking.ts'
import { createClient, type DhlClient } from './client.ts'
import { pickupReference, toPickupOrder } from './mapping-pickup.ts'
import { toTrackingResults } from './mapping-tracking.ts'
import { servicesOf } from './services.ts'
import { credentialsSchema, type DhlCredentials, type DhlSettings, settingsSchema } from './settings.ts'
import { textsZh } from './texts-zh.ts'
import { readTrackingAnswer } from './tracking-xml.ts'

/** It names a limit for each app in the portal, and none in public: ours is the lowest that is known. */
const limits = 'https://developer.dhl.com/getting-started/get-a-higher-rate-limit'
const careful = { perSecond: 1, burst: 1, source: limits }

/** Parcels of DHL in Germany, by the Parcel DE interfaces for business customers. See README.md. */
export const dhlParcelDe = defineCourier<DhlSettings, DhlCredentials, DhlClient>({
  id: 'dhl-parcel-de',
  name: 'DHL Parcel DE',
  texts: { 'zh-CN': textsZh },
  settings: settingsSchema,
  credentials: credentialsSchema,
  buckets: { token: careful, shipping: careful, tracking: careful, pickup: careful },
  hosts: ({ url }) => [new URL(url).host],
  createClient,
  check,
  services: (settings) => servicesOf(settings).map(({ code, name }) => ({ code, name })),
  labelFormats: ['pdf', 'zpl'],
  operations: {
    // DHL gives a shipment by its number only, and the number is what a lost answer takes with it.
    bookShipment: { run: bookShipment, find: 'unsupported' },
    cancelShipment: { run: cancelShipment, find: findCancellation },
    pullTracking: {
      bucket: 'tracking',
      maxBatch: 15,
      // Ten questions a day about a parcel, says DHL's support: article 47001248773.
      minIntervalMs: 8_640_000,
      run: async (client, parcels) => toTrackingResults(parcels, await trackingOf(client, parcels)),
    },
    pickup: { run: orderPickup, find: findPickup },
  },
  verification: [
    {
      document: 'Parcel DE Shipping API, as DHL describes it',
      version: '2.2',
      url: 'https://developer.dhl.com/api-reference/parcel-de-shipping-post-parcel-germany-v2',
      by: 'description',
      operations: ['bookShipment', 'cancelShipment'],
    },
    {
      document: 'Parcel DE Pickup API, as DHL describes it',
      version: '3',
      url: 'https://developer.dhl.com/api-reference/parcel-de-pickup-post-parcel-germany',
      by: 'description',
      operations: ['pickup'],
    },
    {
      document: 'Parcel DE Tracking API: samples of its XML',
      version: '0',
      url: 'https://developer.dhl.com/api-reference/dhl-parcel-de-shipment-tracking-post-parcel-germany',
      by: 'examples',
      operations: ['pullTracking'],
    },
  ],
  schedule: { tracking: '*/30 * * * *' },
  defaults: () => ({ currency: 'EUR', locale: 'de' }),
})

/** Signs in and reads today's manifest, which changes nothing. */
async function check(client: DhlClient): Promise<string> {
  const closed = await client.readManifest(toBerlin(client.clock.now()).date)
  const sold = servicesOf(client.settings).map(({ name }) => name)
  return `Reached DHL Parcel DE; ${closed.length} shipments were closed today. Billing numbers for: ${sold.join(', ') || 'nothing yet'}.`
}

const trackingOf = async (client: DhlClient, parcels: readonly TrackingRef[]) =>
  readTrackingAnswer(await client.track(parcels.map(({ trackingNumber }) => trackingNumber)))

async function orderPickup(client: DhlClient, request: PickupRequest): Promise<{ externalId: string }> {
  const { confirmation } = await client.orderPickup(toPickupOrder(request, client.settings))
  return { externalId: confirmation.value.orderID }
}

/** Cancelled, refused. */
const deadPickups = ['STORNIERT', 'ABGELEHNT']

/** Looks for the reference among the pickups of that day and place. */
async function findPickup(client: DhlClient, request: PickupRequest): Promise<{ externalId: string } | null> {
  const orders = await client.readPickups(toBerlin(request.readyAt).date, request.from.postcode ?? '')
  const reference = pickupReference(request.reference)
  const found = orders.find(
    ({ orderDetails, shipmentDetails }) =>
      !deadPickups.includes(orderDetails.orderState) &&
      shipmentDetails.shipments?.some(({ shipment }) => shipment.customerReference === reference),
  )
  return found ? { externalId: found.orderDetails.orderID } : null
}
