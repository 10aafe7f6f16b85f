import { type Address, type FieldIssue, fingerprint, type PickupRequest } from 'entrepot/sdk'
import { toBerlin } from './berlin-time.ts'
import { complaint, refuseIf } from './refusal.ts'
import type { DhlSettings } from './settings.ts'

/** The most characters DHL takes; what is longer is refused here, never cut. */
const limits = { name1: 50, name2: 50, addressStreet: 70, addressHouse: 10, postalCode: 7, city: 35 } as const

/** DHL keeps 20 characters of a reference: those of a longer one are drawn from all of it. */
export const pickupReference = (reference: string): string =>
  reference.length <= 20 ? reference : fingerprint(reference).slice(0, 20)

/** @throws ConnectorError `rejected` for what DHL would refuse or cut. */
export function toPickupOrder(request: PickupRequest, settings: DhlSettings) {
  const { from, readyAt, closesAt, parcels, instructions } = request
  const { address, issues } = toPickupAddress(from)
  const [ready, closes] = [toBerlin(readyAt), toBerlin(closesAt)]
  if (!settings.billingPickup)
    issues.push(
      complaint('customerDetails.billingNumber', 'the connection has no billing number for pickups.'),
    )
  if (ready.date !== closes.date)
    issues.push(complaint('businessHours', 'DHL comes within one day; ready and closing time are on two.'))
  if (parcels.length === 0) issues.push(complaint('shipmentDetails.shipments', 'there is nothing to fetch.'))
  if ((instructions?.length ?? 0) > 100)
    issues.push(complaint('pickupDetails.comment', 'the instructions have more than 100 characters.'))
  refuseIf(issues)
  return {
    customerDetails: { billingNumber: settings.billingPickup },
    pickupLocation: { type: 'Address', pickupAddress: address },
    businessHours: [{ timeFrom: ready.time, timeUntil: closes.time }],
    contactPerson: [
      {
        name: from.name,
        ...(from.phone ? { phone: from.phone } : {}),
        ...(from.email ? { email: from.email } : {}),
      },
    ],
    pickupDetails: {
      pickupDate: { type: 'Date', value: ready.date },
      totalWeight: {
        uom: 'g',
        value: parcels.reduce((sum, parcel) => sum + Math.ceil(parcel.weightGrams), 0),
      },
      ...(instructions ? { comment: instructions } : {}),
    },
    shipmentDetails: {
      shipments: parcels.map((_, index) => ({
        transportationType: 'PAKET',
        ...(request.trackingNumbers[index] ? { shipmentNo: request.trackingNumbers[index] } : {}),
        customerReference: pickupReference(request.reference),
      })),
    },
  }
}
export type PickupOrder = ReturnType<typeof toPickupOrder>

/** The pickup wants the house number apart, at the end of a German street. */
function toPickupAddress(from: Address) {
  const [line = '', ...further] = from.addressLines.map((text) => text.trim()).filter(Boolean)
  const match = /^(.*\D)\s+(\d+\s*[a-z]?(?:\s*[-/]\s*\d+\s*[a-z]?)?)$/i.exec(line)
  const names = [from.company?.trim(), from.name.trim(), ...further].filter(
    (text, index, all): text is string => Boolean(text) && all.indexOf(text) === index,
  )
  const address = {
    name1: names[0] ?? '',
    ...(names[1] ? { name2: names[1] } : {}),
    addressStreet: match?.[1]?.trim() ?? line,
    addressHouse: match?.[2]?.trim() ?? '',
    postalCode: from.postcode ?? '',
    city: from.city ?? '',
    country: from.country,
  }
  const issues: FieldIssue[] = []
  const at = (name: string) => `pickupLocation.pickupAddress.${name}`
  if (names.length > 2) issues.push(complaint(at('name2'), 'the address has more lines than DHL takes.'))
  for (const [name, most] of Object.entries(limits)) {
    const length = (address as Record<string, string | undefined>)[name]?.length ?? 0
    if (length > most) issues.push(complaint(at(name), `has ${length} characters; DHL takes ${most}.`))
    if (length === 0 && name !== 'name2') issues.push(complaint(at(name), 'is missing.'))
  }
  return { address, issues }
}
