import { isCurrency } from 'entrepot/sdk'
import { z } from 'zod'

/** SF's own product codes (快件产品类别表); a contract may name others. */
const commonProducts = { 1: '顺丰特快', 2: '顺丰标快', 5: '顺丰次晨', 6: '顺丰即日' }

export const settings = z.object({
  apiUrl: z.url().default('https://bspgw.sf-express.com/std/service').meta({
    title: 'API address',
    description:
      'Hong Kong: https://sfapi-hk.sf-express.com/std/service. Tests: https://sfapi-sbox.sf-express.com/std/service',
  }),
  partnerId: z.string().min(1).max(64).meta({ title: 'Customer code (partnerID)' }),
  monthlyCard: z
    .string()
    .regex(/^\d{10}$/)
    .optional()
    .meta({ title: 'Monthly account (月结卡号)', description: 'Ten digits; SF bills it.' }),
  products: z.record(z.string().regex(/^\d+$/), z.string().min(1)).default(commonProducts).meta({
    title: 'Products',
    description: 'Codes and names of the products in the contract with SF, such as {"2": "顺丰标快"}',
  }),
  templateCode: z.string().default('').meta({
    title: 'Label template',
    description: 'From the console of SF; fm_150_standard_<customer code> (100 x 150 mm) when empty',
  }),
  goods: z.string().min(1).max(128).default('商品').meta({
    title: 'Goods',
    description: 'What lies in a parcel whose items nobody named',
  }),
  currency: z.string().refine(isCurrency).default('CNY').meta({ title: 'Currency of prices' }),
})
export type Settings = z.infer<typeof settings>

export const credentials = z.object({
  checkword: z.string().min(1).meta({ title: 'Checkword (校验码)', secret: true }),
})
export type Credentials = z.infer<typeof credentials>

/** Numbers arrive as text and as numbers. */
const text = z.union([z.string(), z.number()]).transform(String)
const optionalText = text.nullish().transform((value) => (value === '' ? null : (value ?? null)))
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')])

/** JSON inside JSON, or the object itself: SF's gateway sends both. */
const nested = z.unknown().transform((value, context) => {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    context.addIssue({ code: 'custom', message: 'it is no JSON' })
    return z.NEVER
  }
})

/** What the gateway says. A1000 only means that the service behind it was reached. */
export const envelope = z.object({
  apiResultCode: z.string(),
  apiErrorMsg: z.string().nullish(),
  apiResultData: z.unknown().optional(),
})
export type Envelope = z.infer<typeof envelope>

/** What the service behind the gateway says. Cloud print puts its answer into `obj`. */
export const result = nested.pipe(
  z.object({
    success: flag,
    errorCode: optionalText,
    errorMsg: optionalText,
    errorMessage: optionalText,
    msgData: z.unknown().optional(),
    obj: z.unknown().optional(),
  }),
)
export type Result = z.infer<typeof result>

const waybill = z.object({
  /** 1 the waybill of the shipment, 2 of a further parcel, 3 of the signed receipt. */
  waybillType: z.coerce.number(),
  waybillNo: z.string().min(1),
})

/** @see https://open.sf-express.com/Api/ApiDetails?level3=393 */
export const order = nested.pipe(
  z.object({
    orderId: z.string(),
    /** 1 a person at SF decides, 2 accepted, 3 refused. */
    filterResult: optionalText,
    remark: optionalText,
    waybillNoInfoList: z
      .array(waybill)
      .nullish()
      .transform((list) => list ?? []),
  }),
)
export type Order = z.infer<typeof order>

export const cancellation = nested.pipe(
  z.object({
    orderId: z.string(),
    /** 1 the numbers do not belong together, 2 done. */
    resStatus: text,
  }),
)

export const routeAnswer = nested.pipe(z.object({ routeResps: z.array(z.unknown()) }))
export const parcelRoutes = z.object({
  mailNo: z.string(),
  routes: z
    .array(
      z.object({
        /** "2026-03-02 17:00:00", in Beijing. */
        acceptTime: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
        acceptAddress: optionalText,
        remark: optionalText,
        opCode: text,
        reasonCode: optionalText,
      }),
    )
    .nullish()
    .transform((list) => list ?? []),
})
export type ParcelRoutes = z.infer<typeof parcelRoutes>

export const quoteAnswer = nested.pipe(
  z.object({
    deliverTmDto: z.array(
      z.object({
        businessType: text,
        businessTypeDesc: optionalText,
        /** "earliest,latest", in Beijing. */
        deliverTime: optionalText,
        fee: optionalText,
        currency: optionalText,
      }),
    ),
  }),
)
export type Offer = z.infer<typeof quoteAnswer>['deliverTmDto'][number]

export const printAnswer = z.object({
  files: z.array(
    z.object({
      url: z.url(),
      token: z.string().min(1),
      waybillNo: z.string(),
      seqNo: z.coerce.number().default(1),
      pageNo: z.coerce.number().default(1),
    }),
  ),
})
export type PrintFile = z.infer<typeof printAnswer>['files'][number]
