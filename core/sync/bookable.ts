import { listConnections } from '../connections/connections.ts'
import type { CourierService } from '../sdk/courier.ts'
import type { LabelFormat } from '../sdk/model/shipment.ts'
import type { Hub } from './hub.ts'

/** A courier that books, with the services it sells and what its labels come as. */
export type Bookable = {
  connectionId: string
  name: string
  services: readonly CourierService[]
  labelFormats: readonly LabelFormat[]
}

/** What can be booked now, by the name of the courier's connection; also where a courier gives no prices. */
export async function listBookable(hub: Pick<Hub, 'db' | 'connectors'>): Promise<Bookable[]> {
  const connections = await listConnections(hub.db)
  return connections.flatMap(({ id, name, connector: connectorId, settings, status }) => {
    const connector = hub.connectors.get(connectorId)
    if (status !== 'active' || connector?.kind !== 'courier' || !connector.operations.bookShipment) return []
    const services = connector.services(connector.settings.parse(settings))
    return [{ connectionId: id, name, services, labelFormats: connector.labelFormats }]
  })
}
