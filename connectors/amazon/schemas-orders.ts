import { z } from 'zod'

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text))
const windowSchema = z.object({ latestDateTime: instant.optional() }).optional()
const moneySchema = z.object({ amount: z.string(), currencyCode: z.string() })

const addressSchema = z.object({
  name: z.string().optional(),
  companyName: z.string().optional(),
  addressLine1: z.string().optional(),
  addressLine2: z.string().optional(),
  addressLine3: z.string().optional(),
  city: z.string().optional(),
  districtOrCounty: z.string().optional(),
  stateOrRegion: z.string().optional(),
  postalCode: z.string().optional(),
  countryCode: z.string().optional(),
  phone: z.string().optional(),
})
export type AmazonAddress = z.infer<typeof addressSchema>

const breakdownSchema = z.object({
  type: z.string(),
  subtotal: moneySchema,
  detailedBreakdowns: z
    .array(z.object({ subtype: z.string().optional(), value: moneySchema.optional() }))
    .optional(),
})

const orderItemSchema = z.object({
  orderItemId: z.string().min(1),
  quantityOrdered: z.int().min(0),
  product: z.object({
    asin: z.string().optional(),
    title: z.string().optional(),
    sellerSku: z.string().optional(),
    price: z.object({ unitPrice: moneySchema.optional() }).optional(),
  }),
  proceeds: z
    .object({ proceedsTotal: moneySchema.optional(), breakdowns: z.array(breakdownSchema).optional() })
    .optional(),
  cancellation: z.object({ cancellationExecution: z.object({}).optional() }).optional(),
  fulfillment: z
    .object({ quantityFulfilled: z.int().optional(), quantityUnfulfilled: z.int().optional() })
    .optional(),
})
export type AmazonOrderItem = z.infer<typeof orderItemSchema>

/** An order of the Orders API 2026-01-01. https://developer-docs.amazon.com/sp-api/reference/searchorders */
export const orderSchema = z.object({
  orderId: z.string().min(1),
  createdTime: instant,
  lastUpdatedTime: instant,
  buyer: z
    .object({
      buyerName: z.string().optional(),
      buyerEmail: z.string().optional(),
      buyerCompanyName: z.string().optional(),
    })
    .optional(),
  recipient: z.object({ deliveryAddress: addressSchema.optional() }).optional(),
  proceeds: z
    .object({
      grandTotal: moneySchema.optional(),
      breakdowns: z.array(z.object({ type: z.string(), subtotal: moneySchema })).optional(),
    })
    .optional(),
  payment: z
    .object({
      paymentExecutions: z
        .array(z.object({ paymentMethod: z.string().optional(), paymentAmount: moneySchema.optional() }))
        .optional(),
    })
    .optional(),
  fulfillment: z
    .object({
      fulfillmentStatus: z.string(),
      fulfilledBy: z.string().optional(),
      fulfillmentServiceLevel: z.string().optional(),
      shipByWindow: windowSchema,
      deliverByWindow: windowSchema,
    })
    .optional(),
  orderItems: z.array(orderItemSchema),
  packages: z.array(z.object({ trackingNumber: z.string().optional() })).optional(),
})
export type AmazonOrder = z.infer<typeof orderSchema>

/** Each order is parsed by itself, so that one that cannot be read holds up nothing. */
export const ordersPageSchema = z.object({
  orders: z.array(z.unknown()),
  pagination: z.object({ nextToken: z.string().optional() }).optional(),
  lastUpdatedBefore: z.iso.datetime({ offset: true }).optional(),
})
export type OrdersPage = z.infer<typeof ordersPageSchema>
export const orderAnswerSchema = z.object({ order: z.unknown() })
