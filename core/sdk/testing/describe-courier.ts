import type { CourierSandbox } from '../courier-sandbox.ts'
import { bookChecks } from './describe-book.ts'
import { cancelChecks } from './describe-cancel.ts'
import { commonChecks, describeChecks } from './describe-checks.ts'
import { courierWebhookChecks } from './describe-courier-webhook.ts'
import { lostBookingChecks } from './describe-lost-bookings.ts'
import { pickupChecks } from './describe-pickup.ts'
import { quoteChecks } from './describe-quote.ts'
import { serviceChecks } from './describe-services.ts'
import { subscribeChecks } from './describe-subscribe.ts'
import { trackingChecks } from './describe-tracking.ts'
import type { Check, CourierSubject } from './subject.ts'

/** Every guarantee that the suite asks of this courier, as functions that throw when it is not kept. */
export function courierChecks<S extends CourierSandbox>(subject: CourierSubject<S>): Check[] {
  const plain = subject as unknown as CourierSubject
  return [
    ...commonChecks(plain),
    ...serviceChecks(plain),
    ...quoteChecks(plain),
    ...bookChecks(plain),
    ...lostBookingChecks(plain),
    ...cancelChecks(plain),
    ...trackingChecks(plain),
    ...subscribeChecks(plain),
    ...pickupChecks(plain),
    ...courierWebhookChecks(plain),
  ]
}

/**
 * The standard suite that every courier passes, ours or a stranger's: real HTTP against its sandbox, every
 * operation it has, every way a courier fails.
 * @example
 * describeCourier({ connector: parcel, createSandbox: createParcelSandbox, readme: new URL('./README.md', import.meta.url) })
 */
export function describeCourier<S extends CourierSandbox>(subject: CourierSubject<S>): void {
  describeChecks(`courier ${subject.connector.id}`, courierChecks(subject))
}
