import { definePlugin } from 'entrepot/sdk'
import { cardsPart } from './cards/part.ts'
import { comparePart } from './compare/part.ts'
import { exchangePart } from './exchange/part.ts'
import { panels } from './panels.ts'
import { type CostPart, joinParts } from './part.ts'
import { parts as truthPart } from './parts.ts'
import { quoteCards } from './quotes/quote-cards.ts'
import { textsZh } from './texts-zh.ts'

/** Each duty is a folder that exports its part. */
const parts: readonly CostPart[] = [cardsPart, exchangePart, comparePart, truthPart]

/** What carriers cost: rate cards, quotes and comparisons by them, rules that choose, invoices checked, true costs. */
export const carrierCosts = definePlugin({
  id: 'carrier-costs',
  name: 'Carrier costs',
  texts: { 'zh-CN': textsZh },
  panels,
  ...joinParts(parts),
  shipping: {
    quote: quoteCards,
    choose: async (question, context) => {
      for (const { choose } of parts) {
        const choice = await choose?.(question, context)
        if (choice) return choice
      }
      return null
    },
  },
})
