import type { Hono } from 'hono'
import { z } from 'zod'
import { sandboxCredentials, UpsRefusal } from './sandbox-gate.ts'
import type { Ledger, LedgerScan } from './sandbox-ledger.ts'
import { serviceName } from './services.ts'

const dateOf = (at: Date) => at.toISOString().slice(0, 10).replaceAll('-', '')
const timeOf = (at: Date) => at.toISOString().slice(11, 19).replaceAll(':', '')
const dayMs = 24 * 60 * 60 * 1000

const statusOf = ({ type, code, statusCode, description }: LedgerScan) => ({
  type,
  description,
  statusCode,
  ...(code ? { code } : {}),
})

function packageOf(ledger: Ledger, trackingNumber: string, history: readonly LedgerScan[]) {
  const shipment = ledger.shipments.find(({ parcels }) =>
    parcels.some((parcel) => parcel.trackingNumber === trackingNumber),
  )
  const newestFirst = [...history].sort((a, b) => b.at.getTime() - a.at.getTime())
  const destination = shipment?.destination
  return {
    trackingNumber,
    deliveryDate: [{ type: 'SDD', date: dateOf(new Date(history[0]!.at.getTime() + 3 * dayMs)) }],
    deliveryTime: { type: 'EOD', endTime: '190000' },
    activity: newestFirst.map((scan) => ({
      date: dateOf(scan.at),
      time: timeOf(scan.at),
      gmtDate: dateOf(scan.at),
      gmtTime: timeOf(scan.at),
      gmtOffset: '+00:00',
      location: destination ? { address: { city: destination.city, countryCode: destination.country } } : {},
      status: statusOf(scan),
    })),
    currentStatus: statusOf(newestFirst[0]!),
    packageCount: shipment?.parcels.length ?? 1,
    ...(shipment
      ? { service: { code: shipment.service, description: serviceName(shipment.origin, shipment.service) } }
      : {}),
  }
}

export function serveTracking(api: Hono, ledger: Ledger): void {
  api.get('/track/v1/details/:number', (c) => {
    const number = c.req.param('number')
    if (!/^[0-9A-Z]{7,34}$/.test(number)) throw new UpsRefusal(400, 'TV1002', 'Invalid inquiry number')
    const history = ledger.histories.get(number)
    const warnings = [{ code: 'TW0001', message: 'Tracking Information Not Found' }]
    const shipment = history
      ? { inquiryNumber: number, package: [packageOf(ledger, number, history)] }
      : { inquiryNumber: number, warnings }
    return c.json({ trackResponse: { shipment: [shipment] } })
  })
}

const subscriptionBody = z.object({ locale: z.string(), trackingNumberList: z.array(z.string()).default([]) })
const ownNumber = /^(1Z[0-9A-Z]{16}|1R[0-9A-Z]{14}|1R[0-9A-Z]{26})$/

/** Track Alert: who asked about which parcel, and the messages that follow. */
export function createAlerts(api: Hono, isAccountSubscribed: boolean) {
  const subscribed = new Set<string>()
  let waiting: { headers: Record<string, string>; body: string }[] = []

  api.post('/track/v2/subscription/standard/package', async (c) => {
    if (!c.req.header('transId')) throw new UpsRefusal(400, 'VSS002', 'Missing transId')
    const { trackingNumberList: numbers } = subscriptionBody.parse(await c.req.json())
    if (numbers.length === 0)
      throw new UpsRefusal(
        400,
        'VSS200',
        'Tracking Number List is required. The Subscription request has been rejected.',
      )
    if (numbers.length > 100)
      throw new UpsRefusal(
        400,
        'VSS220',
        'You have submitted over 100 tracking numbers which is not allowed.',
      )
    const valid = numbers.filter((number) => ownNumber.test(number))
    const invalid = numbers.filter((number) => !ownNumber.test(number))
    if (valid.length === 0)
      throw new UpsRefusal(
        400,
        'VSS210',
        'The Subscription request should have at least one valid tracking number.',
        {
          invalidTrackingNumbers: invalid,
        },
      )
    for (const number of valid) subscribed.add(number)
    return c.json({
      validTrackingNumbers: valid,
      ...(invalid.length > 0 ? { invalidTrackingNumbers: invalid } : {}),
    })
  })

  return {
    tell(trackingNumber: string, scan: LedgerScan): void {
      if (!isAccountSubscribed && !subscribed.has(trackingNumber)) return
      const body = {
        trackingNumber,
        localActivityDate: dateOf(scan.at),
        localActivityTime: timeOf(scan.at),
        activityStatus: { type: scan.type, code: scan.code, description: scan.description },
        gmtActivityDate: dateOf(scan.at),
        gmtActivityTime: timeOf(scan.at),
      }
      waiting.push({
        headers: {
          'content-type': 'application/json',
          'user-agent': 'UPSPubSubTrackingService',
          authorization: `Bearer ${sandboxCredentials.webhookCredential}`,
        },
        body: JSON.stringify(body),
      })
    },
    take() {
      const taken = waiting
      waiting = []
      return taken
    },
  }
}
