import {
  ConnectorError,
  type Coupon,
  type CouponRef,
  currencyDigits,
  formatDecimal,
  parseMoney,
  toConnectorError,
} from 'entrepot/sdk'
import type { WooClient } from './client.ts'
import { toId } from './mapping-listings.ts'
import type { WooCoupon } from './schemas.ts'

/** Written after everything else of a coupon, so where it stands the coupon is whole. */
const couponKey = '_entrepot_coupon'

const rejected = (message: string) => new ConnectorError('rejected', message)
const madeBy = (coupon: WooCoupon): unknown =>
  coupon.meta_data.find(({ key }) => key === couponKey)?.value ?? null
/** The shop keeps codes in small letters. */
const isCode = (held: string, code: string): boolean => held.toLowerCase() === code.toLowerCase()
const percent = (basisPoints: number): string => (basisPoints / 100).toFixed(2)
/** Only in this form, whole seconds and Z, is it not read as the shop's local time. */
const expiry = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`

/**
 * A coupon in the shop's words. `date_expires_gmt` can be read but is ignored when written.
 * @throws ConnectorError `rejected` for what the shop would take and garble
 */
export function couponBody(coupon: Coupon, currency: string, key: string): object {
  const { code, basisPoints, least, externalIds, usageLimit } = coupon
  if (!Number.isInteger(basisPoints) || basisPoints < 1 || basisPoints > 10_000)
    throw rejected(`Coupon ${code} must take off 0.01 to 100 percent, not ${basisPoints / 100}.`)
  if (least && least.currency !== currency)
    throw rejected(
      `The least basket of coupon ${code} is in ${least.currency}; the shop sells in ${currency}.`,
    )
  return {
    code,
    discount_type: 'percent',
    amount: percent(basisPoints),
    date_expires: expiry(coupon.endsAt),
    product_ids: externalIds.map((id) => toId(id, `coupon ${code}`)),
    exclude_sale_items: coupon.excludesReduced,
    ...(least ? { minimum_amount: formatDecimal(least) } : {}),
    ...(usageLimit === null ? {} : { usage_limit: usageLimit }),
    meta_data: [{ key: couponKey, value: key }],
  }
}

/** What the shop stored otherwise than it was sent, in words; null when all is right. */
export function couponDifference(coupon: Coupon, stored: WooCoupon): string | null {
  const { code, basisPoints, least, externalIds, usageLimit, endsAt } = coupon
  const inOrder = (ids: readonly (string | number)[]) => ids.map(String).sort().join()
  if (!isCode(stored.code, code)) return `the code "${stored.code}"`
  if (stored.discount_type !== 'percent' || Number(stored.amount) !== basisPoints / 100)
    return `${stored.amount} as ${stored.discount_type}`
  if (stored.date_expires_gmt?.getTime() !== Math.floor(endsAt.getTime() / 1000) * 1000)
    return `the end "${stored.date_expires_gmt?.toISOString() ?? 'never'}"`
  if (inOrder(stored.product_ids) !== inOrder(externalIds)) return `${stored.product_ids.length} products`
  if (stored.usage_limit !== usageLimit) return `the usage limit ${stored.usage_limit ?? 'none'}`
  if (stored.exclude_sale_items !== coupon.excludesReduced) return 'another rule for goods on sale'
  // The shop answers with two decimals, whatever the currency has.
  const isComparable = !least || currencyDigits(least.currency) <= 2
  const minimum = least
    ? parseMoney(stored.minimum_amount, least.currency).minor
    : Number(stored.minimum_amount)
  return isComparable && minimum !== (least?.minor ?? 0) ? `the least basket ${stored.minimum_amount}` : null
}

/**
 * Makes a coupon; WooCommerce knows no start, so it works at once. A code that is taken is refused; the coupon that
 * has it is not touched. What a plugin of the shop changed on the way is taken back.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#create-a-coupon
 */
export async function createCoupon(
  client: WooClient,
  coupon: Coupon,
  key: string,
): Promise<{ externalId: string }> {
  const stored = await makeOrJoin(client, coupon, key)
  const difference = couponDifference(coupon, stored)
  if (difference === null) return { externalId: String(stored.id) }
  await remove(client, stored.id)
  throw rejected(
    `The shop stored ${difference} for coupon ${coupon.code}, which is not what was sent. The coupon was taken back: look which plugin of the shop changes coupons.`,
  )
}

/** The new coupon, or the one that an earlier attempt of the same request made. */
async function makeOrJoin(client: WooClient, coupon: Coupon, key: string): Promise<WooCoupon> {
  try {
    return await permitted(client.createCoupon(couponBody(coupon, client.settings.currency, key)))
  } catch (error) {
    const refusal = toConnectorError(error)
    if (refusal.vendorCode !== 'woocommerce_rest_coupon_code_already_exists') throw refusal
    const [owner] = await holdersOf(client, coupon.code)
    if (owner && madeBy(owner) === key) return owner
    throw codeTaken(coupon.code, owner, refusal)
  }
}

function codeTaken(code: string, owner: WooCoupon | undefined, refusal: ConnectorError): ConnectorError {
  const whose = owner && madeBy(owner) !== null ? 'which this hub made before' : 'which somebody else made'
  const who = owner ? `coupon ${owner.id}, ${whose}` : 'another coupon'
  return new ConnectorError(
    'rejected',
    `The code ${code} is taken by ${who}; it was left as it is. Choose another code, or end that coupon in the shop.`,
    {
      status: refusal.status,
      vendorCode: refusal.vendorCode,
      vendorMessage: refusal.vendorMessage,
      issues: [{ field: 'code', code: null, message: refusal.vendorMessage ?? '', severity: 'error' }],
    },
  )
}

const holdersOf = async (client: WooClient, code: string): Promise<WooCoupon[]> =>
  (await permitted(client.listCoupons(code))).filter((coupon) => isCode(coupon.code, code))

/** Looks by the code. Only the coupon of this very request counts, and only as it was sent. */
export async function findCoupon(
  client: WooClient,
  coupon: Coupon,
  key: string,
): Promise<{ externalId: string } | null> {
  const found = (await holdersOf(client, coupon.code)).find((held) => madeBy(held) === key)
  return found && couponDifference(coupon, found) === null ? { externalId: String(found.id) } : null
}

/**
 * Puts a coupon that the hub made into the trash, where its figures can be read for a while; its code is free again.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#delete-a-coupon
 */
export async function endCoupon(client: WooClient, { externalId, code }: CouponRef): Promise<true> {
  const id = toId(externalId, `coupon ${code}`)
  const held = await unlessGone(client.readCoupon(id))
  if (held === null || held.status === 'trash') return true
  if (madeBy(held) === null)
    throw rejected(`Coupon ${id} of the shop is not one that this hub made: it was left as it is.`)
  await remove(client, id)
  return true
}

/** A shop without trash, or of a time when coupons had none, deletes for good. */
async function remove(client: WooClient, id: number): Promise<void> {
  try {
    await unlessGone(client.deleteCoupon(id, false))
  } catch (error) {
    const refusal = toConnectorError(error)
    if (refusal.vendorCode !== 'woocommerce_rest_trash_not_supported') throw refusal
    await unlessGone(client.deleteCoupon(id, true))
  }
}

async function unlessGone<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await permitted(call)
  } catch (error) {
    const refusal = toConnectorError(error)
    if (refusal.kind !== 'not_found') throw refusal
    return null
  }
}

/** A known key whose user may not touch coupons (403, where an unknown key is 401) can do all the rest. */
async function permitted<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    const refusal = toConnectorError(error)
    const { status, vendorCode, vendorMessage } = refusal
    if (status !== 403 || !vendorCode?.startsWith('woocommerce_rest_cannot_')) throw refusal
    throw new ConnectorError(
      'rejected',
      `The key may not do this with coupons: ${vendorMessage} Give it a user who may, such as a shop manager.`,
      { status, vendorCode, vendorMessage },
    )
  }
}
