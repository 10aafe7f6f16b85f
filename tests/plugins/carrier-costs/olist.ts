import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import type { PriceRequest } from '../../../plugins/carrier-costs/quote.ts'
import { type RateCard, rateCard } from '../../../plugins/carrier-costs/rate-card.ts'
import { place, request, sharedFolder } from './support.ts'

export const path = 'data/olist'
const readTable = (name: string) =>
  parse(gunzipSync(readFileSync(sharedFolder(`${path}/olist_${name}_dataset.csv.gz`))), {
    columns: true,
  }) as Record<string, string>[]
const by = (rows: Record<string, string>[], key: string) => new Map(rows.map((row) => [row[key]!, row]))

/** A made-up tariff for Brazil: zones by the first digit of the postcode, seen from Sao Paulo or from elsewhere. */
export function makeTariff(): RateCard {
  const near = ['0', '1']
  const rules = [...'0123456789'].flatMap((digit) => {
    const there = { country: 'BR', postcodes: { from: digit, to: digit } }
    const nearby = {
      ...there,
      zone: near.includes(digit) ? 'local' : 'national',
      origin: { country: 'BR', postcodes: { from: '0', to: '1' } },
    }
    return [nearby, { ...there, zone: 'far' }]
  })
  const zones = ['local', 'national', 'far'].map((id) => ({ id, name: id }))
  const service = (code: string, more: object) => ({
    code,
    name: code,
    zoneSet: 'br',
    limits: { maxWeight: 30_000, maxLengthMm: 1050, maxLengthPlusGirthMm: 3000 },
    prices: zones.map((zone, index) => ({
      zone: zone.id,
      steps: [
        { over: 0, notOver: 300, price: { kind: 'amount', amountMinor: 790 + index * 300 } },
        {
          over: 300,
          notOver: 30_000,
          price: { kind: 'additional', amountMinor: 990 + index * 400, additionalMinor: 85, unit: 500 },
        },
      ],
    })),
    ...more,
  })
  const dimensional = { unit: 'cm3/kg', divisor: { numerator: 6000, denominator: 1 } }
  return rateCard.parse({
    id: 'br',
    name: 'BR',
    carrier: 'BR',
    currency: 'BRL',
    source: 'made up',
    timeZone: 'America/Sao_Paulo',
    versions: [
      {
        validFrom: '2016-01-01',
        validUntil: null,
        zoneSets: [{ id: 'br', zones, rules }],
        services: [
          service('ECONOMY', {}),
          service('VOLUME', { dimensional, weightUnit: 1000 }),
          service('WHOLE', { basis: 'shipment', dimensional }),
        ],
        surcharges: [
          {
            code: 'REMOTE',
            label: 'Remote',
            order: 1,
            when: { postcodes: [{ country: 'BR', from: '69', to: '69' }] },
            rate: { kind: 'fixed', amountMinor: 1500 },
          },
          {
            code: 'LONG',
            label: 'Long',
            order: 1,
            group: 'size',
            when: { longestSideOverMm: 700 },
            rate: { kind: 'perPiece', amountMinor: 790 },
          },
          {
            code: 'BULKY',
            label: 'Bulky',
            order: 1,
            group: 'size',
            when: { volumeOverMm3: 50_000_000 },
            rate: { kind: 'perPiece', amountMinor: 990 },
          },
          {
            code: 'VALUE',
            label: 'Value',
            order: 1,
            when: { declaredValueOverMinor: 100_000 },
            rate: { kind: 'percentage', basisPoints: 200 },
          },
          {
            code: 'TAX',
            label: 'Tax',
            kind: 'tax',
            order: 9,
            rate: { kind: 'percentage', basisPoints: 1250, plus: ['REMOTE', 'LONG', 'BULKY', 'VALUE'] },
          },
        ],
      },
    ],
  })
}

/** Every order line as a parcel from its seller to its buyer. */
export function* readOrderLines(): Generator<PriceRequest> {
  const products = by(readTable('products'), 'product_id')
  const orders = by(readTable('orders'), 'order_id')
  const customers = by(readTable('customers'), 'customer_id')
  const sellers = by(readTable('sellers'), 'seller_id')
  const millimetres = (text: string | undefined) => (text ? Number(text) * 10 : null)
  for (const item of readTable('order_items')) {
    const product = products.get(item.product_id!)!
    const buyer = customers.get(orders.get(item.order_id!)!.customer_id!)!
    yield request({
      from: place('BR', sellers.get(item.seller_id!)!.seller_zip_code_prefix!),
      to: place('BR', buyer.customer_zip_code_prefix!, { isResidential: null }),
      shipAt: new Date(`${item.shipping_limit_date!.replace(' ', 'T')}-03:00`),
      declaredValueMinor: Math.round(Number(item.price) * 100),
      parcels: [
        {
          weightGrams: Number(product.product_weight_g || 0),
          lengthMm: millimetres(product.product_length_cm),
          widthMm: millimetres(product.product_width_cm),
          heightMm: millimetres(product.product_height_cm),
        },
      ],
    })
  }
}
