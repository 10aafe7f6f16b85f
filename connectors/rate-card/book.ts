import { type BookedShipment, type Booking, ConnectorError } from 'entrepot/sdk'
import type { RateCardSettings } from './index.ts'
import { drawLabel } from './label-pdf.ts'
import { writeLabel } from './label-zpl.ts'
import { trackingNumberOf } from './numbers.ts'

/** Gives the numbers and prints the labels of a shipment. @throws ConnectorError `rejected` for what cannot be printed. */
export async function bookShipment(settings: RateCardSettings, booking: Booking): Promise<BookedShipment> {
  const { name: serviceName } = settings.services.find(({ code }) => code === booking.service)!
  if (booking.labelFormat === 'png')
    throw new ConnectorError('rejected', `${settings.carrierName} prints PDF and ZPL, not PNG.`)
  const parcels = []
  for (const [index, { weightGrams }] of booking.parcels.entries()) {
    const trackingNumber = trackingNumberOf(settings.numberPrefix, booking.reference, index)
    const facts = {
      carrierName: settings.carrierName,
      serviceName,
      trackingNumber,
      booking,
      position: index + 1,
      weightGrams,
    }
    const bytes = booking.labelFormat === 'zpl' ? writeLabel(facts) : await drawLabel(facts)
    const label = { kind: 'label' as const, format: booking.labelFormat, base64: bytes.toString('base64') }
    parcels.push({ trackingNumber, documents: [label] })
  }
  return { externalId: parcels[0]!.trackingNumber, parcels, documents: [], price: null }
}
