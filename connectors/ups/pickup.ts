import { ConnectorError, type Once, type PickupRequest } from 'entrepot/sdk'
import type { UpsClient } from './client.ts'
import { phoneOf, stateCodeOf, zipOf } from './mapping-address.ts'
import { dayOf, weightOf } from './mapping-parcels.ts'
import type { UpsSettings } from './settings.ts'

/** Above this a parcel needs a second man: 70 pounds or 32 kilograms, the smaller of the two. */
const heavyGrams = 31_751
const dayMs = 24 * 60 * 60 * 1000

/** Asks the driver to come. `find` knows the pickups of today and tomorrow only. */
export const pickup: Once<UpsClient, PickupRequest, { externalId: string }> = {
  async run(client, request) {
    const { PRN } = await client.createPickup(toPickup(request, client.settings), request.reference)
    return { externalId: PRN }
  },
  async find(client, request) {
    const found = (await client.pendingPickups()).find(
      ({ ReferenceNumber }) => ReferenceNumber === request.reference,
    )
    if (found) return { externalId: found.PRN }
    const { timeZone } = client.settings
    const tomorrow = dayOf(new Date(client.clock.now().getTime() + dayMs), timeZone)
    if (dayOf(request.readyAt, timeZone) > tomorrow)
      throw new ConnectorError(
        'uncertain',
        `UPS lists no pickups after tomorrow, so ${request.reference} may or may not be among them. Look on ups.com.`,
      )
    return null
  },
}

const timeOf = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
    .format(at)
    .replace(':', '')

/** The request in UPS's words. It wants a service and a destination; ours tells neither, so the plainest stand in. */
export function toPickup(request: PickupRequest, settings: UpsSettings): object {
  const { from, parcels, readyAt, closesAt } = request
  const { accountNumber, originCountry, timeZone } = settings
  return {
    PickupCreationRequest: {
      Request: { SubVersion: '2409', TransactionReference: { CustomerContext: request.reference } },
      RatePickupIndicator: 'N',
      Shipper: { Account: { AccountNumber: accountNumber, AccountCountryCode: originCountry } },
      PickupDateInfo: {
        CloseTime: timeOf(closesAt, timeZone),
        ReadyTime: timeOf(readyAt, timeZone),
        PickupDate: dayOf(readyAt, timeZone),
      },
      PickupAddress: addressOf(request),
      AlternateAddressIndicator: 'Y',
      PickupPiece: [
        {
          ServiceCode: from.country === 'US' || from.country === 'PR' ? '003' : '011',
          Quantity: String(parcels.length),
          DestinationCountryCode: from.country,
          ContainerCode: '01',
        },
      ],
      TotalWeight: totalWeight(request),
      OverweightIndicator: parcels.some(({ weightGrams }) => weightGrams > heavyGrams) ? 'Y' : 'N',
      ...(request.trackingNumbers.length > 0
        ? { TrackingData: request.trackingNumbers.map((TrackingNumber) => ({ TrackingNumber })) }
        : {}),
      PaymentMethod: '01',
      ...(request.instructions ? { SpecialInstruction: request.instructions.slice(0, 57) } : {}),
      ReferenceNumber: request.reference,
      ShippingLabelsAvailable: 'Y',
    },
  }
}

function totalWeight({ parcels, from }: PickupRequest) {
  const grams = parcels.reduce((sum, { weightGrams }) => sum + weightGrams, 0)
  const { Weight, UnitOfMeasurement } = weightOf(grams, from.country)
  return { Weight, UnitOfMeasurement: UnitOfMeasurement.Code }
}

function refused(field: string, message: string): never {
  throw new ConnectorError('rejected', message, {
    issues: [{ field, code: null, message, severity: 'error' }],
  })
}

function addressOf({ from }: PickupRequest) {
  const street = from.addressLines.filter((line) => line.trim() !== '').join(', ')
  if (street === '' || street.length > 73)
    refused(
      'PickupAddress/AddressLine',
      'UPS needs the street of a pickup in one line of at most 73 characters.',
    )
  const { Phone } = phoneOf(from)
  if (!Phone) refused('PickupAddress/Phone', 'UPS needs a phone number for a pickup.')
  const { PostalCode } = zipOf(from)
  const { StateProvinceCode } = stateCodeOf(from, 5)
  return {
    CompanyName: (from.company || from.name).slice(0, 27),
    ContactName: from.name.slice(0, 22),
    AddressLine: [street],
    City: from.city ?? '',
    ...(StateProvinceCode ? { StateProvince: StateProvinceCode } : {}),
    ...(PostalCode ? { PostalCode: from.country === 'US' ? PostalCode.slice(0, 5) : PostalCode } : {}),
    CountryCode: from.country,
    ResidentialIndicator: from.isResidential ? 'Y' : 'N',
    Phone,
  }
}
