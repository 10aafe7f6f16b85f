import { type Booking, type Customs, formatDecimal, type Money, type ParcelItem } from 'entrepot/sdk'
import { refuse, toKilograms } from './mapping-parties.ts'

/** Our word for the contents, and DHL's for the reason of export, the invoice and the kind of shipment. */
const contents: Record<Customs['contents'], { reason: string; invoice: string; shipment: string }> = {
  merchandise: { reason: 'commercial_purpose_or_sale', invoice: 'commercial', shipment: 'commercial' },
  gift: { reason: 'gift', invoice: 'proforma', shipment: 'personal' },
  sample: { reason: 'sample', invoice: 'proforma', shipment: 'commercial' },
  documents: { reason: 'permanent', invoice: 'proforma', shipment: 'commercial' },
  return: { reason: 'return', invoice: 'returns', shipment: 'commercial' },
}

export const invoiceTypeOf = (customs: Customs): string => contents[customs.contents].invoice

/** The parts of a booking's `content` that customs ask for. */
export function toDeclaration(booking: Booking, customs: Customs) {
  const items = booking.parcels.flatMap((parcel) => parcel.items)
  const value = worthOf(items)
  const { reason, shipment } = contents[customs.contents]
  return {
    isCustomsDeclarable: true,
    declaredValue: Number(formatDecimal(value)),
    declaredValueCurrency: value.currency,
    exportDeclaration: {
      lineItems: items.map((item, index) => toLineItem(item, index + 1, reason)),
      invoice: { number: customs.invoiceNumber, date: customs.invoiceDate.toISOString().slice(0, 10) },
      exportReason: customs.contents,
      exportReasonType: reason,
      shipmentType: shipment,
    },
  }
}

/** What all items are worth together: one sum in one currency, as the invoice says it. */
function worthOf(items: readonly ParcelItem[]): Money {
  const [first] = items
  if (!first) throw refuse('Customs ask for what is in the parcels. Enter their items.')
  const { currency } = first.unitValue
  const other = items.find((item) => item.unitValue.currency !== currency)
  if (other)
    throw refuse(
      `One customs invoice has one currency, but ${first.sku} is valued in ${currency} and ${other.sku} in ${other.unitValue.currency}. Value them alike.`,
    )
  return { minor: items.reduce((sum, item) => sum + item.unitValue.minor * item.quantity, 0), currency }
}

function toLineItem(item: ParcelItem, number: number, exportReasonType: string) {
  const { sku, weightGrams, originCountry, hsCode } = item
  if (!originCountry) throw refuse(`Customs ask where ${sku} was made. Enter its country of origin.`)
  if (!weightGrams) throw refuse(`Customs ask what ${sku} weighs. Enter the weight of a unit.`)
  return {
    number,
    description: item.title.slice(0, 512),
    price: Number(formatDecimal(item.unitValue)),
    quantity: { value: item.quantity, unitOfMeasurement: 'PCS' },
    ...(hsCode ? { commodityCodes: [{ typeCode: 'outbound', value: hsCode }] } : {}),
    exportReasonType,
    manufacturerCountry: originCountry,
    weight: { netValue: toKilograms(weightGrams * item.quantity) },
  }
}
