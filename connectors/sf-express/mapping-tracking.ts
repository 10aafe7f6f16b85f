import { ConnectorError, type TrackingEvent, type TrackingRef, type TrackingResult } from 'entrepot/sdk'
import { z } from 'zod'
import { fromBeijing } from './beijing-time.ts'
import { meaningOf } from './route-codes.ts'
import { type ParcelRoutes, parcelRoutes } from './schemas.ts'

/** The last four digits of a phone: what SF asks for before it tells of a parcel. */
export function phoneEndOf(phone: string | null): string | null {
  const digits = (phone ?? '').replace(/\D/g, '')
  return digits.length < 4 ? null : digits.slice(-4)
}

const toEvent = (route: ParcelRoutes['routes'][number]): TrackingEvent => ({
  at: fromBeijing(route.acceptTime),
  ...meaningOf(route.opCode, route.reasonCode),
  code: route.reasonCode ? `${route.opCode}/${route.reasonCode}` : route.opCode,
  description: route.remark ?? '',
  location: route.acceptAddress,
})

/** What SF's answer says of one parcel. One that cannot be read spoils no other. */
export function toTracking({ trackingNumber }: TrackingRef, answers: readonly unknown[]): TrackingResult {
  const raw = answers.find((answer) => (answer as { mailNo?: unknown } | null)?.mailNo === trackingNumber)
  const parsed = parcelRoutes.safeParse(raw ?? { mailNo: trackingNumber })
  if (!parsed.success) {
    const reason = z.prettifyError(parsed.error)
    return {
      ok: false,
      error: new ConnectorError(
        'unexpected',
        `What SF Express tells of ${trackingNumber} cannot be read: ${reason}`,
      ),
    }
  }
  const { routes } = parsed.data
  if (routes.length > 0)
    return { ok: true, tracking: { trackingNumber, events: routes.map(toEvent), estimatedAt: null } }
  // SF gives the same empty list for a number it has not scanned, does not know, or may not tell of.
  return {
    ok: false,
    error: new ConnectorError(
      'not_found',
      `SF Express tells nothing of ${trackingNumber}: it was not collected yet, or the recipient's phone is not the one on the waybill.`,
    ),
  }
}
