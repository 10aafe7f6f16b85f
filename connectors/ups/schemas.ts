import { z } from 'zod'

/** UPS sends a single object where a list of one is meant, and nothing where it is empty. */
const list = <Item extends z.ZodType>(item: Item) =>
  z
    .union([z.array(item), item.transform((one) => [one])])
    .optional()
    .transform((found) => (found ?? []) as z.output<Item>[])

/** Numbers come as text; some versions send them plain. */
const text = z.union([z.string(), z.number().transform(String)])
const amount = z.object({ CurrencyCode: z.string().length(3), MonetaryValue: text })
const itemized = amount.extend({
  Code: text,
  Description: z.string().optional(),
  SubType: z.string().optional(),
})
const tax = z.object({ Type: z.string(), MonetaryValue: text })

export const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive(),
})

/** How every UPS API refuses. */
export const refusalSchema = z.object({
  response: z.object({ errors: z.array(z.object({ code: text, message: z.string().default('') })).min(1) }),
})

const published = z.object({
  BaseServiceCharge: amount.optional(),
  ItemizedCharges: list(itemized),
  TaxCharges: list(tax),
  TotalCharges: amount,
  TotalChargesWithTaxes: amount.optional(),
})
/** A price tells the base of the account's own rate, a booking does not. */
const negotiated = z.object({
  ItemizedCharges: list(itemized),
  TaxCharges: list(tax),
  TotalCharge: amount.optional(),
  TotalChargesWithTaxes: amount.optional(),
})
export type PublishedCharges = z.infer<typeof published>
const negotiatedRate = negotiated.extend({ BaseServiceCharge: list(amount) })
export type NegotiatedCharges = z.infer<typeof negotiated> & {
  BaseServiceCharge?: z.infer<typeof negotiatedRate>['BaseServiceCharge']
}

const billingWeight = z.object({ UnitOfMeasurement: z.object({ Code: z.string() }), Weight: text })
export type BillingWeight = z.infer<typeof billingWeight>

const arrival = z.object({
  Arrival: z.object({ Date: text, Time: text.optional() }),
  BusinessDaysInTransit: text,
})
const ratedShipment = published.extend({
  Service: z.object({ Code: text }),
  BillingWeight: billingWeight.optional(),
  NegotiatedRateCharges: negotiatedRate.optional(),
  TimeInTransit: z.object({ ServiceSummary: z.object({ EstimatedArrival: arrival }) }).optional(),
  GuaranteedDelivery: z.object({ BusinessDaysInTransit: text.optional() }).optional(),
})
export type RatedShipment = z.infer<typeof ratedShipment>
export const rateSchema = z.object({ RateResponse: z.object({ RatedShipment: list(ratedShipment) }) })

/** Formats that the hub can hand on, by UPS's code. A label in any other is no label to us. */
const format = z
  .string()
  .transform((code) => code.toLowerCase())
  .pipe(z.enum(['zpl', 'png', 'pdf']))
const image = z.object({ ImageFormat: z.object({ Code: z.string() }), GraphicImage: z.string() })
const form = z.object({ Image: image.optional() })
export type Image = z.infer<typeof image>

const packageResult = z.object({
  TrackingNumber: z.string().min(1),
  ShippingLabel: z.object({ ImageFormat: z.object({ Code: format }), GraphicImage: z.string().min(1) }),
})
export const shipmentSchema = z.object({
  ShipmentResponse: z.object({
    ShipmentResults: z.object({
      ShipmentIdentificationNumber: z.string().min(1),
      ShipmentCharges: published.optional(),
      NegotiatedRateCharges: negotiated.optional(),
      PackageResults: list(packageResult).refine((found) => found.length > 0, 'No package came back.'),
      Form: form.optional(),
      ControlLogReceipt: list(image),
    }),
  }),
})
export type ShipmentResults = z.infer<typeof shipmentSchema>['ShipmentResponse']['ShipmentResults']

const labelResult = z.object({
  TrackingNumber: z.string().min(1),
  LabelImage: z.object({ LabelImageFormat: z.object({ Code: format }), GraphicImage: z.string().min(1) }),
})
/** Either labels, or candidates to choose among where the reference fits several packages. */
export const recoverySchema = z.object({
  LabelRecoveryResponse: z.object({
    ShipmentIdentificationNumber: z.string().optional(),
    LabelResults: list(labelResult),
    TrackingCandidate: list(z.object({ TrackingNumber: z.string().min(1) })),
  }),
})
export type Recovery = z.infer<typeof recoverySchema>['LabelRecoveryResponse']

const status = z.object({ Code: text, Description: z.string().optional() })
export const voidSchema = z.object({
  VoidShipmentResponse: z.object({
    SummaryResult: z.object({ Status: status }),
    PackageLevelResults: list(z.object({ TrackingNumber: z.string(), Status: status })),
  }),
})

const activity = z.object({
  date: z.string().optional(),
  time: z.string().optional(),
  gmtDate: z.string().optional(),
  gmtTime: z.string().optional(),
  location: z
    .object({
      address: z
        .object({ city: z.string(), stateProvince: z.string(), countryCode: z.string(), country: z.string() })
        .partial()
        .optional(),
    })
    .optional(),
  status: z
    .object({ type: z.string(), code: z.string(), statusCode: z.string(), description: z.string() })
    .partial()
    .optional(),
})
export type Activity = z.infer<typeof activity>
const trackedPackage = z.object({
  trackingNumber: z.string().optional(),
  activity: list(activity),
  deliveryDate: list(z.object({ type: z.string().optional(), date: z.string().optional() })),
  deliveryTime: z.object({ endTime: z.string().optional() }).optional(),
})
export type TrackedPackage = z.infer<typeof trackedPackage>
export const trackSchema = z.object({
  trackResponse: z.object({
    shipment: list(
      z.object({
        package: list(trackedPackage),
        warnings: list(z.object({ code: text, message: z.string().default('') })),
      }),
    ),
  }),
})
export type TrackedShipment = z.infer<typeof trackSchema>['trackResponse']['shipment'][number]

export const subscriptionSchema = z.object({
  validTrackingNumbers: z.array(z.string()).nullish(),
  invalidTrackingNumbers: z.array(z.string()).nullish(),
})

export const pickupSchema = z.object({ PickupCreationResponse: z.object({ PRN: z.string().min(1) }) })

export const pendingPickupsSchema = z.object({
  PickupPendingStatusResponse: z.object({
    PendingStatus: list(z.object({ PRN: z.string(), ReferenceNumber: z.string().optional() })),
  }),
})

export const trackAlertSchema = z.object({ trackingNumber: z.string().min(1) })
