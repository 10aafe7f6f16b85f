import type { TrackingIncident, TrackingState } from 'entrepot/sdk'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { type Context, Hono } from 'hono'
import { toBerlin } from './berlin-time.ts'
import { paths } from './client.ts'
import type { Ledger, LedgerEvent, LedgerParcel } from './sandbox-ledger.ts'

type Codes = readonly [ice: string, ric: string, standard: string, text: string]

/** How DHL tells each state; on the way back it tells the same with a flag. */
const stateEvents: Record<TrackingState, Codes> = {
  announced: [
    'PARCV',
    'NRQRD',
    'VA',
    'The instruction data for this shipment have been provided by the sender',
  ],
  collected: ['PCKDU', 'PUBCR', 'AE', 'The shipment has been picked up'],
  in_transit: ['LDTMV', 'MVMTV', 'AA', 'The shipment has been processed in the parcel center of origin'],
  out_for_delivery: ['SRTED', 'NRQRD', 'PO', 'The shipment has been loaded onto the delivery vehicle'],
  awaiting_pickup: ['HLDCC', 'SERPT', 'LA', 'The shipment is ready for pick-up at the retail outlet'],
  returning: ['RETRN', 'RTSCR', 'ZN', 'The shipment is being returned'],
  lost: ['EXPHD', 'LOSTX', 'BV', 'The shipment could not be found'],
  delivered: ['DLVRD', 'ACCPT', 'ZU', 'The shipment has been successfully delivered'],
  returned: ['DLVRD', 'ACCPT', 'ZU', 'The shipment has been returned to the sender'],
}

/** How DHL tells what went wrong. It has no word for the weather. */
const incidentEvents: Record<TrackingIncident, Codes> = {
  address_problem: ['EXPHD', 'BDADD', 'BV', 'The address is incorrect'],
  recipient_absent: ['NTDEL', 'CNCNR', 'ZN', 'The recipient was not present'],
  refused: ['DLVRF', 'OTHER', 'ZN', 'The recipient refused the shipment'],
  customs_hold: ['HLDCU', 'NORSN', 'ZO', 'The shipment is held by customs'],
  payment_due: ['NTDEL', 'TRPMT', 'ZN', 'The amount due was not paid'],
  damaged: ['DMGDS', 'DMGPC', 'BV', 'The shipment was damaged'],
  lost: ['EXPHD', 'LOSTX', 'BV', 'The shipment could not be found'],
  delayed: ['MSRTD', 'NRQRD', 'BV', 'The shipment was misrouted'],
  weather: ['EXPHD', 'FRMJR', 'BV', 'Force majeure delays the shipment'],
  security_hold: ['CNFSC', 'LEGAT', 'BV', 'The shipment was handed to the authorities'],
  other: ['EXPHD', 'OTHER', 'BV', 'The shipment is on hold'],
}

/** Where both are told, the incident comes with the event of the state, in the same minute. */
export function eventsFor(
  state: TrackingState,
  incident: TrackingIncident | undefined,
  at: Date,
): LedgerEvent[] {
  const told = [stateEvents[state], ...(incident ? [incidentEvents[incident]] : [])]
  const isReturn = state === 'returned'
  return [...new Map(told.map((codes) => [codes.slice(0, 2).join(), codes])).values()].map(
    ([ice, ric, standard, text]) => ({ at, ice, ric, standard, text, isReturn }),
  )
}

const attributes = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${value.replace(/[&<"]/g, (sign) => `&#${sign.charCodeAt(0)};`)}"`)
    .join('')

const xml = (c: Context, root: Record<string, string>, inner = '') =>
  c.body(
    `<?xml version="1.0" encoding="UTF-8"?><data${attributes({ name: 'piece-shipment-list', ...root, 'request-id': 'stand-in' })}>${inner}</data>`,
    200,
    { 'content-type': 'application/xml' },
  )

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  htmlEntities: true,
})

/** The tracking interface. Its failures come with status 200 and a code. */
export function trackingRoutes(ledger: Ledger, login: { user: string; password: string }): Hono {
  const app = new Hono()
  app.get(paths.tracking, (c) => {
    const asked = c.req.query('xml') ?? ''
    if (XMLValidator.validate(asked) !== true) return xml(c, { code: '10', error: 'The request is no XML' })
    const data = (parser.parse(asked) as { data?: Record<string, string> }).data ?? {}
    if (data.appname !== login.user || data.password !== login.password)
      return xml(c, { code: '5', error: 'Login failed' })
    const numbers = (data['piece-code'] ?? '').split(';').filter(Boolean)
    if (data.request !== 'd-get-piece-detail' || numbers.length === 0 || numbers.length > 15)
      return xml(c, { code: '11', error: 'The request is invalid' })
    const known = numbers.map((number) => ledger.parcels.get(number)).filter(isKnown)
    if (known.length === 0) return xml(c, { code: '100', error: 'No data found' })
    return xml(c, { code: '0' }, known.map(pieceXml).join(''))
  })
  return app
}

const isKnown = (parcel: LedgerParcel | undefined): parcel is LedgerParcel =>
  parcel !== undefined && parcel.state !== 'deleted'

function pieceXml(parcel: LedgerParcel): string {
  const last = parcel.events.at(-1)
  const piece = attributes({
    name: 'piece-shipment',
    'error-status': '0',
    'piece-code': parcel.number,
    'searched-piece-code': parcel.number,
    status: last?.text ?? '',
    'delivery-event-flag': last?.ice === 'DLVRD' ? '1' : '0',
    ruecksendung: String(last?.isReturn ?? false),
  })
  return `<data${piece}><data name="piece-event-list">${parcel.events.map(eventXml).join('')}</data></data>`
}

function eventXml({ at, ice, ric, standard, text, isReturn }: LedgerEvent): string {
  const { date, time } = toBerlin(at)
  return `<data${attributes({
    name: 'piece-event',
    'event-timestamp': `${date.split('-').reverse().join('.')} ${time}`,
    'event-status': text,
    'event-text': text,
    ice,
    ric,
    'event-location': 'Bonn',
    'event-country': 'Germany',
    'standard-event-code': standard,
    ruecksendung: String(isReturn),
  })}/>`
}
