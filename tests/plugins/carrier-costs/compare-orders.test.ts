import { describe, expect, test } from 'vitest'
import { compareOffers } from '../../../plugins/carrier-costs/compare/compare-offers.ts'
import { createRates } from '../../../plugins/carrier-costs/exchange/rates.ts'
import { quoteCards } from '../../../plugins/carrier-costs/quotes/quote-cards.ts'
import { keepCard, useCostHub } from './hub.ts'
import { makeTariff, path, readOrderLines } from './olist.ts'
import { hasShared, sharedTitle } from './support.ts'

describe.runIf(hasShared(path))(sharedTitle('every order line of a real marketplace, compared', path), () => {
  const made = useCostHub()

  test('costs the sum of its parts to the cent, explains itself or has a reason, and nothing is dropped', async () => {
    const { context } = made()
    await keepCard(context, makeTariff())
    const rates = createRates([])
    const sums = { compared: 0, parts: 0, lines: 0, refused: 0 }
    for (const { declaredValueMinor, ...request } of readOrderLines()) {
      sums.lines += 1
      const declaredValue = { minor: declaredValueMinor!, currency: 'BRL' }
      const answer = await quoteCards({ ...request, declaredValue }, context)
      expect(answer.offers.length + answer.unavailable.length).toBe(3)
      for (const { reason } of answer.unavailable) expect(reason).toMatch(/^[A-Z].+\.$/)
      const offers = answer.offers.map((offer) => ({
        ...offer,
        id: offer.service,
        source: { kind: 'plugin' as const, pluginId: 'carrier-costs', ...offer.source },
      }))
      const compared = compareOffers({
        offers,
        unavailable: [],
        request,
        currency: 'BRL',
        deadline: null,
        rates,
        transit: [],
      })
      expect(compared.offers).toHaveLength(offers.length)
      for (const offer of compared.offers) {
        sums.compared += offer.compared!.totalMinor
        for (const { amountMinor } of offer.charges) sums.parts += amountMinor
        expect(offer.explanation[0]).toMatch(/version 1, service /)
        const [, whole, cents] = /^Total (\d+)\.(\d\d) BRL\.$/.exec(offer.explanation.at(-1)!)!
        expect(Number(whole) * 100 + Number(cents)).toBe(offer.totalMinor)
      }
      sums.refused += answer.unavailable.length
      const cheapest = compared.offers.filter((offer) => offer.isCheapest)
      expect(cheapest.every(({ totalMinor }) => totalMinor === compared.offers[0]!.totalMinor)).toBe(true)
    }
    expect(sums.lines).toBe(6955)
    expect(sums.compared).toBe(sums.parts)
    expect(sums.compared).toBeGreaterThan(6955 * 2 * 790)
    expect(sums.refused).toBeGreaterThan(0)
  }, 180_000)
})
