import type { ParcelTracking, TrackingEvent } from 'entrepot/sdk'
import type { TrackingAnswer, UspsEvent } from './schemas.ts'
import { meaningOf } from './tracking-codes.ts'

/** All that USPS tells of a parcel. Scans without a readable time are left out: there is no order to put them in. */
export function toTracking(trackingNumber: string, answer: TrackingAnswer): ParcelTracking {
  // They come newest first.
  const events = answer.trackingEvents.flatMap((event, index) =>
    toEvent(event, index === 0 ? (answer.statusCategory ?? null) : null),
  )
  const due = answer.expectedDeliveryTimeStamp || answer.guaranteedDeliveryTimeStamp
  return { trackingNumber, events, estimatedAt: due ? readTime(due, 'Z') : null }
}

function toEvent(event: UspsEvent, category: string | null): TrackingEvent[] {
  const at = timeOf(event)
  if (!at) return []
  const code = event.eventCode ?? ''
  const description = plainText(event.eventType ?? '')
  return [
    {
      at,
      ...meaningOf(code, description, category),
      code: code || null,
      description,
      location: locationOf(event),
    },
  ]
}

/** The instant; where only the local time is there, its offset makes one of it, and else it is read as UTC. */
function timeOf({ GMTTimestamp, eventTimestamp, GMTOffset }: UspsEvent): Date | null {
  if (GMTTimestamp) return readTime(GMTTimestamp, 'Z')
  const zone = /^[+-]\d\d:\d\d$/.test(GMTOffset ?? '') ? GMTOffset! : 'Z'
  return eventTimestamp ? readTime(eventTimestamp, zone) : null
}

function readTime(text: string, zone: string): Date | null {
  const iso = text.trim().replace(' ', 'T')
  const at = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(iso) || !iso.includes('T') ? iso : `${iso}${zone}`)
  return Number.isNaN(at.getTime()) ? null : at
}

function locationOf({ eventCity, eventState, eventZIP, eventCountry }: UspsEvent): string | null {
  const region = [eventState, eventZIP].filter(Boolean).join(' ')
  return [eventCity, region, eventCountry].filter(Boolean).join(', ') || null
}

/** USPS puts HTML into names: `Ground Advantage<SUP>&#153;</SUP>`. */
const plainText = (text: string) =>
  text
    .replace(/<[^>]*>|&#\d+;/g, '')
    .replace(/\s+/g, ' ')
    .trim()
