import { orderStatuses } from 'entrepot/sdk'
import { z } from 'zod'

const remoteOrderStatuses = orderStatuses.filter((status) => status !== 'allocated')

/** What a person enters for one shop. */
export const settings = z.object({
  url: z
    .url({ protocol: /^https?$/ })
    .overwrite((url) => url.replace(/\/+$/, ''))
    .meta({
      title: 'Shop address',
      description:
        'As in WordPress under Settings, General, "Site Address", with its path: https://shop.example/store',
    }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .meta({ title: 'Currency', description: 'The currency the shop sells in, as ISO 4217: EUR.' }),
  locale: z
    .string()
    .default('en')
    .meta({ title: 'Locale', description: 'The language of the shop, for titles and descriptions.' }),
  weightUnit: z
    .enum(['kg', 'g', 'lbs', 'oz'])
    .default('kg')
    .meta({ title: 'Weight unit', description: 'As in WooCommerce under Settings, Products.' }),
  dimensionsUnit: z
    .enum(['m', 'cm', 'mm', 'in', 'yd'])
    .default('cm')
    .meta({ title: 'Dimensions unit', description: 'As in WooCommerce under Settings, Products.' }),
  orderStatuses: z.record(z.string(), z.enum(remoteOrderStatuses)).default({}).meta({
    title: 'Own order statuses',
    description:
      'What statuses that plugins added mean, by slug without "wc-". An order with a status that is neither WooCommerce\'s own nor listed here is reported, never taken as paid.',
  }),
})
export type Settings = z.infer<typeof settings>

export const credentials = z.object({
  consumerKey: z.string().min(1).meta({
    title: 'Consumer key',
    description: 'WooCommerce, Settings, Advanced, REST API, with read and write permission.',
    secret: true,
  }),
  consumerSecret: z.string().min(1).meta({ title: 'Consumer secret', secret: true }),
  webhookSecret: z.string().optional().meta({
    title: 'Webhook secret',
    description: 'The secret of the webhooks that call us. Without it no webhook is accepted.',
    secret: true,
  }),
})
export type Credentials = z.infer<typeof credentials>

/** An instant without its zone, as the `*_gmt` fields have it. */
const gmt = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  .transform((text) => new Date(`${text}Z`))

/** Text that plugins also make a number or null. */
const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? '' : String(value)))
/** An amount as text; none is zero. */
const amount = text.transform((value) => value || '0')

/** Plugins write any JSON into meta values; a list with gaps arrives as an object, as PHP has it. */
const meta = z.object({ id: z.number().optional(), key: z.string(), value: z.unknown() })
const metaData = z
  .union([z.array(meta), z.record(z.string(), meta).transform((entries) => Object.values(entries))])
  .default([])

/** WordPress's error, whose `data` is an object, a bare status or nothing. */
export const wpError = z.object({
  code: z.union([z.string(), z.number()]).transform(String),
  message: z.string().default(''),
  data: z.unknown().optional(),
})
export type WpError = z.infer<typeof wpError>

/**
 * A product, or a variation where it is listed among products.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#product-properties
 */
export const product = z.object({
  id: z.number().int(),
  name: text,
  type: z.string().default('simple'),
  status: z.string(),
  sku: text,
  regular_price: text,
  sale_price: text,
  /** "parent" on a variation that sells from its parent's stock. */
  manage_stock: z.union([z.boolean(), z.literal('parent')]).default(false),
  /** Plugins for goods sold by weight make it a fraction. */
  stock_quantity: z.number().nullable().default(null),
  parent_id: z.number().int().default(0),
  attributes: z
    .array(
      z.object({
        id: z.number().default(0),
        name: z.string().default(''),
        variation: z.boolean().optional(),
        visible: z.boolean().optional(),
        position: z.number().optional(),
        options: z.array(z.string()).optional(),
        option: z.string().optional(),
      }),
    )
    .default([]),
  images: z.array(z.object({ id: z.number(), name: z.string().default('') })).default([]),
  /** The one picture of a variation. */
  image: z.object({ id: z.number(), name: z.string().default('') }).nullish(),
  meta_data: metaData,
})
export type WooProduct = z.infer<typeof product>

