import type { BookedShipment, LabelFormat, ShippingDocument } from 'entrepot/sdk'
import type { DhlDocument, OrderItem } from './schemas.ts'

/** DHL's id of a booking of several parcels is the list of its shipment numbers. */
export const externalIdOf = (shipmentNumbers: readonly string[]): string => shipmentNumbers.join(',')
export const numbersIn = (externalId: string): string[] => externalId.split(',').filter(Boolean)

/** The booking as it was made, or null where a shipment lacks its number or its label. */
export function toBooked(items: readonly OrderItem[]): BookedShipment | null {
  const parcels = items.map((item) => {
    const label = toDocument('label', item.label)
    if (item.shipmentNo === null || !label) return null
    const others = [
      toDocument('customs', item.customsDoc),
      toDocument('other', item.returnLabel),
      toDocument('other', item.codLabel),
    ]
    return {
      trackingNumber: item.shipmentNo,
      documents: [label, ...others].filter((document) => document !== null),
    }
  })
  if (parcels.some((parcel) => parcel === null)) return null
  const made = parcels.filter((parcel) => parcel !== null)
  return {
    externalId: externalIdOf(made.map((parcel) => parcel.trackingNumber)),
    parcels: made,
    documents: [],
    price: null,
  }
}

/** ZPL comes as text, PDF in base64. */
function toDocument(
  kind: ShippingDocument['kind'],
  document: DhlDocument | null | undefined,
): ShippingDocument | null {
  if (!document) return null
  const { b64, zpl2, fileFormat } = document
  const format: LabelFormat = fileFormat === 'ZPL2' || (b64 === null && zpl2 !== null) ? 'zpl' : 'pdf'
  const base64 = format === 'zpl' ? (zpl2 === null ? b64 : Buffer.from(zpl2).toString('base64')) : b64
  return base64 === null ? null : { kind, format, base64 }
}
