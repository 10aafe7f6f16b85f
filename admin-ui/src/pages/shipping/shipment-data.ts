import { useQuery } from '@tanstack/react-query'
import { api, read, type Success } from '../../api.ts'

const readShipment = (id: string) => read(api.api.shipments[':id'].$get({ param: { id } }))
const readBatch = (id: string) => read(api.api['shipment-batches'][':id'].$get({ param: { id } }))
export const quoteShipment = (id: string) => read(api.api.shipments[':id'].quote.$post({ param: { id } }))

export type Shipment = Awaited<ReturnType<typeof readShipment>>
export type ShipmentRow = Success<Awaited<ReturnType<typeof api.api.shipments.$get>>>['items'][number]
export type Batch = Awaited<ReturnType<typeof readBatch>>
export type Comparison = Awaited<ReturnType<typeof quoteShipment>>

export const shipmentStates = ['planned', 'booking', 'booked', 'refused', 'cancelling', 'cancelled'] as const

export const useShipment = (id: string) =>
  useQuery({ queryKey: ['shipments', 'one', id], queryFn: () => readShipment(id) })

/** A batch, followed while it works. */
export const useBatch = (id: string) =>
  useQuery({
    queryKey: ['shipments', 'batch', id],
    queryFn: () => readBatch(id),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? 2000 : false),
  })

/** Whether a batch still plans or waits for couriers. */
export const isUnderWay = (batch: Batch): boolean =>
  batch.booking > 0 || (batch.finishedAt === null && batch.cancelledAt === null)
