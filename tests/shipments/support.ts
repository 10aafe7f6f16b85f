import { sql } from 'drizzle-orm'
import { addConnection, type Connection } from '../../core/connections/connections.ts'
import { query } from '../../core/db/client.ts'
import { transact } from '../../core/db/transact.ts'
import { type Clock, systemClock } from '../../core/lib/clock.ts'
import type { Connector } from '../../core/sdk/connector.ts'
import type { CourierSandbox } from '../../core/sdk/courier-sandbox.ts'
import type { Address } from '../../core/sdk/model/shipment.ts'
import { type RunningSandbox, startSandbox } from '../../core/sdk/sandbox.ts'
import { planShipment } from '../../core/shipments/plan.ts'
import { readShipment } from '../../core/shipments/read.ts'
import { saveWarehouse } from '../../core/stock/warehouses.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { requestBooking } from '../../core/sync/shipment-requests.ts'
import { testAct } from '../support/hub.ts'
import { addSource, importNow, remoteOrder, type TestLine } from '../support/orders.ts'

/** So long ago that no limit of a stand-in matters any more, at each look. */
export function hurriedClock(): Clock {
  let at = Date.now()
  return {
    now: () => {
      at += 5_000
      return new Date(at)
    },
    sleep: systemClock.sleep,
  }
}

export const sender: Address = {
  name: 'Dispatch',
  company: 'Northwind',
  email: 'ship@northwind.example',
  phone: '+1 217 555 0100',
  addressLines: ['1 Mill Lane'],
  city: 'Springfield',
  region: 'IL',
  postcode: '62701',
  country: 'US',
  isResidential: false,
}

/** A recipient, as a marketplace tells of one. */
export const recipient = {
  kind: 'clear' as const,
  name: 'Ann Reader',
  company: null,
  email: null,
  phone: '+1 512 555 0199',
  addressLines: ['22 River Road'],
  city: 'Austin',
  region: 'TX',
  postcode: '78701',
  country: 'US',
}

/** Gives the warehouse its address, so that parcels may start there, and goods a weight and size. */
export async function prepare(hub: Hub, weights: Record<string, number | null> = {}): Promise<void> {
  const [main] = await query<{ code: string; name: string }>(
    hub.db,
    sql`select code, name from warehouses limit 1`,
  )
  const input = { ...main!, priority: 0, isActive: true, address: sender }
  await transact(hub.db, (tx) => saveWarehouse(tx, input, testAct()))
  await hub.db.execute(
    sql`update variants set weight_grams = 500, length_mm = 200, width_mm = 150, height_mm = 100`,
  )
  for (const [sku, grams] of Object.entries(weights))
    await hub.db.execute(sql`update variants set weight_grams = ${grams} where sku = ${sku}`)
}

/** Orders of a shop that exists only here, paid and in stock. Returns their ids by number. */
export async function placeOrders(
  hub: Hub,
  orders: Readonly<Record<string, readonly TestLine[]>>,
  more: Parameters<typeof remoteOrder>[2] = {},
): Promise<Map<string, string>> {
  const source = await addSource(hub.db, `shop ${Object.keys(orders)[0]}`)
  const told = Object.entries(orders).map(([number, lines]) =>
    remoteOrder(number, lines, { shipTo: recipient, currency: 'USD', ...more }),
  )
  await importNow(hub.db, source, told)
  const found = await query<{ id: string; number: string }>(
    hub.db,
    sql`select id, number from orders where connection_id = ${source.id}`,
  )
  return new Map(found.map((row) => [row.number, row.id]))
}

/** A courier's stand-in with a connection to it, at rates that do not make a test wait. */
export async function openCourier(
  hub: Hub,
  connector: Connector,
  create: () => CourierSandbox,
  name = connector.id,
): Promise<{ sandbox: RunningSandbox<CourierSandbox>; connection: Connection }> {
  const sandbox = await startSandbox(create())
  const { settings, credentials } = sandbox.connection(sandbox.url)
  const input = { name, settings, credentials, isLocal: true, rateScale: 1_000_000 }
  const connection = await hub.db.transaction((tx) => addConnection(tx, hub.key, connector, input, testAct()))
  return { sandbox, connection }
}

/** Plans everything that is open of an order. */
export const plan = (
  hub: Hub,
  orderId: string,
  more: Partial<Parameters<typeof planShipment>[1]> = {},
): Promise<string> => transact(hub.db, (tx) => planShipment(tx, { orderId, ...more }, testAct()))

/** Plans an order and asks the courier to book it. */
export async function planAndBook(
  hub: Hub,
  connection: Connection,
  service: string,
  orderId: string,
  more: Partial<Parameters<typeof planShipment>[1]> = {},
): Promise<string> {
  const id = await plan(hub, orderId, more)
  await transact(hub.db, (tx) =>
    requestBooking(tx, hub, id, { connectionId: connection.id, service }, testAct()),
  )
  return id
}

export const shipmentOf = (hub: Hub, id: string) => readShipment(hub.db, id)
