import { type Booking, ConnectorError, formatDecimal, type Money, type ParcelItem } from 'entrepot/sdk'
import type { Settings } from './settings.ts'
import { poundsOf } from './units.ts'

/** Our word on the left, theirs on the right. */
const contentTypes = {
  merchandise: 'MERCHANDISE',
  gift: 'GIFT',
  sample: 'COMMERCIAL_SAMPLE',
  documents: 'DOCUMENT',
  return: 'RETURNED_GOODS',
} as const

/** Exports to Canada need no declaration by this exemption. https://pe.usps.com/text/imm/immc5_012.htm */
const canadaExemption = 'NO EEI 30.36'
/** NO EEI 30.37(a) covers 2,500 USD an item. */
const valueExemption = 'NO EEI 30.37(a)'
const exemptMinor = 250_000

const refuse = (message: string): never => {
  throw new ConnectorError('rejected', message)
}

/** An amount as USPS wants it, a number of dollars. @throws ConnectorError `rejected` for another currency. */
export function dollarsOf(money: Money, what: string): number {
  if (money.currency !== 'USD') refuse(`USPS takes the ${what} in USD, not in ${money.currency}. Convert it.`)
  return Number(formatDecimal(money))
}

/** The customs form of one parcel. @throws ConnectorError `rejected` */
export function customsForm(
  customs: NonNullable<Booking['customs']>,
  items: readonly ParcelItem[],
  destination: string,
  settings: Settings,
) {
  if (customs.incoterm === 'DDP')
    refuse('Duties paid by the sender (DDP) need a contract of their own with USPS. Book with DAP.')
  if (items.length === 0 || items.length > 30)
    refuse(`Customs need one to thirty kinds of items in a parcel; there are ${items.length}.`)
  const AESITN = destination === 'CA' ? canadaExemption : settings.exportExemption
  return {
    AESITN,
    customsContentType: contentTypes[customs.contents],
    // It takes 15 characters and is no must: a number that was cut would name another invoice.
    ...(customs.invoiceNumber !== '' && customs.invoiceNumber.length <= 15
      ? { invoiceNumber: customs.invoiceNumber }
      : {}),
    contents: items.map((item) => declared(item, AESITN)),
  }
}

function declared(item: ParcelItem, exemption: string) {
  const { sku, quantity, unitValue, weightGrams, originCountry } = item
  if (weightGrams === null) return refuse(`Customs need the weight of ${sku}. Add it to the product.`)
  if (originCountry === null)
    return refuse(`Customs need the country of origin of ${sku}. Add it to the product.`)
  const totalMinor = unitValue.minor * quantity
  if (totalMinor <= 0) refuse(`Customs need a value above zero for ${sku}.`)
  if (exemption === valueExemption && totalMinor > exemptMinor)
    refuse(
      `${sku} is worth more than 2,500 USD: file the export in AES and put its ITN into the connection's settings.`,
    )
  const hsCode = item.hsCode?.replace(/[^\dA-Za-z.]/g, '') ?? ''
  return {
    itemDescription: item.title.trim().slice(0, 30).trim(),
    itemQuantity: quantity,
    itemTotalValue: dollarsOf({ ...unitValue, minor: totalMinor }, `value of ${sku}`),
    itemTotalWeight: poundsOf(weightGrams * quantity),
    weightUOM: 'lb',
    ...(hsCode.length >= 6 && hsCode.length <= 14 ? { HSTariffNumber: hsCode } : {}),
    countryofOrigin: originCountry,
  }
}
