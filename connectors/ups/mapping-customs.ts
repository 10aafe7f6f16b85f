import {
  type Booking,
  ConnectorError,
  type Customs,
  formatDecimal,
  type Money,
  type ParcelItem,
} from 'entrepot/sdk'
import { partyOf } from './mapping-address.ts'
import { dayOf, weightOf } from './mapping-parcels.ts'

/** Ours on the left, UPS's ReasonForExport on the right. Documents need no invoice. */
const reasons: Readonly<Record<Exclude<Customs['contents'], 'documents'>, string>> = {
  merchandise: 'SALE',
  gift: 'GIFT',
  sample: 'SAMPLE',
  return: 'RETURN',
}

/** The goods' value in one currency. @throws ConnectorError where items are in several. */
export function goodsValue(booking: Booking): Money | null {
  const items = booking.parcels.flatMap(({ items }) => items)
  const [first] = items
  if (!first) return booking.declaredValue
  const { currency } = first.unitValue
  const stranger = items.find(({ unitValue }) => unitValue.currency !== currency)
  if (stranger)
    throw new ConnectorError(
      'rejected',
      `An invoice has one currency: ${stranger.sku} is in ${stranger.unitValue.currency}, ${first.sku} in ${currency}.`,
    )
  return {
    currency,
    minor: items.reduce((sum, { unitValue, quantity }) => sum + unitValue.minor * quantity, 0),
  }
}

const productOf = (item: ParcelItem, origin: string) => ({
  Description: [item.title.slice(0, 35)],
  Unit: {
    Number: String(item.quantity),
    UnitOfMeasurement: { Code: 'PCS', Description: 'PCS' },
    Value: formatDecimal(item.unitValue),
  },
  ...(item.hsCode ? { CommodityCode: item.hsCode } : {}),
  PartNumber: item.sku.slice(0, 35),
  ...(item.originCountry ? { OriginCountryCode: item.originCountry } : {}),
  NumberOfPackagesPerCommodity: '1',
  ...(item.weightGrams ? { ProductWeight: weightOf(item.weightGrams * item.quantity, origin) } : {}),
})

/** The commercial invoice that UPS makes and files; nothing for documents and within one customs area. */
export function internationalForms(booking: Booking, timeZone: string): { InternationalForms?: object } {
  const { customs, from, to, orderNumber } = booking
  if (!customs || customs.contents === 'documents') return {}
  const value = goodsValue(booking)
  const items = booking.parcels.flatMap(({ items }) => items)
  if (items.length === 0 || !value)
    throw new ConnectorError('rejected', `UPS needs to know for customs what lies in ${booking.reference}.`, {
      issues: [
        {
          field: 'InternationalForms/Product',
          code: null,
          message: 'No goods are named.',
          severity: 'error',
        },
      ],
    })
  return {
    InternationalForms: {
      FormType: ['01'],
      InvoiceNumber: customs.invoiceNumber.slice(0, 35),
      InvoiceDate: dayOf(customs.invoiceDate, timeZone),
      ...(orderNumber ? { PurchaseOrderNumber: orderNumber.slice(0, 35) } : {}),
      TermsOfShipment: customs.incoterm,
      ReasonForExport: reasons[customs.contents],
      CurrencyCode: value.currency,
      Contacts: { SoldTo: partyOf(to, 'SoldTo') },
      Product: items.map((item) => productOf(item, from.country)),
    },
  }
}
