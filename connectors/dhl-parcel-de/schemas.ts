import { z } from 'zod'

const text = z.string().nullish()
const code = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).nullish()

/** A document. Customs papers are PDF even where labels are ZPL. */
const documentSchema = z
  .object({ b64: text, zpl2: text, fileFormat: text })
  .transform(({ b64, zpl2, fileFormat }) => ({ b64: b64 || null, zpl2: zpl2 || null, fileFormat }))
export type DhlDocument = z.infer<typeof documentSchema>

/** `status` replaced `statusCode`, which is still sent; either may be missing. */
const requestStatus = z.object({ title: text, status: code, statusCode: code, detail: text })

const validationMessage = z.object({
  property: text,
  validationMessage: text,
  validationState: text,
  validationMessageCode: z.union([z.string(), z.number().transform(String)]).nullish(),
})

const orderItem = z
  .object({
    /** A number would have lost digits already: it is no identity then. */
    shipmentNo: z.union([z.string(), z.number().transform(() => null)]).nullish(),
    sstatus: requestStatus.nullish(),
    label: documentSchema.nullish(),
    returnLabel: documentSchema.nullish(),
    customsDoc: documentSchema.nullish(),
    codLabel: documentSchema.nullish(),
    validationMessages: z.array(validationMessage).nullish(),
  })
  .transform(({ sstatus, validationMessages, shipmentNo, ...rest }) => ({
    ...rest,
    shipmentNo: shipmentNo || null,
    status: sstatus?.status ?? sstatus?.statusCode ?? null,
    detail: sstatus?.detail ?? null,
    validationMessages: validationMessages ?? [],
  }))
export type OrderItem = z.infer<typeof orderItem>

/** The answer of /orders, and its refusals, which may lack the items or stand bare. */
export const orderAnswerSchema = z
  .object({
    status: z.union([requestStatus, code]).optional(),
    title: text,
    statusCode: code,
    detail: text,
    items: z.array(orderItem).nullish(),
  })
  .transform((answer) => {
    const inner = answer.status !== null && typeof answer.status === 'object' ? answer.status : answer
    const status = typeof inner.status === 'number' ? inner.status : inner.statusCode
    return {
      status: status ?? null,
      title: inner.title ?? null,
      detail: inner.detail ?? null,
      items: answer.items ?? [],
    }
  })
export type OrderAnswer = z.infer<typeof orderAnswerSchema>

export const manifestSchema = z.object({
  items: z.array(z.object({ shipmentNo: z.string() })).nullish(),
})

export const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]),
})

export const pickupConfirmationSchema = z.object({
  confirmation: z.object({ type: z.literal('ORDERPICKUP'), value: z.object({ orderID: z.string().min(1) }) }),
})
export const pickupOrdersSchema = z.array(
  z.object({
    orderDetails: z.object({ orderID: z.string().min(1), orderState: z.string() }),
    shipmentDetails: z.object({
      shipments: z.array(z.object({ shipment: z.object({ customerReference: text }) })).nullish(),
    }),
  }),
)
export const pickupRefusalSchema = z
  .array(z.object({ errorCode: z.number(), title: z.string(), instance: text, detail: text }))
  .min(1)
