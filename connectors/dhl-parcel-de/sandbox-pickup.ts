import { type Context, Hono } from 'hono'
import { toBerlin } from './berlin-time.ts'
import { paths } from './client.ts'
import type { Ledger, LedgerPickup } from './sandbox-ledger.ts'

type Wire = {
  customerDetails?: { billingNumber?: string }
  pickupLocation?: { pickupAddress?: Record<string, string> }
  pickupDetails?: { pickupDate?: { type?: string; value?: string } }
  shipmentDetails?: { shipments?: { transportationType?: string; shipmentNo?: string }[] }
}

const json = (c: Context, body: unknown, status: 200 | 400 | 422 = 200) =>
  c.body(JSON.stringify(body), status, { 'content-type': 'application/json; charset=utf-8' })

/** The pickup interface. */
export function pickupRoutes(ledger: Ledger): Hono {
  const app = new Hono()
  app.post(paths.pickups, async (c) => {
    const order = (await c.req.json().catch(() => ({}))) as Wire
    const errors = errorsOf(order, toBerlin(ledger.clock.now()).date)
    if (errors.length > 0) return json(c, errors, 422)
    const pickup: LedgerPickup = {
      orderId: [...Array(32)].map(() => Math.floor(ledger.random() * 16).toString(16)).join(''),
      postcode: order.pickupLocation!.pickupAddress!.postalCode!,
      date: order.pickupDetails!.pickupDate!.value!,
      state: 'ANGENOMMEN',
      order: order as Record<string, unknown>,
      orderedAt: ledger.clock.now(),
    }
    ledger.pickups.push(pickup)
    const confirmedShipments = order.shipmentDetails!.shipments!.map(
      ({ transportationType, shipmentNo }) => ({
        transportationType,
        ...(shipmentNo ? { shipmentNo } : {}),
        orderDate: orderDate(pickup),
      }),
    )
    const value = {
      orderID: pickup.orderId,
      pickupDate: pickup.date,
      freeOfCharge: false,
      pickupType: 'EZA',
      confirmedShipments,
    }
    return json(c, { confirmation: { type: 'ORDERPICKUP', value } })
  })
  app.get(paths.pickups, (c) => {
    const { orderID, pickupDate, pickupPostalCode } = c.req.query()
    if (!orderID && !pickupDate) return c.body(null, 400)
    const found = ledger.pickups.filter(
      (pickup) =>
        (!orderID || pickup.orderId === orderID) &&
        (!pickupDate || pickup.date === pickupDate) &&
        (!pickupPostalCode || pickup.postcode === pickupPostalCode),
    )
    return json(c, found.map(toStatus))
  })
  return app
}

function errorsOf(order: Wire, today: string) {
  const wrong = (isWrong: boolean, instance: string, title: string) =>
    isWrong ? [{ errorCode: 456, title, instance }] : []
  const { pickupAddress = {} } = order.pickupLocation ?? {}
  const date = order.pickupDetails?.pickupDate?.value ?? ''
  return [
    ...wrong(
      !/^\d{10}08\w{2}$/.test(order.customerDetails?.billingNumber ?? ''),
      'customerDetails.billingNumber',
      'Unknown billingnumber',
    ),
    ...['name1', 'addressStreet', 'addressHouse', 'postalCode', 'city'].flatMap((name) =>
      wrong(!pickupAddress[name], `pickupLocation.pickupAddress.${name}`, 'Missing value'),
    ),
    ...wrong(date < today, 'pickupDetails.pickupDate', 'The pickup date lies in the past'),
    ...wrong(!order.shipmentDetails?.shipments?.length, 'shipmentDetails.shipments', 'No shipments'),
  ]
}

const orderDate = ({ orderedAt }: LedgerPickup): string => {
  const { date, time } = toBerlin(orderedAt)
  return `${date}T${time}:00`
}

function toStatus(pickup: LedgerPickup) {
  const order = pickup.order as Wire & Record<string, unknown>
  return {
    orderDetails: { orderID: pickup.orderId, orderState: pickup.state },
    customerDetails: order.customerDetails,
    pickupLocation: { pickupAddress: order.pickupLocation!.pickupAddress },
    businessHours: order.businessHours,
    contactPerson: order.contactPerson,
    pickupDetails: order.pickupDetails,
    shipmentDetails: {
      shipments: order.shipmentDetails!.shipments!.map((shipment) => ({
        shipment,
        orderDate: orderDate(pickup),
      })),
    },
  }
}
