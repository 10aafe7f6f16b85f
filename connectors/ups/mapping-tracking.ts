import { ConnectorError, type ParcelTracking, type TrackingEvent } from 'entrepot/sdk'
import { readInstant } from './mapping-time.ts'
import { codes } from './refusals.ts'
import type { Activity, TrackedPackage, TrackedShipment } from './schemas.ts'
import { meaningOf } from './tracking-codes.ts'

/** GMT where UPS tells it; else the local time of the place, whose zone UPS does not name, as if it were UTC. */
const instantOf = ({ gmtDate, gmtTime, date, time }: Activity): Date | null =>
  readInstant(gmtDate, gmtTime) ?? readInstant(date, time)

function toEvent(activity: Activity): TrackingEvent[] {
  const at = instantOf(activity)
  if (!at) return []
  const { status = {}, location } = activity
  const { city, stateProvince, countryCode, country } = location?.address ?? {}
  const place = [city, stateProvince, countryCode ?? country].filter((part) => part).join(', ')
  return [
    {
      at,
      ...meaningOf(status as { type?: string; code?: string; statusCode?: string }),
      code: status.code || status.statusCode || null,
      description: (status.description ?? '').trim(),
      location: place || null,
    },
  ]
}

/** The newest promise: a rescheduled day before the scheduled one, at the end of its window. */
function estimateOf({ deliveryDate, deliveryTime }: TrackedPackage): Date | null {
  const day = ['RDD', 'SDD']
    .map((type) => deliveryDate.find((entry) => entry.type === type)?.date)
    .find(Boolean)
  return readInstant(day, deliveryTime?.endTime || '235959')
}

/** The package with this number, or the only one. @throws ConnectorError `not_found` where UPS knows none. */
function findPackage(shipments: readonly TrackedShipment[], trackingNumber: string): TrackedPackage {
  const packages = shipments.flatMap((shipment) => shipment.package)
  const named = packages.find((entry) => entry.trackingNumber === trackingNumber)
  if (named ?? packages.length === 1) return named ?? packages[0]!
  const warnings = shipments.flatMap((shipment) => shipment.warnings)
  const warning = warnings.find(({ code }) => code === codes.trackingNotFound) ?? warnings[0]
  throw new ConnectorError('not_found', `UPS knows nothing of ${trackingNumber} yet.`, {
    vendorCode: warning?.code,
    vendorMessage: warning?.message,
  })
}

/** What UPS tells of one parcel. An activity without a readable time cannot be put in order and is left out. */
export function toTracking(shipments: readonly TrackedShipment[], trackingNumber: string): ParcelTracking {
  const found = findPackage(shipments, trackingNumber)
  return {
    trackingNumber,
    events: found.activity.flatMap(toEvent),
    estimatedAt: estimateOf(found),
  }
}
