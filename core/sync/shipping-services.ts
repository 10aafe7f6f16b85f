import { transact } from '../db/transact.ts'
import type { EngineServices } from '../plugins/services.ts'
import { findShipments, readTransit, streamShipments } from '../shipments/facts.ts'
import { readShippingFacts, readShippingRequest } from '../shipments/request.ts'
import type { Hub } from './hub.ts'
import { rateShop } from './rate-shop.ts'

type ShippingServices = Pick<
  EngineServices,
  'streamShipments' | 'findShipments' | 'readTransit' | 'readShippingRequest' | 'readShippingFacts' | 'quote'
>

/** What plugins may ask about shipping. */
export const shippingServices = (hub: Hub): ShippingServices => ({
  streamShipments: (period) => streamShipments(hub.db, period),
  findShipments: (names) => findShipments(hub.db, names),
  readTransit: (since) => readTransit(hub.db, since),
  readShippingRequest: (orderId) =>
    transact(hub.db, (tx) => readShippingRequest(tx, { orderId }, hub.clock.now())),
  readShippingFacts: (orderId) => transact(hub.db, (tx) => readShippingFacts(tx, orderId)),
  quote: (request) => rateShop(hub, request),
})
