import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Place } from 'entrepot/sdk'
import { type Compiled, compileCard } from '../../../plugins/carrier-costs/compile.ts'
import type { ImportResult } from '../../../plugins/carrier-costs/import/report.ts'
import { priceParcels } from '../../../plugins/carrier-costs/price.ts'
import type { Price, PriceRequest, Refusal } from '../../../plugins/carrier-costs/quote.ts'
import { type RateCard, rateCard } from '../../../plugins/carrier-costs/rate-card.ts'

/** Published tables and real orders. They are not part of this repository. */
const repository = fileURLToPath(new URL('../../../', import.meta.url))
export const sharedFolder = (path: string) =>
  resolve(process.env.SHARED_DIR ?? resolve(repository, '../shared'), path)
export const hasShared = (path: string) => existsSync(sharedFolder(path))
export const sharedTitle = (title: string, path: string) =>
  hasShared(path) ? title : `${title} (skipped: shared ${path} not found)`

export const place = (country: string, postcode: string | null = null, more: Partial<Place> = {}): Place => ({
  country,
  postcode,
  city: null,
  region: null,
  isResidential: false,
  ...more,
})

export const parcel = (weightGrams: number, sides: readonly [number, number, number] | null = null) => ({
  weightGrams,
  lengthMm: sides?.[0] ?? null,
  widthMm: sides?.[1] ?? null,
  heightMm: sides?.[2] ?? null,
})

export const request = (more: Partial<PriceRequest>): PriceRequest => ({
  from: place('DE', '10115'),
  to: place('DE', '20095'),
  parcels: [parcel(1000, [200, 150, 100])],
  shipAt: new Date('2026-03-02T12:00:00Z'),
  declaredValueMinor: null,
  ...more,
})

/** The imported card, or a failure that shows what was wrong with it. */
export function sound(result: ImportResult): {
  card: RateCard
  notes: readonly string[]
  compiled: Compiled
} {
  if (!result.ok) throw new Error(JSON.stringify(result.faults.slice(0, 5), null, 2))
  return { ...result, compiled: compileCard(result.card, result.card.versions[0]!) }
}

export function offered(compiled: Compiled, asked: PriceRequest, service: string): Price {
  const priced = priceParcels(compiled, asked, service)
  if (!priced.isOffered) throw new Error(`Not offered: ${JSON.stringify(priced.refusal)}`)
  return priced
}

export function refused(compiled: Compiled, asked: PriceRequest, service: string): Refusal {
  const priced = priceParcels(compiled, asked, service)
  if (priced.isOffered) throw new Error(`Offered for ${priced.totalMinor}.`)
  return priced.refusal
}

const zone = (id: string) => ({ id, name: id })
const flatRate = [{ over: 0, notOver: 30_000, price: { kind: 'amount', amountMinor: 500 } }]

/** A small card: one service S to Germany; what a test is about is put over it. */
export function makeCard(version: object = {}, service: object = {}): RateCard {
  return rateCard.parse({
    id: 'card',
    name: 'Card',
    carrier: 'Carrier',
    currency: 'EUR',
    source: 'made up',
    versions: [
      {
        validFrom: '2026-01-01',
        validUntil: '2026-12-31',
        zoneSets: [{ id: 'zones', zones: [zone('1')], rules: [{ zone: '1', country: 'DE' }] }],
        services: [
          {
            code: 'S',
            name: 'Standard',
            zoneSet: 'zones',
            limits: { maxWeight: 30_000 },
            prices: [{ zone: '1', steps: flatRate }],
            ...service,
          },
        ],
        ...version,
      },
    ],
  })
}

export function compileSmall(version: object = {}, service: object = {}): Compiled {
  const card = makeCard(version, service)
  return compileCard(card, card.versions[0]!)
}
