import { type Context, Hono } from 'hono'
import { toBerlin } from './berlin-time.ts'
import { paths } from './client.ts'
import { printDocument } from './sandbox-label.ts'
import { type Ledger, type LedgerParcel, nextNumber } from './sandbox-ledger.ts'
import { gramsOf, type Validation, validate, type WireShipment } from './sandbox-rules.ts'

type Status = { title: string; status: number; statusCode: number; detail?: string }
type Format = 'PDF' | 'ZPL2'

const statusOf = (status: number, title: string, detail?: string): Status => ({
  title,
  status,
  statusCode: status,
  ...(detail ? { detail } : {}),
})

export const problem = (
  c: Context,
  status: 400 | 401 | 404 | 429 | 500,
  title: string,
  detail: string,
  headers = {},
) =>
  c.body(JSON.stringify(statusOf(status, title, detail)), status, {
    'content-type': 'application/problem+json',
    ...headers,
  })

/** The answer about several shipments: 200 or 400 for one, 207 for more. */
function answer(c: Context, items: { sstatus: Status }[], done: string) {
  const good = items.filter(({ sstatus }) => sstatus.status === 200).length
  const http = items.length > 1 ? 207 : items[0]!.sstatus.status === 200 ? 200 : 400
  const detail = `${good} of ${items.length} shipments ${done}.`
  const status = statusOf(http === 207 ? 207 : http, good === items.length ? 'OK' : 'Error', detail)
  const type = http === 400 ? 'application/problem+json' : 'application/json'
  return c.body(JSON.stringify({ status, items }), http, { 'content-type': type })
}

/** The shipping interface: orders and manifests. */
export function shippingRoutes(ledger: Ledger, refuseAtBooking: () => number | null): Hono {
  const app = new Hono()
  app.post(paths.orders, (c) => createOrders(c, ledger, refuseAtBooking))
  app.get(paths.orders, async (c) => {
    const numbers = c.req.queries('shipment') ?? []
    if (numbers.length === 0 || numbers.length > 30) return badRequest(c, 'shipment: 1 to 30 shipments.')
    const format = c.req.query('docFormat') === 'ZPL2' ? 'ZPL2' : 'PDF'
    const items = await Promise.all(
      numbers.map((shipmentNo) => {
        const parcel = ledger.parcels.get(shipmentNo)
        return parcel?.state === 'open' ? made(ledger, parcel, format, []) : unknownItem(shipmentNo)
      }),
    )
    return answer(c, items, 'found')
  })
  app.delete(paths.orders, (c) => {
    const numbers = c.req.queries('shipment') ?? []
    if (!c.req.query('profile')) return badRequest(c, 'profile: is mandatory.')
    if (numbers.length === 0 || numbers.length > 30) return badRequest(c, 'shipment: 1 to 30 shipments.')
    const items = numbers.map((shipmentNo) => {
      const parcel = ledger.parcels.get(shipmentNo)
      if (parcel?.state !== 'open') return unknownItem(shipmentNo)
      parcel.state = 'deleted'
      return { shipmentNo, sstatus: statusOf(200, 'OK') }
    })
    return answer(c, items, 'deleted')
  })
  app.get(paths.manifests, (c) => {
    const date = c.req.query('date') ?? toBerlin(ledger.clock.now()).date
    const closed = [...ledger.parcels.values()].filter((parcel) => parcel.closedOn === date)
    if (closed.length === 0) return problem(c, 404, 'Not Found', 'There is no manifest for this day.')
    const items = closed.map(({ number }) => ({
      shipmentNo: number,
      sheetNo: '1',
      sstatus: statusOf(200, 'OK'),
    }))
    return c.json({ status: statusOf(200, 'OK'), manifestDate: date, items })
  })
  return app
}

const badRequest = (c: Context, detail: string) =>
  c.body(JSON.stringify({ status: statusOf(400, 'Bad Request', detail) }), 400, {
    'content-type': 'application/problem+json',
  })

/** DHL says the same of what was deleted, closed and never made. */
const unknownItem = (shipmentNo: string) => ({
  shipmentNo,
  sstatus: statusOf(400, 'Error', 'The shipment is unknown or cannot be changed any more.'),
})

async function createOrders(c: Context, ledger: Ledger, refuseAtBooking: () => number | null) {
  const request = (await c.req.json().catch(() => null)) as {
    profile?: string
    shipments?: WireShipment[]
  } | null
  const shipments = request?.shipments ?? []
  if (!request?.profile || shipments.length === 0 || shipments.length > 30)
    return badRequest(c, 'The request does not fit the schema: profile and 1 to 30 shipments.')
  const isTrial = c.req.query('validate') === 'true'
  const mustEncode = c.req.query('mustEncode') === 'true'
  const format = c.req.query('docFormat') === 'ZPL2' ? 'ZPL2' : 'PDF'
  const today = toBerlin(ledger.clock.now()).date
  const refusedIndex = isTrial ? null : refuseAtBooking()
  const checks = shipments.map((shipment, index) => [
    ...validate(shipment, today, mustEncode),
    ...(index === refusedIndex ? [lateRefusal] : []),
  ])
  ledger.calls += 1
  const items = []
  for (const [index, shipment] of shipments.entries()) {
    const validationMessages = checks[index]!
    if (validationMessages.some(({ validationState }) => validationState === 'Error'))
      items.push({ sstatus: statusOf(400, 'Error', 'The shipment was not made.'), validationMessages })
    else if (isTrial) items.push({ sstatus: statusOf(200, 'OK'), validationMessages })
    else items.push(await made(ledger, book(ledger, shipment), format, validationMessages))
  }
  return answer(c, items, isTrial ? 'could be printed' : 'successfully printed')
}

const lateRefusal: Validation = {
  property: 'services',
  validationMessage: 'The service is not available at present.',
  validationState: 'Error',
}

function book(ledger: Ledger, shipment: WireShipment): LedgerParcel {
  const number = nextNumber(ledger)
  const parcel: LedgerParcel = {
    number,
    call: ledger.calls,
    reference: shipment.refNo ?? '',
    service: `${shipment.product}${shipment.services?.premium ? '.premium' : ''}`,
    weightGrams: gramsOf(shipment),
    shipDate: shipment.shipDate ?? toBerlin(ledger.clock.now()).date,
    hasCustoms: shipment.customs !== undefined,
    state: 'open',
    closedOn: null,
    events: [],
  }
  ledger.parcels.set(number, parcel)
  return parcel
}

/** Customs papers are a document of their own for a parcel, and are PDF in any case. */
async function made(ledger: Ledger, parcel: LedgerParcel, format: Format, validationMessages: Validation[]) {
  const { number, reference, hasCustoms, service } = parcel
  const now = ledger.clock.now()
  return {
    shipmentNo: number,
    sstatus: statusOf(200, 'OK'),
    ...(reference.length >= 6 ? { shipmentRefNo: reference } : {}),
    routingCode: '40327653113+99000943058020',
    label: await printDocument('Stand-in for DHL', number, reference, format, now),
    ...(hasCustoms && !service.startsWith('V66')
      ? { customsDoc: await printDocument('CN23', number, reference, 'PDF', now) }
      : {}),
    validationMessages,
  }
}
