import { formatMoney } from 'entrepot/sdk'
import type { Check, CheckInput } from './check.ts'

/** Whether the discounts that are expected fit the budget. */
export function checkBudget({ campaign, simulation }: CheckInput): Check {
  const { budget } = campaign
  const make = (status: Check['status'], message: string, numbers: Check['numbers'] = {}): Check => ({
    id: 'budget',
    title: 'Budget',
    status,
    message,
    subjects: [],
    numbers,
  })
  if (!budget) return make('ok', 'It has no budget to keep.')
  const cost = simulation.totals.find(({ currency }) => currency === budget.currency)?.discount.value ?? null
  if (cost === null)
    return make('unchecked', 'No data: too little was sold to tell what the discounts cost.', {
      budgetMinor: budget.minor,
      discountMinor: null,
    })
  const text = `Discounts of ${formatMoney({ minor: cost, currency: budget.currency })} are expected, the budget is ${formatMoney(budget)}.`
  return make(cost > budget.minor ? 'warning' : 'ok', text, {
    budgetMinor: budget.minor,
    discountMinor: cost,
  })
}
