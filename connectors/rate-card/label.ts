import type { Booking } from 'entrepot/sdk'

/** What a label says. */
export type LabelFacts = {
  carrierName: string
  serviceName: string
  trackingNumber: string
  booking: Booking
  /** Counted from one. */
  position: number
  weightGrams: number
}

/** The lines of an address, as a label shows them. */
export const addressLines = ({
  name,
  company,
  addressLines,
  postcode,
  city,
  region,
  country,
}: Booking['to']): string[] =>
  [company, name, ...addressLines, [postcode, city].filter(Boolean).join(' '), region, country].filter(
    (line): line is string => Boolean(line),
  )

/** The weight as people read it: 1.530 kg. */
export const kilograms = (grams: number): string =>
  `${Math.floor(grams / 1000)}.${String(grams % 1000).padStart(3, '0')} kg`
