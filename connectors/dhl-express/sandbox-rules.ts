import { z } from 'zod'

const text = (max: number, min = 1) => z.string().min(min).max(max)
const country = text(2, 2)
const currency = text(3, 3)
const amount = z.number().min(0)
const measure = z.number().min(0.001)

const account = z.strictObject({
  typeCode: z.enum(['shipper', 'payer', 'duties-taxes']),
  number: text(12),
})
const dimensions = z.strictObject({ length: measure, width: measure, height: measure })
const place = {
  postalCode: text(12, 0),
  cityName: text(45),
  countryCode: country,
  provinceCode: text(35, 2).optional(),
}
const rateAddress = z.strictObject(place)

/** What MyDHL demands of POST /rates, as far as a connector uses it. */
export const rateRequest = z.strictObject({
  customerDetails: z.strictObject({ shipperDetails: rateAddress, receiverDetails: rateAddress }),
  accounts: z.array(account).max(2),
  productsAndServices: z.array(z.strictObject({ productCode: text(6) })).optional(),
  plannedShippingDateAndTime: text(29),
  unitOfMeasurement: z.literal('metric'),
  isCustomsDeclarable: z.boolean(),
  monetaryAmount: z
    .array(z.strictObject({ typeCode: z.enum(['declaredValue', 'insuredValue']), value: amount, currency }))
    .optional(),
  estimatedDeliveryDate: z
    .strictObject({ isRequested: z.boolean(), typeCode: z.enum(['QDDC', 'QDDF']) })
    .optional(),
  nextBusinessDay: z.boolean().optional(),
  packages: z
    .array(z.strictObject({ weight: measure, dimensions: dimensions.optional() }))
    .min(1)
    .max(999),
})
export type RateRequest = z.infer<typeof rateRequest>

const party = z.strictObject({
  postalAddress: z.strictObject({
    ...place,
    provinceName: text(35).optional(),
    addressLine1: text(45),
    addressLine2: text(45).optional(),
    addressLine3: text(45).optional(),
  }),
  contactInformation: z.strictObject({
    email: text(70).optional(),
    phone: text(70),
    companyName: text(100),
    fullName: text(255),
  }),
  typeCode: z.enum(['business', 'private']).optional(),
})
const lineItem = z.strictObject({
  number: z.int().min(1).max(999),
  description: text(512),
  price: amount,
  quantity: z.strictObject({ value: z.int().min(1), unitOfMeasurement: text(8) }),
  commodityCodes: z
    .array(z.strictObject({ typeCode: z.enum(['outbound', 'inbound']), value: text(18, 2) }))
    .max(2)
    .optional(),
  exportReasonType: z.string(),
  manufacturerCountry: country,
  weight: z.strictObject({ netValue: amount.optional(), grossValue: amount.optional() }),
})
const content = z.strictObject({
  packages: z
    .array(
      z.strictObject({
        weight: measure,
        dimensions: dimensions.optional(),
        referenceNumber: z.int().min(1).max(999).optional(),
      }),
    )
    .min(1)
    .max(999),
  isCustomsDeclarable: z.boolean(),
  declaredValue: amount.optional(),
  declaredValueCurrency: currency.optional(),
  exportDeclaration: z
    .strictObject({
      lineItems: z.array(lineItem).min(1).max(999),
      invoice: z.strictObject({ number: text(35), date: z.iso.date() }),
      exportReason: text(30),
      exportReasonType: z.string(),
      shipmentType: z.enum(['personal', 'commercial']),
    })
    .optional(),
  description: text(70),
  incoterm: z.enum(['DAP', 'DDP']),
  unitOfMeasurement: z.literal('metric'),
})

/** What MyDHL demands of POST /shipments, as far as a connector uses it. */
export const shipmentRequest = z.strictObject({
  plannedShippingDateAndTime: text(29),
  pickup: z.strictObject({ isRequested: z.boolean() }),
  productCode: text(6),
  getRateEstimates: z.boolean().optional(),
  accounts: z.array(account).min(1).max(3),
  valueAddedServices: z.array(z.strictObject({ serviceCode: text(6) })).optional(),
  outputImageProperties: z
    .strictObject({
      printerDPI: z.literal([200, 300]),
      encodingFormat: z.enum(['pdf', 'zpl', 'lp2', 'epl']),
      imageOptions: z.array(
        z.strictObject({
          typeCode: z.enum(['label', 'waybillDoc', 'invoice', 'qr-code', 'shipmentReceipt']),
          templateName: text(25).optional(),
          isRequested: z.boolean().optional(),
          numberOfCopies: z.int().min(1).max(2).optional(),
          invoiceType: z.enum(['commercial', 'proforma', 'returns']).optional(),
          languageCode: text(3, 3).optional(),
        }),
      ),
      splitTransportAndWaybillDocLabels: z.boolean().optional(),
    })
    .optional(),
  customerReferences: z.array(z.strictObject({ value: text(35), typeCode: z.enum(['CU', 'CO']) })).optional(),
  customerDetails: z.strictObject({ shipperDetails: party, receiverDetails: party }),
  content,
  getAdditionalInformation: z
    .array(z.strictObject({ typeCode: z.literal('linkLabelsByPieces'), isRequested: z.boolean() }))
    .optional(),
})
export type ShipmentRequest = z.infer<typeof shipmentRequest>
