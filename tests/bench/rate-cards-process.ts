import { compileCard } from '../../plugins/carrier-costs/compile.ts'
import { findFaults } from '../../plugins/carrier-costs/find-faults.ts'
import { priceServices } from '../../plugins/carrier-costs/price.ts'
import type { PriceRequest } from '../../plugins/carrier-costs/quote.ts'
import { serve } from './child.ts'
import { buildCard, countries } from './made-up-card.ts'

export type Pricing = { quotes: number; offered: number; elapsedMs: number; grownBytes: number }

/** Requests that differ, drawn from a fixed seed. */
function* requests(count: number): Generator<PriceRequest> {
  let state = 1
  const draw = (most: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % most
  }
  const from = { country: 'DE', postcode: '10115', city: null, region: null, isResidential: false }
  const shipAt = new Date('2026-06-01T12:00:00Z')
  for (let index = 0; index < count; index += 1) {
    const postcode = String(10_000 + draw(89_999))
    const to = {
      country: countries[draw(20)]!,
      postcode,
      city: null,
      region: null,
      isResidential: draw(2) === 0,
    }
    const parcel = {
      weightGrams: 50 + draw(30_000),
      lengthMm: 100 + draw(1300),
      widthMm: 50 + draw(500),
      heightMm: 20 + draw(400),
    }
    yield { from, to, parcels: [parcel], shipAt, declaredValueMinor: null }
  }
}

const card = buildCard()
const version = card.versions[0]!
const faults = findFaults(version)
if (faults.length > 0) throw new Error(`The bench's card is unsound: ${faults[0]!.message}`)
const compiled = compileCard(card, version)

function priceAll(count: number): Pick<Pricing, 'quotes' | 'offered'> {
  let quotes = 0
  let offered = 0
  for (const request of requests(count)) {
    for (const priced of priceServices(compiled, request)) {
      quotes += 1
      if (priced.isOffered && priced.totalMinor > 0) offered += 1
    }
  }
  return { quotes, offered }
}

export const control = {
  run(parcels: number): Pricing {
    priceAll(parcels / 10)
    globalThis.gc?.()
    const before = process.memoryUsage.rss()
    const startedAt = performance.now()
    const counts = priceAll(parcels)
    const elapsedMs = performance.now() - startedAt
    return { ...counts, elapsedMs, grownBytes: Math.max(0, process.memoryUsage.rss() - before) }
  },
}
serve(control)
