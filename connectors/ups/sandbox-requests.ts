import { z } from 'zod'
import { UpsRefusal } from './sandbox-gate.ts'

const address = z.object({
  AddressLine: z.array(z.string()).optional(),
  City: z.string().optional(),
  StateProvinceCode: z.string().optional(),
  PostalCode: z.string().optional(),
  CountryCode: z.string().optional(),
})
const party = z.object({
  Name: z.string().optional(),
  AttentionName: z.string().optional(),
  Phone: z.object({ Number: z.string() }).optional(),
  ShipperNumber: z.string().optional(),
  Address: address,
})
const reference = z.array(z.object({ Value: z.string() })).optional()
const packages = z.array(
  z.object({
    PackageWeight: z
      .object({ UnitOfMeasurement: z.object({ Code: z.string() }), Weight: z.string() })
      .optional(),
    ReferenceNumber: reference,
  }),
)
export type Packages = z.infer<typeof packages>

const rateRequest = z.object({
  RateRequest: z.object({
    Shipment: z.object({
      ShipFrom: z.object({ Address: address }),
      ShipTo: z.object({ Address: address }),
      Package: packages,
      DeliveryTimeInformation: z.object({ Pickup: z.object({ Date: z.string() }).optional() }).optional(),
    }),
  }),
})

const shipRequest = z.object({
  ShipmentRequest: z.object({
    Shipment: z.object({
      Shipper: party,
      ShipFrom: party,
      ShipTo: party,
      Service: z.object({ Code: z.string() }),
      Package: packages,
      ReferenceNumber: reference,
      ShipmentDate: z.string().optional(),
      ShipmentServiceOptions: z
        .object({
          InternationalForms: z
            .object({
              InvoiceNumber: z.string(),
              Product: z.array(z.object({ Description: z.array(z.string()) })),
            })
            .optional(),
        })
        .optional(),
    }),
    LabelSpecification: z.object({ LabelImageFormat: z.object({ Code: z.string() }) }),
  }),
})

const recoveryRequest = z.object({
  LabelRecoveryRequest: z.object({
    TrackingNumber: z.string().optional(),
    ReferenceValues: z
      .object({ ReferenceNumber: z.object({ Value: z.string() }), ShipperNumber: z.string() })
      .optional(),
    LabelSpecification: z.object({ LabelImageFormat: z.object({ Code: z.string() }) }),
  }),
})

const pickupRequest = z.object({
  PickupCreationRequest: z.object({
    PickupDateInfo: z.object({ PickupDate: z.string(), ReadyTime: z.string(), CloseTime: z.string() }),
    PickupAddress: z.object({ ContactName: z.string() }),
    ReferenceNumber: z.string().optional(),
  }),
})

/** Reads a body, or refuses it as UPS refuses JSON that it cannot map. */
function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new UpsRefusal(400, '9500', `Invalid request: ${z.prettifyError(parsed.error)}`.slice(0, 300))
}
export const rateBody = (body: unknown) => read(rateRequest, body).RateRequest
export const shipBody = (body: unknown) => read(shipRequest, body).ShipmentRequest
export const recoveryBody = (body: unknown) => read(recoveryRequest, body).LabelRecoveryRequest
export const pickupBody = (body: unknown) => read(pickupRequest, body).PickupCreationRequest

const postcodes: Readonly<Record<string, RegExp>> = {
  US: /^\d{5}(\d{4})?$/,
  PR: /^\d{5}(\d{4})?$/,
  CA: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i,
  DE: /^\d{5}$/,
  FR: /^\d{5}$/,
  IT: /^\d{5}$/,
  ES: /^\d{5}$/,
  PL: /^\d{2}-?\d{3}$/,
  GB: /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i,
}

/** The country of an address that UPS would take. */
export function requirePlace(
  { CountryCode, PostalCode }: z.infer<typeof address>,
  party: 'ShipFrom' | 'ShipTo',
): string {
  if (!CountryCode || !/^[A-Z]{2}$/.test(CountryCode))
    throw new UpsRefusal(400, '120208', `Missing/Invalid/Unsupported ${party} CountryCode`)
  const pattern = postcodes[CountryCode]
  if (pattern && !pattern.test(PostalCode ?? ''))
    throw new UpsRefusal(400, '120207', `Missing/Invalid ${party} PostalCode.`)
  return CountryCode
}

export function requireWeights(found: Packages): void {
  if (found.length === 0) throw new UpsRefusal(400, '110002', 'No packages in shipment')
  for (const { PackageWeight: weight } of found)
    if (!weight || !(Number(weight.Weight) > 0))
      throw new UpsRefusal(400, '111030', 'Packages must weigh more than zero.')
}

const gramsIn = ({ PackageWeight: weight }: Packages[number]): number =>
  Math.round(Number(weight?.Weight ?? 0) * (weight?.UnitOfMeasurement.Code === 'LBS' ? 453.59237 : 1000))
export const weightsOf = (found: Packages): number[] => found.map(gramsIn)
export const totalGrams = (found: Packages): number => weightsOf(found).reduce((sum, grams) => sum + grams, 0)

/** What UPS bills: full pounds or half kilograms, in the unit that was asked in. */
export function billingWeight(found: Packages) {
  const isPounds = found[0]?.PackageWeight?.UnitOfMeasurement.Code === 'LBS'
  const step = isPounds ? 1 : 0.5
  const told = found.reduce((sum, { PackageWeight: weight }) => sum + Number(weight?.Weight ?? 0), 0)
  return {
    UnitOfMeasurement: isPounds
      ? { Code: 'LBS', Description: 'Pounds' }
      : { Code: 'KGS', Description: 'Kilograms' },
    Weight: (Math.ceil(Number((told / step).toFixed(6))) * step).toFixed(1),
  }
}