/** @see https://woocommerce.github.io/woocommerce-rest-api-docs/#product-category-properties */
export const category = z.object({ id: z.number().int(), name: text, parent: z.number().int().default(0) })
/** A shared attribute, or one of its values. */
export const named = z.object({ id: z.number().int(), name: text })
/** A tax class, or an order status. */
export const slugged = z.object({ slug: z.string(), name: text })

/** One item of a batch answer: the resource, or an error in its place; one we cannot read spoils no other. */
export const batchItem = z.union([
  z.object({ id: z.number().nullable(), error: wpError }),
  product.transform((value) => ({ id: value.id, product: value })),
  z.object({ id: z.number() }).transform(({ id }) => ({ id, isUnreadable: true as const })),
])
export type BatchItem = z.infer<typeof batchItem>
/** An empty batch is answered with `[]`. */
export const batchAnswer = z.union([
  z.object({
    create: z.array(batchItem).default([]),
    update: z.array(batchItem).default([]),
  }),
  z.array(z.never()).transform(() => ({ create: [], update: [] })),
])

const address = z.object({
  first_name: text,
  last_name: text,
  company: text,
  address_1: text,
  address_2: text,
  city: text,
  state: text,
  postcode: text,
  country: text,
  email: text,
  phone: text,
})
export type WooAddress = z.infer<typeof address>

/**
 * An order line. `price` is left out on purpose: it is a float such as 3.3333333333333335.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#order-line-items-properties
 */
const line = z.object({
  id: z.number().int(),
  name: text,
  /** 0 when the product was deleted. */
  product_id: z.number().int().nullable().default(0),
  variation_id: z.number().int().nullable().default(0),
  quantity: z.number(),
  subtotal: amount,
  total: amount,
  total_tax: amount,
  taxes: z.array(z.object({ id: z.number(), total: amount })).default([]),
  meta_data: metaData,
  sku: text,
})
export type WooLine = z.infer<typeof line>

const feeLine = z.object({
  id: z.number().int(),
  name: text,
  total: amount,
  total_tax: amount,
})
const shippingLine = z.object({
  id: z.number().int(),
  method_title: text,
  total: amount,
  total_tax: amount,
})

/** @see https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties */
export const order = z.object({
  id: z.number().int(),
  number: z.union([z.string(), z.number()]).transform(String),
  status: z.string(),
  currency: z.string(),
  date_created_gmt: gmt,
  date_modified_gmt: gmt,
  date_paid_gmt: gmt.nullable().default(null),
  total: z.string(),
  billing: address,
  shipping: address,
  payment_method: text,
  payment_method_title: text,
  transaction_id: text,
  meta_data: metaData,
  line_items: z.array(line),
  shipping_lines: z.array(shippingLine).default([]),
  fee_lines: z.array(feeLine).default([]),
  refunds: z.array(z.object({ id: z.number(), total: amount })).default([]),
})
export type WooOrder = z.infer<typeof order>

/** The little that a row must have for the cursor to go on, whatever else is wrong with it. */
export const orderStub = z.object({ id: z.number().int(), date_modified_gmt: gmt })

export const refund = z.object({
  id: z.number().int(),
  amount: z.string(),
  reason: text,
  meta_data: metaData,
})

/**
 * A coupon. `status` is missing before WooCommerce 6.2.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#coupon-properties
 */
export const coupon = z.object({
  id: z.number().int(),
  code: z.union([z.string(), z.number()]).transform(String),
  amount: z.string(),
  status: z.string().default('publish'),
  discount_type: z.string(),
  date_expires_gmt: gmt.nullable().default(null),
  product_ids: z.array(z.coerce.number()).default([]),
  usage_limit: z.number().nullable().default(null),
  exclude_sale_items: z.boolean().default(false),
  minimum_amount: amount,
  meta_data: metaData,
})
export type WooCoupon = z.infer<typeof coupon>

export const note = z.object({ id: z.number().int(), note: z.string(), customer_note: z.boolean() })
export const currentCurrency = z.object({ code: z.string() })
