import { type Context, Hono } from 'hono'
import { shopOrigin } from './sandbox-auth.ts'
import type { Ledger, ShopCoupon } from './sandbox-ledger.ts'
import { linksTo } from './sandbox-product-json.ts'
import { phpInt, storedPrice, storedText, writeMeta } from './sandbox-product-write.ts'
import {
  type Body,
  type Complaint,
  invalidParams,
  notInEnum,
  notOfType,
  readBody,
  readPaging,
  sendJson,
  sendList,
  WpFailure,
} from './sandbox-wire.ts'

const types = ['percent', 'fixed_cart', 'fixed_product']
const invalidId = (status: number) =>
  new WpFailure(status, 'woocommerce_rest_shop_coupon_invalid_id', 'Invalid ID.')
/** Codes are kept in small letters. */
const storedCode = (value: unknown): string => storedText(value).trim().toLowerCase()

function validateCoupon(body: Body, isNew: boolean): void {
  const complaints: Record<string, Complaint> = {}
  for (const name of ['code', 'amount', 'description', 'minimum_amount'])
    if (body[name] !== undefined && typeof body[name] !== 'string')
      complaints[name] = notOfType(name, 'string')
  if (body.discount_type !== undefined && !types.includes(String(body.discount_type)))
    complaints.discount_type = notInEnum('discount_type', types)
  const { usage_limit: limit, product_ids: ids } = body
  if (limit !== undefined && !Number.isInteger(limit))
    complaints.usage_limit = notOfType('usage_limit', 'integer')
  if (ids !== undefined && !Array.isArray(ids)) complaints.product_ids = notOfType('product_ids', 'array')
  if (isNew && body.code === undefined)
    throw new WpFailure(400, 'rest_missing_callback_param', 'Missing parameter(s): code', {
      status: 400,
      params: ['code'],
    })
  if (Object.keys(complaints).length > 0) throw invalidParams(complaints)
}

/** Only published coupons hold their code: not those in the trash. */
function claimCode(ledger: Ledger, coupon: ShopCoupon, code: string): void {
  if (code === '')
    throw new WpFailure(400, 'woocommerce_rest_empty_coupon_code', 'The coupon code cannot be empty.')
  const owner = [...ledger.coupons.values()].find((held) => held.status === 'publish' && held.code === code)
  if (owner && owner.id !== coupon.id)
    throw new WpFailure(400, 'woocommerce_rest_coupon_code_already_exists', 'The coupon code already exists')
  coupon.code = code
}

/** The amount is read before the type, so a percentage above 100 is refused only where the type was percent before. */
function writeAmount(coupon: ShopCoupon, body: Body): void {
  if (body.amount !== undefined) {
    const amount = storedPrice(body.amount) || '0'
    if (Number(amount) < 0 || (coupon.discountType === 'percent' && Number(amount) > 100))
      throw new WpFailure(400, 'coupon_invalid_amount', 'Invalid discount amount.')
    coupon.amount = amount
  }
  if (body.discount_type !== undefined) coupon.discountType = String(body.discount_type)
}

/** With a zone and whole seconds the date is that instant; any other form is the shop's local time. */
function readExpiry(ledger: Ledger, value: unknown, held: Date | null): Date | null {
  if (value === undefined || value === null) return held
  const text = String(value)
  if (text === '') return null
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/.test(text)) return new Date(text)
  const local = new Date(`${text.slice(0, 19)}Z`)
  return new Date(2 * local.getTime() - new Date(`${ledger.time.local(local)}Z`).getTime())
}

/** `date_expires_gmt` has no setter: it is taken without a word and changes nothing. */
function writeCoupon(ledger: Ledger, coupon: ShopCoupon, body: Body): void {
  const ids = (value: unknown) => (value as unknown[]).map(phpInt).filter((id) => id !== 0)
  if (body.code !== undefined) claimCode(ledger, coupon, storedCode(body.code))
  writeAmount(coupon, body)
  if (body.description !== undefined) coupon.description = storedText(body.description)
  coupon.expiresAt = readExpiry(ledger, body.date_expires, coupon.expiresAt)
  if (body.individual_use !== undefined) coupon.individualUse = body.individual_use === true
  if (body.product_ids !== undefined) coupon.productIds = ids(body.product_ids)
  if (body.excluded_product_ids !== undefined) coupon.excludedProductIds = ids(body.excluded_product_ids)
  if (body.usage_limit !== undefined) coupon.usageLimit = Math.abs(phpInt(body.usage_limit))
  if (body.exclude_sale_items !== undefined) coupon.excludeSaleItems = body.exclude_sale_items === true
  if (body.minimum_amount !== undefined) coupon.minimumAmount = storedPrice(body.minimum_amount)
  writeMeta(ledger, coupon.meta, body.meta_data)
  coupon.modifiedAt = ledger.now()
}

