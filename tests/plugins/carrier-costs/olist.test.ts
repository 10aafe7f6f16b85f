import { describe, expect, test } from 'vitest'
import { compileCard } from '../../../plugins/carrier-costs/compile.ts'
import { renderExplanation } from '../../../plugins/carrier-costs/explain.ts'
import { findFaults } from '../../../plugins/carrier-costs/find-faults.ts'
import { explainPrice, priceServices } from '../../../plugins/carrier-costs/price.ts'
import { makeTariff, path, readOrderLines } from './olist.ts'
import { hasShared, sharedTitle } from './support.ts'

describe.runIf(hasShared(path))(sharedTitle('every order line of a real marketplace', path), () => {
  test('has prices that are the sum of their parts and explain themselves, or a reason', () => {
    const card = makeTariff()
    expect(findFaults(card.versions[0]!)).toEqual([])
    const compiled = compileCard(card, card.versions[0]!)
    const counts = { lines: 0, offered: 0, refused: new Map<string, number>() }
    for (const asked of readOrderLines()) {
      counts.lines += 1
      for (const priced of priceServices(compiled, asked)) {
        const explanation = explainPrice(compiled, asked, priced.service)
        expect(explanation.priced).toEqual(priced)
        const lines = renderExplanation(explanation)
        if (!priced.isOffered) {
          expect(lines.at(-1)).toMatch(/^Not offered: .+\.$/)
          counts.refused.set(priced.refusal.code, (counts.refused.get(priced.refusal.code) ?? 0) + 1)
          continue
        }
        counts.offered += 1
        const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
        expect(sum(priced.charges.map((charge) => charge.amountMinor))).toBe(priced.totalMinor)
        const terms = explanation.terms.flatMap((term) =>
          'amountMinor' in term && term.kind !== 'outdone' ? term.amountMinor : [],
        )
        expect(sum(terms)).toBe(priced.totalMinor)
        expect(priced.totalMinor).toBeGreaterThanOrEqual(790)
        expect(lines.at(-1)).toMatch(/^Total \d+\.\d\d BRL\.$/)
      }
    }
    expect(counts.lines).toBe(6955)
    expect(counts.offered).toBeGreaterThan(counts.lines * 3 * 0.97)
    // What is too bulky or too heavy for this tariff.
    expect([...counts.refused.keys()].sort()).toEqual(['beyond_steps', 'girth_too_large'])
  })
})
