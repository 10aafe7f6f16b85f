import type { MarketplaceSandbox } from '../sandbox.ts'
import { commonChecks, describeChecks } from './describe-checks.ts'
import { couponChecks } from './describe-coupon.ts'
import { createChecks } from './describe-create.ts'
import { onceChecks } from './describe-once.ts'
import { orderChecks } from './describe-orders.ts'
import { pullChecks } from './describe-pull.ts'
import { pushChecks } from './describe-push.ts'
import { termChecks } from './describe-terms.ts'
import { webhookChecks } from './describe-webhook.ts'
import type { Check, Subject } from './subject.ts'

/** Every guarantee that the suite asks of this connector, as functions that throw when it is not kept. */
export function connectorChecks<S extends MarketplaceSandbox>(subject: Subject<S>): Check[] {
  const plain = subject as unknown as Subject
  return [
    ...commonChecks(plain),
    ...pushChecks(plain),
    ...createChecks(plain),
    ...pullChecks(plain),
    ...termChecks(plain),
    ...orderChecks(plain),
    ...onceChecks(plain),
    ...couponChecks(plain),
    ...webhookChecks(plain),
  ]
}

/**
 * The standard suite that every marketplace connector passes, ours or a stranger's: real HTTP against its
 * sandbox, every operation it has, every way a platform fails.
 * @example
 * describeConnector({ connector: shop, createSandbox: createShopSandbox, readme: new URL('./README.md', import.meta.url) })
 */
export function describeConnector<S extends MarketplaceSandbox>(subject: Subject<S>): void {
  describeChecks(`connector ${subject.connector.id}`, connectorChecks(subject))
}