/** Makes a coupon, as a request or the shop's staff does. @throws WpFailure, and nothing was created */
export function addCoupon(ledger: Ledger, body: Body): ShopCoupon {
  const at = ledger.now()
  const coupon: ShopCoupon = {
    id: ledger.nextId(),
    code: '',
    status: 'publish',
    discountType: 'fixed_cart',
    amount: '0',
    description: '',
    expiresAt: null,
    individualUse: false,
    productIds: [],
    excludedProductIds: [],
    usageLimit: 0,
    usageCount: 0,
    excludeSaleItems: false,
    minimumAmount: '',
    meta: [],
    createdAt: at,
    modifiedAt: at,
  }
  writeCoupon(ledger, coupon, body)
  ledger.coupons.set(coupon.id, coupon)
  return coupon
}

function couponJson(ledger: Ledger, coupon: ShopCoupon, origin: string): object {
  const { time } = ledger
  const decimal = (text: string) => Number(text || 0).toFixed(2)
  const collection = `${origin}/wp-json/wc/v3/coupons`
  return {
    id: coupon.id,
    code: coupon.code,
    amount: decimal(coupon.amount),
    status: coupon.status,
    date_created: time.local(coupon.createdAt),
    date_created_gmt: time.gmt(coupon.createdAt),
    date_modified: time.local(coupon.modifiedAt),
    date_modified_gmt: time.gmt(coupon.modifiedAt),
    discount_type: coupon.discountType,
    description: coupon.description,
    date_expires: coupon.expiresAt && time.local(coupon.expiresAt),
    date_expires_gmt: coupon.expiresAt && time.gmt(coupon.expiresAt),
    usage_count: coupon.usageCount,
    individual_use: coupon.individualUse,
    product_ids: coupon.productIds,
    excluded_product_ids: coupon.excludedProductIds,
    usage_limit: coupon.usageLimit || null,
    usage_limit_per_user: null,
    limit_usage_to_x_items: null,
    free_shipping: false,
    product_categories: [],
    excluded_product_categories: [],
    exclude_sale_items: coupon.excludeSaleItems,
    minimum_amount: decimal(coupon.minimumAmount),
    maximum_amount: '0.00',
    email_restrictions: [],
    used_by: [],
    meta_data: coupon.meta,
    ...linksTo(`${collection}/${coupon.id}`, collection, null),
  }
}

/** /coupons. @param hasTrash whether the shop keeps what is deleted for a while */
export function couponRoutes(ledger: Ledger, hasTrash: boolean): Hono {
  const app = new Hono()
  const json = (c: Context, coupon: ShopCoupon) => couponJson(ledger, coupon, shopOrigin(c))
  const pick = (c: Context, missing: number): ShopCoupon => {
    const coupon = ledger.coupons.get(Number(c.req.param('id')))
    if (!coupon) throw invalidId(missing)
    return coupon
  }
  app.get('/coupons', (c) => {
    const paging = readPaging(c)
    const code = c.req.query('code')
    const rows = [...ledger.coupons.values()]
      .filter((coupon) => coupon.status === 'publish')
      .filter((coupon) => !code || coupon.code === storedCode(code))
      .reverse()
    const page = rows.slice(paging.offset, paging.offset + paging.perPage)
    return sendList(
      c,
      page.map((coupon) => json(c, coupon)),
      rows.length,
      paging,
      false,
    )
  })
  app.post('/coupons', async (c) => {
    const body = await readBody(c)
    validateCoupon(body, true)
    return sendJson(c, json(c, addCoupon(ledger, body)), 201)
  })
  app.get('/coupons/:id{\\d+}', (c) => sendJson(c, json(c, pick(c, 404)), 200))
  app.on(['POST', 'PUT', 'PATCH'], '/coupons/:id{\\d+}', async (c) => {
    const body = await readBody(c)
    validateCoupon(body, false)
    const coupon = pick(c, 400)
    writeCoupon(ledger, coupon, body)
    return sendJson(c, json(c, coupon), 200)
  })
  app.delete('/coupons/:id{\\d+}', (c) => {
    const coupon = pick(c, 404)
    const before = json(c, coupon)
    if (c.req.query('force') === 'true') ledger.coupons.delete(coupon.id)
    else if (!hasTrash)
      throw new WpFailure(
        501,
        'woocommerce_rest_trash_not_supported',
        'The shop_coupon does not support trashing.',
      )
    else if (coupon.status === 'trash')
      throw new WpFailure(
        410,
        'woocommerce_rest_already_trashed',
        'The shop_coupon has already been deleted.',
      )
    else coupon.status = 'trash'
    return sendJson(c, before, 200)
  })
  return app
}
