/** All that a connector or a plugin may import from the hub. */
export { type Clock, systemClock } from '../lib/clock.ts'
export { canonicalJson, fingerprint } from '../lib/crypto.ts'
export { csvLine } from '../lib/csv.ts'
export type { Log } from '../lib/log.ts'
export { type Executor, instant, query, rows, texts } from '../lib/sql.ts'
export type { Texts } from '../lib/translate.ts'
export * from './connector.ts'
export * from './courier.ts'
export * from './courier-sandbox.ts'
export * from './errors.ts'
export * from './failure-policy.ts'
export * from './goods.ts'
export {
  type CallContext,
  type HubHttp,
  type JsonAnswer,
  kindOfStatus,
  requestJson,
  type VendorComplaint,
} from './http.ts'
export * from './hub-services.ts'
export * from './model/coupon.ts'
export * from './model/listing.ts'
export * from './model/money.ts'
export * from './model/order.ts'
export * from './model/shipment.ts'
export * from './model/term.ts'
export * from './model/tracking.ts'
export * from './panel.ts'
export * from './plugin.ts'
export * from './proposal.ts'
export * from './role.ts'
export * from './route-input.ts'
export * from './sandbox.ts'
export * from './shipping.ts'
export * from './shipping-text.ts'
