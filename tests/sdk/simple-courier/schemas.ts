import { z } from 'zod'

/** What Simple Parcel sends, as its API page describes it. Amounts are decimals in text: "19.90". */
export const charges = z.array(z.object({ code: z.string(), text: z.string(), amount: z.string() }))

export const offers = z.object({
  currency: z.string(),
  offers: z.array(
    z.discriminatedUnion('isOffered', [
      z.object({
        isOffered: z.literal(true),
        service: z.string(),
        total: z.string(),
        days: z.int(),
        charges,
      }),
      z.object({ isOffered: z.literal(false), service: z.string(), reason: z.string() }),
    ]),
  ),
})

export const shipment = z.object({
  id: z.string(),
  state: z.enum(['booked', 'cancelled']),
  currency: z.string(),
  total: z.string(),
  charges,
  parcels: z.array(z.object({ number: z.string(), zpl: z.string() })),
})
export const foundShipments = z.object({ shipments: z.array(shipment) })

export const tracked = z.object({
  parcels: z.array(
    z.object({
      number: z.string(),
      expectedAt: z.iso.datetime({ offset: true }).nullable(),
      events: z.array(
        z.object({
          code: z.string(),
          text: z.string(),
          place: z.string().nullable(),
          at: z.iso.datetime({ offset: true }),
        }),
      ),
    }),
  ),
})

export type SimpleOffers = z.infer<typeof offers>
export type SimpleShipment = z.infer<typeof shipment>
export type SimpleTracked = z.infer<typeof tracked>['parcels'][number]
/** A parcel as the API takes it: whole ounces, and inches with one decimal where the size is known. */
export type SimpleParcel = { ounces: number; inches?: readonly [number, number, number] }
