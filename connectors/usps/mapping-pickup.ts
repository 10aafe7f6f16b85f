import { ConnectorError, type PickupRequest } from 'entrepot/sdk'
import { placeOf } from './mapping-address.ts'
import type { Settings } from './settings.ts'
import { localDate, poundsOf } from './units.ts'

/** USPS fetches with the day's mail: it takes a day, and no hour. @throws ConnectorError `rejected` */
export function pickupBody(request: PickupRequest, settings: Settings) {
  const { from, parcels, instructions } = request
  const [firstName = '', ...rest] = from.name.trim().split(/\s+/)
  if (!from.email)
    throw new ConnectorError('rejected', 'USPS needs an e-mail address for a pickup. Add it to the sender.')
  return {
    pickupDate: localDate(request.readyAt, settings.timeZone),
    pickupAddress: {
      firstName,
      lastName: rest.join(' ') || firstName,
      ...(from.company ? { firm: from.company } : {}),
      address: placeOf(from, 'sender'),
      contact: [{ email: from.email }],
    },
    packages: [{ packageType: 'OTHER', packageCount: parcels.length }],
    estimatedWeight: poundsOf(parcels.reduce((sum, { weightGrams }) => sum + weightGrams, 0)),
    pickupLocation: instructions
      ? { packageLocation: 'OTHER', specialInstructions: instructions }
      : { packageLocation: 'FRONT_DOOR' },
  }
}
