import {
  ConnectorError,
  type MarketplaceOperations,
  type Once,
  type Pull,
  type RemoteOrder,
  type ShipmentConfirmation,
} from 'entrepot/sdk'
import { z } from 'zod'
import type { AmazonClient } from './client.ts'
import { toOrders, toPackageDetail } from './mapping-orders.ts'
import { type OrdersPage, orderSchema } from './schemas-orders.ts'

/**
 * Where the order pull stands: everything before `since` has been read. Within a pull of several pages, `token`
 * is the next page and `until` the end of the window as Amazon told it on the first one.
 */
const cursorSchema = z.object({
  since: z.string(),
  token: z.string().optional(),
  until: z.string().optional(),
})
type Cursor = z.infer<typeof cursorSchema>

const dayMs = 24 * 60 * 60 * 1000
/** Orders become visible with a delay of about two minutes; what came late is read again. */
const overlapMs = 2 * 60 * 1000

/** Orders that changed since the last pull, in Amazon's own time: the cursor comes from the window it names. */
export const pullOrders: Pull<AmazonClient, RemoteOrder> = {
  bucket: 'searchOrders',
  async run(client, after) {
    const cursor = after === null ? firstCursor(client) : cursorSchema.parse(JSON.parse(after))
    const page = await search(client, cursor)
    const { items, unreadable = [] } = toOrders(page.orders, client.settings)
    const until = page.cursor.until ?? page.lastUpdatedBefore
    const token = page.pagination?.nextToken
    const next: Cursor = token
      ? { since: cursor.since, token, ...(until ? { until } : {}) }
      : { since: nextSince(cursor.since, until ?? newest(items)) }
    return { items, unreadable, next: JSON.stringify(next), more: token !== undefined }
  },
}

const firstCursor = ({ clock, settings }: AmazonClient): Cursor => ({
  since: new Date(clock.now().getTime() - settings.orderDays * dayMs).toISOString(),
})

/** A page token lives for a day. One that Amazon no longer takes starts the same window again. */
async function search(client: AmazonClient, cursor: Cursor): Promise<OrdersPage & { cursor: Cursor }> {
  const { since, token } = cursor
  try {
    const query = { lastUpdatedAfter: since, ...(token ? { paginationToken: token } : {}) }
    return { ...(await client.searchOrders(query)), cursor }
  } catch (error) {
    const isStale = token !== undefined && error instanceof ConnectorError && error.kind === 'rejected'
    if (!isStale) throw error
    return { ...(await client.searchOrders({ lastUpdatedAfter: since })), cursor: { since } }
  }
}

/** The window's end less the overlap; the cursor never goes back. */
function nextSince(since: string, until: string | undefined): string {
  if (until === undefined) return since
  const overlapped = new Date(Date.parse(until) - overlapMs).toISOString()
  return Date.parse(overlapped) > Date.parse(since) ? overlapped : since
}

const newest = (orders: readonly RemoteOrder[]): string | undefined =>
  orders.length === 0
    ? undefined
    : new Date(Math.max(...orders.map((order) => order.updatedAt.getTime()))).toISOString()

export const readOrders: NonNullable<MarketplaceOperations<AmazonClient>['readOrders']> = async (
  client,
  ids,
) => {
  const raw: unknown[] = []
  for (const id of ids) {
    const order = await getOrder(client, id)
    if (order !== null) raw.push(order)
  }
  return { ...toOrders(raw, client.settings), next: null, more: false }
}

async function getOrder(client: AmazonClient, orderId: string): Promise<unknown> {
  try {
    return await client.getOrder(orderId)
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === 'not_found') return null
    throw error
  }
}

/** Tells Amazon of a parcel; looks for its tracking number among the order's packages. */
export const confirmShipment: Once<AmazonClient, ShipmentConfirmation, true> = {
  async run(client, shipment, key) {
    await client.confirmShipment(shipment.externalOrderId, toPackageDetail(shipment, key))
    return true
  },
  async find(client, shipment) {
    const order = orderSchema.safeParse(await getOrder(client, shipment.externalOrderId)).data
    const isTold =
      order?.packages?.some((parcel) => parcel.trackingNumber === shipment.trackingNumber) ?? false
    return isTold ? true : null
  },
}
